// As of a day: each element says itself from which day it is shown, and what its words and class were before.
// What else follows the day: each of `changed` is called after it is another.
var asOf = { number: null, day: null, changed: [] };
var ledeNow = null;

// Every element that follows the day, read once: from which day it is there, and what its words or class were.
var watched = null;

function linesOf(text) {
  return text.split("\n").map(function (line) {
    var blank = line.indexOf(" ");
    return blank < 0 ? [Number(line), null] : [Number(line.slice(0, blank)), line.slice(blank + 1)];
  });
}

// Of lines, the words of the last that is not after the day; null for as it is now.
function wordsThen(lines) {
  var words = null;
  for (var i = 0; asOf.number !== null && i < lines.length && lines[i][0] <= asOf.number; i += 1) { words = lines[i][1]; }
  return words;
}

function watchedIn(within) {
  return all("[data-since], [data-then], [data-as]", within).map(function (element) {
    var set = element.dataset;
    return {
      element: element, since: set.since === undefined ? -1 : set.since === "never" ? Infinity : Number(set.since), gone: false,
      then: set.then && linesOf(set.then), as: set.as && linesOf(set.as), words: null, name: null,
      now: set.then && Array.from(element.childNodes), was: set.as && element.getAttribute("class")
    };
  });
}

function applyTo(one) {
  var element = one.element;
  var gone = asOf.number !== null && one.since > asOf.number;
  var words = one.then ? wordsThen(one.then) : null, name = one.as ? wordsThen(one.as) : null;
  if (one.as && name !== one.name) {
    one.name = name;
    element.setAttribute("class", (name === null ? one.was : name) + (one.gone ? " gone" : ""));
  }
  if (gone !== one.gone) { one.gone = gone; element.classList.toggle("gone", gone); }
  if (one.then && words !== one.words) {
    one.words = words;
    if (words === null) { element.replaceChildren.apply(element, one.now); } else { element.textContent = words || data.empty; }
    element.classList.toggle("later", words !== null);
  }
}

// A copy is as its original was when nothing followed a day, and follows the day from now on.
function watchCopy(original, copy) {
  if (!watched) { watched = watchedIn(document); }
  var states = new Map(watched.map(function (one) { return [one.element, one]; }));
  var originals = all("[data-since], [data-then], [data-as]", original);
  all("[data-since], [data-then], [data-as]", copy).forEach(function (element, position) {
    var one = states.get(originals[position]);
    if (!one) { return; }
    watched.push(Object.assign({}, one, { element: element, now: one.now && one.now.map(function (node) { return node.cloneNode(true); }) }));
  });
}

function applyAsOf() {
  if (!watched) { watched = watchedIn(document); }
  watched = watched.filter(function (one) { return one.element.isConnected; });
  watched.forEach(applyTo);
}

function ledeThen() {
  var sentences = null;
  data.lede.forEach(function (one) { if (one[0] <= asOf.number) { sentences = one[1]; } });
  return (sentences || []).map(function (number) {
    var sentence = make("p");
    data.sentences[number].forEach(function (piece) {
      sentence.append(piece[1] ? make("a", { href: "#" + piece[1] }, piece[0]) : piece[0]);
    });
    return sentence;
  });
}

// `number` is the position of a day in `data.days`, or null for all that is known; `day` the one that was chosen.
function setAsOf(number, day) {
  var past = number !== null;
  var words = past ? dayWords(day || data.days[number]) : say("all that is known");
  var lede = byId("lede");
  asOf.number = number;
  asOf.day = day || null;
  ledeNow = ledeNow || Array.from(lede.childNodes);
  lede.replaceChildren.apply(lede, past ? ledeThen() : ledeNow);
  applyAsOf();
  all("details.speaks[open]").forEach(gather);
  byId("then").hidden = !past;
  byId("then-day").textContent = words;
  byId("until").hidden = past;
  byId("not-known").classList.toggle("gone", past);
  byId("asof-now").textContent = words;
  byId("asof").classList.toggle("set", past);
  byId("asof-range").value = past ? number : data.days.length;
  byId("asof-range").setAttribute("aria-valuetext", words);
  byId("asof-day").value = dayShown();
  byId("not-yet").hidden = true;
  setState("asof", dayShown());
  all("#figures > li > a").forEach(function (link) {
    link.dataset.row = link.dataset.row || link.hash.slice(1);
    var row = byId(link.dataset.row);
    if (row) { link.setAttribute("href", "#" + (row.closest(".gone") ? row.closest("#charges, section").id : row.id)); }
  });
  asOf.changed.forEach(function (follow_day) { follow_day(); });
}

// The day as of which the case is shown; "" for all that is known.
function dayShown() { return asOf.number === null ? "" : asOf.day || data.days[asOf.number]; }

function chooseDay(day) {
  var out = data.days.filter(function (one) { return one <= day; });
  if (!day) { setAsOf(null); } else { setAsOf(Math.max(out.length - 1, 0), out.length ? day : null); }
}

function startAsOf() {
  var range = byId("asof-range");
  if (!range) { return; }
  range.setAttribute("aria-valuetext", say("all that is known"));
  range.addEventListener("input", function () {
    var number = Number(range.value);
    setAsOf(number >= data.days.length ? null : number);
  });
  byId("asof-day").addEventListener("change", function (event) { chooseDay(event.target.value); });
  byId("asof-all").addEventListener("click", function () { setAsOf(null); });
  appliers.push(function () {
    var day = state.get("asof") || "";
    if (day !== dayShown()) { chooseDay(isDay(day) ? day : ""); }
  });
  byId("not-yet-all").addEventListener("click", function () { setAsOf(null); follow(); });
}
