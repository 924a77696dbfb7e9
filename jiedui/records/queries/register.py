"""花名册: people of the register, found by what an officer has at hand, page by page and without an offset.

What a reader may not see is not searched or filtered by either: an identity number, a phone and more of a name than its
first character find people only where the reader sees them by name; a filter finds those of whom the reader may read
what it asks for. Under row-level security an index serves comparisons
that leak nothing: equality and ranges of text in byte order, so that is all that is asked.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from itertools import islice, product
from typing import Any, Final, Literal

import psycopg
import pyarrow as pa
from django.core.exceptions import EmptyResultSet
from django.db import OperationalError, connection, transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from jiedui.errors import JieduiError, NotVerified
from jiedui.records import linked
from jiedui.records.access import Sight, readable_columns, within
from jiedui.records.models import Household, HouseholdYear, Person, PersonYear, Village, Worker
from jiedui.records.privacy import cipher
from jiedui.terms import codelists
from jiedui.terms.divisions import Gazetteer, prefix
from jiedui.terms.identity import mask_id, mask_name, mask_phone
from jiedui.terms.names import Resolver
from jiedui.terms.scope import Scope

PAGE: Final = 50
COUNTED_TO: Final = 1_000
"""Above this a filtered list says "more than"."""
_FINDING, _COUNTING = 3_000, 150
"""Milliseconds that a statement may take: the pages answer many readers with few processes."""
_LAST: Final = "\U0010ffff"
_FEW: Final = 3_000
"""Up to so many households or workers that fit are named one by one; of more, every place has some."""
_COUNTIES_APART: Final = 40
"""Up to so many counties are searched one by one for a name; above, all names in order."""

Kind = Literal["", "identity", "phone", "household", "person", "number", "place", "name"]

AGE_BANDS: Final[Mapping[str, tuple[int, int]]] = {
    "0-15": (0, 15), "16-29": (16, 29), "30-44": (30, 44), "45-59": (45, 59), "60-": (60, 200),
}  # fmt: skip
"""From and to, both included, in whole years by year of birth."""
CHOICES: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "status": codelists.POVERTY_STATUS,
    "sex": codelists.SEX,
    "age": {band: (f"{low}岁以上" if band.endswith("-") else f"{band}岁", band.replace("60-", "60+"))
            for band, (low, _high) in AGE_BANDS.items()},
    "education": codelists.EDUCATION,
    "health": codelists.HEALTH,
    "labour": codelists.LABOUR_ABILITY,
    "work": codelists.WORK_STATUS,
    "watched": {"now": ("监测中", "watched now")},
    "there": {"present": ("在册", "in the register"), "left": ("已减少", "left")},
}  # fmt: skip
"""The filters, in the order in which they stand on the page, with their choices."""


@dataclass(frozen=True, slots=True)
class Sought:
    """所查: what a text in the search box was understood as."""

    kind: Kind = ""
    text: str = ""
    places: tuple[tuple[str, str], ...] = ()
    """(code, name) of the places that are called so, or the one whose code it is."""


@dataclass(frozen=True, slots=True)
class Filters:
    """筛选: chosen values by the filter's name (see `CHOICES`), and a place's code; "" = all."""

    place: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.place or self.chosen)


def filters_of(values: Mapping[str, str]) -> Filters:
    """读取筛选: from an address's values; what no filter knows is an error, an empty value is none.

    Raises:
        JieduiError: a value that the filter does not have, or a place that is no code.
    """
    chosen = {name: values[name] for name in CHOICES if values.get(name)}
    for name, value in chosen.items():
        if value not in CHOICES[name]:
            raise JieduiError(
                f"The filter {name} has no value {value[:40]!r}.", remedy=f"Values: {', '.join(CHOICES[name])}."
            )
    place = values.get("place", "").strip()
    if place and not re.fullmatch("[0-9]{6}([0-9]{3}([0-9]{3})?)?", place, re.ASCII):
        raise JieduiError(f"{place[:40]!r} is no code of a place.", remedy="Give 6, 9 or 12 digits.")
    return Filters(place, chosen)


def understand(text: str) -> Sought:
    """识别所查: full-width characters, spaces, hyphens and a small x make no difference.

    18 digits are an identity number (15 and 20 too, which registers hold), 11 that begin with 1 or a 0 in front a
    phone, 6, 9 or 12 the code of a place where there is one; other digits the number of a household or a person.
    Everything else is the beginning of a name, and perhaps a place.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    digits = re.sub(r"[\s\-–—]", "", plain).upper()
    if not plain:
        return Sought()
    if re.fullmatch("[0-9]{17}[0-9X]|[0-9]{15}|[0-9]{17}[0-9X][0-9]{2}", digits, re.ASCII):
        return Sought("identity", digits)
    if numbered := re.fullmatch(r"(户|人|HOUSEHOLD|PERSON)(?:编?号)?[:#]?([0-9]{1,18})", digits, re.ASCII):
        return Sought("household" if numbered[1] in ("户", "HOUSEHOLD") else "person", numbered[2])
    if not re.fullmatch("[0-9]+", digits, re.ASCII):
        return Sought("name", re.sub(r"\s", "", plain), _places_called(plain))
    if len(digits) in (6, 9, 12) and (county := Gazetteer.load().get(digits[:6])):
        return Sought("place", digits, ((digits, county.full_name + digits[6:]),))
    if re.fullmatch("1[0-9]{10}|0[0-9]{9,11}", digits, re.ASCII):
        return Sought("phone", digits)
    return Sought("number", digits) if len(digits) < 19 else Sought("name", digits)


