"""A shop that sends its mails to a postbox of the test's own."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from tests.mail.postbox import Postbox, listening


@pytest.fixture
def postbox(settings: Settings) -> Iterator[Postbox]:
    with listening() as postbox:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", postbox.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield postbox
