"""工作簿标记: the small parts of an exported workbook (ECMA-376 part 1) and what stands around the rows of a sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape, quoteattr

from jiedui.sheets.errors import SheetError, letters
from jiedui.sheets.out_columns import Column

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

STYLE_OF = {"text": b"2", "id": b"2", "int": b"4", "decimal": b"5", "date": b"6"}
"""Places in cellXfs below; 1 is the header, 3 is text with quotePrefix."""
WIDTH_OF = {"text": 16.0, "id": 22.0, "int": 10.0, "decimal": 12.0, "date": 12.0}

STYLES = HEAD + (
    f'<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/>'
    '</font></fonts><fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill '
    'patternType="gray125"/></fill><fill><patternFill patternType="solid"><fgColor rgb="FFE7ECF3"/></patternFill>'
    '</fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="7">'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>'
    '<xf numFmtId="1" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
ROOT_RELATIONS = HEAD + (
    f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>'
)


def sheet_start(columns: Sequence[Column]) -> str:
    """表始: frozen header, widths, and the header row itself."""
    widths = "".join(
        f'<col min="{c}" max="{c}" width="{column.width or WIDTH_OF[column.kind]:g}" customWidth="1"/>'
        for c, column in enumerate(columns, 1)
    )
    cells = "".join(
        f'<c r="{letters(c)}1" s="1" t="inlineStr"><is><t xml:space="preserve">{_text(column.title)}</t></is></c>'
        for c, column in enumerate(columns, 1)
    )
    return HEAD + (
        f'<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" '
        'activePane="bottomLeft" state="frozen"/><selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView>'
        f'</sheetViews><sheetFormatPr defaultRowHeight="15"/><cols>{widths}</cols><sheetData><row r="1">{cells}</row>'
    )


def sheet_end(columns: Sequence[Column], last_row: int, notes: Mapping[str, str]) -> str:
    """表末: the filter, and the notes as messages that show when a header cell is chosen."""
    messages = "".join(
        f'<dataValidation allowBlank="1" showInputMessage="1" promptTitle={quoteattr(_clean(column.title)[:32])} '
        f'prompt={quoteattr(_clean(notes[column.title])[:255])} sqref="{letters(c)}1"/>'
        for c, column in enumerate(columns, 1)
        if column.title in notes
    )
    count = sum(column.title in notes for column in columns)
    validations = f'<dataValidations count="{count}">{messages}</dataValidations>' if count else ""
    return f'</sheetData><autoFilter ref="A1:{letters(len(columns))}{last_row}"/>{validations}</worksheet>'


def workbook(titles: Sequence[str]) -> str:
    """工作簿: the list of sheets."""
    sheets = "".join(
        f'<sheet name={quoteattr(title)} sheetId="{k}" r:id="rId{k}"/>' for k, title in enumerate(titles, 1)
    )
    return HEAD + (
        f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def workbook_relations(sheets: int) -> str:
    """工作簿关系: where the sheets and the styles are."""
    links = "".join(
        f'<Relationship Id="rId{k}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{k}.xml"/>'
        for k in range(1, sheets + 1)
    )
    return HEAD + (
        f'<Relationships xmlns="{PACKAGE}/relationships">{links}<Relationship Id="rId{sheets + 1}" '
        f'Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>'
    )


def content_types(sheets: int) -> str:
    """内容类型: of every part."""
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{k}.xml" ContentType="{CONTENT}.worksheet+xml"/>'
        for k in range(1, sheets + 1)
    )
    return HEAD + (
        f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        f'ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="{CONTENT}.sheet.main+xml"/>'
        f'{parts}<Override PartName="/xl/styles.xml" ContentType="{CONTENT}.styles+xml"/></Types>'
    )


def check_title(title: str) -> None:
    r"""检查表名: what Excel allows: 1 to 31 characters, none of []:*?/\, no apostrophe at the ends."""
    if not 1 <= len(title) <= 31 or set(title) & set("[]:*?/\\") or title[0] == "'" or title[-1] == "'":
        raise SheetError(
            f"“{title[:40]}” cannot be the name of a sheet.", remedy="Use 1 to 31 characters without [ ] : * ? / \\."
        )


def numbered(title: str, number: int) -> str:
    """分表名: of the second and later sheets of one table."""
    ending = f" {number}"
    return title if number == 1 else title[: 31 - len(ending)] + ending


def _clean(text: str) -> str:
    return "".join(letter for letter in text if letter >= " " or letter in "\t\n")


def _text(text: str) -> str:
    return escape(_clean(text))
