"""重复登记: a register with persons that stand in it twice, damaged as offices damage them, and who they are.

What is planted: whole households registered again where they moved to, women who married out and stayed in both books,
households that were split, persons entered twice at home. Their names, numbers and phones are copied with mistakes.
Beside them stand people who only look like duplicates: twins, namesakes of one village and year, fathers and sons with
one phone. Shares are ours; nothing is measured.

Two habits of the synthetic country would make people look alike as they do nowhere else, and are taken out first: its
identity numbers count up from 001 on every day (a real county's are spread over the 1,000 order numbers), and two
children of one household may be given one name.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import pyarrow as pa

from jiedui.policy.reading import script
from jiedui.simulate.numbers import rank_in_group
from jiedui.simulate.streams import Streams, pick
from jiedui.terms.identity import ID_CHECK, ID_WEIGHTS, birth_date, id_check_digit, is_valid_id

PLACES: Final = {"at_home": 0.3, "split": 0.15, "married_out": 0.25, "moved": 0.3}
"""Where the second row stands: share of the persons that stand twice."""
NUMBERS: Final = {
    "same": 0.22,
    "swapped": 0.22,
    "area": 0.07,
    "birth": 0.14,
    "order": 0.14,
    "check": 0.05,
    "fifteen": 0.13,
    "none": 0.03,
}
"""What became of the identity number. "same" is what the exact index finds."""
NAMES: Final = {"same": 0.5, "homophone": 0.22, "variant": 0.14, "character": 0.09, "dropped": 0.05}
PHONES: Final = {"same": 0.4, "changed": 0.4, "lost": 0.2}
VALID: Final = 0.6
"""Share of the wrong numbers whose check digit fits, so that no form refused them."""
RARE_FORMS: Final = dict(zip("升哲坤村佩珍德凤柏", "昇喆堃邨珮珎徳鳯栢", strict=True))
"""Variants beside the traditional forms."""
_TRIES: Final = 20
Row = dict[str, Any]


@dataclass(frozen=True)
class Duplicated:
    """重复登记: the register, the pairs that are one person, and those that only look so.

    `persons` as given, with the new rows at the end; `truth` left, right (int64, left < right), place, number, name
    (keys of PLACES, NUMBERS, NAMES); `lookalikes` left, right, kind (twin | namesake | phone).
    """

    persons: pa.Table
    truth: pa.Table
    lookalikes: pa.Table


@dataclass
class _Register:
    """The register while it is being damaged: new rows, and the numbers that are taken."""

    persons: pa.Table
    rng: np.random.Generator
    taken: set[str]
    next_person: int
    next_household: int
    rows: list[Row] = field(default_factory=list)
    truth: list[Row] = field(default_factory=list)
    lookalikes: list[Row] = field(default_factory=list)
    phones: dict[int, str] = field(default_factory=dict)

    def add(self, row: Row) -> int:
        """Append a row under a new person_id."""
        row["person_id"] = self.next_person
        self.next_person += 1
        self.rows.append(row)
        if row["id_number"] is not None:
            self.taken.add(row["id_number"])
        return int(row["person_id"])

    def draw(self, shares: dict[str, float]) -> str:
        """A key of the shares."""
        return list(shares)[int(pick(self.rng, list(shares.values()), 1)[0])]

    def one(self, of: Any) -> Any:
        """One of a sequence."""
        return of[int(self.rng.integers(len(of)))]


def duplicated(persons: pa.Table, *, seed: int, share: float = 0.02, lookalikes: float = 0.01) -> Duplicated:
    """造重复: a person table (private columns included) with duplicates and lookalikes, from a seed.

    `share` and `lookalikes` are parts of the number of persons. No damaged number is one that somebody else has. The
    same arguments give the same register.
    """
    rng = Streams(seed).of("duplicates")
    persons = _spread_numbers(_distinct_names(persons.combine_chunks(), rng), rng)
    register = _Register(
        persons=persons,
        rng=rng,
        taken=set(persons["id_number"].to_pylist()),
        next_person=max(persons["person_id"].to_pylist()) + 1,
        next_household=max(persons["household_id"].to_pylist()) + 1,
    )
    members = _members(persons["household_id"].to_numpy())
    wanted = {place: round(part * share * len(persons)) for place, part in PLACES.items()}
    used = _plant(register, members, wanted)
    _plant_lookalikes(register, members, used, round(lookalikes * len(persons)))
    return _result(register)


def _spread_numbers(persons: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Every number again: birth and sex as they are, an area for each county, the order number drawn."""
    digits = np.array([list(number[:17].encode()) for number in persons["id_number"].to_pylist()], np.int64) - ord("0")
    county, at = np.unique([code[:6] for code in persons["region_code"].to_pylist()], return_inverse=True)
    serial = rank_in_group(np.array([int(code[:2]) for code in county]))[at] % 100
    digits[:, 2:4] = np.array([[int(code[0]), int(code[1])] for code in county])[at]
    digits[:, 4], digits[:, 5] = serial // 10, serial % 10
    male = digits[:, 16] % 2
    drawn = np.arange(len(digits))
    while len(drawn):
        order = rng.integers(0, 500, len(drawn)) * 2 + male[drawn]
        for i in range(3):
            digits[drawn, 14 + i] = order // 10 ** (2 - i) % 10
        whole = digits @ 10 ** np.arange(16, -1, -1)
        taken = np.ones(len(digits), bool)
        taken[np.unique(whole, return_index=True)[1]] = False
        drawn = np.flatnonzero(taken)
    check = np.array(list(ID_CHECK))[(digits * np.array(ID_WEIGHTS)).sum(axis=1) % 11]
    numbers = ["".join(map(str, row)) + last for row, last in zip(digits.tolist(), check.tolist(), strict=True)]
    return _with(persons, "id_number", numbers)


