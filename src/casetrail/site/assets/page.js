// What all modules use: the data of the page, elements, words.
var root = document.documentElement;
root.classList.add("js");
var data = JSON.parse(document.getElementById("page-data").textContent);

function byId(id) { return document.getElementById(id); }
function all(selector, within) { return Array.from((within || document).querySelectorAll(selector)); }

function make(name, attributes, text) {
  var element = document.createElement(name);
  Object.keys(attributes || {}).forEach(function (key) { element.setAttribute(key, attributes[key]); });
  if (text !== undefined) { element.textContent = text; }
  return element;
}

// A message in the language of the page, with its values.
function say(text, values) {
  var words = data.words[text] || text;
  Object.keys(values || {}).forEach(function (name) { words = words.replace("%(" + name + ")s", function () { return values[name]; }); });
  return words;
}

// Whether a text of an address is a day of the calendar.
function isDay(text) {
  var time = /^\d{4}-\d\d-\d\d$/.test(text || "") ? Date.parse(text) : NaN;
  return !isNaN(time) && new Date(time).toISOString().slice(0, 10) === text;
}

// 2026-01-23 as the rest of the page says it; short, it has no year.
function dayWords(iso, short) {
  var parts = iso.split("-").map(Number);
  var values = { day: parts[2], month: data.months[short ? 1 : 0][parts[1] - 1], year: parts[0] };
  return short ? say("%(day)s %(month)s", values) : say("%(day)s %(month)s %(year)s", values);
}
