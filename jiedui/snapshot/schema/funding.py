"""资金支持: tables of the area `funding`."""

from __future__ import annotations

from jiedui.snapshot.schema.definition import Column, Table
from jiedui.terms import codelists

TABLES: tuple[Table, ...] = (
    Table(
        name="budget_line",
        area="funding",
        title="财政援助预算",
        doc="The donor's yearly budget line for a pair.",
        date="approved_on",
        duties=(
            "funding.1",
            "funding.2",
        ),
        columns=(
            Column("budget_line_id", "id", "编号"),
            Column("pairing_id", "ref", "结对关系", references="pairing"),
            Column("donor_code", "code", "帮扶方"),
            Column("year", "int", "年度"),
            Column("approved_on", "date", "批复日期"),
            Column("amount_fen", "fen", "预算额", unit="fen"),
            Column("document", "text", "文件号"),
        ),
    ),
    Table(
        name="ledger_entry",
        area="funding",
        title="资金流水",
        doc="One dated step of the money chain; its legs sum to zero.",
        date="happened_on",
        duties=("funding.2",),
        columns=(
            Column("ledger_entry_id", "id", "编号"),
            Column("pairing_id", "ref", "结对关系", references="pairing"),
            Column("step", "choice", "环节", choices=codelists.LEDGER_STEP),
            Column("happened_on", "date", "日期"),
            Column("document", "text", "文件号"),
        ),
    ),
    Table(
        name="ledger_leg",
        area="funding",
        title="资金分录",
        doc="One leg of an entry; every leg names the budget line that it comes from.",
        region="region_code",
        duties=(
            "funding.2",
            "funding.3",
            "principle.1",
        ),
        columns=(
            Column("ledger_leg_id", "id", "编号"),
            Column("ledger_entry_id", "ref", "流水", references="ledger_entry"),
            Column("region_code", "code", "所在地", doc="Donor's or recipient's division (6, 9 or 12 digits)."),
            Column("account", "choice", "账户", choices=codelists.LEDGER_ACCOUNT),
            Column("amount_fen", "fen", "金额", doc="Positive in, negative out.", unit="fen"),
            Column("budget_line_id", "ref", "资金来源", references="budget_line"),
            Column("project_id", "ref", "项目", references="project", required=False),
            Column("household_id", "ref", "到户", references="household", required=False),
        ),
    ),
    Table(
        name="fiscal_revenue",
        area="funding",
        title="财力",
        doc="General public budget revenue of a donor, published figures; missing years are missing.",
        region="province_code",
        duties=("funding.1",),
        columns=(
            Column("fiscal_revenue_id", "id", "编号"),
            Column("province_code", "code", "省"),
            Column("year", "int", "年度"),
            Column("revenue_fen", "fen", "一般公共预算收入", unit="fen"),
            Column("source", "text", "来源"),
        ),
    ),
)
