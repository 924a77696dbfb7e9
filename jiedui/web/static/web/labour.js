// 劳务: tick all rows of a list, and say how many are ticked. Every page works without.
"use strict";

(function () {
  document.querySelectorAll("form[data-several]").forEach(function (form) {
    const all = form.querySelector("[data-all]"), told = form.querySelector("[data-ticked]");
    const boxes = Array.from(form.querySelectorAll("td.pick input[type=checkbox]"));
    function tell() {
      const ticked = boxes.filter(function (box) { return box.checked; }).length;
      if (told) told.textContent = String(ticked);
      if (all) {
        all.checked = boxes.length > 0 && ticked === boxes.length;
        all.indeterminate = ticked > 0 && ticked < boxes.length;
      }
    }
    if (all) all.addEventListener("change", function () { boxes.forEach(function (box) { box.checked = all.checked; }); tell(); });
    form.addEventListener("change", tell);
    tell();
  });
})();