def _places_called(text: str) -> tuple[tuple[str, str], ...]:
    """Divisions by their name or short name, and villages by theirs."""
    resolution = Resolver(Gazetteer.load(), date.today()).resolve(text)
    divisions = [resolution.found] if resolution.found else list(islice(resolution.candidates, 8))
    called = [text, *([] if text.endswith("村") else [f"{text}村"])]
    villages = Village.objects.filter(name__in=called).order_by("region_code")[:8]
    return (
        *((division.code, division.full_name) for division in divisions),
        *((one.region_code, f"{one.county_name}{one.township_name}{one.name}") for one in villages),
    )


@dataclass(frozen=True, slots=True)
class Line:
    """一人: a person in a list, as the reader may see it."""

    person_id: int
    household_id: int
    region_code: str
    village: str
    name: str
    named: bool
    id_masked: str
    sex: str | None
    birth_year: int | None
    relation: str | None
    education: str | None
    health: str | None
    labour_ability: str | None
    left_on: date | None
    status: str | None
    monitored_as: str | None
    work_status: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """一页: lines with the keys of the pages before and after ("" = there is none)."""

    lines: tuple[Line, ...]
    before: str = ""
    after: str = ""


def search(user: Any, sought: Sought, filters: Filters, *, after: str = "", before: str = "") -> Page:
    """查找: one page of the people who fit, by place, household and person, or by name where a name is looked for.

    Raises:
        JieduiError: a key of a page that no page gave.
        TooFewError: so few fit that finding a page of them takes too long.
    """
    try:
        with _within(_FINDING):
            return _search(user, sought, filters, after=after, before=before)
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            raise TooFewError("So few fit that finding them takes too long.", remedy="Choose a place.") from None
        raise


class TooFewError(JieduiError):
    """过于稀少: so few fit that finding a page of them would hold up everybody else."""


def _search(user: Any, sought: Sought, filters: Filters, *, after: str, before: str) -> Page:
    order = ("name", "person_id") if sought.kind == "name" else ("region_code", "household_id", "person_id")
    backwards = bool(before) and not after
    key = _key(before if backwards else after, len(order))
    if sought.kind == "name":
        found = _by_name(user, sought, filters, key, backwards=backwards)
    else:
        rows = matching(user, sought, filters).filter(_beyond(order, key, backwards=backwards))
        rows = rows.order_by(*(f"-{one}" if backwards else one for one in order))
        codes = facets(filters.chosen) if not sought.kind or sought.kind == "place" else []
        found = _by_facet(rows, codes, backwards=backwards) if codes else list(rows[: PAGE + 1])
    more = len(found) > PAGE
    shown = found[:PAGE][::-1] if backwards else found[:PAGE]
    if not shown:
        return Page(())
    return Page(
        tuple(lines(user, shown)),
        before=_token(shown[0], order) if (more if backwards else bool(key)) else "",
        after=_token(shown[-1], order) if (more or backwards) else "",
    )


