"""报告: the yearly report, tables and charts, as Word, PDF and Excel.

Owns formats. Refuses to compute.

Doors: `runs.read`, `yearly` and `national` (`gather` from results, then `pdf`, `word`, `workbook` print), `charts`
(option dicts; `charts.svg`), `files` (which reports of a run exist).
"""
