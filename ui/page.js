// The page's behaviour, run once by the header component; `trigger` reaches the Python events of that component.
// It listens on the document, because the conversation and the panel replace their content with every answer.
const root = document.documentElement;
const stored = "tawthiq.language";
let returnTo = null;

function setLanguage(language) {
  root.lang = language;
  root.dir = language === "ar" ? "rtl" : "ltr";
  for (const button of element.querySelectorAll("[data-language]")) {
    const chosen = button.dataset.language === language;
    button.setAttribute("aria-pressed", String(chosen));
    if (!chosen) continue;
    document.title = button.dataset.title;
    document.querySelector('meta[name="description"]')?.setAttribute("content", button.dataset.description);
  }
  nameBox();
}

function remembered() {
  try {
    return localStorage.getItem(stored);
  } catch {
    return null;
  }
}

function remember(language) {
  try {
    localStorage.setItem(stored, language);
  } catch {
    // A browser that keeps nothing starts in its own language again.
  }
}

// The conversation itself is kept on the server. A browser has its name alone: each tab that of its own, which reloading
// keeps, and all of them that of the last one, which a new tab goes on with unless another tab has it open.
const named = "tawthiq.conversation";
let conversation = null;

function goOnWith(name) {
  conversation = name;
  window.tawthiqConversation = name; // Where ui/web.py has every question take it from.
}
let letGo = null;

function read(storage) {
  try {
    const name = storage().getItem(named) ?? "";
    return /^[0-9a-f]{32}$/.test(name) ? name : null;
  } catch {
    return null;
  }
}

function write(storage, name) {
  try {
    if (name) storage().setItem(named, name);
    else storage().removeItem(named);
  } catch {
    // A browser that keeps nothing has its conversation until the page is loaded again.
  }
}

const ofTab = () => sessionStorage;
const ofBrowser = () => localStorage;

// Holds a name for as long as this tab has it open; `free` is told whether no other tab does.
// There are no locks outside a secure context: two tabs may then go on with one conversation.
function hold(name, options = {}, free = () => {}) {
  letGo?.abort();
  if (!navigator.locks) return free(true);
  const { signal } = letGo = new AbortController();
  // One that still waits is given up with the name, too; a request that does not wait takes no signal.
  navigator.locks.request(`${named}.${name}`, options.ifAvailable ? options : { signal }, (lock) => {
    free(lock !== null);
    return lock && !signal.aborted && new Promise((done) => signal.addEventListener("abort", done));
  }).catch(() => free(true));
}

function drawn() {
  // Not randomUUID(), which insecure contexts lack.
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function resume() {
  let known = read(ofTab);
  const last = known ?? read(ofBrowser);
  if (known) hold(known);
  else if (last && await new Promise((free) => hold(last, { ifAvailable: true }, free))) known = last;
  goOnWith(known ?? drawn());
  if (!known) hold(conversation);
  trigger("resume", { conversation, known: known !== null });
}

function keepConversation() {
  write(ofTab, conversation);
  write(ofBrowser, conversation);
}

// Questions are put to all documents, or to the one that was chosen, until another choice or a new conversation.
function askWithin(id, title) {
  window.tawthiqWithin = id; // Where ui/web.py has every question take it from.
  element.querySelector(".tw-scope").hidden = !id;
  element.querySelector("[data-scope-title]").textContent = title;
}

function beginAnew() {
  askWithin("", "");
  if (!conversation) return;
  if (read(ofBrowser) === conversation) write(ofBrowser, null);
  write(ofTab, null);
  const old = conversation;
  goOnWith(drawn());
  hold(conversation);
  trigger("anew", { conversation, old });
}

async function save(button) {
  const turn = Number(button.closest(".tw-turn").dataset.turn);
  let saved = false;
  try {
    const reply = await fetch("conversation/answer", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ conversation, turn }),
    });
    saved = reply.ok;
    if (saved) {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await reply.blob());
      link.download = `tawthiq-${button.dataset.named ?? "answer"}-${turn}.json`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    }
  } catch {
    // The server is not there: the button says so.
  }
  say(button, saved);
}

// What a button did stands on it for a moment.
function say(button, done) {
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  button.textContent = done ? button.dataset.done : button.dataset.failed;
  setTimeout(() => { button.textContent = label; }, 1600);
}

function showSources(open) {
  root.classList.toggle("tw-sources-open", open);
  if (open) {
    document.querySelector("#tw-panel-title")?.focus({ preventScroll: true });
  } else if (returnTo?.isConnected) {
    returnTo.focus();
    returnTo = null;
  }
}

