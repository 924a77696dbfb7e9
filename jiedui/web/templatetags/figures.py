"""数字与名称: one way to print each kind of value; what is not known is a dash, never a zero."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiedui.policy.clauses import STATUSES
from jiedui.policy.findings import SEVERITIES
from jiedui.policy.parameters import Parameter
from jiedui.records.queries import rows
from jiedui.terms import codelists, money
from jiedui.terms.divisions import Gazetteer

register = template.Library()

_UNITS: Final[dict[str, tuple[str, str]]] = {
    "persons": ("人", "persons"),
    "person-times": ("人次", "person-times"),
    "households": ("户", "households"),
    "counties": ("个县", "counties"),
    "firms": ("家", "firms"),
    "fen": ("万元", "10,000 yuan"),
    "share": ("%", "%"),
    "ratio": ("倍", "times"),
}
_GRADES: Final[dict[str, tuple[str, str]]] = {
    "good": ("好", "good"),
    "fairly_good": ("较好", "fairly good"),
    "fair": ("一般", "fair"),
}
_RUN_KINDS: Final[dict[str, tuple[str, str]]] = {"match": ("匹配", "matching"), "assess": ("考核", "assessment")}
_RUN_STATUSES: Final[dict[str, tuple[str, str]]] = {
    "running": ("运行中", "running"),
    "finished": ("已完成", "finished"),
    "failed": ("失败", "failed"),
}
_PEER_CLASSES: Final[dict[tuple[str, str], tuple[str, str]]] = {
    ("donor", "province"): ("省级帮扶方", "Donor provinces"),
    ("donor", "city"): ("市级帮扶方", "Donor cities"),
    ("recipient", "province"): ("省级被帮扶方", "Recipient provinces"),
    ("recipient", "prefecture"): ("市州级被帮扶方", "Recipient prefectures"),
}
_PARTS: Final[dict[str, tuple[str, str]]] = {
    "numerator": ("分子", "numerator"),
    "denominator": ("分母", "denominator"),
    "own": ("本方", "own"),
    "base": ("对照", "base"),
}
_AGGREGATES: Final[dict[str, tuple[str, str]]] = {
    "count_distinct(subject)": ("去重计数", "distinct subjects counted"),
    "sum(amount)": ("合计", "amounts added up"),
    "ratio(count_distinct(subject))": ("比率（分子、分母各自去重计数）", "ratio of distinct subjects counted"),
    "ratio(sum(amount))": ("比率（分子、分母各自合计）", "ratio of amounts added up"),
    "ratio_of_ratios(sum(amount))": ("比率之比（各部分各自合计）", "ratio of two ratios of amounts added up"),
}
_MONEY_TABLES: Final = ("ledger_leg", "budget_line", "project", "benefit_link", "donation", "fiscal_revenue")
_WAYS: Final[dict[str, tuple[str, str]]] = {
    "first come first served": ("先到先得", "first come, first served"),
    "greedy": ("逐个择优", "greedy"),
    "optimal": ("整体最优", "best for all together"),
}
_PLACES: Final = Decimal("0.01")


def in_english() -> bool:
    """Whether the page is being printed in English."""
    return (get_language() or "").startswith("en")


def _unknown(value: Any) -> bool:
    """A template hands over "" where an attribute of nothing was asked for."""
    return value is None or value == ""


def missing() -> SafeString:
    """缺失: the dash that stands for what is not known."""
    return format_html('<span class="none" title="{}">—</span>', _("not known"))


@register.filter
def count(value: int | Decimal | None) -> str:
    """计数: a whole number with thousands separators."""
    return missing() if _unknown(value) else f"{int(value):,}"


@register.filter
def figure(value: Decimal | float | None) -> str:
    """数值: at most two decimals, without trailing zeros, with thousands separators."""
    if _unknown(value):
        return missing()
    rounded = Decimal(value).quantize(_PLACES, rounding=ROUND_HALF_UP)
    text = f"{rounded:,.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


@register.filter
def fixed(value: Decimal | float | None) -> str:
    """定位小数: one decimal always, so that a column of scores aligns."""
    if _unknown(value):
        return missing()
    return f"{Decimal(value).quantize(Decimal('0.1'), rounding=ROUND_HALF_UP):,}"


@register.filter
def measured(value: Decimal | float | None, unit: str) -> str:
    """带单位的数值: fen are printed in ten thousands of yuan, shares as percent, the rest as they are."""
    if _unknown(value):
        return missing()
    if unit == "fen":
        return money.wan_yuan(int(value))
    if unit == "share":
        return fixed(Decimal(value) * 100)
    return figure(value)


@register.filter
def wan(fen: int | None) -> str:
    """万元: an amount in ten thousands of yuan, two decimals."""
    return missing() if _unknown(fen) else money.wan_yuan(int(fen))


@register.filter
def yuan(fen: int | None) -> str:
    """元: an amount in yuan, two decimals."""
    return missing() if _unknown(fen) else money.yuan(int(fen))


@register.filter
def day(value: date | None) -> str:
    """日期: year-month-day."""
    return missing() if _unknown(value) else value.isoformat()


@register.filter
def yes_no(value: bool | None) -> str:
    """是否."""
    return missing() if _unknown(value) else (_("yes") if value else _("no"))


@register.filter
def place(code: str | None) -> str:
    """地名: the full name of a division; below the county the county's name and the rest of the code."""
    if not code:
        return missing()
    name = Gazetteer.load().name(code[:6])
    return f"{name} {code[6:]}" if len(code) > 6 else name


