// As of a day: each element says itself from which day it is shown, and what its words and class were before.
// What else follows the day: each of `changed` is called after it is another.
var asOf = { number: null, day: null, changed: [] };
var ledeNow = null;

// Of lines such as "3 scheduled" the words of the last that is not after the day; null for as it is now.
function wordsThen(lines) {
  var words = null;
  if (asOf.number === null) { return null; }
  lines.split("\n").forEach(function (line) {
    var blank = line.indexOf(" ");
    if (Number(blank < 0 ? line : line.slice(0, blank)) <= asOf.number) {
      words = blank < 0 ? null : line.slice(blank + 1);
    }
  });
  return words;
}

function applyAsOf(within) {
  all("[data-since]", within).forEach(function (one) {
    one.classList.toggle("gone", asOf.number !== null && !(Number(one.dataset.since) <= asOf.number));
  });
  all("[data-then]", within).forEach(function (one) {
    var words = wordsThen(one.dataset.then);
    if (!one.now) { one.now = Array.from(one.childNodes); }
    if (words === null) { one.replaceChildren.apply(one, one.now); } else { one.textContent = words; }
    one.classList.toggle("later", words !== null);
  });
  all("[data-as]", within).forEach(function (one) {
    var words = wordsThen(one.dataset.as);
    var gone = one.classList.contains("gone");
    if (!one.was) { one.was = one.getAttribute("class").replace(/ ?\bgone\b/, ""); }
    one.setAttribute("class", (words === null ? one.was : words) + (gone ? " gone" : ""));
  });
}

function ledeThen() {
  var sentences = null;
  data.lede.forEach(function (one) { if (one[0] <= asOf.number) { sentences = one[1]; } });
  return (sentences || []).map(function (pieces) {
    var sentence = make("p");
    pieces.forEach(function (piece) {
      sentence.append(piece.length > 1 ? make("a", { href: "#" + piece[1] }, piece[0]) : piece[0]);
    });
    return sentence;
  });
}

// `number` is the position of a day in `data.days`, or null for all that is known; `day` the one that was chosen.
function setAsOf(number, day) {
  var past = number !== null;
  var words = past ? dayWords(day || data.days[number]) : "all that is known";
  var lede = byId("lede");
  asOf.number = number;
  asOf.day = day || null;
  ledeNow = ledeNow || Array.from(lede.childNodes);
  lede.replaceChildren.apply(lede, past ? ledeThen() : ledeNow);
  applyAsOf(document);
  all("details[data-source][open]").forEach(gather);
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
  range.setAttribute("aria-valuetext", "all that is known");
  range.addEventListener("input", function () {
    var number = Number(range.value);
    setAsOf(number >= data.days.length ? null : number);
  });
  byId("asof-day").addEventListener("change", function (event) { chooseDay(event.target.value); });
  byId("asof-all").addEventListener("click", function () { setAsOf(null); });
  appliers.push(function () {
    var day = state.get("asof") || "";
    if (day !== dayShown()) { chooseDay(/^\d{4}-\d\d-\d\d$/.test(day) ? day : ""); }
  });
  byId("not-yet-all").addEventListener("click", function () { setAsOf(null); follow(); });
}
