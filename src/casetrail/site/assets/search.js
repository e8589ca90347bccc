// Search: every row that has an address, by the sound of the words in it, in whatever script they are.
var LISTED = 40;
var index = null, vocabulary = null;
var OWN = "tr[id], article[id], li[id], details[id^='table-'], #figures > li";
var SPELLING = ".names > li";

// Latin letters without marks and case, romanizations made one: Талғар, Talghar and Talgar are "talgar".
function fold(text) {
  var plain = text.toLowerCase().normalize("NFKC").toLowerCase().replace(/[^\x00-\x7f]/gu, function (letter) {
    var known = data.folding.letters[letter];
    return known === undefined ? letter.normalize("NFKD").replace(/\p{M}/gu, "") : known;
  }).replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  return ROMANIZATIONS.reduce(function (now, pair) { return now.replace(pair[0], pair[1]); }, plain);
}
var ROMANIZATIONS = data.folding.romanizations.map(function (pair) { return [new RegExp(pair[0], "g"), pair[1]]; });

function ownText(element) {
  var texts = [];
  (function walk(node) {
    for (var child = node.firstChild; child; child = child.nextSibling) {
      if (child.nodeType === 3) { texts.push(child.data); }
      else if (child.nodeType === 1 && !child.matches(OWN) && !child.hasAttribute("data-from") &&
        child.tagName !== "svg" && child.tagName !== "BUTTON" && (child.tagName !== "SUMMARY" || child.querySelector(".t"))) { walk(child); texts.push(" "); }
    }
  })(element);
  return texts.join("").replace(/\s+/g, " ").trim();
}

// The first words of a text, without the blank that parts of an element leave before a comma.
function shortened(text) {
  var tidy = text.replace(/ ([,.;:)])/g, "$1");
  return tidy.length > 90 ? tidy.slice(0, 90).replace(/\s+\S*$/, "") + "…" : tidy;
}

// What a row is called: its heading, or else how it begins.
function titleOf(element) {
  var title = element.querySelector(".t, summary h4");
  if (element.matches("#figures > li")) { title = element.querySelector("a"); }
  return title && title.closest(OWN) === element ? title.textContent.replace(/\s+/g, " ").trim() : shortened(ownText(element));
}

function languageOf(element) { return (element.querySelector(".t") || element).closest("[lang]").lang; }

function buildIndex() {
  vocabulary = new Map();
  index = all(OWN).map(function (element) {
    var text = ownText(element);
    var label = titleOf(element);
    var figure = element.matches("#figures > li");
    var id = figure ? element.querySelector("a").hash.slice(1) : element.id;
    // By the prefix of its id what the rows of its table are called, and how heavy they are.
    var table = (data.tables || {})[id.split("-")[0]] || [say("Row"), 0];
    text.split(/[^\p{L}\p{N}]+/u).forEach(function (word) {
      if (word.length > 3 && !vocabulary.has(word)) { vocabulary.set(word, fold(word)); }
    });
    return {
      id: id, element: element, label: label, text: text, folded: " " + fold(text + " " + id) + " ",
      called: element.matches("li") && !figure ? "" : " " + fold(label) + " ",
      kind: figure ? say("Figure") : table[0], weight: figure ? 40 : table[1]
    };
  });
}

function wordsOf(query) { return fold(query).split(" ").filter(Boolean); }

// All entries that have every word; one that is called so comes first, and among these what begins so.
function find(query) {
  if (!index) { buildIndex(); }
  var words = wordsOf(query), phrase = words.join(" ");
  if (!words.length) { return []; }
  var found = index.filter(function (entry) {
    return words.every(function (word) { return entry.folded.indexOf(word) >= 0; }) && !entry.element.closest(".gone");
  });
  var spelled = new Map();
  found.forEach(function (entry) {
    if (entry.element.matches(SPELLING)) { spelled.set(entry.element.closest("article[id]"), entry.text); }
  });
  return index.filter(function (entry) { return spelled.has(entry.element) && found.indexOf(entry) < 0; }).concat(found)
    .filter(function (entry) { return !entry.element.matches(SPELLING); })
    .map(function (entry) {
      var score = entry.weight + (spelled.has(entry.element) ? 120 : 0);
      if (words.every(function (word) { return entry.called.indexOf(word) >= 0; })) { score += 100; }
      if (entry.called.indexOf(" " + phrase) >= 0) { score += 30; }
      if (entry.folded.indexOf(" " + phrase + " ") >= 0) { score += 10; }
      return { entry: entry, score: score, spelled: spelled.get(entry.element) };
    })
    .sort(function (a, b) { return b.score - a.score; });
}

