"""运行环境: settings from the environment, the embedded PostgreSQL, keys, logging, progress.

Owns how the program starts and stops. Refuses any word of the domain.

Doors: `settings.load`, `postgres` (`ensure_running`, `addresses`, `status`, `stop`, `remove`), `keys.load`,
`django.setup`, `progress.steps`; `django_settings` for Django itself.
"""
