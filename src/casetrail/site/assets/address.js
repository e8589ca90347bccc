// Addresses: an id, and after a question mark what the reader chose: day, filters, part of the timeline, open event.
var state = new URLSearchParams();
// What else puts a part of the address into effect, by its keys.
var appliers = [];

// Where the reader left each entry of the history: the link that was followed, and what was in the midst of the window.
var visit = Date.now();
var leftAt = new Map();

function openTo(element) {
  for (var at = element; at; at = at.parentElement) {
    if (at.tagName === "DETAILS" && at !== element) { at.open = true; }
  }
}

function readAddress() {
  var raw = location.hash.slice(1);
  // What is no escape ("%E0%A4%A") stays as it is and names nothing.
  try { raw = decodeURIComponent(raw); } catch (malformed) { return { id: raw, rest: null }; }
  var mark = raw.indexOf("?");
  return { id: mark < 0 ? raw : raw.slice(0, mark), rest: mark < 0 ? null : raw.slice(mark + 1) };
}

function writeAddress() {
  var id = readAddress().id, rest = state.toString();
  history.replaceState({ chosen: rest, visit: (history.state && history.state.visit) || (visit += 1) }, "", id || rest ? "#" + id + (rest && "?" + rest) : location.pathname + location.search);
}

function setState(key, value) {
  if (value) { state.set(key, value); } else { state.delete(key); }
  writeAddress();
}

// Parts that were never drawn have an estimated height: what was drawn on the way may have moved the target.
function scrollTo(target, times) {
  target.scrollIntoView();
  if (times > 0) { requestAnimationFrame(function () { scrollTo(target, times - 1); }); }
}

function placeNow(link) {
  var seen = document.elementFromPoint(innerWidth / 2, innerHeight / 2);
  return { link: link, seen: seen, top: seen && seen.getBoundingClientRect().top };
}

function returnTo(place, times) {
  if (!place.seen || !place.seen.isConnected) { return; }
  scrollBy(0, place.seen.getBoundingClientRect().top - place.top);
  if (times > 0) { requestAnimationFrame(function () { returnTo(place, times - 1); }); }
}

// A link of the page is an id alone and keeps what was chosen; an address from elsewhere says both, and where the
// reader goes back it is as it was there.
function follow(event) {
  var address = readAddress();
  var left = event && history.state && leftAt.get(history.state.visit);
  if (history.state && address.rest === null && history.state.chosen !== state.toString()) { address.rest = history.state.chosen; }
  openClaim(address.id);
  var target = address.id && byId(address.id);
  var hint = byId("not-yet");
  if (address.rest !== null) {
    state = new URLSearchParams(address.rest);
    appliers.forEach(function (apply) { apply(); });
  }
  writeAddress();
  if (hint) { hint.hidden = !(target && target.closest(".gone")); }
  if (left) {
    returnTo(left, 4);
    left.link.focus({ preventScroll: true });
    return;
  }
  if (!target || target.closest(".gone")) { return; }
  if (target.closest(".filtered")) { clearFilters(target); }
  openTo(target);
  if (target.tagName === "DETAILS") { target.open = true; }
  // What is opened at a mark of a section is what the address is about.
  if (card && target.contains(card.mark)) { scrollTo(card.mark, 4); return; }
  scrollTo(target, 4);
  if (!target.matches("a, button, input, [tabindex], section")) { target.tabIndex = -1; }
  target.focus({ preventScroll: true });
}

function startAddresses() {
  window.addEventListener("hashchange", follow);
  // A link to what is in the address already leads there again.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[href^='#']");
    if (link && history.state) { leftAt.set(history.state.visit, placeNow(link)); }
    if (link && !event.defaultPrevented && link.hash.slice(1) === readAddress().id) { event.preventDefault(); follow(); }
  });
  if (location.hash) { follow(); } else { writeAddress(); }
  if (!("IntersectionObserver" in window)) { return; }
  var links = {};
  all(".bar nav a").forEach(function (link) { links[link.hash.slice(1)] = link; });
  var seen = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) { return; }
      all(".bar nav a[aria-current]").forEach(function (link) { link.removeAttribute("aria-current"); });
      if (links[entry.target.id]) {
        links[entry.target.id].setAttribute("aria-current", "true");
        var nav = links[entry.target.id].closest("nav");
        nav.scrollLeft += links[entry.target.id].getBoundingClientRect().left - nav.getBoundingClientRect().left - 40;
      }
    });
  }, { rootMargin: "-30% 0px -65% 0px" });
  all("main > section").forEach(function (section) { seen.observe(section); });
}
