"""写出: a reading as files: clauses, pairings, what was removed, left out and not resolved, and a report.

All CSV: UTF-8 without a mark, LF, one header line. The columns of `pairings.csv` are a fixed interface.
"""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from jiedui.errors import EnvironmentProblem
from jiedui.policy.reading.reading import Open, Reading
from jiedui.terms.divisions import Division, Gazetteer

PAIRING_COLUMNS: Final = (
    *("donor_province", "donor_city", "donor_county", "recipient_province", "recipient_city", "recipient_county"),
    *("donor_code", "recipient_code", "scheme", "clause"),
)
_SHOWN: Final = 20
"""Rows of a list in the report; the whole is in the CSV."""


def write(reading: Reading, directory: Path) -> tuple[Path, ...]:
    """写出: all files into a folder, each replaced as a whole. Raises `EnvironmentProblem` where that fails."""
    contents = files_of(reading)
    try:
        directory.mkdir(parents=True, exist_ok=True)
        return tuple(_replace(directory / name, text) for name, text in contents.items())
    except OSError as error:
        raise EnvironmentProblem(
            f"{directory} cannot be written: {error.strerror or error}.", remedy="Give another folder with --out."
        ) from error


def files_of(reading: Reading) -> Mapping[str, str]:
    """文件内容: the text of every file by its name."""
    return {
        "clauses.csv": _csv(("number", "heading", "text", "label", "chapter"), _clause_rows(reading)),
        "clauses.json": json.dumps(
            [
                {"number": c.number, "label": c.label, "chapter": c.chapter, "heading": c.heading, "text": c.text}
                for c in reading.clauses
            ],
            ensure_ascii=False,
            indent=2,
        )
        + "\n",
        "pairings.csv": _csv(PAIRING_COLUMNS, pairing_rows(reading)),
        "evidence.csv": _csv(
            ("donor_code", "recipient_code", "scheme", "line", "sentence", "form", "remark"),
            (
                (p.donor.code, p.recipient.code, p.scheme, p.line, p.sentence, p.form, p.remark)
                for p in reading.pairings
            ),
        ),
        "removed.csv": _csv(
            ("position", "character", "group", "count"),
            ((r.position, r.character, r.group, r.count) for r in reading.removed),
        ),
        "dropped.csv": _csv(("text", "reason"), ((d.text, d.reason) for d in reading.dropped)),
        "unresolved.csv": _csv(
            ("sentence", "piece", "reason", "candidates", "clause", "line"),
            ((u.sentence, u.piece, u.reason, _candidates(u), u.clause, u.line) for u in reading.unresolved),
        ),
        "report.md": report(reading),
    }


def pairing_rows(reading: Reading) -> list[tuple[str, ...]]:
    """结对各行: the rows of `pairings.csv`: names in full, empty where the level does not apply."""
    return [
        (*_names(p.donor, reading), *_names(p.recipient, reading), p.donor.code, p.recipient.code, p.scheme, p.clause)
        for p in reading.pairings
    ]


def report(reading: Reading) -> str:
    """报告: what was read, removed, left out and not resolved, in Chinese."""
    lines = [
        "# 阅读报告",
        "",
        f"- 编码：{reading.encoding}{'（末尾字符不完整，页面可能被截断）' if reading.cut else ''}",
        f"- 地名按 {reading.on.isoformat()} 所在年份的区划解析（区划沿革只精确到年）",
        f"- 页面上的日期（仅供参考，未使用）：{'、'.join(reading.dates) or '无'}",
        f"- 条款：{len(reading.clauses)} 条{_missing(reading)}",
        f"- 结对：{len(reading.pairings)} 对（帮扶方 {len({p.donor.code for p in reading.pairings})}，"
        f"被帮扶方 {len({p.recipient.code for p in reading.pairings})}；重复 {reading.repeated} 处已合并）",
        f"- 去除插入的拼音：{reading.groups} 组（{len(reading.removed)} 处，见 removed.csv）",
        f"- 舍弃的页面文字：{len(reading.dropped)} 处（见 dropped.csv）",
        f"- 未能判读：{len(reading.unresolved)} 处（见 unresolved.csv）",
        "",
    ]
    if not reading.pairings:
        lines += ["**本页没有读出任何结对关系。**", ""]
    lines += _section(
        "结对",
        [
            f"{p.donor.full_name} → {p.recipient.full_name}{f'（{p.remark}）' if p.remark else ''}"
            for p in reading.pairings
        ],
        limit=len(reading.pairings),
    )
    lines += _section("条款", [f"{c.label}{c.heading}" for c in reading.clauses], limit=100)
    lines += _section("未能判读", [f"{u.piece}：{u.reason}（第{u.line}行：{u.sentence}）" for u in reading.unresolved])
    lines += _section("舍弃的页面文字", [f"{d.text}（{d.reason}）" for d in reading.dropped])
    lines += _section("像拼音但不是前一字读音、因而保留的括号", [f"{group}（位置 {at}）" for at, group in reading.kept])
    return "\n".join(lines)


def _missing(reading: Reading) -> str:
    return f"，编号有缺：{'、'.join(map(str, reading.missing_clauses))}" if reading.missing_clauses else ""


def _section(title: str, rows: Sequence[str], *, limit: int = _SHOWN) -> list[str]:
    if not rows:
        return []
    more = [f"- ……共 {len(rows)} 处"] if len(rows) > limit else []
    return [f"## {title}", "", *(f"- {' '.join(row.split())}" for row in rows[:limit]), *more, ""]


def _candidates(row: Open) -> str:
    return "；".join(f"{division.full_name}({division.code})" for division in row.candidates)


def _clause_rows(reading: Reading) -> Iterable[tuple[object, ...]]:
    return ((c.number, c.heading, c.text, c.label, c.chapter) for c in reading.clauses)


def _names(division: Division, reading: Reading) -> tuple[str, str, str]:
    gazetteer = Gazetteer.load()
    if division.level == "province":
        return (division.name, "", "")
    province = gazetteer.get(division.province_code, reading.on)
    prefecture = gazetteer.get(division.prefecture_code, reading.on) if division.prefecture_code else None
    return (
        province.name if province else "",
        prefecture.name if prefecture else "",
        division.name if division.level == "county" else "",
    )


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return buffer.getvalue()


def _replace(path: Path, text: str) -> Path:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        temporary.chmod(0o644)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    return path
