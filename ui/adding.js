// Adding and removing documents. It stands after page.js, in whose scope it runs; `adding`, which ui/adding.py puts before
// it, holds the texts in both languages, the endings of file names that are read, and how many files are taken at a time.
{
  const lines = Object.assign(document.createElement("ul"), { className: "tw-lines" });
  const summary = Object.assign(document.createElement("p"), { className: "tw-summary" });
  // What is added is announced wherever the reader is: the panel may show something else by then.
  const told = Object.assign(document.createElement("p"), { className: "tw-unseen", id: "tw-told" });
  told.setAttribute("role", "status");
  const chooser = Object.assign(document.createElement("input"), {
    type: "file", multiple: true, hidden: true, accept: adding.suffixes.join(","),
  });
  const waiting = [];
  const counts = { all: 0, done: 0, failed: 0 };
  let working = false;
  let linkWanted = false;
  let listWanted = false;
  element.append(told, chooser);

  // A text of ours in both languages, of which the page shows the one that it is set to; `texts` is a key or {ar, en}.
  function said(texts) {
    const both = document.createDocumentFragment();
    for (const [language, text] of Object.entries(typeof texts === "string" ? adding.texts[texts] : texts)) {
      both.append(Object.assign(document.createElement("span"), { className: "tw-ui", lang: language, textContent: text }));
    }
    return both;
  }

  // A name that somebody else chose: apart from the direction around it, and without what would reorder it.
  function apart(name) {
    const plain = name.replace(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, "");
    return Object.assign(document.createElement("bdi"), { textContent: plain });
  }

  function draw(item, state, { sent, texts, note, document: id } = {}) {
    const name = document.createElement("span");
    name.className = "tw-file";
    if (id) {
      const link = Object.assign(document.createElement("a"), { href: "#tw-sources" });
      Object.assign(link.dataset, { open: "document", document: id });
      link.append(apart(item.name));
      name.append(link);
    } else {
      name.append(apart(item.name));
    }
    const how = Object.assign(document.createElement("span"), { className: "tw-state" });
    how.append(said(`adding.state.${state}`));
    if (sent !== undefined) how.append(` ${sent}%`);
    item.line.dataset.state = state;
    item.line.replaceChildren(name, " ", how);
    for (const more of [texts, note].filter(Boolean)) {
      const line = Object.assign(document.createElement("p"), { className: "tw-reason" });
      line.append(said(more));
      item.line.append(line);
    }
  }

  function keepInSight(line) {
    const { top, bottom } = line.getBoundingClientRect();
    const frame = lines.getBoundingClientRect();
    lines.scrollTop += Math.max(0, bottom - frame.bottom) + Math.min(0, top - frame.top);
  }

  function sum() {
    const parts = [said("adding.done"), ` ${counts.done} `, said("adding.of"), ` ${counts.all}`];
    if (counts.failed) parts.push(" · ", said("adding.failures"), ` ${counts.failed}`);
    summary.replaceChildren(...parts);
  }

  function finish(item, state, more = {}) {
    draw(item, state, more);
    keepInSight(item.line);
    counts.done += 1;
    counts.failed += state === "failed";
    sum();
    const parts = [apart(item.name), ": ", said(`adding.state.${state}`)];
    if (more.texts) parts.push(". ", said(more.texts));
    if (counts.done === counts.all) parts.push(". ", ...[...summary.cloneNode(true).childNodes]);
    told.replaceChildren(...parts);
  }

  // The parts of the page that tell how many documents there are; where one is in the list, it stays there.
  async function refresh() {
    const reply = await fetch("library").catch(() => null);
    if (!reply?.ok) return;
    const { list, welcome } = await reply.json();
    const place = document.querySelector(".tw-panel[data-shown=documents] .tw-list");
    if (place) {
      const search = place.querySelector("[data-search]");
      const at = document.activeElement;
      const opened = place.contains(at) ? at.dataset.document : null;
      place.innerHTML = list;
      const again = place.querySelector("[data-search]");
      if (again && search?.value) {
        again.value = search.value;
        again.dispatchEvent(new Event("input", { bubbles: true }));
      }
      if (at === search) again?.focus();
      else if (opened) place.querySelector(`[data-document="${opened}"]`)?.focus();
    }
    const greeting = document.querySelector(".tw-welcome");
    if (greeting) greeting.outerHTML = welcome;
  }

  const refusals = { 401: "adding.signed_out", 403: "adding.refused", 503: "adding.busy" };

  // Posts `body` and shows what the server tells of it; gives [status, last line].
  function post(path, headers, body, item) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const last = () => {
        const whole = request.responseText.slice(0, request.responseText.lastIndexOf("\n") + 1).trim();
        try {
          return JSON.parse(whole ? whole.split("\n").at(-1) : request.responseText);
        } catch {
          return null;
        }
      };
      request.open("POST", path);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      if (item.file) {
        request.upload.onprogress = ({ loaded, total }) => {
          draw(item, "sending", { sent: Math.floor(loaded * 100 / Math.max(total, 1)) });
        };
        request.upload.onload = () => draw(item, "reading");
      }
      request.onprogress = () => {
        const state = request.status === 200 && last()?.state;
        if (state === "reading" || state === "indexing") draw(item, state);
      };
      request.onload = () => done([request.status, last()]);
      request.onerror = request.onabort = () => done([0, null]);
      request.send(body);
    });
  }

  async function sendFile(item) {
    const name = item.name.replace(/\p{Surrogate}/gu, "\ufffd");
    try {
      await item.file.slice(0, 1).arrayBuffer();
    } catch {
      return [0, { state: "failed", reason: adding.texts["adding.unreadable"] }];
    }
    const json = { "Content-Type": "application/json" };
    // Before megabytes go on their way: a refusal then would reach a browser as a broken connection.
    const checked = await post("library/check", json, JSON.stringify({ name, size: item.file.size }), {});
    if (checked[0] !== 204) return checked;
    return post("library/files", { "X-Tawthiq-Name": encodeURIComponent(name) }, item.file, item);
  }

  async function add(item) {
    draw(item, item.file ? "sending" : "reading");
    keepInSight(item.line);
    for (let tries = 0; ; tries += 1) {
      const [status, event] = item.file
        ? await sendFile(item)
        : await post("library/links", { "Content-Type": "application/json" }, JSON.stringify({ url: item.name }), item);
      if (status === 503 && tries < 30) {
        draw(item, "waiting");
        await new Promise((later) => setTimeout(later, 2_000));
        continue;
      }
      if (event?.state in { added: 1, updated: 1, unchanged: 1, duplicate: 1 }) return finish(item, event.state, event);
      const why = event?.reason ?? refusals[status] ?? (status && status !== 200 ? "error.server" : "adding.lost");
      return finish(item, "failed", { texts: why });
    }
  }

  async function work() {
    if (working) return;
    working = true;
    let refreshed = 0;
    while (waiting.length) {
      await add(waiting.shift());
      if (waiting.length && Date.now() - refreshed < 2_000) continue;
      refreshed = Date.now();
      await refresh();
    }
    working = false;
  }

  // Takes [{ name, file }], links without a file; `problem` is why one cannot be taken.
  function take(items) {
    if (!items.length) return;
    if (!working) {
      lines.replaceChildren();
      Object.assign(counts, { all: 0, done: 0, failed: 0 });
    }
    const room = Math.max(0, adding.most - waiting.length);
    const left = items.length - room;
    const taken = items.slice(0, room);
    if (left > 0) taken.push({ name: `+${left}`, problem: "adding.too_many" });
    for (const item of taken) {
      item.line = document.createElement("li");
      lines.append(item.line);
      counts.all += 1;
      if (item.problem) finish(item, "failed", { texts: item.problem });
      else {
        draw(item, "waiting");
        waiting.push(item);
      }
    }
    sum();
    showList();
    work();
  }

  function showList() {
    const open = document.querySelector(".tw-panel[data-shown=documents]");
    if (!open) trigger("open", { conversation, open: "documents" });
    if (!root.classList.contains("tw-sources-open")) showSources(true);
  }

  chooser.addEventListener("change", () => {
    take([...chooser.files].map((file) => ({ name: file.name, file })));
    chooser.value = ""; // So that the same file can be chosen again.
  });

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-link]")) return;
    event.preventDefault();
    const box = event.target.elements.url;
    const links = box.value.split(/\s+/).filter(Boolean);
    if (!links.length) return box.focus();
    box.value = "";
    take(links.map((name) => ({ name })));
  });

  async function remove(button) {
    const dialog = button.closest("dialog");
    const id = button.dataset.removeNow;
    const name = dialog.querySelector("[data-named]").textContent;
    const problem = dialog.querySelector("[data-not-removed]");
    const busy = (on) => {
      button.disabled = on;
      button.querySelector("[data-idle]").hidden = on;
      button.querySelector("[data-busy]").hidden = !on;
    };
    problem.replaceChildren();
    busy(true);
    const reply = await fetch(`library/documents/${id}`, { method: "DELETE" }).catch(() => null);
    busy(false);
    // One that somebody else removed meanwhile is gone as well.
    if (!reply?.ok && reply?.status !== 404) {
      const why = await reply?.json().catch(() => null);
      problem.append(said(why?.reason ?? refusals[reply?.status] ?? "removing.failed"));
      return;
    }
    if (window.tawthiqWithin === id) askWithin("", "");
    dialog.close();
    const done = () => [said("removing.done"), " ", apart(name)];
    told.replaceChildren(...done());
    if (!working) {
      lines.replaceChildren();
      summary.replaceChildren(...done());
    }
    listWanted = true;
    trigger("open", { conversation, open: "documents" });
    refresh();
  }

  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-add], [data-add-link], [data-remove], [data-remove-now], [data-keep]");
    if (!target) return;
    if ("add" in target.dataset) {
      if (target.closest(".tw-welcome")) showList();
      chooser.click();
    } else if ("addLink" in target.dataset) {
      linkWanted = true;
      showList();
      arrive();
    } else if ("remove" in target.dataset) {
      document.querySelector(".tw-dialog").showModal();
    } else if ("keep" in target.dataset) {
      target.closest("dialog").close();
    } else {
      remove(target);
    }
  });

  // Escape closes the dialog alone, not the panel below it.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && document.querySelector(".tw-dialog[open]")) event.stopImmediatePropagation();
  }, true);

  // The panel is drawn anew each time that it is opened: what is being added goes where it has a place for it.
  function arrive() {
    const place = document.querySelector("[data-adding]");
    if (place && !place.contains(lines)) place.append(summary, lines);
    if (place && linkWanted) {
      linkWanted = false;
      document.querySelector("[data-link] input").focus();
    }
    if (place && listWanted) {
      listWanted = false;
      document.querySelector("#tw-panel-title")?.focus({ preventScroll: true });
    }
  }
  new MutationObserver(arrive).observe(document.body, { subtree: true, childList: true });

  // Files may be dropped anywhere: beside its place, a browser would leave the page for the file. Links, on the panel.
  const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
  const holdsLink = (event) =>
    event.dataTransfer?.types.includes("text/uri-list") && Boolean(event.target.closest?.("#tw-sources"));
  for (const kind of ["dragenter", "dragover"]) {
    document.addEventListener(kind, (event) => {
      if (!holdsFiles(event) && !holdsLink(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      root.classList.add("tw-dropping");
    }, true);
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) root.classList.remove("tw-dropping");
  }, true);
  document.addEventListener("drop", (event) => {
    root.classList.remove("tw-dropping");
    if (holdsFiles(event)) {
      event.preventDefault();
      event.stopPropagation();
      const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
      take(items.map((item) => {
        const file = item.getAsFile();
        const problem = item.webkitGetAsEntry?.()?.isDirectory ? "adding.folder" : undefined;
        return { name: file?.name ?? "?", file, problem: problem ?? (file ? undefined : "adding.unreadable") };
      }));
    } else if (holdsLink(event)) {
      event.preventDefault();
      const links = event.dataTransfer.getData("text/uri-list").split(/\r?\n/);
      take(links.filter((link) => /^https?:/i.test(link)).map((name) => ({ name })));
    }
  }, true);

  addEventListener("beforeunload", (event) => {
    if (working) event.preventDefault();
  });
}