def _distinct_names(persons: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Another last character for whoever has the name of somebody in the same household."""
    alphabet = sorted(_homophones())
    seen: set[tuple[int, str]] = set()
    names = persons["name"].to_pylist()
    for at, household in enumerate(persons["household_id"].to_pylist()):
        while (household, names[at]) in seen:
            names[at] = names[at][:-1] + alphabet[int(rng.integers(len(alphabet)))]
        seen.add((household, names[at]))
    return _with(persons, "name", names)


def _with(persons: pa.Table, column: str, values: list[Any]) -> pa.Table:
    return persons.set_column(persons.column_names.index(column), persons.schema.field(column), [values])


def _members(household: np.ndarray) -> list[np.ndarray]:
    """Rows of each household, in an order of rows."""
    order = np.argsort(household, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(household[order])) + 1)


def _plant(register: _Register, members: list[np.ndarray], wanted: dict[str, int]) -> set[int]:
    """Second rows until each place has as many as wanted; returns the positions of the households touched."""
    order = register.rng.permutation(len(members)).tolist()
    used: set[int] = set()
    for place, count in wanted.items():
        done = 0
        while done < count and order:
            at = order.pop()
            used.add(at)
            done += _PLANT[place](register, members[at].tolist(), members)
    return used


def _at_home(register: _Register, rows: list[int], members: list[np.ndarray]) -> int:
    """One member entered twice in the same household."""
    original = _row(register, register.one(rows))
    _copy(register, original, "at_home", {})
    return 1


def _split(register: _Register, rows: list[int], members: list[np.ndarray]) -> int:
    """Part of a household under a new household number in the same village, and still in the old one."""
    if len(rows) < 3:
        return 0
    return _again(register, rows[: max(2, len(rows) // 2)], "split", _row(register, rows[0])["region_code"])


def _moved(register: _Register, rows: list[int], members: list[np.ndarray]) -> int:
    """A whole household registered again in another village: of the same township, or anywhere."""
    home = _row(register, rows[0])["region_code"]
    where = _row(register, int(register.one(register.one(members))))["region_code"]
    near = home[:9] + f"{(int(home[9:]) + 1) % 1000:03}"
    return _again(register, rows, "moved", near if register.rng.random() < 0.5 else where)


def _again(register: _Register, rows: list[int], place: str, region: str) -> int:
    household = register.next_household
    register.next_household += 1
    for row in rows:
        _copy(register, _row(register, row), place, {"household_id": household, "region_code": region})
    return len(rows)


def _married_out(register: _Register, rows: list[int], members: list[np.ndarray]) -> int:
    """A grown-up daughter who is also in her husband's household elsewhere."""
    for row in rows:
        woman = _row(register, row)
        if woman["sex"] == "female" and woman["relation"] == "child" and 1975 <= woman["birth_year"] <= 2000:
            home = _row(register, int(register.one(members)[0]))
            new = {"household_id": home["household_id"], "region_code": home["region_code"], "relation": "child_in_law"}
            _copy(register, woman, "married_out", new)
            return 1
    return 0


_PLANT: Final[dict[str, Callable[[_Register, list[int], list[np.ndarray]], int]]] = {
    "at_home": _at_home,
    "split": _split,
    "married_out": _married_out,
    "moved": _moved,
}


def _copy(register: _Register, original: Row, place: str, changes: Row) -> None:
    number, name, phone = register.draw(NUMBERS), register.draw(NAMES), register.draw(PHONES)
    row = original | changes
    wrong = _NUMBER[number](register, original["id_number"])
    number, row["id_number"] = ("same", original["id_number"]) if wrong == "" else (number, wrong)
    written = _NAME[name](register, original["name"])
    name, row["name"] = ("same", original["name"]) if written is None else (name, written)
    row["phone"] = {"same": original["phone"], "changed": _phone(register), "lost": None}[phone]
    year = int(row["id_number"][6:10]) if number == "birth" or number == "swapped" else row["birth_year"]
    row["birth_year"] = year if 1900 <= year <= 2020 else row["birth_year"]
    pair = {"left": original["person_id"], "right": register.add(row)}
    register.truth.append(pair | {"place": place, "number": number, "name": name})


def _swapped(register: _Register, number: str) -> str:
    """Two neighbouring digits swapped."""

    def change(digits: str) -> str:
        i = int(register.rng.integers(2, 16))
        return digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :]

    return _wrong(register, number, change)


