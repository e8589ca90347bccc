// Evidence: a claim is on the page once; where another place leads to it, it is shown there when opened.
function shownHere(id) {
  var home = byId(id);
  if (!home) { return null; }
  unfold(home);
  var wanted = home.matches(".question") ? home.querySelector(".versions") : all("details.e > .said", home).filter(function (one) {
    return one.closest("li[id], article[id]") === home;
  })[0];
  if (!wanted) { return null; }
  showClaims(wanted.parentElement);
  var copy = wanted.cloneNode(true);
  watchCopy(wanted, copy);
  all("[id]", copy).forEach(function (one) { one.removeAttribute("id"); });
  all("[tabindex]", copy).forEach(function (one) { one.removeAttribute("tabindex"); });
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

// Each claim gets a link to the text itself, which its source has.
function addOriginals(details) {
  all("li > a:first-child", details).forEach(function (link) {
    var home = byId(link.hash.slice(1));
    var original = home && home.matches(".source") && home.querySelector(".t a");
    if (!original || link.parentElement.querySelector(".original")) { return; }
    var page = document.documentElement.lang;
    var kept = home.querySelector("a.archived");
    link.after.apply(link, [" (", make("a", { class: "original", lang: page, href: original.href, rel: original.rel }, say("original"))].concat(
      kept ? [", ", make("a", { lang: page, href: kept.href, rel: kept.rel }, say("archived copy"))] : [], ")"));
  });
}

// What a source speaks for: its claims are with the rows that they are about, and are gathered here when opened.
function gather(details) {
  var source = details.closest("article").id;
  var list = details.querySelector("ul");
  var homes = new Map();
  all("li[id^='" + data.claim + "-'] > a[href='#" + source + "']").forEach(function (link) {
    var claim = link.parentElement;
    var home = claim.parentElement.closest("li[id], article[id]");
    if (!claim.closest(".gone")) { homes.set(home, (homes.get(home) || 0) + 1); }
  });
  rowsWithClaimsOf(source).forEach(function (pair) {
    if (byId(pair[0]) && !byId(pair[0]).closest(".gone")) { homes.set(byId(pair[0]), pair[1]); }
  });
  list.replaceChildren.apply(list, Array.from(homes, function (entry) {
    var item = make("li");
    item.append(make("a", { href: "#" + entry[0].id, lang: languageOf(entry[0]) }, titleOf(entry[0])), entry[1] > 1 ? " (" + entry[1] + ")" : "");
    return item;
  }));
}

// For how many rows a source speaks is an attribute of it, since they can be gathered by this script alone.
function addSpeaking() {
  all("[data-speaks]").forEach(function (article) {
    var details = make("details", { class: "e speaks" });
    var summary = make("summary"), list = make("div", { class: "said" });
    summary.append(say("Speaks for"), make("span", { class: "u" }, " " + say("(source: %(source)s)", { source: titleOf(article) })),
      " ", make("b", {}, article.dataset.speaks));
    list.append(make("ul"));
    details.append(summary, list);
    article.append(details);
  });
}

function startEvidence() {
  addSpeaking();
  document.addEventListener("toggle", function (event) {
    if (event.target.matches("details.e") && event.target.open) {
      showClaims(event.target);
      if (event.target.matches(".speaks")) { gather(event.target); }
      fill(event.target);
      addOriginals(event.target);
    }
  }, true);
}
