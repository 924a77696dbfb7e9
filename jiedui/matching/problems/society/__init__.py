"""社会参与: firms for villages (万企帮万村) and offers for needs (十一, society.1 and 2).

They decide nothing: a village pair or help that is given begins when the office of the place signs.
"""

from jiedui.matching.problems.society.needs import propose_needs
from jiedui.matching.problems.society.villages import propose_villages

__all__ = ["propose_needs", "propose_villages"]
