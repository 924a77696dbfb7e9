"""问题行: what is wrong with which cell, by which rule, and how to mend it.

A problem is a number of a rule, a file row and a field; sentences are made when somebody reads them. Severity is a
parameter (`poverty.roster.<rule>`): refuse (the row is left out), warn (it is taken and said), ignore.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa

REFUSE, WARN, IGNORE = "refuse", "warn", "ignore"

ROWS_KEPT: Final = 100_000
"""Problems whose rows are kept in full for the sheet to correct; beyond, they are counted."""


@dataclass(frozen=True, slots=True)
class Rule:
    """规则: what a problem means and how to mend it, (Chinese, English) each."""

    name: str
    means: tuple[str, str]
    mend: tuple[str, str]


_RULES: Final = (
    Rule("missing", ("没有填写", "nothing is entered"), ("补填后重新导入", "enter it and send the row again")),
    Rule(
        "formula_error",
        ("单元格是公式错误值", "the cell holds a formula's error"),
        ("改成数值或文字", "replace it by a value"),
    ),
    Rule("not_a_number", ("不是整数", "not a whole number"), ("只填数字", "enter digits only")),
    Rule("not_an_amount", ("不是金额", "not an amount"), ("只填数字，单位为元", "enter yuan in digits")),
    Rule("negative", ("不能为负数", "less than zero"), ("核对后改正", "check and correct it")),
    Rule("out_of_range", ("数值超出范围", "out of its range"), ("核对后改正", "check and correct it")),
    Rule("not_a_date", ("不是日期", "not a day"), ("写成 2014-01-31", "write it as 2014-01-31")),
    Rule(
        "unknown_label",
        ("代码表里没有这个值", "not in the code list"),
        ("改成下拉列表里的值，或在“栏目对应”里指定", "use a listed value, or map it once for this source"),
    ),
    Rule(
        "id_became_number",
        ("证件号码被电子表格转成了数值，末几位已丢失", "the identity number became a number and lost its last digits"),
        ("从原始资料重新录入，单元格格式设为文本", "enter it again from the source, in a cell formatted as text"),
    ),
    Rule("id_15_digits", ("15位旧号码", "an old number of 15 digits"), ("换成18位", "give the one of 18 digits")),
    Rule(
        "id_disability",
        ("20位残疾人证号，不是身份证号", "a disability certificate's number of 20 digits"),
        ("填18位公民身份号码", "enter the identity number of 18 digits"),
    ),
    Rule(
        "id_form",
        ("不是18位公民身份号码", "not an identity number of 18 digits"),
        ("核对后改正", "check and correct it"),
    ),
    Rule(
        "id_birth_date",
        ("号码中的出生日期不存在", "the birth date in it does not exist"),
        ("核对后改正", "check and correct it"),
    ),
    Rule("id_check_digit", ("校验码不符", "its check digit does not fit"), ("核对后改正", "check and correct it")),
    Rule(
        "id_twice",
        ("同一证件号码在文件中出现多次", "the same identity number stands in several rows"),
        ("只留一行，或改正号码", "keep one row, or correct a number"),
    ),
    Rule(
        "key_twice",
        ("同一编号在文件中出现多次", "the same number stands in several rows"),
        ("只留一行，或改正编号", "keep one row, or correct a number"),
    ),
    Rule(
        "not_a_phone",
        ("不是11位手机号或固定电话", "not a phone number"),
        ("核对后改正，没有就留空", "correct it, or leave it empty"),
    ),
    Rule(
        "credit_code",
        ("统一社会信用代码校验不符", "the credit code's check character does not fit"),
        ("核对营业执照", "check the business licence"),
    ),
    Rule(
        "unknown_place",
        ("区划表里没有这个村", "no village of this name is known"),
        ("核对县、乡镇、村名，或先导入村级区划表", "check the names, or import the list of villages first"),
    ),
    Rule(
        "ambiguous_place",
        ("有几个同名的村", "several villages have this name"),
        ("写明县和乡镇，或填12位村代码", "give county and township, or the 12-digit code"),
    ),
    Rule(
        "outside",
        ("不在本单位的管辖范围内", "outside the importing office's region"),
        ("由所在地的单位导入", "the office of that place imports it"),
    ),
    Rule(
        "household_disagrees",
        ("同一户的各行填写不一致", "rows of one household say different things"),
        ("改成一致", "make them the same"),
    ),
    Rule("too_long", ("文字过长", "the text is too long"), ("删短到200字以内", "shorten it to 200 characters")),
    Rule(
        "no_such_person",
        ("登记册里没有这个人", "there is no such person in the register"),
        ("先在建档立卡花名册中导入此人", "import the person by the roster first"),
    ),
    Rule(
        "name_differs",
        ("姓名与登记册不一致", "the name differs from the register's"),
        ("核对证件号码和姓名", "check number and name"),
    ),
    Rule(
        "under_age_working",
        ("未满最低就业年龄却登记为务工", "recorded as working under the minimum age"),
        ("核对年龄和务工时间", "check age and months of work"),
    ),
    Rule(
        "no_ability_working",
        ("无劳动能力却登记为务工", "recorded as unable to work, and as working"),
        ("核对劳动技能和务工时间", "check both entries"),
    ),
    Rule(
        "pupil_working",
        ("在校生却登记为务工", "recorded as a pupil, and as working"),
        ("核对在校生状况和务工时间", "check both entries"),
    ),
    Rule(
        "spouse_same_sex",
        ("配偶与户主性别相同", "the spouse has the same sex as the head"),
        ("核对证件号码和与户主关系", "check numbers and relation"),
    ),
    Rule(
        "heads",
        ("一户没有或有多个户主", "a household without a head, or with several"),
        ("核对与户主关系", "check the relations"),
    ),
    Rule(
        "members_differ",
        ("人数与行数不符", "the number of members is not that of the rows"),
        ("核对人数", "check the number"),
    ),
    Rule(
        "id_county",
        ("证件号码的地区码与所在县不同", "the county inside the number is another"),
        ("属迁入等情况可不改", "may be right: it is that of the first registration"),
    ),
    Rule(
        "unknown_occupation",
        ("职业分类大典里没有这个职业", "not in the occupation list of 2022"),
        (
            "填职业或小类的全称，或代码（如 6-05-01，单元格格式设为文本，否则会变成日期）",
            "give the full name of an occupation or minor group, or its code in a cell formatted as text",
        ),
    ),
    Rule(
        "unknown_division",
        ("区划表里没有这个地方", "no province, prefecture or county of this name or code"),
        ("写省、市、县的名称，或填6位代码", "give the name, or the code of six digits"),
    ),
    Rule(
        "ambiguous_division",
        ("有几个同名的地方", "several places have this name"),
        ("写明所属的省、市，或填6位代码", "name the province and prefecture, or give the code of six digits"),
    ),
    Rule("not_a_month", ("不是月份", "not a month"), ("写成 2019-06", "write it as 2019-06")),
    Rule(
        "month_twice",
        ("同一人同一月份在文件中出现多次", "the same person and month stand in several rows"),
        ("只留一行", "keep one row"),
    ),
    Rule(
        "month_ahead",
        ("月份还没有到", "the month has not begun"),
        ("核对月份", "check the month"),
    ),
    Rule(
        "month_before_entry",
        ("月份早于此人识别的时间", "the month is before the person entered the register"),
        ("核对月份", "check the month"),
    ),
    Rule(
        "too_many_days",
        ("天数多于当月天数", "more days than the month has"),
        ("核对天数", "check the days"),
    ),
    Rule(
        "work_without_status",
        ("填有务工天数或工资，就业状态却不是务工", "days or wages are stated, and the status is not one of working"),
        ("核对就业状态", "check the status"),
    ),
    Rule(
        "place_answers",
        ("此人在外地在岗，劳动力信息以务工地为准", "placed elsewhere: that office's record of the worker stands"),
        ("月份照常记入，劳动力信息不变", "the month is kept, the worker stays as recorded"),
    ),
    Rule(
        "partner_self",
        ("同行人是本人", "the worker is named as his own partner"),
        ("填同行人的证件号码，没有就留空", "give the partner's number, or leave it empty"),
    ),
    Rule(
        "partner_unknown",
        ("同行人不是登记册里或本表中的劳动力", "the partner is no worker of the register or of this file"),
        ("先登记同行人，或改正本表中同行人的那一行", "register the partner first, or correct the partner's row"),
    ),
    Rule(
        "partner_disagrees",
        ("同行人的同行人是别人", "the partner goes with somebody else"),
        ("两行互填，或把旧的改掉", "let the two rows name each other"),
    ),
    Rule(
        "seats_held",
        ("人数少于已推荐和在岗的人数", "fewer seats than offers and placements hold"),
        ("先撤回推荐，或改正人数", "withdraw offers first, or correct the number"),
    ),
    Rule("dates_order", ("日期先后颠倒", "the dates are in the wrong order"), ("核对日期", "check the dates")),
    Rule(
        "wage_too_low",
        ("月工资低于核查线", "the monthly wage is below the floor"),
        (
            "核对是否按月填写，单位为元；无误则由工作地核实",
            "check that it is monthly and in yuan, or let it be confirmed",
        ),
    ),
    Rule(
        "wage_too_high",
        ("月工资高于核查线", "the monthly wage is above the ceiling"),
        ("核对是否填成年薪；无误则由工作地核实", "check that it is no yearly wage, or let it be confirmed"),
    ),
    Rule(
        "many_seats",
        ("人数特别多", "very many seats"),
        ("与用人单位核对；无误则由工作地核实", "ask the firm, or let it be confirmed"),
    ),
    Rule(
        "open_long",
        ("招聘期特别长", "open for a very long time"),
        ("核对招聘截止；无误则由工作地核实", "check the last day, or let it be confirmed"),
    ),
    Rule(
        "closed_already",
        ("招聘已经截止", "closed already"),
        ("核对招聘截止；仍要登记则由工作地核实", "check the last day, or let it be confirmed"),
    ),
    Rule(
        "starts_before_open",
        ("上岗日期早于招聘开始", "work begins before it is open"),
        ("核对日期；无误则由工作地核实", "check the dates, or let it be confirmed"),
    ),
    Rule(
        "not_registered_poor",
        ("一般农户不属于建档立卡户", "an ordinary farmer's household is not registered poor"),
        ("不需导入", "leave it out"),
    ),
)
RULES: Final = {rule.name: rule for rule in _RULES}
NUMBERS: Final = {rule.name: number for number, rule in enumerate(_RULES)}


@dataclass
class Problems:
    """问题: gathered as arrays, so that a million of them cost little."""

    _rows: list[np.ndarray] = field(default_factory=list)
    _rules: list[np.ndarray] = field(default_factory=list)
    _fields: list[np.ndarray] = field(default_factory=list)
    _values: list[pa.Array] = field(default_factory=list)
    _names: list[str] = field(default_factory=list)

    def add(self, rows: np.ndarray, rule: str, field_name: str, values: pa.Array | None = None) -> None:
        """记下: file rows (n,) that break a rule in a field, with the texts (n,) that stand there."""
        if not len(rows):
            return
        if field_name not in self._names:
            self._names.append(field_name)
        count = len(rows)
        self._rows.append(np.asarray(rows, np.int32))
        self._rules.append(np.full(count, NUMBERS[rule], np.uint8))
        self._fields.append(np.full(count, self._names.index(field_name), np.uint8))
        self._values.append(pa.nulls(count, pa.string()) if values is None else values.cast(pa.string()))

    def table(self) -> pa.Table:
        """表: row int32, rule text, field text, value text; by row, then in the order found."""
        columns = {
            "row": np.concatenate([*self._rows, np.empty(0, np.int32)]),
            "rule": pa.array(list(RULES)).take(pa.array(np.concatenate([*self._rules, np.empty(0, np.uint8)]))),
            "field": pa.array(self._names, pa.string()).take(
                pa.array(np.concatenate([*self._fields, np.empty(0, np.uint8)]))
            ),
            "value": pa.chunked_array(self._values, pa.string()),
        }
        table = pa.table({name: pa.chunked_array([c]) if isinstance(c, pa.Array) else c for name, c in columns.items()})
        order = np.argsort(columns["row"], kind="stable")
        return table.take(pa.array(order))


def counts(problems: pa.Table) -> dict[str, int]:
    """行数: how many problems of each rule, most frequent first."""
    found: Iterable[dict[str, object]] = problems["rule"].value_counts().to_pylist()
    pairs = [(str(one["values"]), int(str(one["counts"]))) for one in found]
    return dict(sorted(pairs, key=lambda pair: -pair[1]))