def matching(user: Any, sought: Sought, filters: Filters) -> QuerySet:
    """符合条件的人: everybody whom the user may see, may search by this, and who passes the filters."""
    rows, sight = Person.objects.visible_to(user), user.sight()
    if sought.kind:
        rows = rows.filter(_is(sought, sight))
    for code in (filters.place, *(code for code, _name in sought.places if sought.kind == "place")):
        if code:
            rows = rows.filter(within(Scope.of([prefix(code)]), "region_code"))
    for name in filters.chosen:
        rows = rows.filter(_readable(sight, *_ASKS[name]))
    return _filtered(user, rows, filters.chosen)


_ASKS: Final[Mapping[str, tuple[str, str]]] = {
    "status": ("household_year", "status"), "watched": ("household_year", "monitored_as"), "sex": ("person", "sex"),
    "age": ("person", "birth_year"), "education": ("person", "education"), "health": ("person", "health"),
    "labour": ("person", "labour_ability"), "there": ("person", "left_on"), "work": ("worker", "work_status"),
}  # fmt: skip
"""Filter → table and column that it asks for."""


def _readable(sight: Sight, table: str, column: str) -> Q:
    """Whoever sees a person by a link only is not told by a filter what the link does not show."""
    if column in linked.COLUMNS.get(table, ()) or not by_link(sight):
        return Q()
    return within(sight.people, "region_code")


def by_link(sight: Sight) -> bool:
    """有无关联: whether the reader may see people by a proposal or a placement, apart from a place."""
    return bool(sight.linked or sight.organisations)


def _is(sought: Sought, sight: Sight) -> Q:
    named = within(sight.named, "region_code")
    number = int(sought.text) if sought.text.isascii() and sought.text.isdigit() and len(sought.text) < 19 else -1
    match sought.kind:
        case "identity":
            return Q(id_number_index__in=cipher().blind_indexes(sought.text)) & named
        case "phone":
            return Q(phone_index__in=cipher().blind_indexes(sought.text, "phone")) & named
        case "household":
            return Q(household_id=number)
        case "person":
            return Q(person_id=number)
        case "number":
            return Q(household_id=number) | Q(person_id=number)
        case "name":
            begins = Q(name__gte=sought.text, name__lt=sought.text + _LAST)
            return begins & (within(sight.people, "region_code") if len(sought.text) == 1 else named)
        case _:
            return Q()


def _filtered(user: Any, rows: QuerySet, chosen: Mapping[str, str]) -> QuerySet:
    if "age" in chosen:
        low, high = AGE_BANDS[chosen["age"]]
        rows = rows.filter(birth_year__range=(date.today().year - high, date.today().year - low))
    if set(chosen) & set(_FACETS):
        rows = rows.extra(where=['"records_person"."facet" = ANY (%s::smallint[])'], params=[_codes(chosen)])
    if "work" in chosen:
        working = Worker.objects.visible_to(user).filter(work_status=chosen["work"])
        own = Worker.objects.filter(person=OuterRef("pk")).values("work_status")[:1]
        rows = _among(rows, working, "person_id", "pk", own, chosen["work"])
    for name in ("status", "watched"):
        if name in chosen:
            rows = _in_last_year(user, rows, name, chosen[name])
    return rows


def _in_last_year(user: Any, rows: QuerySet, name: str, value: str) -> QuerySet:
    """The households that have the status, or are watched, in the last year of which the reader sees any."""
    year = last_year(user)
    years = HouseholdYear.objects.visible_to(user).filter(year=year)
    own = HouseholdYear.objects.filter(household=OuterRef("household_id"), year=year)
    if name == "status":
        return _among(rows, years.filter(status=value), "household_id", "household_id", own.values("status")[:1], value)
    watched = Q(monitored_as__isnull=False) & (Q(risk_removed=False) | Q(risk_removed=None))
    own = own.filter(watched).values("year")[:1]
    return _among(rows, years.filter(watched), "household_id", "household_id", own, year)


