"""结果: runs with their lineage, proposals, values, scores and evidence.

Owns what engines said and from what. Refuses to compute.
"""
