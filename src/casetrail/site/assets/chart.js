// Charts: the marks that the page brings along, laid out again for another width or period.
// The measures and rules are those of chart.py; a test holds the two to each other.
var PAD = 172, ROW = 22, GAP = 8, AXIS = 26, GLYPH = 9, LETTER = 6.1, LABEL_LIMIT = 46, MAX_ROWS = 16, WHISKER = 28, WIDE = 60, TICK = 48, SHORTEST = 9;
var DAY = 86400000;
var SVG = "http://www.w3.org/2000/svg";

// Day 1 is 1 January of the year 1, as in date.toordinal.
function dateOf(ordinal) { return new Date((ordinal - 719163) * DAY); }
function ordinalOf(year, month) { return Math.round(Date.UTC(year, month, 1) / DAY) + 719163; }
function ordinalWords(ordinal) {
  var date = dateOf(ordinal);
  return date.getUTCDate() + " " + MONTHS[date.getUTCMonth()] + " " + date.getUTCFullYear();
}

function readChart(svg) {
  var chart = { svg: svg, min: Number(svg.dataset.min), max: Number(svg.dataset.max), first: Number(svg.dataset.first), last: Number(svg.dataset.last) };
  chart.home = [chart.first, chart.last];
  chart.latest = Math.max.apply(null, all(".m", svg).map(function (link) {
    return Number(link.dataset.b || link.dataset.a);
  }));
  if (data.dots[svg.id]) { chart.latest = chart.max; }
  chart.lanes = all(".lane", svg).map(function (group, position) {
    var lane = { dots: group.querySelector(".dots"), days: (data.dots[svg.id] || [])[position], group: group, base: group.querySelector(".base"), name: group.querySelector(".name") };
    lane.marks = all(".m", group).map(function (link) {
      return {
        link: link, id: link.getAttribute("href").slice(1), a: link.dataset.a ? Number(link.dataset.a) : null,
        b: link.dataset.b ? Number(link.dataset.b) : null, lasted: "l" in link.dataset,
        span: link.querySelector(".span, .open"), use: link.querySelector("use"), text: link.querySelector("text")
      };
    });
    return lane;
  });
  return chart;
}

function px(value) { return String(Number(value.toFixed(1))); }

// What is open on one side stands at the day that is known, with an arrow.
function measure(chart, mark) {
  var first = mark.a === null ? mark.b : mark.a;
  var last = mark.b === null ? mark.a : mark.b;
  mark.inside = last >= chart.first && first <= chart.last && !mark.link.classList.contains("gone");
  var left = chart.x(Math.max(first, chart.first)), right = chart.x(Math.min(last, chart.last) + 1);
  mark.at = mark.lasted && first < last ? left + GLYPH : (left + right) / 2;
  mark.left = mark.at - GLYPH;
  mark.right = mark.at + GLYPH;
  if (mark.a === null) {
    mark.left = mark.at - WHISKER;
    mark.path = "M" + px(mark.at) + " 0H" + px(mark.left) + "m5-4l-5 4l5 4";
  } else if (mark.b === null) {
    mark.right = mark.at + WHISKER;
    mark.path = "M" + px(mark.at) + " 0H" + px(mark.right) + "m-5-4l5 4l-5 4";
  } else if (first < last) {
    mark.path = "M" + px(left) + "-5H" + px(right) + "v10H" + px(left) + "z";
    mark.left = Math.min(left, mark.left);
    mark.right = Math.max(right, mark.right);
  }
}

// The label stands after the mark, or before it where there is no room; the answer is the room that both take.
function layLabel(chart, mark) {
  mark.label = clipped(mark.text.dataset.t, LABEL_LIMIT);
  var length = Array.from(mark.label).length * LETTER;
  var wide = mark.right - mark.left > WIDE;
  mark.textX = wide ? mark.at + GLYPH + 3 : mark.right + 4;
  mark.flip = mark.textX + length > chart.width;
  if (!mark.flip) { return [mark.left - 2, Math.max(mark.right + 2, mark.textX + length + 4)]; }
  mark.textX = wide ? mark.at - GLYPH - 3 : mark.left - 4;
  if (mark.textX - length < chart.pad) {
    mark.label = clipped(mark.text.dataset.t, Math.floor((mark.textX - chart.pad) / LETTER));
    length = Array.from(mark.label).length * LETTER;
  }
  return [Math.min(mark.left, mark.textX - length) - 2, mark.right + 2];
}

function clipped(text, limit) {
  var letters = Array.from(text);
  if (letters.length <= limit) { return text; }
  return limit >= SHORTEST ? letters.slice(0, limit - 1).join("").trimEnd() + "…" : "";
}

