// 导入: progress each second, choices kept as they are made, keys, and a file that is dropped. All of it works without.
"use strict";

(function () {
  // Progress: the part of the page that changes; another state is another page.
  const progress = document.querySelector("[data-progress]");
  if (progress) {
    const ask = async function () {
      try {
        const answer = await fetch(progress.dataset.progress, { headers: { "X-Part": "progress" } });
        if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
        const state = answer.headers.get("X-Import-State");
        const text = await answer.text();
        if (state !== progress.dataset.state && !(state === "reading" && progress.dataset.state === "received")) {
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

  // Sending: the year belongs to rosters only; a dropped file is chosen; a large one shows how far it is.
  const send = document.querySelector("form[data-send]");
  if (send) {
    const kind = send.elements.kind, year = send.querySelector("[data-year]"), drop = send.querySelector("[data-drop]");
    const file = send.elements.file, name = send.querySelector("[data-name]"), bar = send.querySelector("progress");
    const fit = function () { year.hidden = !("yearly" in kind.selectedOptions[0].dataset); };
    kind.addEventListener("change", fit);
    fit();
    file.addEventListener("change", function () { if (file.files.length) name.textContent = file.files[0].name; });
    ["dragover", "dragenter"].forEach(function (what) {
      drop.addEventListener(what, function (event) { event.preventDefault(); drop.classList.add("over"); });
    });
    drop.addEventListener("dragleave", function () { drop.classList.remove("over"); });
    drop.addEventListener("drop", function (event) {
      event.preventDefault();
      drop.classList.remove("over");
      if (event.dataTransfer.files.length) {
        file.files = event.dataTransfer.files;
        file.dispatchEvent(new Event("change"));
      }
    });
    send.addEventListener("submit", function (event) {
      if (!file.files.length || file.files[0].size < 4000000) return;
      event.preventDefault();
      const request = new XMLHttpRequest();
      bar.hidden = false;
      send.querySelector("button").disabled = true;
      request.upload.addEventListener("progress", function (one) { if (one.lengthComputable) bar.value = one.loaded / one.total; });
      request.addEventListener("load", function () {
        if (request.responseURL !== send.action) { window.location.assign(request.responseURL); return; }
        document.open();
        document.write(request.responseText);
        document.close();
      });
      request.addEventListener("error", function () { send.querySelector("button").disabled = false; bar.hidden = true; send.submit(); });
      request.open("POST", send.action);
      request.send(new FormData(send));
    });
  }

  // Deciding: each tick is kept at once, one after the other; the summary says what will be written.
  const decide = document.querySelector("form[data-decide]");
  if (!decide) return;
  const rows = Array.from(decide.querySelectorAll("[data-entries] tbody tr"));
  const whole = decide.querySelector("[data-whole]"), summary = decide.querySelector("[data-summary]");
  const conflict = decide.elements.kind.value === "conflict";
  document.querySelectorAll("[data-nojs]").forEach(function (one) { one.hidden = true; });
  let queue = Promise.resolve();

  function keep() {
    const said = new FormData(decide);
    said.set("do", "choose");
    queue = queue.then(async function () {
      const answer = await fetch(decide.action, { method: "POST", body: said, headers: { "X-Part": "summary" } });
      if (answer.ok && !answer.redirected) summary.innerHTML = await answer.text();
      else window.location.reload();
    });
  }

  function show() {
    rows.forEach(function (row) {
      const box = row.querySelector("input[name=take]");
      if (!box) return;
      box.disabled = whole !== null && !whole.checked;
      row.classList.toggle("out", !conflict && !(box.checked && !box.disabled));
    });
  }

  decide.addEventListener("change", function (event) {
    if (!event.target.matches("[data-whole], input[name=take]")) return;
    keep();
    show();
  });
  show();

  let here = -1;
  function go(step) {
    const next = Math.min(rows.length - 1, Math.max(0, here + step));
    if (!rows.length) return;
    if (here >= 0) rows[here].classList.remove("here");
    here = next;
    rows[here].classList.add("here");
    rows[here].scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.target.closest("input:not([type=checkbox]), select, textarea, button, a")) return;
    const row = rows[here];
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "x" && row) {
      const box = row.querySelector("input[name=take]");
      if (box && !box.disabled) box.click();
    } else if (event.key === "Enter" && row) {
      const link = row.querySelector("a");
      if (link) link.click();
    } else if (event.key === "[" || event.key === "]") {
      const link = document.querySelector(event.key === "[" ? "a[rel=prev]" : "a[rel=next]");
      if (link) link.click();
    } else return;
    event.preventDefault();
  });
})();
