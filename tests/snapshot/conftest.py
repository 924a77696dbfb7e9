"""One small synthetic country, frozen and written once; tests that spoil a snapshot get a copy."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from jiedui import snapshot
from jiedui.simulate.tables import country

AS_OF = date(2019, 12, 31)
KEY = b"a key of the tests"


@pytest.fixture(scope="session")
def full() -> dict[str, pa.Table]:
    """The full tables of 400 persons, private columns included."""
    return country(persons=400, seed=21)


@pytest.fixture(scope="session")
def frozen(full: dict[str, pa.Table]) -> dict[str, pa.Table]:
    """The same tables as they enter a snapshot."""
    return snapshot.freeze_tables(full, KEY)


@pytest.fixture(scope="session")
def written(frozen: dict[str, pa.Table], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A snapshot of them that no test may change."""
    directory = tmp_path_factory.mktemp("snapshots") / "country"
    snapshot.write(frozen, directory, as_of=AS_OF, policy_digest="policy", synthetic=True)
    return directory


@pytest.fixture
def copied(written: Path, tmp_path: Path) -> Path:
    """A copy of the snapshot to spoil."""
    return Path(shutil.copytree(written, tmp_path / "country"))