def _one_digit(first: int, last: int) -> Callable[[_Register, str], str]:
    """One digit wrong, somewhere from `first` to before `last`."""

    def damage(register: _Register, number: str) -> str:
        def change(digits: str) -> str:
            i = int(register.rng.integers(first, last))
            return digits[:i] + str((int(digits[i]) + int(register.rng.integers(1, 10))) % 10) + digits[i + 1 :]

        return _wrong(register, number, change)

    return damage


def _wrong(register: _Register, number: str, change: Callable[[str], str]) -> str:
    """A changed number that nobody has, with the right check digit or the old one; "" where none is found."""
    fits = register.rng.random() < VALID
    for _ in range(_TRIES):
        digits = change(number[:17])
        made = digits + (id_check_digit(digits) if fits else number[17])
        if digits != number[:17] and made not in register.taken and (not fits or is_valid_id(made)):
            return made
    return ""


def _check(register: _Register, number: str) -> str:
    return number[:17] + register.one([c for c in "0123456789X" if c != number[17]])


_NUMBER: Final[dict[str, Callable[[_Register, str], str | None]]] = {
    "same": lambda register, number: number,
    "swapped": _swapped,
    "area": _one_digit(2, 6),
    "birth": _one_digit(6, 14),
    "order": _one_digit(14, 17),
    "check": _check,
    "fifteen": lambda register, number: number[:6] + number[8:17] if number[6:8] == "19" else "",
    "none": lambda register, number: None,
}


def _homophone(register: _Register, name: str) -> str | None:
    groups = _homophones()
    return _replaced(register, name, lambda c: groups.get(c, ""))


def _variant(register: _Register, name: str) -> str | None:
    def forms(character: str) -> str:
        listed = (*script.traditional_forms(character), RARE_FORMS.get(character, ""))
        return "".join(form for form in listed if form != character and script.simplify(form) in (character, form))

    return _replaced(register, name, forms)


def _character(register: _Register, name: str) -> str | None:
    """Another character of the given name, from all that occur in homophone groups."""
    alphabet = "".join(sorted(_homophones()))
    return _replaced(register, name[1:], lambda c: alphabet, name[:1]) if len(name) > 2 else None


def _dropped(register: _Register, name: str) -> str | None:
    return name[:1] + name[2:] if len(name) == 3 else None


def _replaced(register: _Register, name: str, forms: Callable[[str], str], before: str = "") -> str | None:
    """The name with one of its characters in another form; None where no character has one."""
    places = [i for i, c in enumerate(name) if set(forms(c)) - {c}]
    if not places:
        return None
    i = register.one(places)
    return before + name[:i] + register.one(sorted(set(forms(name[i])) - {name[i]})) + name[i + 1 :]


_NAME: Final[dict[str, Callable[[_Register, str], str | None]]] = {
    "same": lambda register, name: name,
    "homophone": _homophone,
    "variant": _variant,
    "character": _character,
    "dropped": _dropped,
}


