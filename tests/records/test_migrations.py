"""The migrations of records and results."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.django_db


def test_no_migration_is_missing():
    """The models and the migrations say the same."""
    call_command("makemigrations", "records", "results", check=True, dry_run=True, verbosity=0)


def test_every_migration_can_be_undone():
    """No operation of either app is one-way."""
    loader = MigrationLoader(connection)
    ours = [loader.disk_migrations[key] for key in loader.disk_migrations if key[0] in ("records", "results")]
    assert len(ours) >= 5
    for migration in ours:
        assert all(operation.reversible for operation in migration.operations), migration
