// The timeline: a part of it is looked at closely, and the day as of which the case is shown is a line on it.
var SVG = "http://www.w3.org/2000/svg";
var CLOSEST = 40;

function draw(name, attributes, text) {
  var element = document.createElementNS(SVG, name);
  Object.keys(attributes || {}).forEach(function (key) { element.setAttribute(key, attributes[key]); });
  if (text !== undefined) { element.textContent = text; }
  return element;
}

// Days are counted as the page counts them, from the first of January of the year 1.
function isoOf(day) { return new Date((day - 719163) * 864e5).toISOString().slice(0, 10); }
function dayOf(iso) { return Math.round(Date.parse(iso) / 864e5) + 719163; }

function Scale(scroll) {
  this.scroll = scroll;
  this.svg = scroll.querySelector(".chart");
  this.first = Number(scroll.dataset.first);
  this.last = Number(scroll.dataset.last);
  this.edge = Number(scroll.dataset.edge);
  this.ticks = this.svg.querySelector(".ticks");
  this.drawn = Array.from(this.ticks.childNodes);
}

// Where the beginning of a day is, in per cent.
Scale.prototype.at = function (day) {
  return this.edge + (day - this.first) / (this.last - this.first + 1) * (100 - 2 * this.edge);
};

Scale.prototype.dayAt = function (clientX) {
  var box = this.svg.getBoundingClientRect();
  var part = ((clientX - box.left) / box.width * 100 - this.edge) / (100 - 2 * this.edge);
  return Math.floor(this.first + part * (this.last - this.first + 1));
};

Scale.prototype.show = function (from, to) {
  var span = this.last - this.first + 1;
  var factor = Math.min(CLOSEST, Math.max(1, span / Math.max(1, to - from + 1)));
  this.svg.setAttribute("width", factor * 100 + "%");
  this.scroll.scrollLeft = (from - this.first) / span * this.scroll.scrollWidth;
  this.keepNames();
  this.ticks.replaceChildren.apply(this.ticks, factor < 1.5 ? this.drawn : this.finerTicks(factor));
};

Scale.prototype.finerTicks = function (factor) {
  var made = [], span = this.last - this.first + 1;
  var room = this.scroll.clientWidth * factor / 70;
  var step = [1, 2, 7, 14, 30, 91, 365].filter(function (days) { return span / days <= room; })[0] || 365;
  for (var day = Math.ceil(this.first / step) * step; day <= this.last; day += step) {
    var x = this.at(day) + "%";
    var label = draw("svg", { x: x });
    label.append(draw("text", { x: ".3em", y: "1.1em" }, dayWords(isoOf(day), step < 91)));
    made.push(draw("line", { x1: x, x2: x, y1: "1.5em", y2: "100%" }), label);
  }
  return made;
};

// The names of the bands stay in sight.
Scale.prototype.keepNames = function () {
  var left = this.scroll.scrollLeft;
  all(".name", this.svg).forEach(function (name) { name.setAttribute("x", left); });
};

function startZoom(figure, scales) {
  var main = scales[0], span = main.last - main.first;
  var controls = make("div", { class: "zoom" });
  var overview = draw("svg", { class: "overview", width: "100%", height: "2em", "aria-hidden": "true" });
  var frame = draw("rect", { class: "frame", y: "0", height: "100%" });
  var from = make("input", { type: "range", min: 0, max: span, value: 0, "aria-label": say("First day shown") });
  var to = make("input", { type: "range", min: 0, max: span, value: span, "aria-label": say("Last day shown") });
  var whole = make("button", { type: "button" }, say("Show the whole time"));
  var words = make("p", { class: "quiet", role: "status" });
  var start = null;

  all(".m", main.svg).forEach(function (mark) {
    var place = mark.querySelector("svg").getAttribute("x");
    overview.append(draw("line", { x1: place, x2: place, y1: ".5em", y2: "1.5em" }));
  });
  overview.append(frame);
  controls.append(make("p", { class: "quiet" }, say("Drag over the strip to look closely.")), overview, from, to, whole, words);
  figure.append(controls);

  function show(first, last, write) {
    var whole_time = first <= main.first && last >= main.last;
    from.value = first - main.first;
    to.value = last - main.first;
    [[from, first], [to, last]].forEach(function (pair) { pair[0].setAttribute("aria-valuetext", dayWords(isoOf(pair[1]))); });
    frame.setAttribute("x", main.at(first) + "%");
    frame.setAttribute("width", Math.max(0.5, main.at(last + 1) - main.at(first)) + "%");
    scales.forEach(function (scale) { scale.show(first, last); });
    whole.hidden = whole_time;
    words.textContent = whole_time ? "" : say("%(first)s to %(last)s", { first: dayWords(isoOf(first)), last: dayWords(isoOf(last)) });
    if (write) {
      setState("from", whole_time ? "" : isoOf(first));
      setState("to", whole_time ? "" : isoOf(last));
    }
  }
  function within(day) { return Math.min(main.last, Math.max(main.first, day)); }
  function fromRanges() {
    var days = [Number(from.value), Number(to.value)].sort(function (a, b) { return a - b; });
    show(main.first + days[0], main.first + days[1], true);
  }
  function dayUnder(event) {
    var box = overview.getBoundingClientRect();
    var part = ((event.clientX - box.left) / box.width * 100 - main.edge) / (100 - 2 * main.edge);
    return within(Math.floor(main.first + part * (span + 1)));
  }
  from.addEventListener("input", fromRanges);
  to.addEventListener("input", fromRanges);
  whole.addEventListener("click", function () { show(main.first, main.last, true); from.focus(); });
  overview.addEventListener("pointerdown", function (event) {
    start = dayUnder(event);
    overview.setPointerCapture(event.pointerId);
  });
  overview.addEventListener("pointermove", function (event) {
    var day = dayUnder(event);
    if (start !== null && Math.abs(day - start) > 1) { show(Math.min(start, day), Math.max(start, day), true); }
  });
  overview.addEventListener("pointerup", function () { start = null; });
  appliers.push(function () {
    var days = ["from", "to"].map(function (key) { return isDay(state.get(key)) ? within(dayOf(state.get(key))) : null; });
    show(days[0] === null ? main.first : days[0], days[1] === null ? main.last : Math.max(days[1], days[0] || 0), false);
  });
  show(main.first, main.last, false);
}

