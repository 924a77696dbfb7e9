"""人岗对接: workers of registered poor households and vacancies (八, labour.1–3).

`propose` reads a snapshot and gives an `Outcome`: proposals, each with what counted, the next best, and why not the
first wish. It decides nothing: a proposal becomes an offer when an officer signs, a placement when the worker agrees.
What else it is told stands in `Asked`: whose workers, pinned and forbidden pairs, places per home county.
"""

from jiedui.matching.problems.labour.asked import Asked
from jiedui.matching.problems.labour.proposals import Outcome, propose
from jiedui.matching.problems.labour.warmth import Warm

__all__ = ["Asked", "Outcome", "Warm", "propose"]