async function copy(button) {
  const text = button.closest(".tw-answer").querySelector(".tw-copytext").textContent;
  let copied = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // No clipboard outside a secure context, such as a newsroom's server over plain HTTP.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area);
    area.select();
    copied = document.execCommand("copy");
    area.remove();
  }
  say(button, copied);
}

document.addEventListener("click", (event) => {
  const target = event.target.closest("[data-open], [data-documents], [data-scope], [data-everywhere], [data-example], [data-language], [data-close], .tw-copy, .tw-save, #tw-clear");
  if (!target) return;
  if (target.dataset.open) {
    event.preventDefault();
    const { open, turn, number, document: chosen } = target.dataset;
    if (target.closest("#tw-conversation")) returnTo = target;
    // The marker whose source is open is marked in the answer as it is in the panel, wherever it was chosen.
    for (const marker of document.querySelectorAll("#tw-conversation [data-open][aria-current]")) marker.removeAttribute("aria-current");
    if (open === "document") {
      trigger("open", { open, document: chosen });
      return;
    }
    const here = `#tw-conversation [data-open="${open}"][data-turn="${turn}"][data-number="${number}"]`;
    document.querySelector(here)?.setAttribute("aria-current", "true");
    trigger("open", { conversation, open, turn: Number(turn), number: Number(number) });
    showSources(true);
  } else if ("documents" in target.dataset) {
    if (target.closest("#tw-header")) returnTo = target;
    trigger("open", { conversation, open: "documents" });
    showSources(true);
  } else if (target.dataset.scope || "everywhere" in target.dataset) {
    askWithin(target.dataset.scope ?? "", target.dataset.title ?? "");
    showSources(false);
    document.querySelector("#tw-question textarea")?.focus();
  } else if (target.dataset.example) {
    const { example: question } = target.dataset;
    if (!answering()) trigger("example", { conversation, question, within: window.tawthiqWithin ?? "" });
  } else if (target.dataset.language) {
    remember(target.dataset.language);
    setLanguage(target.dataset.language);
  } else if ("close" in target.dataset) {
    showSources(false);
  } else if (target.id === "tw-clear") {
    beginAnew();
  } else if (target.matches(".tw-save")) {
    save(target);
  } else {
    copy(target);
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && root.classList.contains("tw-sources-open")) showSources(false);
});

// A quote that was opened is scrolled to the middle of its reader; the page itself does not move.
let shown = "";
new MutationObserver(() => {
  const panel = document.querySelector(".tw-panel");
  if (!panel || panel.dataset.shown === shown) return;
  shown = panel.dataset.shown;
  const reader = panel.querySelector(".tw-reader");
  const mark = reader?.querySelector(".tw-chosen, .tw-nearest") ?? reader?.querySelector(".tw-related");
  if (!mark) return;
  const offset = mark.getBoundingClientRect().top - reader.getBoundingClientRect().top;
  reader.scrollTop += offset - Math.max(16, (reader.clientHeight - mark.getBoundingClientRect().height) / 3);
  const card = reader.closest(".tw-source");
  const frame = document.querySelector("#tw-sources");
  frame.scrollTop += card.getBoundingClientRect().top - frame.getBoundingClientRect().top - 64;
}).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["data-shown"] });

// A new question is put at the top of the conversation, so that its answer is read from its beginning.
let turns = 0;
new MutationObserver(() => {
  const conversation = document.querySelector("#tw-conversation");
  const all = conversation?.querySelectorAll(".tw-turn") ?? [];
  if (all.length > turns) {
    keepConversation();
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    // Of several claims that were sent together, the first.
    const last = conversation.querySelector(".tw-turn[aria-busy]") ?? all[all.length - 1];
    const top = last.getBoundingClientRect().top - conversation.getBoundingClientRect().top + conversation.scrollTop;
    conversation.scrollTo({ top: top - 8, behavior: calm ? "auto" : "smooth" });
  }
  turns = all.length;
}).observe(document.body, { subtree: true, childList: true });

setLanguage(remembered() ?? (navigator.language.toLowerCase().startsWith("ar") ? "ar" : "en"));

resume();

// Gradio says in English alone, in a box of its own, that the server does not answer. We say it in its place, for as long
// as that box would stand: the one without a timer stands until Gradio reaches the server and loads the page again.
new MutationObserver(() => {
  const boxes = [...document.querySelectorAll(".toast-body.error")];
  const lost = boxes.some((box) => !box.querySelector(".timer"));
  for (const line of element.querySelectorAll("[data-alert]")) {
    const wanted = boxes.length > 0 && (line.dataset.alert === "lost") === lost;
    if (line.hidden === wanted) line.hidden = !wanted;
  }
}).observe(document.body, { subtree: true, childList: true });

