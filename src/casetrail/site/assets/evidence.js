// Evidence: a claim stands on the page once; where another place leads to it, it is shown there when opened.
function shownHere(id) {
  var home = byId(id);
  if (!home) { return null; }
  var wanted = home.matches(".question") ? home.querySelector(".versions") : all("details.e > .said", home).filter(function (one) {
    return one.closest("[id]") === home || one.closest("li[id], article[id], tr[id]") === home;
  })[0];
  if (!wanted) { return null; }
  var copy = wanted.cloneNode(true);
  copy.removeAttribute("id");
  all("[id]", copy).forEach(function (one) {
    one.setAttribute("data-copy-of", one.id);
    one.removeAttribute("id");
    one.removeAttribute("tabindex");
  });
  all("[data-from]", copy).forEach(function (one) { one.replaceChildren(); });
  all("details", copy).forEach(function (one) { one.open = false; });
  return copy;
}

function fill(details) {
  all("[data-from]", details).forEach(function (place) {
    if (place.firstChild || place.closest("details.e") !== details) { return; }
    var copy = shownHere(place.dataset.from);
    if (copy) { place.append(copy); }
  });
}

function startEvidence() {
  document.addEventListener("toggle", function (event) {
    if (event.target.matches("details.e") && event.target.open) { fill(event.target); }
  }, true);
}
