"""社会参与: donations with their receipts, and what firms promised and did for villages (十一).

Rows are of the tables `donation` and `village_pair`. Amounts are fen.
"""

from __future__ import annotations

from collections.abc import Iterable

from jiedui.policy.findings import Finding, Row, refs
from jiedui.policy.registry import interprets
from jiedui.terms.money import wan_yuan


@interprets("society.1", because="A donation that counts can be shown: money and goods have a receipt.")
def missing_receipts(donations: Iterable[Row]) -> tuple[Finding, ...]:
    """缺少票据: a note for each donation without a receipt."""
    return tuple(
        Finding(
            duty="society.1",
            severity="note",
            subject=f"donation:{row['donation_id']}",
            message="捐赠没有票据号。",
            message_en="The donation has no receipt.",
            rows=refs("donation", [row]),
            rule="missing_receipts",
        )
        for row in donations
        if not row["receipt"]
    )


@interprets(
    "society.2", because="A promise is shown beside what was done; where either is not recorded nothing is said."
)
def promises_not_kept(village_pairs: Iterable[Row]) -> tuple[Finding, ...]:
    """承诺未兑现: a note for each firm–village pair that has done less than it promised."""
    return tuple(
        Finding(
            duty="society.2",
            severity="note",
            subject=f"village_pair:{row['village_pair_id']}",
            message=f"承诺{wan_yuan(row['promised_fen'])}万元，实际{wan_yuan(row['done_fen'])}万元。",
            message_en=f"Promised {wan_yuan(row['promised_fen'])}, done {wan_yuan(row['done_fen'])} ten thousand yuan.",
            rows=refs("village_pair", [row]),
            rule="promises_not_kept",
        )
        for row in village_pairs
        if row["promised_fen"] is not None and row["done_fen"] is not None and row["done_fen"] < row["promised_fen"]
    )