@register.filter
def place_name(code: str | None) -> str:
    """短地名: the division's own name, without those above it."""
    if not code:
        return missing()
    division = Gazetteer.load().get(code[:6])
    name = division.name if division else code[:6]
    return f"{name} {code[6:]}" if len(code) > 6 else name


@register.filter
def label(identifier: str | None, codelist: str) -> str:
    """代码名称: the label of a code list's value in the page's language, e.g. `kind|label:"PROJECT_KIND"`."""
    if _unknown(identifier):
        return missing()
    labels = getattr(codelists, codelist)[identifier]
    return labels[1] if in_english() else labels[0]


@register.filter
def spoken(pair: tuple[str, str]) -> str:
    """双语: of (Chinese, English) the one in the page's language."""
    return pair[1] if in_english() else pair[0]


@register.filter
def titled(thing: Any, field: str = "title") -> str:
    """标题: `title_zh` or `title_en` (or another field: `thing|titled:"text"`) in the page's language."""
    return getattr(thing, f"{field}_en" if in_english() else f"{field}_zh")


@register.filter
def heat(score: Decimal | float | None) -> str:
    """底色: the class of a score of 0 to 100, one of five tints."""
    if _unknown(score):
        return ""
    return f"heat-{min(4, max(0, (int(score) - 50) // 10))}"


@register.filter
def looked_up(mapping: dict[Any, Any], key: Any) -> Any:
    """取值: the value of a key, or None."""
    return mapping.get(key)


@register.filter
def severity(name: str) -> str:
    """程度: of a finding."""
    return spoken(SEVERITIES[name])


@register.filter
def table_title(name: str) -> str:
    """表名: of a table of records."""
    return spoken(rows.table_titles(name))


@register.filter
def unit(name: str) -> str:
    """单位: as printed; a unit that has no word stays as it is."""
    return spoken(_UNITS.get(name, (name, name)))


@register.filter
def side(name: str) -> str:
    """考核对象: donor or recipient."""
    return spoken(codelists.SIDE[name])


@register.filter
def area(name: str) -> str:
    """方面: one of the five areas; another area stays as it is."""
    return spoken(codelists.AREA.get(name, (name, name)))


@register.filter
def grade(name: str) -> str:
    """等次: as printed; the word of another scheme stays as it is."""
    return spoken(_GRADES.get(name, (name, name)))


@register.filter
def status(name: str) -> str:
    """职责状态: of a duty."""
    return spoken(STATUSES[name])


@register.filter
def run_kind(name: str) -> str:
    """运行类型."""
    return spoken(_RUN_KINDS[name])


@register.filter
def run_status(name: str) -> str:
    """运行状态."""
    return spoken(_RUN_STATUSES[name])


@register.filter
def part(name: str) -> str:
    """分子分母: which part of a ratio a row counts in; several joined by + are each named."""
    return " + ".join(spoken(_PARTS.get(one, (one, one))) for one in name.split("+"))


@register.filter
def aggregate(name: str) -> str:
    """汇总方式: in words; one of another scheme stays as it is."""
    return spoken(_AGGREGATES.get(name, (name, name)))


@register.filter
def choice(cell: rows.Cell) -> str:
    """代码字段: the label of a record's choice; a value outside its list stays as it is."""
    labels = (cell.choices or {}).get(cell.value)
    return spoken(labels) if labels else str(cell.value)


@register.filter
def parameter(one: Parameter) -> str:
    """参数值: a number with separators, a list joined."""
    if isinstance(one.value, tuple):
        return ", ".join(str(item) for item in one.value)
    return f"{one.value:,}" if isinstance(one.value, int) else str(one.value)


@register.filter
def row_amount(row: Any) -> str:
    """佐证金额: the amount of an evidence row; rows of money tables carry fen, printed in ten thousands of yuan."""
    if row["amount"] is None:
        return missing()
    return money.wan_yuan(int(row["amount"])) if is_money(row) else figure(row["amount"])


def is_money(row: Mapping[str, Any]) -> bool:
    """是否金额: whether the amount of an evidence row is fen."""
    return row["row_table"] in _MONEY_TABLES and row["amount"] is not None


@register.filter
def percent(value: float | None) -> str:
    """百分比: of a share, two decimals."""
    return missing() if _unknown(value) else f"{Decimal(str(value)) * 100:.2f} %"


@register.filter
def worded(entry: dict[str, Any], field: str) -> str:
    """双语句子: `<field>_zh` or `<field>_en` of a stored entry, in the page's language."""
    return str(entry[f"{field}_en" if in_english() else f"{field}_zh"])


@register.filter
def way(name: str) -> str:
    """办法: how people were placed, for the comparison."""
    return spoken(_WAYS.get(name, (name, name)))


@register.filter
def told(thing: Any, field: str) -> str:
    """双语文字: `<field>_en` on English pages where it is filled, else `<field>`, which is Chinese."""
    english = getattr(thing, f"{field}_en", "") if in_english() else ""
    return english or getattr(thing, field)


@register.filter
def peer_class(name: str, side: str) -> str:
    """同类: those who are ranked against each other; a class of another scheme stays as it is."""
    return spoken(_PEER_CLASSES.get((side, name), (name, name)))
