// 图表: draws every <div class="chart" data-option="id of a JSON block">. The option comes from reports.charts, unchanged.
"use strict";

(function () {
  const narrow = window.matchMedia("(max-width: 700px)");

  function draw(box) {
    const option = JSON.parse(document.getElementById(box.dataset.option).textContent);
    const chart = echarts.init(box, null, { renderer: "canvas", devicePixelRatio: Math.max(2, window.devicePixelRatio) });
    if (narrow.matches && box.classList.contains("network")) thin(option);
    chart.setOption(option);
    box.dataset.drawn = "yes";
    if (box.dataset.link) {
      chart.on("click", function (event) {
        const id = event.data && event.data.pairing_id;
        if (id) window.location.href = box.dataset.link.replace("/0/", "/" + id + "/");
      });
    }
    return chart;
  }

  // On a phone the picture keeps the donors' names and leaves the recipients' to the list below it.
  function thin(option) {
    option.series.forEach(function (series, place) {
      if (series.type !== "scatter") return;
      series.symbolSize = 6;
      series.label.fontSize = 10;
      series.labelLayout = { hideOverlap: true };
      series.data.forEach(function (point) {
        if (place > 1) delete point.label;
      });
    });
  }

  function drawAll() {
    const charts = Array.from(document.querySelectorAll(".chart[data-option]")).map(draw);
    window.addEventListener("resize", function () { charts.forEach(function (chart) { chart.resize(); }); });
    window.addEventListener("beforeprint", function () { charts.forEach(function (chart) { chart.resize(); }); });
  }

  // A canvas does not load fonts, text on the page does: write the charts' characters once, out of sight, then draw.
  const characters = new Set(Array.from(document.querySelectorAll("script[type='application/json']"), function (block) {
    return block.textContent;
  }).join(""));
  const sample = document.createElement("span");
  sample.className = "visually-hidden";
  sample.setAttribute("aria-hidden", "true");
  sample.textContent = Array.from(characters).join("");
  document.body.append(sample);
  sample.getBoundingClientRect();
  document.fonts.ready.then(function () {
    sample.remove();
    drawAll();
  });
})();
