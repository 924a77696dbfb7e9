"""考核: schemes as data, indicators as SQL, evidence, scores, sensitivity.

Owns how a number is made. Refuses a number without rows.
"""
