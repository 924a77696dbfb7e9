"""政策: clauses and duties, dated parameters, pure rules, published facts, and the reader of published pages.

Owns what the text says and what we chose. Refuses storage, clocks and randomness: same facts in, same findings out.
"""

from jiedui.policy.lineage import digest

__all__ = ["digest"]