def _among(rows: QuerySet, fitting: QuerySet, column: str, here: str, own: QuerySet, value: Any) -> QuerySet:
    """Few that fit are named, so that they are found at once; of many the next are soon met on the way.

    The look on the way is a sub-select with a limit, which the planner leaves where it is.
    """
    keys = fitting.order_by().values_list(column, flat=True)
    if not keys[_FEW : _FEW + 1]:
        return rows.filter(**{f"{here}__in": list(keys)})
    return rows.alias(**{f"own_{column}": Subquery(own)}).filter(**{f"own_{column}": value})


def last_year(user: Any) -> int:
    """最近年度: the last year of which the reader sees a household; this year where it sees none."""
    this = date.today().year
    rows = HouseholdYear.objects.visible_to(user).filter(status__in=tuple(codelists.POVERTY_STATUS))
    for tried in (range(this - 1, this + 1), range(this - _BACK, this - 1)):  # nearly always the first
        each = [rows.filter(year=year).values_list("year", flat=True)[:1] for year in tried]
        if found := list(each[0].union(*each[1:], all=True)):
            return int(max(found))
    return this


_MANY_CODES: Final = 24
_BACK: Final = 15
"""Years that are looked back for the last one."""
_FACETS: Final[Mapping[str, tuple[str, ...]]] = {
    "sex": ("female", "male"),
    "education": tuple(codelists.EDUCATION),
    "health": tuple(codelists.HEALTH),
    "labour": tuple(codelists.LABOUR_ABILITY),
    "there": ("present", "left"),
}
"""The filters that the database keeps in one number for each person (migration 0006), the first counts most."""


def _codes(chosen: Mapping[str, str]) -> list[int]:
    """The numbers of all combinations that fit."""
    found = []
    for values in product(*([chosen[name]] if name in chosen else every for name, every in _FACETS.items())):
        code = 0
        for (_name, every), value in zip(_FACETS.items(), values, strict=True):
            code = code * len(every) + every.index(value)
        found.append(code)
    return found


def facets(chosen: Mapping[str, str]) -> list[int]:
    """组合码: the numbers to be looked up one by one; none where many fit and walking the list is quicker.

    With a filter that is looked up person by person beside it, each of many numbers would have to find its own page.
    """
    telling = {name for name in _FACETS if name in chosen and (name, chosen[name]) != ("there", "present")}
    codes = _codes(chosen) if telling - {"sex"} else []
    return [] if len(codes) > _MANY_CODES and set(chosen) & {"work", "status", "watched"} else codes


def _by_facet(rows: QuerySet, codes: list[int], *, backwards: bool) -> list[Person]:
    """The first of each combination in the order of places, merged; then the persons themselves."""
    order, turn = ("region_code", "household_id", "person_id"), " DESC" if backwards else ""
    one = rows.extra(where=['"records_person"."facet" = wanted.facet']).values_list(*order)[: PAGE + 1]
    try:
        sql, values = one.query.sql_with_params()
    except EmptyResultSet:  # Django knows without asking: an empty scope
        return []
    by = ", ".join(f"first.{column}{turn}" for column in order)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT first.person_id FROM unnest(%s::smallint[]) AS wanted (facet) CROSS JOIN LATERAL ({sql}) AS first "
            f"ORDER BY {by} LIMIT {PAGE + 1}",
            [codes, *values],
        )
        keys = [row[0] for row in cursor.fetchall()]
    held = rows.model.objects.in_bulk(keys)
    return [held[key] for key in keys]


def _by_name(user: Any, sought: Sought, filters: Filters, key: tuple[Any, ...], *, backwards: bool) -> list[Person]:
    """Inside few counties each county's names in order, merged; else all names in order, which an index serves too."""
    order = ("name", "person_id")
    rows = matching(user, sought, filters).filter(_beyond(order, key, backwards=backwards))
    directed = [f"-{one}" if backwards else one for one in order]
    counties = _counties(user, filters)  # of those who are seen by place: nobody is sought by name otherwise
    if len(counties) > _COUNTIES_APART or not counties:
        return list(rows.order_by(*directed)[: PAGE + 1])
    parts = [rows.filter(county_code=code).order_by(*directed)[: PAGE + 1] for code in counties]
    if len(parts) == 1:
        return list(parts[0])
    return list(parts[0].union(*parts[1:], all=True).order_by(*directed)[: PAGE + 1])


