"""装载批次: whether the people in this database are made up."""

from __future__ import annotations

from jiedui.records.models import LoadedBatch


def synthetic() -> bool:
    """合成数据: whether any batch that was loaded is marked synthetic."""
    return LoadedBatch.objects.filter(synthetic=True).exists()