// The day as of which the case is shown, as a line that is dragged or moved with the arrow keys.
function startAsOfLine(scale) {
  var number = data.days.length;
  var line = draw("svg", { class: "asline", role: "slider", tabindex: 0, "aria-label": say("As of"), "aria-valuemin": 0, "aria-valuemax": number });
  var later = draw("rect", { class: "later-days", y: "1.5em", height: "100%" });
  var words = draw("text", { y: "-.1em" });
  line.append(draw("line", { y1: ".6em", y2: "100%" }), draw("circle", { cy: ".6em", r: ".6em" }), words);
  scale.svg.insertBefore(later, scale.ticks.nextSibling);
  scale.svg.append(line);
  asOf.changed.push(function () {
    var past = asOf.number !== null;
    var day = past ? dayOf(dayShown()) : scale.last;
    var x = Math.min(100 - scale.edge, Math.max(scale.edge, scale.at(day + 1)));
    line.setAttribute("x", x + "%");
    later.setAttribute("x", x + "%");
    later.setAttribute("width", 100 - x + "%");
    words.textContent = say("as of %(day)s", { day: past ? dayWords(dayShown()) : say("all that is known") });
    words.setAttribute("text-anchor", x > 70 ? "end" : x < 15 ? "start" : "middle");
    line.setAttribute("aria-valuenow", past ? asOf.number : number);
    line.setAttribute("aria-valuetext", past ? dayWords(dayShown()) : say("all that is known"));
  });
  function move(to) { setAsOf(to >= number ? null : Math.max(0, to)); }
  line.addEventListener("keydown", function (event) {
    var now = asOf.number === null ? number : asOf.number;
    var to = { ArrowLeft: now - 1, ArrowDown: now - 1, ArrowRight: now + 1, ArrowUp: now + 1, Home: 0, End: number, PageUp: now + 5, PageDown: now - 5 }[event.key];
    if (to === undefined) { return; }
    event.preventDefault();
    move(to);
  });
  line.addEventListener("pointerdown", function (event) { line.setPointerCapture(event.pointerId); event.preventDefault(); line.focus(); });
  line.addEventListener("pointermove", function (event) {
    if (!line.hasPointerCapture(event.pointerId)) { return; }
    var day = scale.dayAt(event.clientX);
    var out = data.days.filter(function (one) { return dayOf(one) <= day; }).length - 1;
    var to = day >= scale.last ? number : Math.max(0, out);
    if (to !== (asOf.number === null ? number : asOf.number)) { move(to); }
  });
  asOf.changed[asOf.changed.length - 1]();
}

function startTimeline() {
  all(".time").forEach(function (figure) {
    var scales = all(".scroll", figure).map(function (scroll) { return new Scale(scroll); });
    scales.forEach(function (scale) {
      scale.scroll.addEventListener("scroll", function () { scale.keepNames(); }, { passive: true });
      if (byId("asof") && figure.id) { startAsOfLine(scale); }
    });
    if (figure.id) { startZoom(figure, scales); }
  });
  startCards();
}
