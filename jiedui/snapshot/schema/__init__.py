"""快照结构: the tables of a snapshot, area by area, declared once for everybody."""

from jiedui.snapshot.schema import funding, industry, labour, leadership, pairing, poverty, society, talent
from jiedui.snapshot.schema.definition import Column, Table

TABLES: dict[str, Table] = {
    table.name: table
    for area in (pairing, poverty, society, industry, labour, talent, funding, leadership)
    for table in area.TABLES
}
"""Every table by name, ordered so that a table comes after those it references."""

__all__ = ["TABLES", "Column", "Table"]
