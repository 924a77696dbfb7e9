"""参数: every number and list that a rule reads, dated, with its duty, unit, basis and source.

`parameters/<area>.toml` holds them; the key of one is ``<area>.<name>``. `basis` is "official" where the text or a law
gives the value and "ours" where we chose it; what we chose is never printed as official.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal, get_args

from jiedui.errors import JieduiError

Basis = Literal["official", "ours"]
_FIELDS: Final = {"duty", "title_zh", "title_en", "unit", "basis", "source", "values"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """参数: one value as it holds from `valid_from` on. `value` is an int, a text, or a tuple of these."""

    key: str
    value: Any
    unit: str
    basis: Basis
    duty: str
    source: str
    title_zh: str
    title_en: str
    valid_from: date


@dataclass(frozen=True, slots=True)
class Parameters:
    """参数集: all parameters as they hold on one day."""

    on: date
    _values: Mapping[str, Parameter]

    def get(self, key: str) -> Parameter:
        """参数: with unit, basis and source; `JieduiError` where there is none of that key on the day."""
        found = self._values.get(key)
        if found is None:
            raise JieduiError(
                f"There is no parameter {key!r} on {self.on}.",
                remedy=f"Add it to policy/parameters/{key.partition('.')[0]}.toml, from that day or before.",
            )
        return found

    def value(self, key: str) -> Any:
        """参数值: what the rule reads."""
        return self.get(key).value

    def __iter__(self) -> Iterator[Parameter]:
        return iter(self._values.values())

    def __len__(self) -> int:
        return len(self._values)


@cache
def load(on: date) -> Parameters:
    """加载: the parameters that hold on a day. One whose first value is later is not there."""
    return Parameters(on, {key: held for key, series in _series().items() if (held := _held(series, on))})


def every() -> tuple[Parameter, ...]:
    """全部参数: every value of every parameter on whatever day, by key and first day."""
    return tuple(parameter for _, series in sorted(_series().items()) for parameter in series)


def parse(area: str, text: str) -> dict[str, tuple[Parameter, ...]]:
    """解析: an area's TOML text as key → values in the order of their first days; `JieduiError` names what is wrong."""
    return {f"{area}.{name}": _values(f"{area}.{name}", entry) for name, entry in tomllib.loads(text).items()}


def _held(series: tuple[Parameter, ...], on: date) -> Parameter | None:
    return next((parameter for parameter in reversed(series) if parameter.valid_from <= on), None)


@cache
def _series() -> dict[str, tuple[Parameter, ...]]:
    found: dict[str, tuple[Parameter, ...]] = {}
    for entry in sorted(files("jiedui.policy").joinpath("parameters").iterdir(), key=lambda path: path.name):
        if entry.name.endswith(".toml"):
            found |= parse(entry.name.removesuffix(".toml"), entry.read_text(encoding="utf-8"))
    return found


def _values(key: str, entry: Mapping[str, Any]) -> tuple[Parameter, ...]:
    if set(entry) != _FIELDS:
        raise _wrong(key, f"its fields must be {', '.join(sorted(_FIELDS))}")
    if entry["basis"] not in get_args(Basis):
        raise _wrong(key, f"basis {entry['basis']!r} is neither official nor ours")
    empty = [name for name in _FIELDS if not entry[name]]
    if empty:
        raise _wrong(key, f"{', '.join(sorted(empty))} must not be empty")
    days = [dated["from"] for dated in entry["values"]]
    if days != sorted(set(days)):
        raise _wrong(key, "its values must be ordered by `from`, no day twice")
    fixed = {name: entry[name] for name in ("duty", "title_zh", "title_en", "unit", "basis", "source")}
    return tuple(
        Parameter(key=key, value=_frozen(dated["value"]), valid_from=dated["from"], **fixed)
        for dated in entry["values"]
    )


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def _wrong(key: str, what: str) -> JieduiError:
    return JieduiError(f"Parameter {key}: {what}.", remedy="See docs/policy.md for the form of a parameter.")