def _counties(user: Any, filters: Filters) -> list[str]:
    """Counties of whoever the user may see, from the counts; none where there are too many to go through."""
    scope = user.sight().people
    if filters.place:
        scope = scope & Scope.of([prefix(filters.place)])
    if _counties_of_today(scope) > _COUNTIES_APART:
        return []
    condition, values = _counted_here(user, filters.place)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT left(region_code, 6) AS c FROM records_register_count WHERE {condition} ORDER BY c",
            values,
        )
        return [row[0] for row in cursor.fetchall()]


@lru_cache(maxsize=512)
def _counties_of_today(scope: Scope) -> int:
    return sum(one.level == "county" and one.code in scope for one in Gazetteer.load().at(date.today()))


def _beyond(order: tuple[str, ...], key: tuple[Any, ...], *, backwards: bool) -> Q:
    """The rows behind (or before) a key in the order of columns; the first comparison is the index's."""
    if not key:
        return Q()
    step = "lt" if backwards else "gt"
    beyond = Q()
    for place, column in enumerate(order):
        equal = {order[i]: key[i] for i in range(place)}
        beyond |= Q(**equal, **{f"{column}__{step}": key[place]})
    return Q(**{f"{order[0]}__{step}e": key[0]}) & beyond


def _token(person: Person, order: tuple[str, ...]) -> str:
    return "~".join(str(getattr(person, column)) for column in order)


def _key(token: str, parts: int) -> tuple[Any, ...]:
    if not token:
        return ()
    found = token.split("~")
    if len(found) != parts or not all(re.fullmatch("[0-9]{1,18}", one, re.ASCII) for one in found[1:]):
        raise JieduiError("This address names no page of the list.", remedy="Begin at its first page.")
    return (found[0], *(int(one) for one in found[1:]))


@contextmanager
def _within(milliseconds: int) -> Iterator[None]:
    """Statements may take so long each; longer ones end as `QueryCanceled`, and the transaction lives on."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT before, set_config('statement_timeout', %s, true) "
            "FROM (SELECT current_setting('statement_timeout') AS before OFFSET 0) AS held",
            [f"{milliseconds}ms"],
        )
        before = cursor.fetchone()[0]
        yield
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])


def count(user: Any, sought: Sought, filters: Filters) -> int | None:
    """人数: exact up to `COUNTED_TO`, one more where there are more; without filters but the place always exact.

    None where counting would take longer than it is worth.

    The counts know places only, so whoever sees people by a link has them counted one by one.
    """
    if sought.kind in ("", "place") and not filters.chosen and not by_link(user.sight()):
        places = [code for code, _name in sought.places if sought.kind == "place"] or [filters.place]
        return totals(user, places[0]).persons
    try:
        with _within(_COUNTING):
            return matching(user, sought, filters).order_by()[: COUNTED_TO + 1].count()
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            return None
        raise


@dataclass(frozen=True, slots=True)
class Total:
    """合计: persons ever registered, those still in the register, and households with a head in it."""

    code: str
    persons: int
    present: int
    households: int


def totals(user: Any, place: str = "") -> Total:
    """总数: of everybody whom the user may see in a place ("" = everywhere), exact."""
    rows = _summed(user, place, 0)
    return rows[0] if rows else Total(place, 0, 0, 0)


def added_up(place: str, parts: Sequence[Total]) -> Total:
    """合计各地: of the parts of a place."""
    return Total(
        place,
        sum(one.persons for one in parts),
        sum(one.present for one in parts),
        sum(one.households for one in parts),
    )


def by_place(user: Any, place: str = "") -> list[Total]:
    """分地区人数: one level below a place: provinces, prefectures, counties, townships, villages; exact."""
    place = place or _around(user.sight().people)
    digits = len(prefix(place)) if place else 0
    return _summed(user, place, {0: 2, 2: 4, 4: 6, 6: 9, 9: 12}.get(digits, 12))


def _around(scope: Scope) -> str:
    """The place that is the whole of a scope, "" where it is not one place."""
    low = scope.ranges[0][0] if len(scope.ranges) == 1 else ""
    code = low.ljust(6, "0")
    return code if low and Scope.of([prefix(code)]) == scope else ""


def _summed(user: Any, place: str, digits: int) -> list[Total]:
    condition, values = _counted_here(user, place)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT left(region_code, %s) AS code, sum(persons::int), sum(present::int), sum(heads::int) "
            f"FROM records_register_count WHERE {condition} GROUP BY code HAVING sum(persons::int) > 0 ORDER BY code",
            [digits, *values],
        )
        return [Total(code.ljust(6, "0"), *numbers) for code, *numbers in cursor.fetchall()]


def _counted_here(user: Any, place: str) -> tuple[str, list[str]]:
    """The counts have no model, so the gate is written here: the reader's ranges, inside the place."""
    scope = user.sight().people
    if place:
        scope = scope & Scope.of([prefix(place)])
    if not scope:
        return "false", []
    condition = " OR ".join(["(region_code >= %s AND region_code < %s)"] * len(scope.ranges))
    return condition, [end for pair in scope.ranges for end in pair]


