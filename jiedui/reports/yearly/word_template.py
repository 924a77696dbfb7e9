"""年度报告 Word 模板: builds the default template that an office may change in Word and give back.

The template holds docxtpl (Jinja) tags in plain paragraphs and table rows; `word.write_docx` fills it from a
`YearlyReport`. It is built, not committed, so that its text is reviewed as code.
"""

from __future__ import annotations

from pathlib import Path

from docx import Document
from docx.document import Document as DocumentType
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell

FONT = "微软雅黑"
ACCENT = RGBColor(0x0F, 0x5C, 0x56)

PALE = "EEF4F3"
RULE = "DFE4E2"

Column = tuple[str, str, float, bool]
"""(heading, tag, width in mm, numbers to the right)."""

INDICATORS: tuple[Column, ...] = (
    ("指标", "name", 56, False),
    ("单位", "unit", 16, False),
    ("本年", "value", 22, True),
    ("上年", "previous", 22, True),
    ("目标", "target", 18, True),
    ("得分", "score", 14, True),
    ("佐证行", "evidence_rows", 16, True),
)


def build(path: Path) -> Path:
    """Write the default template to `path` (.docx) and return it."""
    document = Document()
    _page(document)
    _styles(document)
    _first_page(document)
    _totals(document)
    _areas(document)
    _findings(document)
    _sources(document)
    document.save(str(path))
    return path


def _page(document: DocumentType) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(24)
    section.top_margin = section.bottom_margin = Mm(25)
    section.header.paragraphs[0].text = "{{ title }}{% if synthetic %}　合成数据 · 不涉及任何真实个人{% endif %}"
    section.footer.paragraphs[0].text = "快照 {{ lineage.snapshot_digest }}"


def _styles(document: DocumentType) -> None:
    for name, size in (("Normal", 10.5), ("Heading 1", 14), ("Heading 2", 11.5), ("Title", 20)):
        style = document.styles[name]
        style.font.name = FONT
        style.font.size = Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:eastAsia", "w:ascii", "w:hAnsi"):
            fonts.set(qn(attribute), FONT)
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(attribute), None)
        if name != "Normal":
            style.font.color.rgb = ACCENT if name != "Title" else RGBColor(0, 0, 0)


def _first_page(document: DocumentType) -> None:
    title = document.add_paragraph("{{ title }}", style="Title")
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    document.add_paragraph("{%p if synthetic %}")
    document.add_paragraph("本报告使用合成数据，仅供演示，不涉及任何真实个人。")
    document.add_paragraph("{%p endif %}")
    document.add_heading("一、结对关系", level=1)
    rows = (
        ("帮扶方", "{{ donor }}"),
        ("被帮扶方", "{{ recipient }}"),
        ("机制", "{{ mechanism }}"),
        ("依据", "{{ basis }}"),
        ("生效日期", "{{ valid_from }}"),
        ("数据截至", "{{ lineage.as_of }}"),
        ("负责的贫困县", "{{ counties|length }} 个{% if counties %}：{{ counties|join('、') }}{% endif %}"),
    )
    _pairs_table(document, rows)


def _table(document: DocumentType, widths: tuple[float, ...]) -> Table:
    """An empty table with hairlines below its rows and fixed column widths in mm."""
    table = document.add_table(rows=0, cols=len(widths))
    table.autofit = False
    borders = OxmlElement("w:tblBorders")
    for edge in ("top", "bottom", "insideH"):
        border = OxmlElement(f"w:{edge}")
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", RULE)):
            border.set(qn(f"w:{name}"), value)
        borders.append(border)
    table._tbl.tblPr.append(borders)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    return table


def _write(cell: _Cell, text: str, width: float, *, right: bool = False, head: bool = False) -> None:
    cell.width = Length(Mm(width))
    cell.text = text
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.space_after = Pt(0)
    if right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for run in paragraph.runs:
        run.font.size = Pt(9)
        run.font.bold = head
    if head:
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", PALE)):
            shade.set(qn(f"w:{name}"), value)
        cell._tc.get_or_add_tcPr().append(shade)


