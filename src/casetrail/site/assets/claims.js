// Of a large case the claims are data, and are put into a row when it is opened.
var claims = null;

function claimsData() {
  var place = byId("page-claims");
  if (!claims && place) { claims = JSON.parse(place.textContent); }
  return claims;
}

function claimItem(one) {
  var item = make("li", { id: one[0] });
  var source = claims.sources[one[2]], ofPage = document.documentElement.lang;
  item.append(make("a", { href: "#" + source[0], lang: ofPage }, source[1]), ", " + one[3]);
  if (one[7]) { item.append(": ", make("q", { lang: source[2], dir: "auto" }, one[7])); }
  if (one[4]) { item.append("; ", make("i", { lang: ofPage }, one[4] + (one[6] ? " " + one[6] : ""))); }
  return item;
}

// Until it is wanted, the evidence of a row is a button alone: ten thousand rows are drawn sooner so.
function unfold(row) {
  all("button.e", row).forEach(function (button) {
    if (button.closest("li[id], article[id]") !== row) { return; }
    var details = make("details", { class: button.className }), summary = make("summary");
    summary.append.apply(summary, Array.from(button.childNodes));
    details.append(summary, make("div", { class: "said", "data-row": row.id }));
    button.replaceWith(details);
  });
  return all("details.e", row).filter(function (one) { return one.closest("li[id], article[id]") === row; })[0];
}

// Fill what is open with the claims that were known on the day.
function showClaims(details) {
  var place = details.querySelector(".said[data-row]");
  if (!place || place.closest("details.e") !== details || !claimsData()) { return; }
  all("ul, .of", place).forEach(function (one) { one.remove(); });
  var lists = {};
  (claims.rows[place.dataset.row] || []).forEach(function (one) {
    if (asOf.number !== null && (one[5] || 0) > asOf.number) { return; }
    if (!lists[one[1]]) {
      if (claims.fields[one[1]]) { place.append(make("p", { class: "of" }, claims.fields[one[1]])); }
      lists[one[1]] = make("ul", { lang: languageOf(byId("page-claims")) });
      place.append(lists[one[1]]);
    }
    lists[one[1]].append(claimItem(one));
  });
}

// The rows for which a source speaks, each with the number of its claims that were known on the day.
function rowsWithClaimsOf(source) {
  if (!claimsData()) { return []; }
  return Object.keys(claims.rows).map(function (key) {
    return [key, claims.rows[key].filter(function (one) {
      return claims.sources[one[2]][0] === source && (asOf.number === null || (one[5] || 0) <= asOf.number);
    }).length];
  }).filter(function (pair) { return pair[1]; });
}

// The row of a claim that is not on the page yet is opened, and with it the claim.
function openClaim(id) {
  if (byId(id) || !claimsData()) { return; }
  var row = Object.keys(claims.rows).filter(function (key) {
    return claims.rows[key].some(function (one) { return one[0] === id; });
  })[0];
  var details = row && byId(row) && unfold(byId(row));
  if (details) {
    details.open = true;
    showClaims(details);
  }
}

function startClaims() {
  document.addEventListener("click", function (event) {
    var button = event.target.closest("button.e");
    if (!button) { return; }
    var details = unfold(button.closest("li[id], article[id]"));
    details.open = true;
    details.firstChild.focus();
  });
  asOf.changed.push(function () {
    if (claims) { all("details.e[open]").forEach(showClaims); }
  });
}
