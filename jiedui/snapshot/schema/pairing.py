"""结对关系: tables of the area `pairing`."""

from __future__ import annotations

from jiedui.snapshot.schema.definition import Column, Table
from jiedui.terms import codelists

TABLES: tuple[Table, ...] = (
    Table(
        name="pairing",
        area="pairing",
        title="结对关系",
        doc="Who helps whom, since when, under which scheme and on what basis.",
        duties=(
            "pairing.1",
            "pairing.4",
            "pairing.6",
        ),
        columns=(
            Column("pairing_id", "id", "编号"),
            Column("donor_code", "code", "帮扶方", doc="Six-digit code of the donor division."),
            Column("recipient_code", "code", "被帮扶方", doc="Six-digit code of the recipient division."),
            Column("level", "choice", "层级", choices=codelists.PAIR_LEVEL),
            Column("scheme", "choice", "机制", choices=codelists.SCHEME),
            Column("basis", "text", "依据", doc="Clause or document, e.g. opinion-2016 (四)."),
            Column("valid_from", "date", "生效日期"),
            Column(
                "valid_to",
                "date",
                "失效日期",
                doc="First day on which it no longer holds; empty = still valid.",
                required=False,
            ),
        ),
    ),
    Table(
        name="plan_target",
        area="pairing",
        title="帮扶规划年度目标",
        doc="Yearly target of a pair's helping plan.",
        duties=("principle.2",),
        columns=(
            Column("plan_target_id", "id", "编号"),
            Column("pairing_id", "ref", "结对关系", references="pairing"),
            Column("year", "int", "年度"),
            Column("item", "text", "目标", doc="Indicator id of the assessment scheme that the target is measured by."),
            Column("target", "int", "目标值", doc="In the indicator's unit."),
        ),
    ),
)