function layLane(chart, lane) {
  var free = [];
  lane.marks.forEach(function (mark) { measure(chart, mark); });
  lane.marks.filter(function (mark) { return mark.inside; }).sort(function (one, other) {
    return one.at - other.at || (one.id < other.id ? -1 : 1);
  }).forEach(function (mark) {
    var room = layLabel(chart, mark);
    function fits(used) { return used <= room[0]; }
    var row = free.findIndex(fits);
    if (row < 0) { row = free.length; }
    if (row >= MAX_ROWS) {
      mark.label = "";
      room = [mark.left - 2, mark.right + 2];
      row = free.findIndex(fits);
      if (row < 0) { row = free.indexOf(Math.min.apply(null, free)); }
    }
    free[row] = Math.max(free[row] || 0, room[1]);
    mark.row = row;
  });
  lane.rows = Math.max(free.length, 1);
}

function draw(chart) {
  // Measures are those of text of 16 pixels; where the page writes larger, the chart is drawn larger.
  var scale = parseFloat(getComputedStyle(root).fontSize) / 16 || 1;
  var width = chart.printed || Math.round(chart.svg.parentElement.clientWidth / scale) || 1000;
  var narrow = width < 640;
  chart.width = width;
  var pad = chart.pad = narrow ? 0 : PAD;
  chart.x = function (day) { return pad + (day - chart.first) / (chart.last - chart.first + 1) * (width - pad); };
  var y = AXIS;
  chart.lanes.forEach(function (lane) {
    if (lane.dots) { drawDots(chart, lane); } else { layLane(chart, lane); }
    var head = narrow ? 16 : 0;
    lane.y = y;
    lane.group.setAttribute("transform", "translate(0 " + (y + head) + ")");
    lane.name.setAttribute("y", narrow ? -2 : 15);
    lane.base.setAttribute("d", "M0 " + (lane.rows * ROW + 4) + "H" + width);
    lane.marks.forEach(function (mark) { place(mark); });
    lane.head = head;
    y += head + lane.rows * ROW + GAP;
  });
  chart.svg.setAttribute("viewBox", "0 0 " + width + " " + y);
  drawTicks(chart, y, pad);
  drawLinks(chart);
}

function drawDots(chart, lane) {
  lane.rows = 1;
  var at = new Set();
  lane.days.forEach(function (one) {
    if (one[1] < chart.first || one[1] > chart.last) { return; }
    if (asOf.number !== null && !isKnown(data.rows[one[0]])) { return; }
    at.add(px(chart.x(one[1] + 0.5)));
  });
  lane.dots.setAttribute("d", Array.from(at, function (x) { return "M" + x + " 11h0"; }).join(""));
}

function place(mark) {
  if (!mark.inside) { mark.link.setAttribute("display", "none"); return; }
  mark.link.removeAttribute("display");
  mark.link.setAttribute("transform", "translate(0 " + (mark.row * ROW + 11) + ")");
  mark.use.setAttribute("x", px(mark.at));
  if (mark.span) { mark.span.setAttribute("d", mark.path); }
  mark.text.textContent = mark.label;
  mark.text.setAttribute("x", px(mark.textX));
  if (mark.flip) { mark.text.setAttribute("text-anchor", "end"); } else { mark.text.removeAttribute("text-anchor"); }
}

function ticks(first, last, most) {
  var span = last - first + 1, found = [], day, date;
  var step = [1, 2, 7, 14].find(function (one) { return span / one <= most; });
  if (step) {
    day = first + (step > 2 ? ((-(first - 1) % step) + step) % step : 0);
    for (; day <= last; day += step) {
      date = dateOf(day);
      found.push([day, date.getUTCDate() + " " + MONTHS[date.getUTCMonth()]]);
    }
    return found;
  }
  var months = [1, 3, 6].find(function (one) { return span / (30.4 * one) <= most; });
  var years = [1, 2, 5, 10, 25, 50, 100].find(function (one) { return span / (365 * one) <= most; }) || 250;
  date = dateOf(first);
  var year = date.getUTCFullYear(), month = date.getUTCMonth() + (date.getUTCDate() > 1 ? 1 : 0);
  for (;;) {
    day = ordinalOf(year, month);
    if (day > last) { return found; }
    date = dateOf(day);
    var at = date.getUTCMonth();
    if (months ? at % months === 0 : at === 0 && date.getUTCFullYear() % years === 0) {
      found.push([day, (months ? MONTHS[at] + " " : "") + date.getUTCFullYear()]);
    }
    month += 1;
  }
}

function drawTicks(chart, height, pad) {
  var group = chart.svg.querySelector(".ticks");
  var named = ticks(chart.first, chart.last, (chart.width - pad) / 90).filter(function (tick) {
    return chart.x(tick[0]) < chart.width - TICK;
  });
  group.replaceChildren.apply(group, named.map(function (tick) {
    var one = document.createElementNS(SVG, "g");
    one.setAttribute("transform", "translate(" + px(chart.x(tick[0])) + ")");
    var line = document.createElementNS(SVG, "path");
    line.setAttribute("d", "M0 18V" + height);
    var text = document.createElementNS(SVG, "text");
    text.setAttribute("x", 3);
    text.setAttribute("y", 13);
    text.textContent = tick[1];
    one.append(line, text);
    return one;
  }));
}

