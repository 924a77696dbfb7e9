"""The migrations of records and results."""

import pytest
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def test_no_migration_is_missing():
    """The models and the migrations say the same."""
    call_command("makemigrations", "records", "results", check=True, dry_run=True, verbosity=0)
