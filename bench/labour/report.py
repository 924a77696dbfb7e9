"""报告: the measured figures as Markdown, and a chart of the steps."""

from __future__ import annotations

from typing import Any

FIRM, AIM = {"cold": "≤ 90 s, ≤ 4 GB", "changed_warm": "≤ 30 s"}, {"cold": "20 s", "changed_warm": "5 s"}
TITLES = {
    "cold": "frozen records → explained proposals, exact, two tiers",
    "changed_cold": "the same with 1 % changed, from nothing",
    "changed_warm": "the same with 1 % changed, from the earlier prices",
    "couples": "the first again, a tenth of the workers in couples, tier by tier",
}
ACCENT, INK = "#c8372d", "#24292f"


def page(figures: dict[str, Any], image: str) -> str:
    """The page."""
    cold, peer = figures["cold"], figures["peer"]
    processor = figures["machine"].get("processor", "")
    lines = [
        "# Workers and vacancies: from the frozen records to stored proposals", "",
        f"{figures['workers']:,} workers × {figures['vacancies']:,} vacancies with {cold['counts']['seats']:,} seats, "
        f"{cold['counts']['edges']:,} candidate pairs; everybody is made up. {processor}, "
        f"{figures['machine']['cores']} cores; load when it ended {figures['load']:.1f}; {figures['when']}. One run "
        "each, in processes of their own that have loaded the compiled code. *Processor* is the time of all threads; "
        "where other work ran beside, it says more than the clock.", "",
        f"![Seconds of each step]({image})", "",
        "| work | seconds | processor | peak memory | placed | proven | gap | firm | aim |",
        "|---|---|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for name, title in TITLES.items():
        one = figures[name]
        told = one["certificate"]
        lines.append(
            f"| {title} | {one['seconds']:.1f} | {one['cpu_seconds']:.1f} | {one['peak_mb']:,} MB | "
            f"{told['placements']:,} | {'yes' if told['proven'] else 'no'} | {told['gap']:.4%} | "
            f"{FIRM.get(name, '')} | {AIM.get(name, '')} |"
        )
    lines += [f"| storing the first into PostgreSQL | {cold['store']['seconds']:.1f} | | | | | | | |", ""]
    same = figures["changed_cold"]["certificate"]["levels"] == figures["changed_warm"]["certificate"]["levels"]
    lines += [f"The warm run reaches the same values as the cold one in every level: {'yes' if same else 'no'}.", ""]
    lines += _beside(cold, peer) + _ways(figures) + _quality(figures)
    return "\n".join(lines) + "\n"


def _beside(cold: dict[str, Any], peer: dict[str, Any]) -> list[str]:
    lines = ["## Beside OR-Tools", ""]
    if "reason" in peer:
        return [*lines, f"SimpleMinCostFlow behind the same candidates: {peer['reason']}.", ""]
    ours, used = cold["steps"]["solve"]
    equal = peer["levels"] == [level["value"] for level in cold["certificate"]["levels"]]
    ratio = peer["solve_cpu"] / used
    return [
        *lines, "SimpleMinCostFlow behind the same candidates, the tiers by weights:", "",
        "| | build | solve | processor | peak memory |", "|---|---|---|---|---|",
        f"| Jiedui, all levels | – | {ours:.1f} | {used:.1f} | {cold['peak_mb']:,} MB (all steps) |",
        f"| OR-Tools | {peer['build']:.1f} | {peer['solve']:.1f} | {peer['solve_cpu']:.1f} | "
        f"{peer['peak_mb']:,} MB |", "",
        f"{ratio:.1f} times by processor time; the same values in every level: {'yes' if equal else 'no'}.", "",
    ]  # fmt: skip


def _ways(figures: dict[str, Any]) -> list[str]:
    lines = [
        "## Beside simple rules", "",
        "| way | placed | of the first tier | utility | mean km | couples together | within distance and place |",
        "|---|---|---|---|---|---|---|",
    ]  # fmt: skip
    for row in figures["couples"]["comparison"]:
        lines.append(
            f"| {row['way']} | {row['placements']:,} | {row['placements_first_tier']:,} | {row['utility']:,} | "
            f"{row['mean_distance_km']:.0f} | {row['couples_together']:.0%} | {row['within_wish']:.0%} |"
        )
    return [*lines, ""]


def _quality(figures: dict[str, Any]) -> list[str]:
    lines = [
        "## A simulation of taste", "",
        "Made-up workers with a hidden taste, half of which no record knows (`bench/labour/taste.py`). It shows how "
        "the ways differ on such workers, never that anybody would stay in the work. 20,000 workers, "
        f"{len(figures['quality'])} seeds.", "",
        "| way | placed | of the first tier | content of those placed | content in all |", "|---|---|---|---|---|",
    ]  # fmt: skip
    for way in ("first come first served", "greedy", "optimal"):
        rows = [one[way] for one in figures["quality"]]
        placed, first, liked = (sum(row[key] for row in rows) for key in ("placed", "first_tier", "content"))
        count = len(rows)
        lines.append(
            f"| {way} | {placed // count:,} | {first // count:,} | {liked / placed:.1%} | {liked // count:,} |"
        )
    return lines


def chart(figures: dict[str, Any]) -> str:
    """Bars of the steps' seconds, cold and warm."""
    bars = []
    for name, label in (("cold", "cold"), ("changed_warm", "1 % changed, warm"), ("couples", "with couples")):
        bars += [(f"{label}: {step}", seconds[0]) for step, seconds in figures[name]["steps"].items()]
    bars.append(("store", figures["cold"]["store"]["seconds"]))
    if "solve" in figures["peer"]:
        bars.append(("OR-Tools: solve", figures["peer"]["solve"]))
    most = max(value for _, value in bars)
    parts = []
    for k, (label, value) in enumerate(bars):
        y, width = 20 + 22 * k, 440 * value / most
        parts.append(f'<text x="290" y="{y + 12}" text-anchor="end" fill="{INK}">{label}</text>')
        parts.append(f'<rect x="300" y="{y}" width="{width:.1f}" height="15" rx="2" fill="{ACCENT}"/>')
        parts.append(f'<text x="{306 + width:.1f}" y="{y + 12}" fill="{INK}">{value:.1f} s</text>')
    height = 30 + 22 * len(bars)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 860 {height}" width="860" height="{height}" '
        'style="font-family:system-ui,sans-serif;font-size:12px" role="img"><title>Seconds of each step</title>\n'
        f'<rect width="860" height="{height}" fill="#ffffff"/>\n' + "\n".join(parts) + "\n</svg>\n"
    )
