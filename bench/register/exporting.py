"""导出: the chunks of an export as the page streams them."""

from __future__ import annotations

from collections.abc import Iterator


def chunks(username: str) -> Iterator[bytes]:
    """The whole register that a user may see, as .xlsx, through the page itself."""
    from django.test import Client

    from jiedui.records.models import User

    client = Client(HTTP_HOST="localhost")
    client.force_login(User.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend")
    answer = client.get("/register/export/file/?format=xlsx")
    if answer.status_code != 200 or not answer.streaming:
        raise SystemExit(f"the export answered {answer.status_code}")
    yield from answer.streaming_content
