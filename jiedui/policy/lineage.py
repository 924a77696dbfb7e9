"""政策版本: one digest for everything in this room that can change a number."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

PARTS: Final = ("checks.py", "clauses.toml", "parameters", "places.py", "published.py", "rules", "data")


@cache
def digest() -> str:
    """政策摘要: SHA-256 (hex) over clauses, parameters, rules and published facts, by path and content."""
    root = files("jiedui.policy")
    found = sorted(path for part in PARTS for path in _files(root.joinpath(part), part))
    whole = hashlib.sha256()
    for path, content in found:
        whole.update(f"{path}\0{len(content)}\0".encode())
        whole.update(content)
    return whole.hexdigest()


def _files(entry: Traversable, path: str) -> list[tuple[str, bytes]]:
    if entry.is_file():
        return [(path, entry.read_bytes())] if path.endswith((".toml", ".csv", ".py")) else []
    children = (child for child in entry.iterdir() if child.name != "__pycache__")
    return [found for child in children for found in _files(child, f"{path}/{child.name}")]
