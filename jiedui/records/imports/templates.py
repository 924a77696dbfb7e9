"""空白表: the workbook of a form to fill in, with a drop-down for each code list and the numbers' columns as text."""

from __future__ import annotations

import io
from typing import Final

from jiedui.records.imports.forms import Field, Form, form
from jiedui.records.models import IMPORT_KIND
from jiedui.sheets import TemplateColumn, Wording, template

_KINDS: Final = {"int": "int", "yuan": "decimal", "date": "date", "identity": "id", "number": "id", "code": "id",
                 "credit": "id", "phone": "id"}  # fmt: skip
_NOTES: Final = {
    "date": "写成 2014-01-31。",
    "yuan": "单位为元，可有两位小数。",
    "identity": "18位公民身份号码；单元格格式为文本，不要改成数值。",
    "phone": "11位手机号，或带区号的固定电话；没有就留空。",
    "number": "18位以内的数字。",
    "code": "12位数字。",
    "credit": "18位，以营业执照为准。",
    "month": "写成 2019-06；每人每月一行。",
    "occupation": "职业分类大典（2022年版）里职业或小类的全称，或代码（单元格格式为文本）。",
    "division": "省、市、县的名称，或6位代码。",
}
_EXAMPLES: Final = {"date": "2014-01-31", "identity": "11010519491231002X", "yuan": "3218.50", "phone": "13800000000",
                    "month": "2019-06", "occupation": "缝纫工", "division": "广东省东莞市"}  # fmt: skip
"""The identity number is the example of GB 11643."""


def blank(kind: str) -> bytes:
    """空白表: the bytes of an .xlsx; its header is what the import recognises by itself.

    Raises:
        JieduiError: there is no such kind of import.
    """
    out = io.BytesIO()
    shape = form(kind)
    template(out, [column(one, shape) for one in shape.fields], title=IMPORT_KIND[kind][0], wording=Wording())
    return out.getvalue()


def column(one: Field, shape: Form) -> TemplateColumn:
    """模板列: of a field; what a household's rows must agree on is said."""
    notes = [one.note, _NOTES.get(one.kind, ""), "同一户各行填写一致。" if one.of_household else "",
             "一行一个。" if one.name == shape.key and not shape.monthly else ""]  # fmt: skip
    return TemplateColumn(
        title=one.title,
        choices=_choices(one),
        kind=_KINDS.get(one.kind, "text"),  # type: ignore[arg-type]
        required=one.required,
        note="".join(notes),
        example=one.example or _EXAMPLES.get(one.kind, ""),
    )


def _choices(one: Field) -> tuple[str, ...]:
    if one.kind == "bool":
        return ("是", "否")
    return tuple(labels[0] for labels in (one.choices or {}).values())
