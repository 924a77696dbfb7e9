// 疑似重复: j and k walk the pairs, s and d decide the one at hand, u takes the last decision back.
"use strict";

(function () {
  const pairs = Array.from(document.querySelectorAll("[data-pairs] .couple"));
  const undo = document.querySelector("form[data-undo] button");
  let here = 0;

  function go(step) {
    if (!pairs.length) return;
    pairs[here].classList.remove("here");
    here = Math.min(pairs.length - 1, Math.max(0, here + step));
    pairs[here].classList.add("here");
    pairs[here].scrollIntoView({ block: "nearest" });
  }

  if (pairs.length) pairs[0].classList.add("here");

  // The reason that was typed for one pair is offered for the others.
  document.querySelectorAll("[data-pairs] input[name=reason]").forEach(function (field) {
    field.addEventListener("change", function () {
      document.querySelectorAll("[data-pairs] input[name=reason]").forEach(function (other) {
        if (!other.value) other.value = field.value;
      });
    });
  });

  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.closest("input, select, textarea")) return;
    const decision = { s: "same", d: "different" }[event.key];
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (decision && pairs.length) {
      const button = pairs[here].querySelector("button[value=" + decision + "]");
      if (button) button.form.requestSubmit(button);
    } else if (event.key === "u" && undo) undo.form.requestSubmit(undo);
    else return;
    event.preventDefault();
  });
})();
