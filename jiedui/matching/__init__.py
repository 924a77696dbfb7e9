"""匹配: markets, the solver, its certificate and its explanations.

Owns every 结对 proposal. Refuses to decide: a person signs.
"""
