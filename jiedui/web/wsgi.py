"""WSGI 入口: what the server of `make serve` calls."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiedui.runtime.django_settings")

application = get_wsgi_application()
