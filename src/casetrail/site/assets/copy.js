// Copy: the text of an element goes to the clipboard, and the button says so.
function copyText(element) {
  if (navigator.clipboard && window.isSecureContext) {
    return navigator.clipboard.writeText(element.textContent);
  }
  var range = document.createRange();
  range.selectNodeContents(element);
  var selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
  return document.execCommand("copy") ? Promise.resolve() : Promise.reject();
}

function startCopying() {
  var said = make("p", { class: "u", role: "status" });
  document.body.append(said);
  all("button.copy").forEach(function (button) {
    var before = button.firstChild.textContent;
    button.addEventListener("click", function () {
      copyText(byId(button.dataset.copies)).then(
        function () { return say("Copied"); },
        function () { return say("Select and copy it by hand"); }
      ).then(function (words) {
        button.firstChild.textContent = words;
        said.textContent = words;
        setTimeout(function () { button.firstChild.textContent = before; }, 2500);
      });
    });
  });
}
