"""规则: pure functions over rows and edges, one file per area.

Rows in, findings or values out; every number comes from the dated parameters.
"""
