"""作业: the wiring between rooms and the command line.

Owns the order of steps. Refuses web.
"""
