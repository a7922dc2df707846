"""Why it does not work: what the partner's last answer points to first, then what to try.

Knows only what is in the row; nothing is asked for here.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from storefront.esim.models import Esim
from storefront.esim.states import State


@dataclass(frozen=True, slots=True)
class Finding:
    """One cause and what to do about it. `is_likely`: what we know points to it."""

    code: str
    title: Promise
    advice: Promise
    is_likely: bool = False


_TEXTS: dict[str, tuple[Promise, Promise]] = {
    "not-installed": (
        _("It is not installed"),
        _(
            "The phone must be unlocked, support eSIM and have Wi-Fi. Each eSIM is installed once: "
            "if the phone says it was used before, look for it among the phone's SIMs."
        ),
    ),
    "no-data": (
        _("It is installed, but there is no data"),
        _(
            "Choose this eSIM for mobile data, switch its data roaming on, then aeroplane mode on "
            "and off. If the phone asks for an APN, take the one in the eSIM's own settings."
        ),
    ),
    "wrong-country": (
        _("I am in a country that is not in the list"),
        _("It works only in the countries below. Elsewhere you need another eSIM."),
    ),
    "used-up": (
        _("The data is used up"),
        _("Add data, or wait: usage is shown with some delay."),
    ),
    "expired": (
        _("The plan has ended"),
        _("What was left is gone with it. Add data, or buy a new eSIM."),
    ),
}
_POINTS_TO = {
    State.RELEASED: "not-installed",
    State.INSTALLED: "no-data",
    State.USED_UP: "used-up",
    State.EXPIRED: "expired",
}


def findings(esim: Esim, *, now: datetime) -> list[Finding]:
    """All causes, the likely one first."""
    likely = _POINTS_TO.get(State(esim.state), "")
    if esim.ends_at and esim.ends_at <= now:
        likely = "expired"
    elif esim.data_total and esim.data_remaining == 0:
        likely = "used-up"
    order = sorted(_TEXTS, key=lambda code: code != likely)
    return [Finding(code, *_TEXTS[code], is_likely=code == likely) for code in order]