def lines(user: Any, persons: Iterable[Person]) -> list[Line]:
    """列表行: persons with the latest year of their household, their work and their village, in few queries."""
    persons = list(persons)
    years = latest_years(user, {person.household_id for person in persons})
    keys = [person.pk for person in persons]
    workers = {row.person_id: row for row in Worker.objects.visible_to(user).filter(person__in=keys)}
    villages = village_names(person.region_code for person in persons)
    scope = user.sight().named
    named = {person.pk for person in persons if person.region_code in scope}
    numbers = masked_numbers([person for person in persons if person.pk in named])
    return [
        _line(
            readable(user, person),
            years.get(person.household_id, {}),
            readable(user, workers[person.pk]) if person.pk in workers else {},
            name=person.name if person.pk in named else mask_name(person.name),
            id_masked=numbers.get(person.pk, ""),
            village=villages.get(person.region_code, ""),
        )
        for person in persons
    ]


def readable(user: Any, row: Any) -> dict[str, Any]:
    """可读字段值: of a visible row by column, None where the reader may not read it or it is not known."""
    allowed = readable_columns(user, type(row), row)
    return {
        one.attname: getattr(row, one.attname) if one.attname in allowed else None for one in row._meta.concrete_fields
    }


def _line(
    person: Mapping[str, Any],
    year: Mapping[str, Any],
    worker: Mapping[str, Any],
    *,
    name: str,
    id_masked: str,
    village: str,
) -> Line:
    same = ("person_id", "household_id", "region_code", "sex", "birth_year", "relation", "education", "health",
            "labour_ability", "left_on")  # fmt: skip
    return Line(
        **{column: person[column] for column in same},
        village=village,
        name=name,
        named=person["name"] is not None,
        id_masked=id_masked,
        status=year.get("status"),
        monitored_as=_watched_as(year),
        work_status=worker.get("work_status"),
    )


def _watched_as(year: Mapping[str, Any]) -> str | None:
    return year.get("monitored_as") if not year.get("risk_removed") else None


def latest_years(user: Any, households: Iterable[int]) -> dict[int, dict[str, Any]]:
    """最近年度: of each household its last year, as far as the reader may read it."""
    rows = HouseholdYear.objects.visible_to(user).filter(household__in=list(households))
    return {
        row.household_id: readable(user, row) for row in rows.order_by("household_id", "-year").distinct("household_id")
    }


def village_names(codes: Iterable[str]) -> dict[str, str]:
    """村名: township and village of village codes; a village that no list names has none."""
    rows = Village.objects.filter(region_code__in=set(codes))
    return {row.region_code: f"{row.township_name} {row.name}" for row in rows}


def masked(person: Person, column: Literal["id_number", "phone"]) -> str:
    """遮盖: an identity number or phone under its mask; "" where there is none; only for whom the reader sees by name.

    Where this process has no key to read it with, all of it is hidden.
    """
    stored = getattr(person, column)
    if stored is None:
        return ""
    try:
        plain = cipher().decrypt(stored, column, person.pk)
    except NotVerified:
        return "******"
    return mask_id(plain) if column == "id_number" else mask_phone(plain)


