"""任务: what the background worker knows by name; each calls a job of this room.

Read by the worker only (`PROCRASTINATE_IMPORT_PATHS`); the pages defer tasks by their names.
"""

from __future__ import annotations

from procrastinate.contrib.django import app

from jiedui.jobs import duplicates, importing, match_orders


@app.task(name="imports.compare", queue="imports")
def compare(import_id: int) -> None:
    """读取并比对."""
    importing.compare(import_id)


@app.task(name="imports.write", queue="imports")
def write(import_id: int) -> None:
    """写入."""
    importing.write(import_id)


@app.task(name="imports.undo", queue="imports")
def undo(import_id: int) -> None:
    """撤销."""
    importing.undo(import_id)


@app.task(name="imports.clear", queue="imports")
def clear(import_id: int) -> None:
    """清除."""
    importing.clear(import_id)


@app.task(name="duplicates.find", queue="duplicates")
def find_duplicates(region_code: str) -> None:
    """查重."""
    duplicates.find(region_code)


@app.task(name="duplicates.settle", queue="duplicates")
def settle_duplicate(pair_id: int) -> None:
    """落实判定."""
    duplicates.settle(pair_id)


@app.task(name="matching.order", queue="matching")
def match_order(order_id: int) -> None:
    """匹配."""
    match_orders.work(order_id)
