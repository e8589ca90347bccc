// Search: every row that has an address, by the words in it; a name in any spelling or script.
var LISTED = 40;
var index = null;
// The kinds of rows by the prefix of their ids, in the order in which they are found.
var KINDS = Object.keys(data.tables || {});
var OWN = "tr[id], article[id], li[id], details[id^='table-']";
var SPELLING = ".names > li";

// Lower case, without marks above and below letters: ұ stays ұ, é becomes e, full width becomes plain.
function fold(text) {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/\s+/g, " ");
}

function ownText(element) {
  var texts = [];
  (function walk(node) {
    for (var child = node.firstChild; child; child = child.nextSibling) {
      if (child.nodeType === 3) { texts.push(child.data); }
      else if (child.nodeType === 1 && !child.matches(OWN) && !child.hasAttribute("data-from") &&
        child.tagName !== "SUMMARY" && child.tagName !== "svg") { walk(child); texts.push(" "); }
    }
  })(element);
  return texts.join("").replace(/\s+/g, " ").trim();
}

// What a row is called: its heading, or else how it begins.
function titleOf(element) {
  var title = element.querySelector(".t, summary h3");
  return title && title.closest(OWN) === element ? title.textContent.trim() : ownText(element).slice(0, 90);
}

function buildIndex() {
  index = all(OWN).map(function (element) {
    var text = ownText(element);
    var label = titleOf(element);
    var kind = element.id.split("-")[0];
    var rank = KINDS.indexOf(kind);
    return {
      id: element.id, element: element, rank: rank < 0 ? KINDS.length : rank, label: label, text: text,
      folded: fold(text + " " + element.id), called: element.matches("li") ? "" : fold(label),
      kind: rank < 0 ? "Row" : data.tables[kind]
    };
  });
  index.sort(function (a, b) { return a.rank - b.rank; });
}

function find(query) {
  if (!index) { buildIndex(); }
  var words = fold(query).split(" ").filter(Boolean);
  if (!words.length) { return []; }
  var found = index.filter(function (entry) {
    return !entry.element.closest(".gone") && words.every(function (word) { return entry.folded.indexOf(word) >= 0; });
  });
  // A spelling leads to what is spelled so.
  var spelled = new Map();
  found.forEach(function (entry) {
    if (entry.element.matches(SPELLING)) { spelled.set(entry.element.closest("article[id]"), entry.text); }
  });
  var names = [], labelled = [], rest = [];
  index.forEach(function (entry) {
    var spelling = spelled.get(entry.element);
    if (spelling) { names.push({ id: entry.id, kind: entry.kind, label: entry.label, text: "spelled " + spelling }); }
  });
  found.forEach(function (entry) {
    if (entry.element.matches(SPELLING) || spelled.has(entry.element)) { return; }
    (entry.called.indexOf(words[0]) >= 0 ? labelled : rest).push(entry);
  });
  return names.concat(labelled, rest);
}

// The words around the first hit, with the hit marked.
function excerpt(text, query) {
  var words = fold(query).split(" ").filter(Boolean);
  var place = make("span");
  var plain = fold(text).length === text.length ? fold(text) : text.toLowerCase();
  var at = plain.indexOf(words[0]);
  if (at < 0) { place.textContent = text.slice(0, 120); return place; }
  var start = Math.max(0, at - 45);
  place.append((start ? "…" : "") + text.slice(start, at), make("mark", {}, text.slice(at, at + words[0].length)),
    text.slice(at + words[0].length, at + 90) + (text.length > at + 90 ? "…" : ""));
  return place;
}

function showResults(query) {
  var panel = byId("results");
  var list = byId("results-list");
  var found = query.trim() ? find(query) : [];
  panel.hidden = !query.trim();
  list.replaceChildren.apply(list, found.slice(0, LISTED).map(function (entry) {
    var item = make("li");
    var link = make("a", { href: "#" + entry.id });
    link.append(make("b", { dir: "auto" }, entry.label), make("span", {}, entry.kind), excerpt(entry.text, query));
    item.append(link);
    return item;
  }));
  var words = !query.trim() ? "" : found.length ? counted(found.length, "result", "results") +
    (found.length > LISTED ? ", the first " + LISTED + " listed" : "") : "Nothing found";
  byId("search-said").textContent = words;
  byId("results-title").textContent = words || "Results";
}

function startSearch() {
  var input = byId("search");
  var panel = byId("results");
  function close() { panel.hidden = true; input.focus(); }
  input.addEventListener("focus", function () { if (!index) { setTimeout(function () { if (!index) { buildIndex(); } }, 30); } });
  input.addEventListener("input", function () { showResults(input.value); });
  byId("search-form").addEventListener("submit", function (event) {
    event.preventDefault();
    var first = byId("results-list").querySelector("a");
    if (first) { first.focus(); }
  });
  byId("results-close").addEventListener("click", close);
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && !panel.hidden) { close(); }
    if (panel.hidden || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) { return; }
    var links = all("a", panel);
    var at = links.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== input) { return; }
    event.preventDefault();
    var next = at + (event.key === "ArrowDown" ? 1 : -1);
    if (next < 0) { input.focus(); } else if (links[next]) { links[next].focus(); }
  });
  byId("results-list").addEventListener("click", function (event) {
    var link = event.target.closest("a");
    if (!link) { return; }
    panel.hidden = true;
  });
}
