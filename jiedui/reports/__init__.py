"""报告: the yearly report, tables and charts, as Word, PDF and Excel.

Owns formats. Refuses to compute.
"""