// How many letters must be put in, left out, changed or swapped; more than `most` is `most + 1`.
function distance(one, two, most) {
  if (Math.abs(one.length - two.length) > most) { return most + 1; }
  var before = [], now = [], i, j;
  for (j = 0; j <= two.length; j += 1) { now[j] = j; }
  for (i = 1; i <= one.length; i += 1) {
    var last = before;
    before = now;
    now = [i];
    for (j = 1; j <= two.length; j += 1) {
      now[j] = Math.min(before[j] + 1, now[j - 1] + 1, before[j - 1] + (one[i - 1] === two[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === two[j - 2] && one[i - 2] === two[j - 1]) { now[j] = Math.min(now[j], last[j - 2] + 1); }
    }
  }
  return now[two.length];
}

// The query with each word that is nowhere put right by one that is nearly the same; "" where there is none.
function nearMiss(query) {
  var right = query.trim().split(/\s+/).map(function (word) {
    var folded = fold(word);
    if (index.some(function (entry) { return entry.folded.indexOf(folded) >= 0; })) { return word; }
    var most = folded.length > 6 ? 2 : 1, best = "";
    if (folded.length < 4) { return ""; }
    vocabulary.forEach(function (other, written) {
      var far = distance(folded, other, most);
      if (far <= most) { best = written; most = far - 1; }
    });
    return best;
  });
  return right.every(Boolean) ? right.join(" ") : "";
}

// The words around the first hit, with the hit marked.
function excerpt(text, query) {
  var words = wordsOf(query), parts = text.split(/([^\p{L}\p{N}]+)/u), place = make("span");
  var at = -1;
  for (var i = 0; i < parts.length && at < 0; i += 2) { if (fold(parts[i]).indexOf(words[0]) >= 0) { at = i; } }
  if (at < 0) { place.textContent = text.slice(0, 120); return place; }
  var start = Math.max(0, at - 14);
  place.append((start ? "…" : "") + parts.slice(start, at).join(""), make("mark", {}, parts[at]),
    parts.slice(at + 1, at + 28).join("") + (parts.length > at + 28 ? "…" : ""));
  return place;
}

function showResults(query) {
  var panel = byId("results"), list = byId("results-list"), input = byId("search");
  var found = query.trim() ? find(query) : [];
  var meant = query.trim() && !found.length ? nearMiss(query) : "";
  var shown = meant ? find(meant) : found;
  panel.hidden = !query.trim();
  var below = input.getBoundingClientRect().bottom + 10;
  panel.style.top = below + "px";
  panel.style.maxHeight = window.innerHeight - below - 10 + "px";
  input.setAttribute("aria-expanded", String(!panel.hidden));
  list.replaceChildren.apply(list, shown.slice(0, LISTED).map(function (one) {
    var item = make("li"), entry = one.entry;
    var link = make("a", { href: "#" + entry.id });
    link.append(make("b", { dir: "auto", lang: languageOf(entry.element) }, entry.label), make("span", {}, entry.kind),
      one.spelled ? make("span", {}, say("spelled %(name)s", { name: one.spelled })) : excerpt(entry.text, meant || query));
    item.append(link);
    return item;
  }));
  var words = !query.trim() ? "" : meant ? say("Nothing found for “%(query)s”. Did you mean “%(meant)s”?", { query: query.trim(), meant: meant }) :
    !found.length ? say("Nothing found") : say("Results: %(number)s", { number: found.length }) +
    (found.length > LISTED ? say(", the first %(number)s listed", { number: LISTED }) : "");
  byId("search-said").textContent = words;
  byId("results-title").textContent = words || say("Results");
}

function startSearch() {
  var input = byId("search");
  var panel = byId("results");
  function hide() { panel.hidden = true; input.setAttribute("aria-expanded", "false"); setState("q", ""); }
  function close() { hide(); input.focus(); }
  input.addEventListener("focus", function () { if (!index) { setTimeout(function () { if (!index) { buildIndex(); } }, 30); } });
  input.addEventListener("input", function () {
    showResults(input.value);
    setState("q", input.value.trim());
  });
  appliers.push(function () {
    var query = state.get("q") || "";
    if (query !== (panel.hidden ? "" : input.value.trim())) { input.value = query; showResults(query); }
  });
  byId("search-form").addEventListener("submit", function (event) {
    event.preventDefault();
    var first = byId("results-list").querySelector("a");
    if (first) { first.focus(); }
  });
  byId("results-close").addEventListener("click", close);
  document.addEventListener("keydown", function (event) {
    if (event.key === "/" && !event.target.closest("input, select, textarea")) { event.preventDefault(); input.focus(); return; }
    if (event.key === "Escape" && !panel.hidden) { close(); }
    if (panel.hidden || (event.key !== "ArrowDown" && event.key !== "ArrowUp")) { return; }
    var links = all("a", panel);
    var at = links.indexOf(document.activeElement);
    if (at < 0 && document.activeElement !== input) { return; }
    event.preventDefault();
    var next = at + (event.key === "ArrowDown" ? 1 : -1);
    if (next < 0) { input.focus(); } else if (links[next]) { links[next].focus(); }
  });
  byId("results-list").addEventListener("click", function (event) { if (event.target.closest("a")) { hide(); } });
}
