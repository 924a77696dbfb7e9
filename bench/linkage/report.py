"""报告: the page and the chart of the results."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

TITLES = {
    "ours": "Jiedui, engine `duckdb`",
    "splink": "Splink `predict`, same rules and weights",
}
REGISTERS = {"common": "one person in 50 stands twice", "rare": "one person in 500 stands twice"}
SECONDS, PRECISION, RECALL, AIM = 60, 0.999, 0.97, 0.99
INK, FAINT, ACCENT, QUIET = "#24292f", "#e4e7eb", "#c8372d", "#b9bec6"
WIDTH, LEFT, BAR, STEP = 860, 330, 15, 21


def in_words(found: dict[str, Any]) -> str:
    """One line on one engine."""
    if "reason" in found:
        return str(found["reason"])
    return (
        f"{found['seconds']:.1f} s, {found['peak_bytes'] / 1e9:.2f} GB, precision {found['precision']:.5f}"
        f" ({found['wrong']} wrong of {found['pairs']}), recall {found['recall']:.4f}"
    )


def page(measured: dict[str, Any], picture: str) -> str:
    """The Markdown page."""
    held = measured["machine"]
    first = measured["registers"]["common"]
    lines = [
        "# Duplicates in a synthetic register with labelled damage",
        "",
        f"Written by `python -m bench.linkage.run`; all people are synthetic. Measured {measured['when']}.",
        f"{held['processor']}, {held['cores']} cores, {held['memory']}, {held['system']}; Python {held['python']}, "
        + ", ".join(f"{name} {held[name]}" for name in ("numpy", "pyarrow", "duckdb", "splink", "pypinyin", "opencc"))
        + ".",
        "",
        f"The register: {first['made']['rows']:,} rows, {first['made']['truth']:,} of them second rows of a person, and"
        f" {first['made']['lookalikes']:,} pairs that only look so (twins, namesakes of a village, one phone). The"
        " damage is that of `jiedui.simulate.duplicates`; its shares are ours. Weights come from another seed. Times"
        " run from the table in memory to the table of pairs with evidence, after a first call on 2,000 rows. Each run"
        f" is a process of its own; the median of {_runs(first)} counts on the first register, one run on any other;"
        " *peak* is the most memory of any of them, input included."
        " Other work went on on the machine's two cores, so the seconds of the processors stand beside the clock's."
        " Both engines share the table of features (names, sounds, keys) and the prior that is fitted to the register.",
        "",
        f"![Seconds, and what was found by kind of damage]({picture})",
        "",
    ]
    for name, register in measured["registers"].items():
        lines += [*_table(name, register), ""]
    return "\n".join([*lines, *_reached(first["engines"]["ours"]), "", *_kinds(first["engines"]), ""])


def _runs(register: dict[str, Any]) -> int:
    return len(register["engines"]["ours"].get("all_seconds", []))


def _table(name: str, register: dict[str, Any]) -> list[str]:
    lines = [
        f"## {REGISTERS[name][0].upper()}{REGISTERS[name][1:]} ({register['made']['truth']:,} pairs)",
        "",
        "| | seconds | of processors | of it the features | peak GB | shown | wrong | precision | recall |"
        " recall without equal numbers |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for engine, found in register["engines"].items():
        if "reason" in found:
            lines.append(f"| {TITLES[engine]} | {found['reason']} |  |  |  |  |  |  |  |  |")
            continue
        lines.append(
            f"| {TITLES[engine]} | {found['seconds']:.1f} | {found['cpu_seconds']:.1f} |"
            f" {found['features_seconds']:.1f} | {found['peak_bytes'] / 1e9:.2f} |"
            f" {found['pairs']:,} | {found['wrong']} | {found['precision']:.5f} |"
            f" {found['recall']:.4f} | {found['recall_inexact']:.4f} |"
        )
    ours = register["engines"]["ours"]
    if "curve" in ours:
        lines += ["", f"Ours, shown from other probabilities than {ours['threshold']:g}:", ""]
        lines += ["| from | wrong | precision | recall |", "| --- | --- | --- | --- |"]
        lines += [
            f"| {at} | {held['wrong']} | {held['precision']:.5f} | {held['recall']:.4f} |"
            for at, held in ours["curve"].items()
        ]
        shown = ", ".join(f"{count} {kind}" for kind, count in ours["lookalikes_shown"].items()) or "none"
        lines += ["", f"Lookalikes shown as pairs by ours: {shown}."]
    return lines


def _reached(ours: dict[str, Any]) -> list[str]:
    if "reason" in ours:
        return [f"Not measured: {ours['reason']}."]
    listed = (
        (f"≤ {SECONDS} s", ours["seconds"] <= SECONDS, f"{ours['seconds']:.1f} s"),
        (f"precision ≥ {PRECISION}", ours["precision"] >= PRECISION, f"{ours['precision']:.5f}"),
        (f"recall ≥ {RECALL}", ours["recall"] >= RECALL, f"{ours['recall']:.4f}"),
        (f"aim: recall ≥ {AIM}", ours["recall"] >= AIM, f"{ours['recall']:.4f}"),
    )
    lines = ["## What was asked, and what is reached (first register)", "", "| asked | reached |", "| --- | --- |"]
    return lines + [f"| {asked} | {'met' if met else '**missed**'}: {said} |" for asked, met, said in listed]


def _kinds(engines: dict[str, Any]) -> list[str]:
    lines = [
        "## By kind of damage (first register)",
        "",
        "| | kind | pairs | found |",
        "| --- | --- | --- | --- |",
    ]
    for column, kinds in engines["ours"].get("by_kind", {}).items():
        for kind, (count, hit) in kinds.items():
            lines.append(f"| {column} | {kind.replace('_', ' ')} | {count:,} | {hit / count:.4f} |")
    return lines


def chart(measured: dict[str, Any]) -> str:
    """An SVG with two groups of bars; no scripts, no fonts of its own, no addresses but its name space."""
    parts: list[str] = []
    engines = measured["registers"]["common"]["engines"]
    timed = [(TITLES[name].replace("`", ""), found.get("seconds"), name == "ours") for name, found in engines.items()]
    most = max([SECONDS, *(seconds for _, seconds, _ in timed if seconds)])
    bars = [(name, seconds, f"{seconds:.1f} s" if seconds else "none", own) for name, seconds, own in timed]
    at = _bars(parts, 24, "Seconds, less is better (asked: 60)", bars, most)
    kinds = [
        (f"{column}: {kind.replace('_', ' ')}", hit / count, f"{hit / count:.3f}", True)
        for column, held in engines["ours"].get("by_kind", {}).items()
        for kind, (count, hit) in held.items()
    ]
    at = _bars(parts, at + 20, "Share of the planted pairs that ours finds, by kind of damage", kinds, 1.0)
    style = "font-family:system-ui,-apple-system,'Segoe UI',sans-serif;font-size:12px"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {at}" width="{WIDTH}" height="{at}" '
        f'style="{style}" role="img"><title>Duplicates: ours beside Splink</title>\n'
        f'<rect width="{WIDTH}" height="{at}" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def _bars(parts: list[str], top: int, title: str, bars: list[tuple[str, float | None, str, bool]], most: float) -> int:
    parts.append(f'<text x="16" y="{top}" fill="{INK}" font-weight="600">{escape(title)}</text>')
    scale, y = (WIDTH - LEFT - 80) / most, top + 14
    parts.append(f'<line x1="{LEFT}" x2="{LEFT}" y1="{y}" y2="{y + STEP * len(bars)}" stroke="{FAINT}"/>')
    for label, value, said, own in bars:
        length = scale * (value or 0.0)
        middle = y + BAR - 3
        parts.append(f'<text x="{LEFT - 8}" y="{middle}" text-anchor="end" fill="{INK}">{escape(label[:52])}</text>')
        colour = ACCENT if own else QUIET
        parts.append(f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{BAR}" rx="2" fill="{colour}"/>')
        parts.append(f'<text x="{LEFT + length + 6:.1f}" y="{middle}" fill="{INK}">{escape(said)}</text>')
        y += STEP
    return y + 8
