"""匹配: markets, the solver, its certificate and its explanations.

Owns every 结对 proposal. Refuses to decide: a person signs. Public doors: `Market`, `solve`, `verify`, `explain`.
"""

from jiedui.matching.explain import Explanation, explain
from jiedui.matching.solver.market import Group, Groups, Market, MarketError, Quota
from jiedui.matching.solver.solution import Solution
from jiedui.matching.solver.solve import solve
from jiedui.matching.verify import verify

__all__ = ["Explanation", "Group", "Groups", "Market", "MarketError", "Quota", "Solution", "explain", "solve", "verify"]
