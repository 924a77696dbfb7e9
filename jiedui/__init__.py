"""Jiedui (结对): runs a paired-assistance programme.

Rooms: runtime, terms, policy, records, snapshot, matching, assessment, results, reports, jobs, web, simulate.
ARCHITECTURE.md draws them; imports point down only.
"""

__version__ = "0.1.0"
