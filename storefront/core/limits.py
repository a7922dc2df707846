"""How often somebody may do something, counted in the database: the broker may be down.

    if not limits.hit(scope="look-up", key=email, limit=5, window=HOUR, now=now()):
        return limits.too_many(request, after=HOUR / 5)

One row per somebody and one statement per question, so that requests at the same moment can't all
get through. An allowance comes back evenly: whoever used it up waits `window / limit` for one
more, and what was refused costs nothing, so that nobody is locked out for good by a stranger.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.timezone import now as clock

from storefront.core.clients import client_address
from storefront.core.models import Allowance

View = Callable[..., HttpResponse]

# A household or a phone has a whole network of this size to itself.
_NETWORK_OF_ONE = 64

# The row says when all of the allowance is back. One more use moves that by one share; it may not
# lie further ahead than the window.
_HIT = """
    INSERT INTO core_allowance AS known (key, whole_at) VALUES (%(key)s, %(now)s + %(share)s)
    ON CONFLICT (key) DO UPDATE SET whole_at = greatest(known.whole_at, %(now)s) + %(share)s
    WHERE greatest(known.whole_at, %(now)s) + %(share)s <= %(now)s + %(window)s
    RETURNING key
"""


def hit(
    *, scope: str, key: str, limit: int, window: timedelta, now: datetime, count: int = 1
) -> bool:
    """Use one (or `count`) of `limit` per `window`; whether there was so much left.

    `key` is whoever is counted: an address, an e-mail, a user. Demonstrations on shortened waits
    have shortened windows, too.
    """
    if count > limit:
        return False
    window = window * min(settings.WAIT_SCALE, 1) or timedelta(milliseconds=1)
    values: dict[str, Any] = {
        "key": salted_hmac(f"limits {scope}", key, algorithm="sha256").hexdigest(),
        "now": now,
        "share": window * count / limit,
        # Divided and added up again, the shares may come out a little longer than the window.
        "window": window + timedelta(milliseconds=1),
    }
    with connection.cursor() as cursor:
        cursor.execute(_HIT, values)
        return cursor.fetchone() is not None


def client_hit(
    request: HttpRequest, *, scope: str, limit: int, window: timedelta, now: datetime
) -> bool:
    """The same for whoever is calling. A peer without an address can't be told from others."""
    client = household(client_address(request))
    return not client or hit(scope=scope, key=client, limit=limit, window=window, now=now)


def limited(scope: str, *, limit: int, window: timedelta) -> Callable[[View], View]:
    """A view whose forms one client may send so often; what is only read is not counted."""

    def decorate(view: View) -> View:
        @wraps(view)
        def counted(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            is_read = request.method in {"GET", "HEAD"}
            if is_read or client_hit(request, scope=scope, limit=limit, window=window, now=clock()):
                return view(request, *args, **kwargs)
            return too_many(request, after=window / limit)

        return counted

    return decorate


def too_many(request: HttpRequest, *, after: timedelta) -> HttpResponse:
    """The page that says so, in words and for programs; one more is allowed `after` at most."""
    response = render(request, "429.html", status=429)
    response["Retry-After"] = str(max(1, ceil(after.total_seconds())))
    response["Cache-Control"] = "no-store"
    return response


def forget(*, now: datetime) -> int:
    """Drop the rows that mean nothing any more; returns how many."""
    return Allowance.objects.filter(whole_at__lt=now).delete()[0]


def household(address: str) -> str:
    """What is counted for an address: itself, or the network that a household has to itself."""
    if not address or ip_address(address).version == 4:
        return address
    return str(ip_network((address, _NETWORK_OF_ONE), strict=False))
