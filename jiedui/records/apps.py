"""应用: the Django app of the records."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecordsConfig(AppConfig):
    """记录: label `records`, tables `records_*`."""

    name = "jiedui.records"
    label = "records"
    verbose_name = "记录"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Grants to the pages' role follow every migration."""
        from jiedui.records import grants

        post_migrate.connect(grants.after_migration, dispatch_uid="records.grants")
