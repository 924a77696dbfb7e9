"""手工工作簿: packages put together by hand, so that a test can say exactly what stands in the XML."""

from __future__ import annotations

import zipfile
from pathlib import Path

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT_OFFICE = "http://purl.oclc.org/ooxml/officeDocument/relationships"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"


def sheet(rows: str, *, after: str = "", main: str = MAIN) -> str:
    """A sheet around its rows."""
    return f'<?xml version="1.0"?><worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{after}</worksheet>'


def package(
    path: Path,
    sheets: dict[str, str | bytes],
    *,
    shared: str | bytes | None = None,
    styles: str | None = None,
    states: dict[str, str] | None = None,
    absolute: bool = False,
    main: str = MAIN,
    office: str = OFFICE,
    properties: str = "",
    compression: int = zipfile.ZIP_DEFLATED,
    extra: dict[str, bytes] | None = None,
) -> Path:
    """A workbook of these sheets (name → XML); `absolute` gives relationship targets from the root."""
    base = "/xl/" if absolute else ""
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{RELATIONS}"><Relationship Target="{"/" if absolute else ""}xl/workbook.xml" '
            f'Id="a" Type="{office}/officeDocument"/></Relationships>',
        )
        names = "".join(
            f'<sheet state="{(states or {}).get(name, "visible")}" name="{name}" sheetId="{k}" r:id="s{k}"/>'
            for k, name in enumerate(sheets, 1)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{office}"><workbookPr {properties}/><sheets>{names}</sheets></workbook>',  # noqa: E501
        )
        links = [f'<Relationship Id="s{k}" Type="{office}/worksheet" Target="{base}worksheets/sheet{k}.xml"/>'
                 for k in range(1, len(sheets) + 1)]  # fmt: skip
        for word, content in (("sharedStrings", shared), ("styles", styles)):
            if content is not None:
                links.append(f'<Relationship Id="{word}" Type="{office}/{word}" Target="{base}{word}.xml"/>')
                archive.writestr(f"xl/{word}.xml", content)
        archive.writestr(
            "xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{RELATIONS}">{"".join(links)}</Relationships>'
        )
        for k, content in enumerate(sheets.values(), 1):
            archive.writestr(f"xl/worksheets/sheet{k}.xml", content)
        for name, data in (extra or {}).items():
            archive.writestr(name, data)
    return path
