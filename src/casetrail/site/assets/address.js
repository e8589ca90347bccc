// Addresses: what an address names is opened, and the section that is being read is marked in the list.
function openTo(element) {
  for (var at = element; at; at = at.parentElement) {
    if (at.tagName === "DETAILS" && at !== element) { at.open = true; }
  }
}

// An address is an id and, after a question mark, the day as of which the case is shown.
function readAddress() {
  var parts = decodeURIComponent(location.hash.slice(1)).split("?asof=");
  return { id: parts[0], day: /^\d{4}-\d\d-\d\d$/.test(parts[1] || "") ? parts[1] : "" };
}

function writeAddress(id, day) {
  history.replaceState(null, "", id || day ? "#" + id + (day ? "?asof=" + day : "") : location.pathname + location.search);
}

function follow() {
  var id = readAddress().id;
  var target = id && byId(id);
  var hint = byId("not-yet");
  writeAddress(id, dayShown());
  if (hint) { hint.hidden = !(target && target.closest(".gone")); }
  if (!target || target.closest(".gone")) { return; }
  openTo(target);
  if (target.tagName === "DETAILS") { target.open = true; }
  target.scrollIntoView();
  if (!target.matches("a, button, input, [tabindex], section")) { target.tabIndex = -1; }
  target.focus({ preventScroll: true });
}

function startAddresses() {
  window.addEventListener("hashchange", follow);
  if (byId("asof") && readAddress().day) { chooseDay(readAddress().day); }
  if (location.hash) { follow(); }
  if (!("IntersectionObserver" in window)) { return; }
  var links = {};
  all(".side nav a").forEach(function (link) { links[link.hash.slice(1)] = link; });
  var seen = new IntersectionObserver(function (entries) {
    entries.forEach(function (entry) {
      if (!entry.isIntersecting) { return; }
      all(".side nav a[aria-current]").forEach(function (link) { link.removeAttribute("aria-current"); });
      if (links[entry.target.id]) { links[entry.target.id].setAttribute("aria-current", "true"); }
    });
  }, { rootMargin: "-30% 0px -65% 0px" });
  all("main > section").forEach(function (section) { seen.observe(section); });
}
