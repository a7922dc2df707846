"""After how long a customer is told that it takes longer."""

from datetime import timedelta

from django.conf import settings


def late_after() -> timedelta:
    """From now on the page says so, and a mail does, too."""
    return timedelta(minutes=5) * settings.WAIT_SCALE


def very_late_after() -> timedelta:
    """From now on the page says what happens if it never comes."""
    return timedelta(minutes=30) * settings.WAIT_SCALE
