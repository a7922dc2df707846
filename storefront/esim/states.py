"""What an eSIM is, as far as the partner's free text can be understood. Pure.

A text that is not known here is no error: it is kept and shown as it came.
"""

from django.db import models


class State(models.TextChoices):
    """Where an eSIM is in its life."""

    UNKNOWN = "unknown", "Unknown"
    RELEASED = "released", "Not installed"
    INSTALLED = "installed", "Installed"
    USED_UP = "used_up", "Used up"
    EXPIRED = "expired", "Expired"


_WORDS: dict[State, frozenset[str]] = {
    State.RELEASED: frozenset({"released", "available", "not installed", "ready", "new"}),
    State.INSTALLED: frozenset({"installed", "enabled", "active", "activated", "in use"}),
    State.USED_UP: frozenset({"used up", "used", "depleted", "exhausted", "finished"}),
    State.EXPIRED: frozenset({"expired", "terminated"}),
}
# Nothing more happens to these until data is added.
OVER = frozenset({State.USED_UP, State.EXPIRED})


def read(text: str) -> State:
    """The state behind the partner's text."""
    word = " ".join(text.casefold().replace("_", " ").replace("-", " ").split())
    return next((state for state, words in _WORDS.items() if word in words), State.UNKNOWN)
