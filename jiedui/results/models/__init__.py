"""模型: a run and what belongs to it."""

from jiedui.results.models.assessment import IndicatorDefinition, IndicatorValue, PairScore
from jiedui.results.models.finding import RuleFinding
from jiedui.results.models.matching import PairProposal, Proposal
from jiedui.results.models.run import Run

__all__ = ["IndicatorDefinition", "IndicatorValue", "PairProposal", "PairScore", "Proposal", "RuleFinding", "Run"]
