// Tab stops: a list of rows is one stop, with what is in that row, and so is a group of marks; the arrow keys go on.
// Without script, and until a key is pressed, each link is a stop of its own.
var LISTS = "#events, .background, .list, .matrix, .cards, .sources";
var GROUPS = ".chart, .map svg, .squares, .lineages, #responses table.small";
var STOPS = "a[href], button, summary, input, select";
var currentRow = new Map(), currentLink = new Map();
var stopsReady = false;

function listOf(row) { return row && row.closest(LISTS); }
function rowOf(element) { return element.closest("article[id]"); }
function groupOf(link) { return link && link.closest(GROUPS); }
function isShown(element) { return Boolean(element) && element.isConnected && element.checkVisibility(); }

// The first row that is shown, from a place on; to ask of each of ten thousand whether it is takes seconds.
function shownRow(list, from, step) {
  var rows = all("article[id]", list).filter(function (row) { return listOf(row) === list; });
  var at = from === null ? (step > 0 ? 0 : rows.length - 1) : rows.indexOf(from) + step;
  while (rows[at] && !isShown(rows[at])) { at += step; }
  return rows[at];
}

// In the order in which they are seen: marks from left to right.
function linksOf(group) {
  var links = all("a[href]", group).filter(isShown);
  return !group.matches(".chart") ? links : links.map(function (link) {
    return [link.querySelector("use").getBoundingClientRect().left, link];
  }).sort(function (a, b) { return a[0] - b[0]; }).map(function (pair) { return pair[1]; });
}

function enterGroup(group, link) {
  var version = group.closest(".version");
  group.setAttribute("role", group.matches("table") ? "grid" : "toolbar");
  if (version) { group.setAttribute("aria-label", version.querySelector(".answer b").textContent); }
  all("a[href]", group).forEach(function (one) { one.setAttribute("tabindex", one === link ? 0 : -1); });
  currentLink.set(group, link);
}

function leaveRow(row) {
  row.removeAttribute("tabindex");
  all(STOPS, row).forEach(function (one) { one.setAttribute("tabindex", -1); });
}

function enterRow(list, row) {
  var before = currentRow.get(list);
  if (before && before !== row) { leaveRow(before); }
  currentRow.set(list, row);
  if (!row) { return; }
  row.setAttribute("tabindex", 0);
  row.setAttribute("aria-label", titleOf(row));
  row.setAttribute("aria-describedby", "arrow-keys");
  all(STOPS, row).forEach(function (one) { if (!groupOf(one)) { one.removeAttribute("tabindex"); } });
}

// What was chosen last may be gone since, by the day or by a filter.
function prepareStops() {
  if (!stopsReady) {
    all("article[id]").forEach(function (row) {
      var list = listOf(row);
      if (list && currentRow.get(list) !== row) { leaveRow(row); }
    });
    stopsReady = true;
  }
  all(LISTS).forEach(function (list) {
    if (!isShown(currentRow.get(list))) { enterRow(list, shownRow(list, null, 1)); }
  });
  all(GROUPS).forEach(function (group) {
    var row = rowOf(group), list = listOf(row);
    if ((!list || currentRow.get(list) === row) && !isShown(currentLink.get(group))) { enterGroup(group, linksOf(group)[0]); }
  });
}

function nextLink(group, link, key) {
  var links = linksOf(group), at = links.indexOf(link);
  if (key === "ArrowRight" || key === "ArrowLeft") { return links[at + (key === "ArrowRight" ? 1 : -1)]; }
  if (key === "Home" || key === "End") { return links[key === "Home" ? 0 : links.length - 1]; }
  // Up and down lead to the nearest line, and in it to what is nearest.
  var from = (link.querySelector("use") || link).getBoundingClientRect(), best = null, least = Infinity;
  links.forEach(function (one) {
    var box = (one.querySelector("use") || one).getBoundingClientRect();
    var down = (box.top + box.bottom - from.top - from.bottom) / 2 * (key === "ArrowDown" ? 1 : -1);
    var far = down * 20 + Math.abs(box.left - from.left);
    if (down > 6 && far < least) { best = one; least = far; }
  });
  return best;
}

// A row that is higher than the window is read to its end before the next one.
function nextRow(row, key) {
  var list = listOf(row), box = row.getBoundingClientRect();
  if (key === "Home" || key === "End") { return shownRow(list, null, key === "Home" ? 1 : -1); }
  if (key === "ArrowDown") { return box.bottom > innerHeight + 1 ? null : shownRow(list, row, 1); }
  return key === "ArrowUp" && box.top >= 0 ? shownRow(list, row, -1) : null;
}

function startStops() {
  var hint = make("p", { id: "arrow-keys", class: "arrow-keys", hidden: "" }, say("Arrow keys go from one to the next."));
  byId("main").append(hint);
  function take(event) {
    var row = rowOf(event.target), list = listOf(row), group = groupOf(event.target.closest("a[href]"));
    if (list && currentRow.get(list) !== row) {
      enterRow(list, row);
      if (stopsReady) { prepareStops(); }
    }
    if (group) { enterGroup(group, event.target.closest("a[href]")); }
    hint.hidden = event.type !== "focusin" || !event.target.matches(":focus-visible") || !(group || (list && event.target === row));
  }
  document.addEventListener("focusin", take);
  document.addEventListener("focusout", function () { hint.hidden = true; });
  document.addEventListener("pointerdown", take);
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !event.target.closest) { return; }
    if (event.key === "Tab") { prepareStops(); }
    if (!/^(Arrow|Home$|End$)/.test(event.key)) { return; }
    var link = event.target.closest("a[href]"), group = groupOf(link);
    var next = group ? nextLink(group, link, event.key) : event.target === rowOf(event.target) && listOf(event.target) ? nextRow(event.target, event.key) : null;
    if (!next) { return; }
    event.preventDefault();
    if (!group) { enterRow(listOf(next), next); }
    next.focus();
  });
}
