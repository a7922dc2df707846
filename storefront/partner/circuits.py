"""A breaker for each capability of the partner, shared by all workers through its row.

It opens after several failures in a row, at once when the partner refuses our credentials, and for
as long as the partner asks when it throttles us. While it is open nothing is sent, nothing is
concluded, and nothing is refunded: what waits, waits. Once its time is over a look at the balance
decides; after a good one, one more failure opens it again.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.models import F

from partner_api import ConfigurationError, NotSent, PartnerError, Temporary, UnknownOutcome
from partner_api.client import PartnerClient
from partner_api.errors import Throttled
from storefront.partner.models import Circuit

Capability = Circuit.Capability
Reason = Circuit.Reason

#: So many failures in a row are no accident.
THRESHOLD = 5
#: How long an open circuit rests before it is probed, in seconds before WAIT_SCALE ...
REST = 60
#: ... and how long when the partner throttles us without saying for how long.
THROTTLED_REST = 30
#: A clock this far from the partner's is told to staff; signatures are refused beyond 300 seconds.
SKEW = 30


def is_clean(capability: str) -> bool:
    """Whether nothing is noted against it."""
    return noted(capability) is None


def wait(capability: str, *, now: datetime) -> timedelta | None:
    """How long its calls must rest from now on; None when they may go."""
    return rest(noted(capability), now=now)


def noted(capability: str) -> Circuit | None:
    """What is noted against it, if anything is."""
    return next(iter(Circuit.objects.filter(pk=capability).exclude(failures=0, reason="")), None)


def rest(row: Circuit | None, *, now: datetime) -> timedelta | None:
    """How long its calls must rest by what is noted; None when they may go."""
    if row is None or row.open_until is None:
        return None
    if row.open_until > now:
        return row.open_until - now
    # A time that was asked for is over by itself; any other end needs a probe.
    return None if row.reason == Reason.THROTTLED else scaled(REST)


def note(capability: str, error: PartnerError | None, *, now: datetime) -> None:
    """What a call came to. Inside a transaction nothing is noted: the row is not ours to lock."""
    if connection.in_atomic_block:
        return
    if error is None:
        dirty = Circuit.objects.filter(pk=capability).exclude(failures=0, reason="")
        dirty.update(failures=0, open_until=None, reason=Reason.NONE, detail="", opened_at=None)
    elif isinstance(error, Throttled):
        seconds = THROTTLED_REST if error.retry_after is None else error.retry_after
        _open(capability, Reason.THROTTLED, error, scaled(seconds), now)
    elif isinstance(error, ConfigurationError):
        skewed = abs(error.clock_skew or 0) > SKEW
        _open(capability, Reason.CLOCK if skewed else Reason.CREDENTIALS, error, scaled(REST), now)
    elif isinstance(error, UnknownOutcome | NotSent | Temporary):
        Circuit.objects.get_or_create(pk=capability)
        rows = Circuit.objects.filter(pk=capability)
        rows.update(failures=F("failures") + 1)
        if rows.filter(failures__gte=THRESHOLD).exists():
            _open(capability, Reason.UNREACHABLE, error, scaled(REST), now)


def probe(*, client: PartnerClient, now: datetime) -> list[Circuit]:
    """Look at the balance for each open circuit whose rest is over; all circuits as they are then.

    Of several workers one looks: whoever moves the time on.
    """
    due = Circuit.objects.filter(open_until__lte=now)
    due.filter(reason=Reason.THROTTLED).update(open_until=None, reason=Reason.NONE, detail="")
    for row in due.exclude(reason=Reason.THROTTLED):
        mine = Circuit.objects.filter(pk=row.pk, open_until=row.open_until)
        if not mine.update(open_until=now + scaled(REST)):
            continue
        try:
            client.balance()
        except PartnerError:
            continue
        if abs(client.clock_skew or 0) > SKEW and row.reason == Reason.CLOCK:
            continue
        Circuit.objects.filter(pk=row.pk).update(open_until=None, failures=THRESHOLD - 1)
    return list(Circuit.objects.all())


def scaled(seconds: float) -> timedelta:
    """A wait of ours, as WAIT_SCALE shortens it."""
    return timedelta(seconds=seconds * settings.WAIT_SCALE)


def _open(
    capability: str, reason: Circuit.Reason, error: PartnerError, rest: timedelta, now: datetime
) -> None:
    skew = error.clock_skew or 0
    named = f"clock skew {round(skew, -1):.0f} s; " if reason == Reason.CLOCK else ""
    Circuit.objects.update_or_create(
        pk=capability,
        defaults={
            "open_until": now + rest,
            "reason": reason,
            "detail": f"{named}{error}"[:300],
            "opened_at": now,
        },
    )
