"""Who may sign in by password."""

from typing import Any

from django.conf import settings
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest

from storefront.accounts.models import User

# Printed for everybody who runs the demonstration.
DEMO_PASSWORD = "kiosk-demo"  # noqa: S105  public on purpose


class PasswordBackend(ModelBackend):
    """Django's own, but the demonstration's public password opens no real shop."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        """The person, or None."""
        if settings.STRICT and password == DEMO_PASSWORD:
            return None
        return super().authenticate(request, username=username, password=password, **kwargs)
