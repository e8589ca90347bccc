// As of a day: what no source published by then says is hidden, cell by cell, and the first screen follows.
var asOf = { number: null, changed: [] };
var firstScreen = {};

function isKnown(number) { return asOf.number === null || (number >= 0 && number <= asOf.number); }

function hideRows() {
  Object.keys(data.rows).forEach(function (id) {
    var row = byId(id);
    if (row) { row.hidden = !isKnown(data.rows[id]); }
  });
  Object.keys(data.claims).forEach(function (id) {
    var claim = byId(id);
    if (claim) { claim.hidden = !isKnown(data.claims[id][0]); }
  });
  all("[data-copy-of]").forEach(function (copy) {
    var home = byId(copy.dataset.copyOf);
    copy.hidden = Boolean(home && home.hidden);
  });
}

// What stood in a cell then: undefined for what stands there now, "" for nothing.
function cellThen(id, field) {
  var past = data.cells[id] && data.cells[id][field];
  if (asOf.number === null || !past) { return undefined; }
  var words = null;
  past.forEach(function (one) { if (one[0] <= asOf.number) { words = one[1]; } });
  return words === null ? undefined : words;
}

// A link in a list, or a mark of a chart, goes with the row to which it leads.
function hideLinks() {
  all(".deeds li, .back, .speaks li, .chart .m, .moved").forEach(function (one) {
    var link = one.matches("a") ? one : one.querySelector("a");
    var home = link && byId((link.getAttribute("href") || "").slice(1));
    var mark = one.matches(".m") && home;
    one.classList.toggle("gone", Boolean(home && home.hidden) || Boolean(mark && cellThen(home.id, "date") === ""));
    if (mark) { one.classList.toggle("ahead", cellThen(home.id, "status") === "scheduled"); }
  });
}

function showCells() {
  all("[data-c]").forEach(function (cell) {
    var home = cell.closest("[id]");
    var then = home ? cellThen(home.id, cell.dataset.c) : undefined;
    if (!cell.now) { cell.now = Array.from(cell.childNodes); }
    cell.classList.toggle("later", then === "");
    if (then === undefined) { cell.replaceChildren.apply(cell, cell.now); }
    else { cell.textContent = then || "not known by then"; }
  });
  all(".question").forEach(function (one) {
    one.classList.toggle("undecided", cellThen(one.id, "state") === "open");
  });
}

function countAgain() {
  all("details.e").forEach(function (details) {
    var number = details.querySelector("summary > b");
    if (!number) { return; }
    var claims = all("li[id^='ec-'], .speaks > li", details).filter(function (one) {
      return !one.hidden && !one.classList.contains("gone");
    });
    if (!("was" in number.dataset)) { number.dataset.was = number.textContent; }
    number.textContent = asOf.number === null ? number.dataset.was : String(claims.length + disputedClaims(details));
  });
  all(".version").forEach(function (version) {
    var origins = new Set();
    all("li[id^='ec-'], li[data-copy-of^='ec-']", version).forEach(function (claim) {
      if (!claim.hidden) { origins.add(data.claims[claim.id || claim.dataset.copyOf][1]); }
    });
    version.hidden = asOf.number !== null && origins.size === 0;
    all(".origins .units path", version).forEach(function (square, position) {
      square.style.visibility = position < origins.size ? "" : "hidden";
    });
    var words = version.querySelector(".ind");
    if (words) { words.textContent = counted(origins.size, "independent origin", "independent origins"); }
  });
}

// The claims of a question count for the cell that is in question.
function disputedClaims(details) {
  var home = details.closest("li[id], article[id], tr[id]");
  return all("[data-from^='di-']", details).reduce(function (sum, place) {
    var question = byId(place.dataset.from);
    if (!question || !home || place.closest("[data-copy-of]")) { return sum; }
    return sum + all("li[id^='ec-']", question).filter(function (one) { return !one.hidden; }).length;
  }, 0);
}

function showFirstScreen() {
  var lede = byId("lede");
  var then = byId("then");
  if (!firstScreen.lede) {
    firstScreen.lede = lede.innerHTML ? Array.from(lede.childNodes).map(function (n) { return n.cloneNode(true); }) : [];
    firstScreen.figures = {};
    all("[data-figure]").forEach(function (one) { firstScreen.figures[one.dataset.figure] = one.textContent; });
  }
  var screen = asOf.number === null ? null : data.first[asOf.number];
  then.hidden = asOf.number === null;
  if (asOf.number !== null) {
    var day = data.days[asOf.number];
    then.textContent = "Shown as sources published by " + dayWords(asOf.day || day) + " knew it, " +
      counted(screen.sources, "source", "sources") + " of those read. Titles and notes are ours, written later.";
  }
  byId("until").hidden = asOf.number !== null;
  all("[data-figure]").forEach(function (one) {
    var number = screen ? screen.figures[one.dataset.figure] : firstScreen.figures[one.dataset.figure];
    one.textContent = number || "not known";
    one.classList.toggle("none", !number);
  });
  if (!screen) {
    lede.replaceChildren.apply(lede, firstScreen.lede.map(function (n) { return n.cloneNode(true); }));
    return;
  }
  lede.replaceChildren.apply(lede, screen.lede.map(function (pieces) {
    var sentence = make("p");
    pieces.forEach(function (piece) {
      sentence.append(piece.length > 1 ? make("a", { href: "#" + piece[1] }, piece[0]) : piece[0]);
    });
    return sentence;
  }));
}

// `number` is the position of a day in `data.days`, or null for all that is known.
function setAsOf(number) {
  asOf.number = number;
  hideRows();
  showCells();
  hideLinks();
  countAgain();
  showFirstScreen();
  var words = number === null ? "all that is known" : dayWords(asOf.day || data.days[number]);
  byId("asof-now").textContent = words;
  byId("asof").classList.toggle("set", number !== null);
  var range = byId("asof-range");
  range.value = number === null ? data.days.length : number;
  range.setAttribute("aria-valuetext", words);
  byId("asof-day").value = number === null ? "" : asOf.day || data.days[number];
  asOf.changed.forEach(function (listener) { listener(); });
}

function startAsOf() {
  var range = byId("asof-range");
  if (!range) { return; }
  range.setAttribute("aria-valuetext", "all that is known");
  range.addEventListener("input", function () {
    var number = Number(range.value);
    asOf.day = null;
    setAsOf(number >= data.days.length ? null : number);
  });
  byId("asof-day").addEventListener("change", function (event) {
    var day = event.target.value;
    if (!day) { asOf.day = null; setAsOf(null); return; }
    var out = data.days.filter(function (one) { return one <= day; });
    asOf.day = out.length ? day : null;
    setAsOf(Math.max(out.length - 1, 0));
  });
  byId("asof-all").addEventListener("click", function () { asOf.day = null; setAsOf(null); });
}
