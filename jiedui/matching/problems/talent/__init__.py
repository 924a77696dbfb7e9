"""人选与岗位: who fits which post (九, talent.4), by field, level and term.

It decides nothing: a secondment begins when somebody who may staff the post signs.
"""

from jiedui.matching.problems.talent.proposals import propose_posts

__all__ = ["propose_posts"]
