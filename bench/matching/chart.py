"""图: two bar charts as one SVG, drawn by hand: seconds on a logarithmic scale, and times faster than OR-Tools."""

from __future__ import annotations

import math
from collections.abc import Sequence
from xml.sax.saxutils import escape

from bench.matching.figures import Measured, figures, same_optimum
from bench.matching.peers import PEERS
from bench.matching.plan import Row

ACCENT, QUIET, INK, FAINT = "#c8372d", "#b9bec6", "#24292f", "#e4e7eb"
WIDTH, LEFT, RIGHT, BAR, STEP = 860, 300, 90, 15, 21
Bar = tuple[str, float | None, str, bool]
"""Label, value (None: none), what stands behind the bar, and whether it is ours."""


def draw(plan: list[Row], measured: dict[str, Measured]) -> str:
    """The SVG as text; it has no scripts, no fonts of its own and no addresses but its name space."""
    parts: list[str] = []
    at = _panel(parts, 24, "Seconds to the optimum on `base`, less is better (logarithmic)", _times(plan, measured))
    at = _panel(parts, at + 26, "Times faster than OR-Tools (logarithmic); equal optima, `gap` within 0.1 %",
                _ratios(plan, measured))  # fmt: skip
    style = "font-family:system-ui,-apple-system,'Segoe UI',sans-serif;font-size:12px"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {at}" width="{WIDTH}" height="{at}" '
        f'style="{style}" role="img"><title>The matching engine beside other libraries</title>\n'
        f'<rect width="{WIDTH}" height="{at}" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _times(plan: list[Row], measured: dict[str, Measured]) -> list[tuple[str, list[Bar]]]:
    """By size: ours, then every peer on `base`."""
    groups = []
    for size in ("10k", "100k", "1m", "10m"):
        found = measured.get(f"base:{size}")
        if found is None:
            continue
        ours = found.median("solve_seconds") if found.solved else None
        bars: list[Bar] = [("Jiedui", ours, _text(ours), True)]
        for row in plan:
            other = measured.get(row.key)
            if row.family == "base" and row.size == size and row.peer in PEERS and other and other.peer:
                if row.objective != "utility":
                    continue
                seconds = other.peer.get("solve_seconds")
                bars.append((PEERS[row.peer][0], seconds, _text(seconds, other.peer.get("reason", "")), False))
        groups.append((f"{size} agents", bars))
    return groups


def _ratios(plan: list[Row], measured: dict[str, Measured]) -> list[tuple[str, list[Bar]]]:
    """By size: every row that has OR-Tools beside it and no other optimum than it."""
    groups = []
    for size in ("10k", "100k", "1m"):
        bars: list[Bar] = []
        for row in plan:
            ratio = figures(row, measured).get("speedup")
            if (
                row.size == size
                and row.peer in ("ortools_flow", "same:base")
                and ratio
                and same_optimum(row, measured) is not False
            ):
                bars.append((f"{row.work.replace('_', ' ')}", ratio, f"{ratio:.1f}×", True))
        if bars:
            groups.append((f"{size} agents", bars))
    return groups


def _text(seconds: float | None, reason: str = "") -> str:
    if seconds is None:
        return reason or "none"
    return f"{seconds:.3f} s" if seconds < 1 else f"{seconds:.3g} s"


def _panel(parts: list[str], top: int, title: str, groups: Sequence[tuple[str, list[Bar]]]) -> int:
    """Draw one chart from `top` downwards; returns where it ends."""
    parts.append(f'<text x="16" y="{top}" fill="{INK}" font-weight="600">{escape(title)}</text>')
    values = [bar[1] for _, bars in groups for bar in bars if bar[1]]
    if not values:
        parts.append(f'<text x="16" y="{top + 22}" fill="{INK}">Nothing measured yet.</text>')
        return top + 40
    low = math.floor(math.log10(min([*values, 1.0])))
    high = max(low + 1, math.ceil(math.log10(max(values))))
    scale = (WIDTH - LEFT - RIGHT) / (high - low)
    height = sum(STEP * len(bars) + 26 for _, bars in groups)
    for power in range(low, high + 1):
        x = LEFT + scale * (power - low)
        parts.append(f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{top + 24}" y2="{top + 24 + height}" stroke="{FAINT}"/>')
        parts.append(f'<text x="{x:.1f}" y="{top + 18}" text-anchor="middle" fill="{INK}">{10.0**power:g}</text>')
    y = top + 40
    for name, bars in groups:
        parts.append(f'<text x="16" y="{y + 2}" fill="{INK}" font-weight="600">{escape(name)}</text>')
        y += 10
        for label, value, said, own in bars:
            _bar(parts, y, label, 0.0 if not value else scale * (math.log10(value) - low), said, own)
            y += STEP
        y += 16
    return y + 8


def _bar(parts: list[str], y: int, label: str, length: float, said: str, own: bool) -> None:
    middle = y + BAR - 3
    parts.append(f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end" fill="{INK}">{escape(label)}</text>')
    if length > 0:
        colour = ACCENT if own else QUIET
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2" fill="{colour}"/>')
    parts.append(f'<text x="{LEFT + max(0.0, length) + 6:.1f}" y="{middle}" fill="{INK}">{escape(said[:60])}</text>')
