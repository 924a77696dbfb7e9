"""From a printed number to its rows, its people and its SQL, also where there is no number."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from jiedui import snapshot
from jiedui.assessment import attribution, load_scheme
from tests.web.site import REPORTED_PAIR, Site, Visitor, number_in

Reader = Callable[[str], Visitor]
LATEST = (
    "(SELECT run_id FROM results_run WHERE kind = 'assess' AND status = 'finished' ORDER BY finished_at DESC LIMIT 1)"
)


def page_of(indicator: str, pairing_id: object, side: object) -> str:
    """The address of the rows behind a number."""
    return f"/assessment/evidence/{indicator}/{pairing_id}/{side}/"


def test_a_missing_value_says_why(site: Site, as_user: Reader) -> None:
    """Its page prints the stored reasons; pair and indicator pages lead there from the dash."""
    indicator, pairing_id, side, why = site.rows(
        "SELECT indicator, pairing_id, side, missing_reason FROM results_indicator_value"
        f" WHERE run_id = {LATEST} AND value IS NULL ORDER BY id LIMIT 1"
    )[0]
    address, visitor = page_of(str(indicator), pairing_id, side), as_user("assessor")
    text = visitor.get(address).text
    assert f"此值缺失（缺失不等于零）：{why}。" in text
    assert "真正的零" not in text
    for page in (
        f"/pairs/{pairing_id}/",
        f"/assessment/pairs/{pairing_id}/",
        f"/assessment/indicators/{indicator}/",
    ):
        assert re.search(rf'<a class="none" href="{re.escape(address)}" title="[^"]+">—</a>', visitor.get(page).text)


def test_a_zero_is_no_missing_value(site: Site, as_user: Reader) -> None:
    """A zero without rows is said to be one, and nothing is said to be missing."""
    indicator, pairing_id, side = site.rows(
        "SELECT indicator, pairing_id, side FROM results_indicator_value"
        f" WHERE run_id = {LATEST} AND value = 0 AND evidence_rows = 0 ORDER BY id LIMIT 1"
    )[0]
    text = as_user("assessor").get(page_of(str(indicator), pairing_id, side)).text
    assert "真正的零" in text
    assert "缺失" not in text


def test_an_unscored_value_says_why(site: Site, as_user: Reader) -> None:
    """A value that gets no points prints the stored reason."""
    indicator, pairing_id, side, why = site.rows(
        "SELECT indicator, pairing_id, side, score_missing_reason FROM results_indicator_value"
        f" WHERE run_id = {LATEST} AND value IS NOT NULL AND score_missing_reason <> '' ORDER BY id LIMIT 1"
    )[0]
    assert f"不计分：{why}。" in as_user("assessor").get(page_of(str(indicator), pairing_id, side)).text


@pytest.mark.parametrize(
    ("indicator", "words"),
    [("labour.stable_east", "去重计数"), ("industry.household_gain", "合计"), ("funding.paid_share", "比率")],
)
def test_the_printed_sql_runs_as_printed(site: Site, as_user: Reader, indicator: str, words: str) -> None:
    """With the printed values in place and pair and responsibility made by the rule, it returns the printed rows."""
    pairing_id, side = site.rows(
        "SELECT pairing_id, side FROM results_indicator_value"
        f" WHERE run_id = {LATEST} AND indicator = %s ORDER BY evidence_rows DESC LIMIT 1",
        indicator,
    )[0]
    path, digest = site.rows(f"SELECT snapshot_path, snapshot_digest FROM results_run WHERE run_id = {LATEST}")[0]
    text = as_user("assessor").get(page_of(indicator, pairing_id, side)).text
    for expected in (words, Path(str(path)).name, str(digest), "pairing.2", "docs/assessment.md"):
        assert expected in text
    query = re.search(r'<pre tabindex="0"><code>(.*?)</code></pre>', text, re.DOTALL)
    assert query
    filled = query[1]
    for name, literal in re.findall(r"<dt><code>\$([a-z_]+)</code></dt><dd><code>([^<]+)</code>", text):
        filled = re.sub(rf"\${name}\b", literal, filled)
    assert returned(Path(str(path)), filled).count(pairing_id) == number_in(text, "rows-all") > 0


def returned(folder: Path, query: str) -> list[object]:
    """The pair of each row that a query over a snapshot returns, with the two tables that the rule makes."""
    frozen = snapshot.open(folder)
    connection: duckdb.DuckDBPyConnection = frozen.duckdb()
    plan = load_scheme("opinion-2016")
    levels = {level for peer in plan.peer_classes for level in peer.levels}
    pairings = attribution.pairs_of(frozen.table("pairing"), schemes=plan.pairing_schemes, levels=levels)
    places = [place for (place,) in connection.sql(attribution.places_sql()).fetchall()]
    connection.register("pair", attribution.pair_table(pairings))
    connection.register("responsibility", attribution.responsibility(places, pairings, frozen.as_of))
    try:
        return [row[0] for row in connection.sql(query).fetchall()]
    finally:
        connection.close()


def test_a_counted_person_opens(site: Site, as_user: Reader) -> None:
    """The pseudonym that a row counts by stands in full and leads to the person, for whoever sees people."""
    address = page_of("poverty.exited_persons", REPORTED_PAIR, "recipient")
    visitor = as_user("assessor")
    links = re.findall(
        r'href="(/records/person/([0-9a-f]{32})/)"><code>([0-9a-f]{32})</code>', visitor.get(address).text
    )
    assert links
    link, asked, shown = links[0]
    assert asked == shown
    assert visitor.get(link).status == 200
    assert "/records/person/" not in as_user("finance").get(address).text


def test_a_household_lists_its_members(site: Site, as_user: Reader) -> None:
    """Each visible member with a link, as many as are recorded; whoever sees no household gets no list."""
    household, size = site.rows(
        "SELECT household_id, count(*) FROM records_person WHERE region_code ~ '^6206'"
        " GROUP BY household_id ORDER BY 2 DESC LIMIT 1"
    )[0]
    visitor = as_user("assessor")
    text = visitor.get(f"/records/household/{household}/").text
    links = re.findall(r'href="(/records/person/[0-9a-f]{32}/)"', text)
    assert len(links) == size
    for link in links:
        assert f"/records/household/{household}/" in visitor.get(link).text