function drawLinks(chart) {
  var marks = {};
  chart.lanes.forEach(function (lane) { lane.marks.forEach(function (mark) { marks[mark.id] = [lane, mark]; }); });
  all(".links path", chart.svg).forEach(function (path) {
    var from = marks[path.dataset.before], to = marks[path.dataset.after];
    if (!from || !to || !from[1].inside || !to[1].inside) { path.setAttribute("d", ""); return; }
    path.setAttribute("d", arrow(
      from[1].at, from[0].y + from[0].head + from[1].row * ROW + 11, to[1].at, to[0].y + to[0].head + to[1].row * ROW + 11
    ));
  });
}

// From above the one mark over to above the other, with a head.
function arrow(x1, y1, x2, y2) {
  var top = Math.min(y1, y2) - 17;
  return "M" + px(x1) + " " + (y1 - 8) + "C" + px(x1) + " " + top + " " + px(x2) + " " + top + " " +
    px(x2) + " " + (y2 - 9) + "m-3.5 -4.5l3.5 4.5l3.5 -4.5";
}

function periods(chart) {
  var found = [["The case", chart.home[0], chart.home[1]], ["Everything", chart.min, chart.max]];
  if (chart.home[0] <= chart.min) { found.shift(); }
  months(chart.home[0], chart.latest).forEach(function (one) { found.push(one); });
  return found;
}

// The months of the case, or its years where there are too many months.
function months(first, last) {
  var found = [], date = dateOf(first), year = date.getUTCFullYear(), month = date.getUTCMonth();
  var byYear = last - first > 400;
  for (;;) {
    var from = byYear ? ordinalOf(year, 0) : ordinalOf(year, month);
    var to = (byYear ? ordinalOf(year + 1, 0) : ordinalOf(year, month + 1)) - 1;
    if (from > last || found.length > 14) { return found; }
    var begin = dateOf(from);
    found.push([(byYear ? "" : MONTHS[begin.getUTCMonth()] + " ") + begin.getUTCFullYear(), from, to]);
    if (byYear) { year += 1; } else { month += 1; }
  }
}

function startChart(zoom) {
  var svg = byId(zoom.dataset.chart);
  if (!svg) { return; }
  var chart = readChart(svg);
  var bar = zoom.querySelector(".periods");
  var said = zoom.querySelector("[role=status]");
  function show(first, last, quietly) {
    var least = 6;
    first = Math.max(Math.round(first), chart.min);
    last = Math.min(Math.round(last), chart.max);
    if (last - first < least) { last = Math.min(first + least, chart.max); first = Math.max(last - least, chart.min); }
    chart.first = first;
    chart.last = last;
    draw(chart);
    all("button[data-first]", bar).forEach(function (button) {
      var from = Math.max(Number(button.dataset.first), chart.min), to = Math.min(Number(button.dataset.last), chart.max);
      button.setAttribute("aria-pressed", String(from === first && to === last));
    });
    if (!quietly) { said.textContent = ordinalWords(first) + " to " + ordinalWords(last); }
  }
  periods(chart).forEach(function (period) {
    var button = make("button", { type: "button", "aria-pressed": "false", "data-first": period[1], "data-last": period[2] }, period[0]);
    button.addEventListener("click", function () { show(period[1], period[2]); });
    bar.append(button);
  });
  [["Earlier", -0.5, -0.5], ["Later", 0.5, 0.5], ["Closer", 0.25, -0.25], ["Wider", -0.5, 0.5]].forEach(function (step) {
    var button = make("button", { type: "button", class: "step" }, step[0]);
    button.addEventListener("click", function () {
      var span = chart.last - chart.first + 1;
      var first = chart.first + step[1] * span, last = chart.last + step[2] * span;
      if (step[1] === step[2] && first < chart.min) { last += chart.min - first; first = chart.min; }
      if (step[1] === step[2] && last > chart.max) { first -= last - chart.max; last = chart.max; }
      show(first, last);
    });
    bar.append(button);
  });
  zoom.hidden = false;
  show(chart.first, chart.last, true);
  var width = 0;
  new ResizeObserver(function (entries) {
    var now = Math.round(entries[0].contentRect.width);
    if (now && now !== width) { width = now; draw(chart); }
  }).observe(svg.parentElement);
  asOf.changed.push(function () { draw(chart); });
  window.addEventListener("beforeprint", function () { chart.printed = 820; draw(chart); });
  window.addEventListener("afterprint", function () { chart.printed = 0; draw(chart); });
}
