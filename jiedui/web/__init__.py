"""网站: pages, templates and static files.

Owns what people see. Refuses engines: it shows records, results and reports.
"""
