"use strict";
(() => {
  const PAGE = 100;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const root = document.documentElement;
  const open = new Set();
  let language = "en", limit = PAGE;
  const t = (key) => data.texts[language][key] ?? key;

  // Every text below becomes a text node: nothing of a document or a question is ever read as markup.
  const make = (name, attributes, ...children) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...children.filter((child) => child !== null && child !== undefined));
    return element;
  };
  const fill = (element, text) => {
    // What would show a text in another order than it is stored in is shown by its name instead.
    for (const piece of String(text).split(/([\u202d\u202e])/)) {
      if (piece === "\u202d" || piece === "\u202e") {
        element.append(make("span", { class: "control", "data-code": "U+" + piece.charCodeAt(0).toString(16).toUpperCase() }));
      } else if (piece) element.append(piece);
    }
    return element;
  };
  const foreign = (name, text) => fill(make(name, { class: "foreign", dir: "auto" }), text);
  const isolated = (text, dir) => fill(make("bdi", dir ? { dir } : {}), text);
  const badge = (kind, key) => make("span", { class: "badge " + kind }, t(key));
  const list = (items, ordered) => make(ordered ? "ol" : "ul", {}, ...items.map((item) => make("li", {}, item)));
  const part = (key, ...children) => [make("h4", {}, t(key)), ...children];
  const place = (start, end) => make("span", {}, t("case.characters") + " ", isolated(start + "–" + end, "ltr"));
  const named = (id) => {
    const known = data.documents[id];
    return known ? make("span", {}, isolated(known.title), " ", isolated(id, "ltr")) : isolated(id, "ltr");
  };
  const source = (address) => {
    let url = null;
    try { url = new URL(address); } catch { /* a path, not an address */ }
    const web = url && (url.protocol === "http:" || url.protocol === "https:");
    return web
      ? make("a", { href: url.href, rel: "noopener noreferrer nofollow", target: "_blank" }, isolated(address, "ltr"))
      : isolated(address, "ltr");
  };
  const beside = (items) => items.filter(Boolean).flatMap((item, at) => (at ? [" · ", item] : [item]));

  const quoted = (one) => [
    foreign("blockquote", one.quote),
    make("p", { class: "about" }, ...beside([
      isolated("[" + one.number + "]", "ltr"),
      one.verbatim === true ? badge("verbatim", "case.verbatim") : one.verbatim === false ? badge("altered", "case.altered") : null,
      isolated(one.title),
      one.publisher ? isolated(one.publisher) : null,
      one.published ? isolated(one.published, "ltr") : null,
      source(one.source),
      place(one.start, one.end),
    ])),
    ...(one.stored === undefined ? [] : part("case.stored", foreign("blockquote", one.stored))),
    ...(one.translation ? part("case.translation", foreign("p", one.translation.text)) : []),
  ];
  const statement = (one) => make("div", {},
    badge(one.support, "support." + one.support), foreign("span", one.text), " ",
    isolated(one.citations.map((number) => "[" + number + "]").join(""), "ltr"),
    one.reasons.length ? list(one.reasons.map((reason) => foreign("span", reason))) : null);

  const body = (one) => {
    const parts = [];
    const listed = (key, values, show, ordered) => {
      if (values && values.length) parts.push(...part(key, list(values.map(show), ordered)));
    };
    const text = (value) => foreign("span", value);
    for (const miss of one.misses ?? []) parts.push(make("p", { class: "problem" }, t("miss." + miss)));
    if (one.error) parts.push(...part("case.error", foreign("p", one.error)));
    listed("case.turns", one.turns, text, true);
    if (one.standalone) parts.push(...part("case.understood", foreign("p", one.standalone)));
    if (!one.answerable) parts.push(make("p", {}, t("case.unanswerable")));
    listed("case.answers", one.answers, text);
    listed("case.documents", one.expected ?? one.documents, named);
    listed("case.spans", one.spans, (span) => make("div", {},
      span.quote ? foreign("span", span.quote) : null, " ",
      make("span", { class: "about" }, isolated(span.document, "ltr"), " · ", place(span.start, span.end))));
    if (one.status === "not_found") parts.push(make("p", {}, t("case.silent")));
    if (one.citations) parts.push(...part("case.quotes", ...one.citations.flatMap(quoted)));
    listed("case.statements", one.statements, statement);
    listed("case.removed", one.removed, statement);
    listed("case.disagreements", one.disagreements, (values) =>
      list(values.map((value) => make("span", {}, text(value.text), " ", isolated(value.citations.map((n) => "[" + n + "]").join(""), "ltr")))));
    listed("case.notices", one.notices, text);
    const rows = Object.entries(one.scores ?? {}).map(([name, value]) => [(data.metrics[name] ?? {})[language] ?? name, value]);
    if (one.probability !== undefined) rows.push([t("case.probability"), one.probability]);
    if (one.elapsed !== undefined) rows.push([t("case.elapsed"), one.elapsed]);
    if (one.first !== undefined) rows.push([t("case.first"), one.first]);
    if (rows.length) {
      parts.push(...part("case.scores", make("table", {}, make("tbody", {}, ...rows.map(([label, value]) =>
        make("tr", {}, make("th", { scope: "row" }, label), make("td", {}, isolated(value, "ltr"))))))));
    }
    const expected = new Set(one.expected ?? []);
    listed("case.ranking", one.ranking, (id) => make("span", {}, named(id), expected.has(id) ? make("b", {}, " (" + t("case.expected") + ")") : null), true);
    if (one.notes) parts.push(...part("case.notes", foreign("p", one.notes)));
    return make("div", { class: "body" }, ...parts);
  };

  const row = (one) => {
    const element = make("details", { class: "case " + one.outcome },
      make("summary", {},
        badge(one.outcome, "outcome." + one.outcome),
        make("span", { class: "meta" }, ...beside([
          isolated(one.id, "ltr"), isolated(data.directions[one.direction][language]),
          make("span", {}, t("status." + one.status)), one.tags ? isolated(one.tags.join(", "), "ltr") : null])),
        foreign("span", one.question)));
    const build = () => { if (element.open && !element.querySelector(".body")) element.append(body(one)); };
    element.addEventListener("toggle", () => {
      if (element.open) open.add(one); else open.delete(one);
      build();
    });
    if (open.has(one)) { element.open = true; build(); }
    return element;
  };

  // Search sees past vowel marks, stretched letters, forms of alef and case.
  const folded = (text) => text.normalize("NFKC").toLowerCase()
    .replace(/[\u0640\u064b-\u065f\u0670]/g, "").replace(/[\u0622\u0623\u0625\u0671]/g, "\u0627");
  const haystacks = new Map();
  const haystack = (one) => {
    if (!haystacks.has(one)) {
      const quotes = (one.citations ?? []).flatMap((c) => [c.quote, c.title, c.source]);
      haystacks.set(one, folded([one.id, one.question, one.error, one.notes, ...(one.answers ?? []), ...quotes].filter(Boolean).join("\n")));
    }
    return haystacks.get(one);
  };
  const matching = () => {
    const [direction, tag, status] = ["direction", "tag", "status"].map((id) => byId(id).value);
    const wanted = folded(byId("search").value.trim()), wrong = byId("wrong").checked;
    return data.cases.filter((one) =>
      (!direction || one.direction === direction) && (!tag || (one.tags ?? []).includes(tag)) &&
      (!status || one.status === status) && (!wrong || one.outcome === "wrong" || one.outcome === "failed") &&
      (!wanted || haystack(one).includes(wanted)));
  };
  const show = () => {
    const found = matching();
    byId("list").replaceChildren(...(found.length ? found.slice(0, limit).map(row) : [make("p", {}, t("filter.nothing"))]));
    byId("more").hidden = found.length <= limit;
    byId("shown").replaceChildren(t("filter.shown") + ": ", isolated(found.length + " / " + data.cases.length, "ltr"));
  };
  const options = (id, values, label) => {
    const select = byId(id), chosen = select.value;
    select.replaceChildren(make("option", { value: "" }, t("filter.any")),
      ...values.map((value) => make("option", { value }, label(value))));
    select.value = chosen;
  };
  const speak = (chosen) => {
    language = chosen;
    root.lang = chosen;
    root.dir = chosen === "ar" ? "rtl" : "ltr";
    document.title = t("page.title");
    options("direction", Object.keys(data.directions), (name) => data.directions[name][language]);
    options("tag", data.tags, (name) => name);
    options("status", data.statuses, (name) => t("status." + name));
    show();
  };

  byId("language").addEventListener("click", () => speak(language === "en" ? "ar" : "en"));
  byId("more").addEventListener("click", () => { limit += PAGE; show(); });
  byId("filters").addEventListener("input", () => { limit = PAGE; show(); });
  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("unscripted").remove();
  byId("language").hidden = byId("filters").hidden = false;
  speak("en");
})();