def masked_numbers(persons: Sequence[Person]) -> dict[int, str]:
    """遮盖证件号: of many persons at once, as `masked`."""
    if not persons:
        return {}
    keys = [person.pk for person in persons]
    stored = pa.array([bytes(person.id_number) for person in persons], pa.binary())
    try:
        plain = cipher().decrypt_many(stored, "id_number", pa.array(keys, pa.int64())).to_pylist()
    except NotVerified:
        return {person.pk: masked(person, "id_number") for person in persons}
    return {key: mask_id(number) for key, number in zip(keys, plain, strict=True)}


def person(user: Any, person_id: int) -> Person | None:
    """一人: if the user may see it."""
    return Person.objects.visible_to(user).select_related("entered_by").filter(pk=person_id).first()


def household(user: Any, household_id: int) -> Household | None:
    """一户: if the user may see it."""
    return Household.objects.visible_to(user).select_related("entered_by").filter(pk=household_id).first()


def members(user: Any, household_id: int, year: int | None = None) -> list[Line]:
    """家庭成员: the head first, those who left last.

    Of a year: those who were in the register at its end, and what is kept by year as it was; the rest of these is not
    known (None) where the year has no row of the person.
    """
    rows = Person.objects.visible_to(user).filter(household_id=household_id)
    if year is not None:
        end = date(year, 12, 31)
        rows = rows.filter(Q(joined_on__lte=end) & (Q(left_on__isnull=True) | Q(left_on__gt=end)))
    found = lines(user, rows.order_by(F("left_on").asc(nulls_first=True), "person_id"))
    if year is not None:
        found = _as_they_were(user, found, year)
    return sorted(found, key=lambda line: (line.left_on is not None, line.relation != "head"))


def _as_they_were(user: Any, found: list[Line], year: int) -> list[Line]:
    rows = PersonYear.objects.visible_to(user).filter(person__in=[line.person_id for line in found], year=year)
    then = {row.person_id: readable(user, row) for row in rows}
    kept = ("education", "health", "labour_ability")
    return [
        replace(
            line,
            left_on=None,
            work_status=None,
            **{column: then.get(line.person_id, {}).get(column) for column in kept},
        )
        for line in found
    ]


@dataclass(frozen=True, slots=True)
class Home:
    """一户: a household with its latest year and its members, as the reader may see them."""

    household: Mapping[str, Any]
    year: Mapping[str, Any]
    members: tuple[Line, ...]

    @property
    def head(self) -> Line | None:
        """户主: who is one and has not left, else None."""
        return next((one for one in self.members if one.relation == "head" and one.left_on is None), None)

    @property
    def watched_as(self) -> str | None:
        """监测类型: as what the household is watched now."""
        return _watched_as(self.year)


def homes(user: Any, village: str) -> list[Home]:
    """一村各户: every household of a village with those of its members who have not left, by number."""
    households = list(Household.objects.visible_to(user).filter(region_code=village).order_by("pk"))
    keys = [one.pk for one in households]
    people = Person.objects.visible_to(user).filter(household__in=keys, left_on=None)
    years = latest_years(user, keys)
    by_home: dict[int, list[Line]] = {key: [] for key in keys}
    for line in lines(user, people.order_by("household_id", "person_id")):
        by_home[line.household_id].append(line)
    return [
        Home(
            readable(user, one),
            years.get(one.pk, {}),
            tuple(sorted(by_home[one.pk], key=lambda line: line.relation != "head")),
        )
        for one in households
    ]


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """乡村名: of townships (9 digits) and villages (12 digits), as the list of villages calls them."""
    wanted = set(codes)
    townships = [code for code in wanted if len(code) == 9]
    found = dict(Village.objects.filter(region_code__in=wanted).values_list("region_code", "name"))
    for low, high in Scope.of(townships).ranges:
        rows = Village.objects.filter(region_code__gte=low, region_code__lt=high)
        found.update((code[:9], name) for code, name in rows.values_list("region_code", "township_name"))
    return found
