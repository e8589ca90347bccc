// Cards: what is known of a mark, with who says so, where the mark is; the row itself is one step further.
var card = null;

function closeCard(focus) {
  if (!card) { return; }
  var mark = card.mark;
  card.element.remove();
  card = null;
  setState("card", "");
  if (focus) { mark.focus(); }
}

function cardOf(row) {
  var element = make("section", { class: "card-open", tabindex: -1 });
  var title = make("h3");
  title.append(make("a", { href: "#" + row.id }, titleOf(row)));
  element.append(title);
  ["when", "kick"].forEach(function (name) {
    var part = row.querySelector("." + name);
    if (part) { element.append(make("p", { class: "quiet" }, part.textContent.replace(/\s*(ev|re)-[a-z0-9-]+\s*$/, "").replace(/\s+/g, " "))); }
  });
  all("p[class='']:not(.gone), .what > p:not([class]), article > p:not([class])", row).slice(0, 1).forEach(function (part) {
    element.append(make("p", {}, part.textContent));
  });
  var claims = shownHere(row.id);
  if (claims) {
    element.append(claims);
    addOriginals(element);
  }
  element.setAttribute("aria-label", titleOf(row));
  return element;
}

function openCard(mark) {
  var row = byId(mark.getAttribute("href").slice(1));
  var figure = mark.closest(".time");
  if (!row || !figure) { return; }
  closeCard(false);
  var element = cardOf(row);
  var buttons = make("p", { class: "buttons" });
  var address = make("span", { class: "u", id: "card-address" }, location.href.split("#")[0] + "#" + row.id + (dayShown() ? "?asof=" + dayShown() : ""));
  var copy = make("button", { type: "button" }, say("Copy the link"));
  var close = make("button", { type: "button" }, say("Close"));
  copy.addEventListener("click", function () {
    copyText(address).then(function () { copy.textContent = say("Copied"); }, function () { copy.textContent = address.textContent; });
  });
  close.addEventListener("click", function () { closeCard(true); });
  buttons.append(make("a", { href: "#" + row.id }, say("All of this row")), " ", copy, " ", close, address);
  element.append(buttons);
  // On a phone it is a sheet at the bottom of the window.
  (matchMedia("(max-width: 40rem)").matches ? document.body : figure).append(element);
  var place = mark.querySelector("use").getBoundingClientRect();
  var box = figure.getBoundingClientRect();
  element.style.top = place.bottom - box.top + 12 + "px";
  element.style.left = Math.max(0, Math.min(place.left - box.left - 40, box.width - element.offsetWidth)) + "px";
  card = { element: element, mark: mark };
  setState("card", row.id);
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "nearest" });
}

function startCards() {
  document.addEventListener("click", function (event) {
    var mark = event.target.closest(".time .m");
    if (mark && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      openCard(mark);
    } else if (card && event.target.closest(".card-open a[href^='#']")) { closeCard(false); }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape" && card && byId("results").hidden) { closeCard(true); }
  });
  appliers.push(function () {
    var id = state.get("card");
    var mark = id && all(".time .m").filter(function (one) { return one.getAttribute("href") === "#" + id && one.checkVisibility(); })[0];
    if (mark && !mark.closest(".gone")) { openCard(mark); } else if (!id) { closeCard(false); }
  });
}
