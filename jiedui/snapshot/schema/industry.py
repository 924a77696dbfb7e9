"""产业合作: tables of the area `industry`."""

from __future__ import annotations

from jiedui.snapshot.schema.definition import Column, Table
from jiedui.terms import codelists

TABLES: tuple[Table, ...] = (
    Table(
        name="project",
        area="industry",
        title="项目",
        doc="Project of a pair in the recipient's area.",
        region="region_code",
        date="signed_on",
        duties=(
            "industry.1",
            "principle.1",
        ),
        columns=(
            Column("project_id", "id", "编号"),
            Column("pairing_id", "ref", "结对关系", references="pairing"),
            Column("region_code", "code", "所在地", doc="Village (12), township (9) or county (6 digits)."),
            Column("kind", "choice", "类型", choices=codelists.PROJECT_KIND),
            Column("title", "text", "名称"),
            Column("firm_id", "ref", "企业", references="organisation", required=False),
            Column("signed_on", "date", "签约或入库日期"),
            Column("signed_fen", "fen", "签约投资额", unit="fen"),
            Column(
                "arrived_fen",
                "fen",
                "到位投资额",
                doc="Investment of firms that arrived; fiscal money is in the ledger.",
                unit="fen",
                required=False,
            ),
            Column("status", "choice", "状态", choices=codelists.PROJECT_STATUS),
            Column("goal", "text", "绩效目标", required=False),
            Column("disclosed_on", "date", "公示日期", required=False),
        ),
    ),
    Table(
        name="benefit_link",
        area="industry",
        title="利益联结",
        doc="How a registered household takes part in a project and what it got.",
        region="region_code",
        date="since",
        duties=(
            "industry.2",
            "principle.1",
        ),
        columns=(
            Column("benefit_link_id", "id", "编号"),
            Column("project_id", "ref", "项目", references="project"),
            Column("household_id", "ref", "户", references="household"),
            Column("region_code", "code", "户所在村"),
            Column("mechanism", "choice", "联结方式", choices=codelists.BENEFIT_MECHANISM),
            Column("since", "date", "起始日期"),
            Column("amount_fen", "fen", "户年增收", unit="fen", required=False),
        ),
    ),
)
