"""应用: the Django app of the results."""

from __future__ import annotations

from django.apps import AppConfig


class ResultsConfig(AppConfig):
    """结果: label `results`, tables `results_*`."""

    name = "jiedui.results"
    label = "results"
    verbose_name = "结果"
    default_auto_field = "django.db.models.BigAutoField"
