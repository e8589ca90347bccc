// Filters: a form hides the rows of its section whose attributes are others than it asks for.
// Who says something in a row is in its squares; anything else is an attribute of it.
function valuesOf(row, name) {
  if (name !== "said") { return [row.getAttribute("data-" + name)]; }
  return all(".squares a:not(.gone)", row).map(function (one) { return one.textContent; });
}

function applyFilters(form) {
  var rows = all("[data-" + form.querySelector("select").name + "]", form.closest("section")).filter(function (row) { return !row.closest(".gone"); });
  var shown = 0;
  var asked = all("select", form).filter(function (field) { return field.value; });
  rows.forEach(function (row) {
    var fits = asked.every(function (field) { return valuesOf(row, field.name).indexOf(field.value) >= 0; });
    row.classList.toggle("filtered", !fits);
    if (fits) { shown += 1; }
  });
  var said = form.elements.said;
  if (said) {
    all(".squares a", form.closest("section")).forEach(function (one) {
      one.classList.toggle("said-by", Boolean(said.value) && one.textContent === said.value);
    });
  }
  form.querySelector("[role=status]").textContent = asked.length ? say("%(shown)s of %(all)s shown", { shown: shown, all: rows.length }) : "";
}

function clearFilters(target) {
  all("form.filters", target.closest("section")).forEach(function (form) {
    all("select", form).forEach(function (field) { field.value = ""; setState(field.name, ""); });
    applyFilters(form);
  });
}

function startFilters() {
  all("form.filters").forEach(function (form) {
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    form.addEventListener("change", function (event) {
      setState(event.target.name, event.target.value);
      applyFilters(form);
    });
    appliers.push(function () {
      all("select", form).forEach(function (field) {
        field.value = state.get(field.name) || "";
        if (field.selectedIndex < 0) { field.value = ""; }
      });
      applyFilters(form);
    });
    // On another day other voices are known.
    asOf.changed.push(function () { applyFilters(form); });
  });
}
