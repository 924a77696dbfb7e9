// 匹配: progress each second, all of a page ticked at once, and a question before many are signed. All of it works without.
"use strict";

(function () {
  // Progress: the part of the page that changes; another state is another page.
  const progress = document.querySelector("[data-order]");
  if (progress) {
    const ask = async function () {
      try {
        const answer = await fetch(progress.dataset.order, { headers: { "X-Part": "progress" } });
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        const state = answer.headers.get("X-Order-State");
        const text = await answer.text();
        if (state !== "waiting" && state !== "running") {
          window.location.replace(window.location.pathname);
          return;
        }
        progress.innerHTML = text;
      } catch (problem) {
        // the site is away for a moment; the next second tries again
      }
      window.setTimeout(ask, 1000);
    };
    window.setTimeout(ask, 1000);
  }

  // Signing: all of the page at once, and a question before all of the filter.
  const sign = document.querySelector("form[data-sign]");
  if (!sign) return;
  const all = sign.querySelector("[data-all]");
  const boxes = Array.from(sign.querySelectorAll("input[name=proposal]"));
  if (all && boxes.length) {
    all.hidden = false;
    all.addEventListener("change", function () {
      boxes.forEach(function (box) { box.checked = all.checked; });
    });
    sign.addEventListener("change", function (event) {
      if (event.target !== all) all.checked = boxes.every(function (box) { return box.checked; });
    });
  }
  sign.querySelectorAll("[data-confirm]").forEach(function (button) {
    button.addEventListener("click", function (event) {
      if (!window.confirm(button.dataset.confirm)) event.preventDefault();
    });
  });
})();
