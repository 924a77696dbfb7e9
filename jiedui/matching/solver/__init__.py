"""求解器: arrays in, assignment and certificate out.

Owns markets, their exact solution and what proves it. Refuses policy, tables and persons: it knows agents, objects,
seats and integers.
"""
