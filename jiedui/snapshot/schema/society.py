"""社会参与: tables of the area `society`."""

from __future__ import annotations

from jiedui.snapshot.schema.definition import Column, Table
from jiedui.terms import codelists

TABLES: tuple[Table, ...] = (
    Table(
        name="organisation",
        area="society",
        title="组织",
        doc="Firm, social organisation, school, hospital.",
        region="region_code",
        duties=(
            "society.1",
            "society.2",
        ),
        columns=(
            Column("organisation_id", "id", "编号"),
            Column("kind", "choice", "类型", choices=codelists.ORGANISATION_KIND),
            Column("name", "text", "名称"),
            Column("region_code", "code", "注册地"),
            Column("credit_code", "text", "统一社会信用代码", required=False),
        ),
    ),
    Table(
        name="donation",
        area="society",
        title="捐赠",
        doc="Donation in money or in kind, with its receipt.",
        region="region_code",
        date="given_on",
        duties=("society.1",),
        columns=(
            Column("donation_id", "id", "编号"),
            Column("organisation_id", "ref", "捐赠方", references="organisation"),
            Column("pairing_id", "ref", "结对关系", references="pairing"),
            Column("region_code", "code", "受赠地"),
            Column("given_on", "date", "日期"),
            Column("money_fen", "fen", "资金", unit="fen"),
            Column("goods_fen", "fen", "物资折价", unit="fen"),
            Column("purpose", "choice", "用途", choices=codelists.DONATION_PURPOSE),
            Column("receipt", "text", "票据号", required=False),
        ),
    ),
    Table(
        name="village_pair",
        area="society",
        title="万企帮万村",
        doc="Firm and village, with what was promised and done.",
        region="region_code",
        date="since",
        duties=("society.2",),
        columns=(
            Column("village_pair_id", "id", "编号"),
            Column("organisation_id", "ref", "企业", references="organisation"),
            Column("region_code", "code", "村"),
            Column("since", "date", "结对日期"),
            Column("promised_fen", "fen", "承诺投入", unit="fen", required=False),
            Column("done_fen", "fen", "实际投入", unit="fen", required=False),
        ),
    ),
)
