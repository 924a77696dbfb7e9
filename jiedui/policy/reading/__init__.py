"""阅读: a published page, however damaged, into clauses and pairings (duty reading.1).

Owns the reading of text. Refuses to guess: what it cannot resolve it reports with the sentence.
"""