def _pairs_table(document: DocumentType, rows: tuple[tuple[str, str], ...]) -> None:
    """A table of label and value."""
    table = _table(document, (34, 128))
    for label, tag in rows:
        cells = table.add_row().cells
        _write(cells[0], label, 34, head=True)
        _write(cells[1], tag, 128)


def _looped_table(document: DocumentType, columns: tuple[Column, ...], over: str) -> None:
    """A table whose body row repeats for every `item` of the expression `over`."""
    table = _table(document, tuple(width for _, _, width, _ in columns))
    for cell, (heading, _, width, right) in zip(table.add_row().cells, columns, strict=True):
        _write(cell, heading, width, right=right, head=True)
    table.add_row().cells[0].text = f"{{%tr for item in {over} %}}"
    for cell, (_, tag, width, right) in zip(table.add_row().cells, columns, strict=True):
        _write(cell, f"{{{{ item.{tag} }}}}", width, right=right)
    table.add_row().cells[0].text = "{%tr endfor %}"


def _totals(document: DocumentType) -> None:
    document.add_heading("二、总体情况", level=1)
    columns: tuple[Column, ...] = (
        ("单位", "name", 48, False),
        ("一方", "side", 30, False),
        ("得分", "score", 22, True),
        ("同类位次", "rank", 24, True),
        ("权重变动时位次", "rank_range", 28, True),
        ("等次", "grade", 22, False),
    )
    _looped_table(document, columns, "totals")
    document.add_paragraph("权重、分值和等次由本软件设定，并非官方标准；缺少数据的指标不计分，也不记零。")
    document.add_paragraph("{%p if charts.areas %}")
    document.add_paragraph("{{ charts.areas }}")
    document.add_paragraph("{%p endif %}")


def _areas(document: DocumentType) -> None:
    document.add_heading("三、分项情况", level=1)
    document.add_paragraph("{%p for area in areas %}")
    document.add_heading("{{ area.title }}", level=2)
    for label, side in (("帮扶方", "donor"), ("被帮扶方", "recipient")):
        document.add_paragraph(f"{label}，得分 {{{{ area.{side}_score }}}}")
        _looped_table(document, INDICATORS, f"area.{side}")
    document.add_paragraph("{%p if charts[area.area] %}")
    document.add_paragraph("{{ charts[area.area] }}")
    document.add_paragraph("{%p endif %}")
    document.add_paragraph("{%p for item in area.missing %}")
    document.add_paragraph("{{ item.name }}：缺数据，{{ item.missing_reason }}。")
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p endfor %}")


def _findings(document: DocumentType) -> None:
    document.add_heading("四、核查提示", level=1)
    document.add_paragraph("{%p if findings %}")
    columns: tuple[Column, ...] = (
        ("职责", "duty", 26, False),
        ("程度", "severity", 16, False),
        ("内容", "message", 82, False),
        ("涉及的行", "rows", 40, False),
    )
    _looped_table(document, columns, "findings")
    document.add_paragraph("{%p else %}")
    document.add_paragraph("本年度没有需要核查的提示。")
    document.add_paragraph("{%p endif %}")


def _sources(document: DocumentType) -> None:
    document.add_heading("五、数字从哪里来", level=1)
    document.add_paragraph("{%p for note in notes %}")
    document.add_paragraph("{{ note }}", style="List Bullet")
    document.add_paragraph("{%p endfor %}")
    columns: tuple[Column, ...] = (
        ("指标", "name", 40, False),
        ("职责", "duty", 26, False),
        ("条款", "clause", 18, False),
        ("计算规则", "rule", 78, False),
    )
    _looped_table(document, columns, "lines")
    document.add_paragraph()
    rows = (
        ("运行编号", "{{ lineage.run_id }}"),
        ("完成时间", "{{ lineage.finished_at }}"),
        ("快照摘要", "{{ lineage.snapshot_digest }}"),
        ("政策摘要", "{{ lineage.policy_digest }}"),
        ("程序版本", "{{ lineage.code_version }}"),
        ("考核方案", "{{ lineage.scheme }}"),
    )
    _pairs_table(document, rows)
