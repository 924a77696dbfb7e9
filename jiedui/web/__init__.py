"""网站: pages, templates and static files.

Owns what people see. Refuses engines: it shows records, results and reports.

Doors: `wsgi.application` for the web server, `urls` for Django's settings. No other room imports this one.
"""
