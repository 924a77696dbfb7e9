"""人岗对接: workers of registered poor households and vacancies (八, labour.1–3).

`propose` reads a snapshot and gives proposals, each with what counted, the next best, and why not the first wish. It
decides nothing: a proposal becomes an offer when an officer signs, a placement when the worker agrees.
"""

from jiedui.matching.problems.labour.proposals import LabourProposals, propose

__all__ = ["LabourProposals", "propose"]
