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

// 2026-01-23 as the rest of the page says it.
function dayWords(iso) {
  var parts = { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" };
  return new Date(iso).toLocaleDateString("en-GB", parts);
}

function counted(number, one, many) { return number + " " + (number === 1 ? one : many); }
