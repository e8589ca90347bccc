// Of a large case the claims are data, and are put into a row when it is opened.
var claims = null;

function claimsData() {
  var place = byId("page-claims");
  if (!claims && place) { claims = JSON.parse(place.textContent); }
  return claims;
}

function claimItem(one) {
  var item = make("li", { id: one[0] });
  var source = claims.sources[one[2]];
  item.append(make("a", { href: "#" + source[0] }, source[1]), ", " + one[3]);
  if (one[7]) { item.append(": ", make("q", {}, one[7])); }
  if (one[4]) { item.append("; ", make("i", {}, one[4] + (one[6] ? " " + one[6] : ""))); }
  return item;
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
      lists[one[1]] = make("ul");
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
  if (!/^ec-/.test(id) || byId(id) || !claimsData()) { return; }
  var row = Object.keys(claims.rows).filter(function (key) {
    return claims.rows[key].some(function (one) { return one[0] === id; });
  })[0];
  var place = row && document.querySelector(".said[data-row='" + row + "']");
  if (place) { place.parentElement.open = true; showClaims(place.parentElement); }
}

function startClaims() {
  asOf.changed.push(function () {
    if (claims) { all("details.e[open]").forEach(showClaims); }
  });
}