@cache
def _homophones() -> dict[str, str]:
    text = files("jiedui.simulate").joinpath("data", "homophones.txt").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for group in text.splitlines():
        if not group.startswith("#"):
            for character in group:
                found[character] = found.get(character, "") + group.replace(character, "")
    return found


def _phone(register: _Register) -> str:
    return f"154{int(register.rng.integers(10**8)):08}"


def _plant_lookalikes(register: _Register, members: list[np.ndarray], used: set[int], count: int) -> None:
    """Twins, namesakes and shared phones, a third each, in households that hold no duplicate."""
    free = [at for at in register.rng.permutation(len(members)).tolist() if at not in used]
    for kind, plant in (("twin", _twin), ("namesake", _namesake), ("phone", _one_phone)):
        done = 0
        while done < count // 3 and free:
            pair = plant(register, members[free.pop()].tolist(), members)
            if pair is not None:
                register.lookalikes.append({"left": min(pair), "right": max(pair), "kind": kind})
                done += 1


def _twin(register: _Register, rows: list[int], members: list[np.ndarray]) -> tuple[int, int] | None:
    """A brother or sister of the same day: a name with one character in common, a neighbouring order number."""
    children = [row for row in (_row(register, at) for at in rows) if row["relation"] == "child"]
    if not children or len(children[0]["name"]) != 3:
        return None
    child = children[0]
    other = _character(register, child["name"])
    number = _neighbour(register, child["id_number"], 14)
    if other is None or number is None:
        return None
    sex = "male" if int(number[16]) % 2 else "female"
    return child["person_id"], register.add(child | {"name": other, "id_number": number, "sex": sex, "phone": None})


def _namesake(register: _Register, rows: list[int], members: list[np.ndarray]) -> tuple[int, int] | None:
    """A cousin of the same name, village and year of birth, in a household of its own."""
    person = _row(register, register.one(rows))
    number = _neighbour(register, person["id_number"], 10)
    if number is None:
        return None
    household = register.next_household
    register.next_household += 1
    new = {"household_id": household, "id_number": number, "phone": _phone(register), "relation": "head"}
    return person["person_id"], register.add(person | new)


def _one_phone(register: _Register, rows: list[int], members: list[np.ndarray]) -> tuple[int, int] | None:
    """A son who has his father's phone."""
    people = [_row(register, row) for row in rows]
    sons = [person for person in people if person["relation"] == "child" and person["sex"] == "male"]
    if not sons or people[0]["phone"] is None or sons[0]["person_id"] == people[0]["person_id"]:
        return None
    register.phones[sons[0]["person_id"]] = people[0]["phone"]
    return people[0]["person_id"], sons[0]["person_id"]


def _neighbour(register: _Register, number: str, keep: int) -> str | None:
    """A valid number of nobody that begins with the same `keep` characters and is of the same sex if they end at 10."""
    for _ in range(_TRIES * 5):
        day = number[10:14] if keep == 14 else f"{register.rng.integers(1, 13):02}{register.rng.integers(1, 29):02}"
        if keep == 14:
            order = int(number[14:17]) + int(register.rng.integers(1, 6))
        else:
            order = int(register.rng.integers(0, 400)) * 2 + int(number[16]) % 2
        digits = number[:10] + day + f"{order % 1000:03}"
        made = digits + id_check_digit(digits)
        if made not in register.taken and isinstance(birth_date(made), date):
            return made
    return None


def _row(register: _Register, at: int) -> Row:
    made: Row = register.persons.slice(at, 1).to_pylist()[0]
    return made


def _result(register: _Register) -> Duplicated:
    persons = register.persons
    ids = persons["person_id"].to_pylist()
    phones = [register.phones.get(key, old) for key, old in zip(ids, persons["phone"].to_pylist(), strict=True)]
    persons = _with(persons, "phone", phones)
    schema = pa.schema([field.with_nullable(True) for field in persons.schema])
    pair = [("left", pa.int64()), ("right", pa.int64())]
    text = [(name, pa.string()) for name in ("place", "number", "name")]
    return Duplicated(
        persons=pa.concat_tables([persons.cast(schema), pa.Table.from_pylist(register.rows, schema)]).combine_chunks(),
        truth=pa.Table.from_pylist(register.truth, pa.schema(pair + text)),
        lookalikes=pa.Table.from_pylist(register.lookalikes, pa.schema([*pair, ("kind", pa.string())])),
    )