// One question at a time: while an answer is on its way, Enter leaves what is written where it stands.
function answering() {
  return Boolean(document.querySelector("#tw-stop")?.checkVisibility());
}

// An empty box is not a question: nothing is sent, the box is where to write, and a line below says so until one does.
function emptyBox() {
  return !document.querySelector("#tw-question textarea")?.value.trim();
}
function hint(shown) {
  const line = document.querySelector("[data-hint]");
  if (line) line.hidden = !shown;
}
document.addEventListener("click", (event) => {
  if (!event.target.closest("#tw-send") || !emptyBox()) return;
  event.stopImmediatePropagation();
  document.querySelector("#tw-question textarea")?.focus();
  hint(true);
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing || !event.target.closest("#tw-question")) return;
  const empty = emptyBox();
  if (!empty && (event.shiftKey || !answering())) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  hint(empty && !answering());
}, true);
document.addEventListener("input", (event) => {
  if (event.target.closest("#tw-question") && !emptyBox()) hint(false);
}, true);
document.addEventListener("focusout", (event) => {
  if (event.target.closest("#tw-question")) hint(false);
}, true);

// The list of documents is looked through here: in Arabic letters are alike that people write for each other.
function folded(text) {
  return text.normalize("NFKD").replace(/[\u0300-\u036f\u0640\u064b-\u065f\u0670]/g, "")
    .replace(/[آأإٱ]/g, "ا").replace(/ى/g, "ي").replace(/ة/g, "ه").toLowerCase();
}
document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-search]")) return;
  const words = folded(event.target.value).split(/\s+/).filter(Boolean);
  let found = 0;
  for (const item of document.querySelectorAll(".tw-documents li")) {
    item.dataset.text ??= folded(item.textContent);
    item.hidden = !words.every((word) => item.dataset.text.includes(word));
    found += !item.hidden;
  }
  document.querySelector("[data-found]").textContent = found;
});

// Ask or check: what is in the box is a question, or claims, one a line. A tab keeps the choice.
const kind = "tawthiq.kind";
function claiming() {
  return root.classList.contains("tw-checking");
}
window.tawthiqTold = () => (claiming() ? root.lang : ""); // Where ui/web.py has everything that is sent take it from.

// Names box and button by what they are for, in the page's language.
function nameBox() {
  trigger("language", { language: root.lang, claim: claiming() });
}
function sendAs(chosen) {
  root.classList.toggle("tw-checking", chosen === "check");
  const box = document.querySelector("#tw-question textarea");
  if (claiming()) box?.setAttribute("aria-describedby", "tw-several");
  else box?.removeAttribute("aria-describedby");
  hint(false);
  tooMany(false);
  nameBox();
}
document.addEventListener("change", (event) => {
  if (!event.target.matches("[data-kind]")) return;
  try {
    sessionStorage.setItem(kind, event.target.value);
  } catch {
    // A browser that keeps nothing begins with questions.
  }
  sendAs(event.target.value);
});
function remindedOfKind() {
  try {
    return sessionStorage.getItem(kind);
  } catch {
    return null;
  }
}
// The switch is a component beside this one, and may be there only later.
function chooseCheck() {
  const choice = document.querySelector("[data-kind][value=check]");
  if (!choice) return setTimeout(chooseCheck, 20);
  choice.checked = true;
  sendAs("check");
}
if (remindedOfKind() === "check") chooseCheck();

// More claims than are checked at a time are not sent; they stay in the box, and the line below it says so.
function tooMany(shown) {
  const line = document.querySelector("[data-too-many]");
  if (line) line.hidden = !shown;
}
function holdBack(event) {
  const lines = document.querySelector("#tw-question textarea")?.value.split("\n").filter((line) => line.trim()) ?? [];
  const most = Number(document.querySelector("[data-most-claims]")?.dataset.mostClaims ?? Infinity);
  if (!claiming() || lines.length <= most) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  tooMany(true);
}
document.addEventListener("click", (event) => {
  if (event.target.closest("#tw-send")) holdBack(event);
}, true);
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && event.target.closest("#tw-question")) holdBack(event);
}, true);
document.addEventListener("input", (event) => {
  if (event.target.closest("#tw-question")) tooMany(false);
}, true);

// One turn on paper; the browser's own command prints the whole conversation.
document.addEventListener("click", (event) => {
  const turn = event.target.closest(".tw-print")?.closest(".tw-turn");
  if (!turn) return;
  turn.classList.add("tw-alone-on-paper");
  window.addEventListener("afterprint", () => turn.classList.remove("tw-alone-on-paper"), { once: true });
  window.print();
});
