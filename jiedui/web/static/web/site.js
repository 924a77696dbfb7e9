// 页面: keys, sorting and filtering of what is already on the page. Without this script every page still works.
"use strict";

(function () {
  function typing(target) {
    return target.closest("input, select, textarea, [contenteditable]") !== null;
  }

  // "/" goes to the search box; arrows walk the rows of a table; Enter is the link's own.
  document.addEventListener("keydown", function (event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "/" && !typing(event.target)) {
      const seek = document.querySelector("[data-seek]");
      if (seek) {
        event.preventDefault();
        seek.focus();
        seek.select();
      }
    }
    if ((event.key === "ArrowDown" || event.key === "ArrowUp") && !typing(event.target)) {
      const row = event.target.closest("table[data-rows] tbody tr");
      if (row) walk(event, row, event.key === "ArrowDown" ? "nextElementSibling" : "previousElementSibling");
    }
  });

  function walk(event, row, step) {
    let next = row[step];
    while (next && (next.hidden || !next.querySelector("a"))) next = next[step];
    if (next) {
      event.preventDefault();
      next.querySelector("a").focus();
    }
  }

  // Sorting: by the cell's data-value where it has one, else by its text; missing values stay last.
  const collator = new Intl.Collator(document.documentElement.lang || "zh-Hans", { numeric: true });

  function key(row, column) {
    const cell = row.cells[column];
    return cell.dataset.value !== undefined ? cell.dataset.value : cell.textContent.trim();
  }

  function sort(table, header) {
    const column = Array.prototype.indexOf.call(header.parentNode.cells, header);
    const descending = header.getAttribute("aria-sort") === "ascending";
    const numeric = header.classList.contains("n");
    const body = table.tBodies[0];
    const rows = Array.from(body.rows);
    rows.sort(function (left, right) {
      const a = key(left, column);
      const b = key(right, column);
      if (a === "" || b === "") return (a === "") - (b === "");
      const order = numeric ? Number(a) - Number(b) : collator.compare(a, b);
      return descending ? -order : order;
    });
    rows.forEach(function (row) { body.appendChild(row); });
    header.parentNode.querySelectorAll("[aria-sort]").forEach(function (other) { other.removeAttribute("aria-sort"); });
    header.setAttribute("aria-sort", descending ? "descending" : "ascending");
  }

  document.querySelectorAll("table[data-sortable] thead th:not([data-fixed])").forEach(function (header) {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", function () { sort(header.closest("table"), header); });
  });

  // Filter box: hides the rows that do not hold every word typed.
  document.querySelectorAll("input[data-filters]").forEach(function (input) {
    const table = document.getElementById(input.dataset.filters);
    const count = document.querySelector("[data-count='" + input.dataset.filters + "']");
    input.addEventListener("input", function () {
      const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      Array.from(table.tBodies[0].rows).forEach(function (row) {
        const text = (row.dataset.words || row.textContent).toLowerCase();
        row.hidden = !words.every(function (word) { return text.includes(word); });
        shown += row.hidden ? 0 : 1;
      });
      if (count) count.textContent = String(shown);
    });
  });

  // A filter form sends itself when a choice changes.
  document.querySelectorAll("form[data-auto] select, form[data-auto] input[type='date']").forEach(function (field) {
    field.addEventListener("change", function () { field.form.requestSubmit(); });
  });

  document.querySelectorAll("[data-print]").forEach(function (button) {
    button.addEventListener("click", function () { window.print(); });
  });
})();
