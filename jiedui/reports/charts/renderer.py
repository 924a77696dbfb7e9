"""矢量图: an option drawn to SVG on this machine, by the same script that draws it in the browser.

ECharts runs inside V8 (mini-racer), about 20 ms a chart once the script is loaded. One engine lives per process; a
chart is disposed after it is drawn, otherwise every one of them stays in the engine's memory.
"""

from __future__ import annotations

import atexit
import json
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

from jiedui.errors import EnvironmentProblem
from jiedui.runtime import settings

if TYPE_CHECKING:
    from py_mini_racer import MiniRacer

    from jiedui.reports.charts.style import Option

_DRAW = """
function draw(option, width, height) {
  const chart = echarts.init(null, null, {renderer: 'svg', ssr: true, width: width, height: height});
  try {
    chart.setOption(option);
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
"""

_one_at_a_time = Lock()


def svg(option: Option, width: int, height: int) -> str:
    """矢量图: `option` as one SVG document of `width` × `height` CSS pixels.

    Raises `EnvironmentProblem` when the ECharts package is not there, `ValueError` for a size that is not positive.
    """
    if width <= 0 or height <= 0:
        raise ValueError(f"A chart needs a positive size, not {width} × {height}.")
    call = f"draw({json.dumps(option, ensure_ascii=False, allow_nan=False)}, {width}, {height})"
    with _one_at_a_time:
        drawn = _engine().eval(call)
    if not isinstance(drawn, str):
        raise TypeError(f"ECharts returned {type(drawn).__name__} instead of SVG.")
    return drawn


@cache
def _engine() -> MiniRacer:
    from py_mini_racer import MiniRacer

    script = settings.load().assets / "echarts" / "dist" / "echarts.min.js"
    if not script.is_file():
        raise EnvironmentProblem(
            f"The chart library is missing: {script} is not there.",
            remedy="Run `bin/setup app`, or let JIEDUI_ASSETS name the folder of the npm packages.",
        )
    engine = MiniRacer()
    atexit.register(engine.close)
    engine.eval(script.read_text(encoding="utf-8"))
    engine.eval(_DRAW)
    return engine
