from datetime import date
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jiedui.errors import JieduiError
from jiedui.simulate.tables import country, pseudonym_key
from jiedui.snapshot.schema import TABLES
from jiedui.snapshot.schema.arrow import arrow_schema

AHEAD = {
    "task.due_on", "secondment.planned_end_on", "vacancy.open_to", "vacancy.starts_on", "pairing.valid_to",
    "job_offer.answer_by", "dispatch_trip.departed_on", "post.needed_from", "candidate.free_from", "need.until",
}  # fmt: skip
"""Dates that may lie after the country's day."""


def check(tables: dict[str, pa.Table], as_of: date) -> None:
    """Declared columns and types, keys once, required values, code lists, references, dates up to the day."""
    assert list(tables) == list(TABLES)
    keys = {name: set(tables[name][table.key].to_pylist()) for name, table in TABLES.items()}
    for name, table in TABLES.items():
        rows = tables[name]
        assert rows.schema == arrow_schema(table, frozen=False)
        assert len(keys[name]) == rows.num_rows
        for column in table.columns:
            values = rows[column.name]
            known: set[Any] = set(values.drop_null().to_pylist())
            assert not (column.required and values.null_count), f"{name}.{column.name}"
            assert column.choices is None or known <= set(column.choices)
            assert not column.references or known <= keys[column.references], f"{name}.{column.name}"
            if column.kind == "date" and f"{name}.{column.name}" not in AHEAD:
                assert all(day <= as_of for day in known), f"{name}.{column.name}"
            if column.kind == "fen" and name != "ledger_leg":
                assert all(amount >= 0 for amount in known)


@settings(max_examples=12, deadline=None)
@given(
    persons=st.integers(1, 40) | st.integers(41, 1500),
    seed=st.integers(0, 2**40),
    as_of=st.dates(date(2016, 12, 31), date(2020, 12, 31)),
)
def test_every_country_is_consistent(persons: int, seed: int, as_of: date) -> None:
    """Whatever the size, the seed and the day, all tables are there and fit together."""
    tables = country(persons=persons, seed=seed, as_of=as_of)
    assert tables["person"].num_rows == persons
    check(tables, as_of)


def test_a_larger_country_is_consistent(tables: dict[str, pa.Table]) -> None:
    """All tables have rows and fit together."""
    assert not [name for name, table in tables.items() if not table.num_rows]
    check(tables, date(2019, 12, 31))


def test_the_same_seed_gives_the_same_country_bit_for_bit() -> None:
    """Every table is equal for equal arguments, and the people differ for another seed."""
    one, same, other = (country(persons=700, seed=seed) for seed in (3, 3, 4))
    assert all(one[name].equals(same[name]) for name in TABLES)
    assert not one["person"].equals(other["person"])
    assert one["pairing"].equals(other["pairing"])


def test_nothing_happens_before_the_pairs_begin() -> None:
    """At the end of 2016 the people and the pairs are there, and no pair has done anything."""
    tables = country(persons=300, seed=1, as_of=date(2016, 12, 31))
    assert tables["household_year"].num_rows > 0
    done = ("project", "placement", "secondment", "ledger_entry", "meeting", "visit", "donation", "budget_line")
    assert [tables[name].num_rows for name in done] == [0] * len(done)


@pytest.mark.parametrize("persons", [0, -5])
def test_a_country_without_people_is_refused(persons: int) -> None:
    """Fewer than one person cannot be made, and the error says what to ask for."""
    with pytest.raises(JieduiError, match="at least 1"):
        country(persons=persons)


@pytest.mark.parametrize("as_of", [date(2016, 12, 30), date(2021, 1, 1)])
def test_a_day_outside_the_known_years_is_refused(as_of: date) -> None:
    """The country is known from the end of 2016 to the end of 2020."""
    with pytest.raises(JieduiError, match="2016-12-31 to 2020-12-31"):
        country(persons=10, as_of=as_of)


def test_progress_ends_with_all_parts_made() -> None:
    """Progress counts up to the number of parts that it names from the beginning."""
    told: list[tuple[float, float]] = []
    country(persons=5, seed=1, progress=lambda done, of: told.append((done, of)))
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert {of for _, of in told} == {len(told)}


def test_the_key_of_a_synthetic_country_follows_its_seed() -> None:
    """Two seeds have two keys, so that their pseudonyms have nothing in common."""
    assert pseudonym_key(1) != pseudonym_key(2)


def test_budgets_are_round_sums(tables: dict[str, pa.Table]) -> None:
    """Budgets are whole thousands of yuan."""
    assert all(amount % 100_000 == 0 for amount in tables["budget_line"]["amount_fen"].to_pylist())


def test_the_doors_are_functions_in_whatever_order_they_are_imported() -> None:
    """`simulate.country` is the function, also after the modules behind it were imported."""
    from jiedui import simulate

    assert simulate.country is country
    assert simulate.pseudonym_key is pseudonym_key
    with pytest.raises(AttributeError, match="has no attribute cuontry"):
        simulate.cuontry  # noqa: B018
