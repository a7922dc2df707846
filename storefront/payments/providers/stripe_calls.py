"""How this shop calls Stripe, and what each failure of the `stripe` package means to it.

Either the effect did not happen and never will (ProviderRefusal), or nobody knows
(ProviderTrouble): then the same call comes again with the same key.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import requests
import stripe
from django.conf import settings

from storefront.payments.providers.protocol import ProviderRefusal, ProviderTrouble

# The form of Stripe's answers this was written for, whatever the account or the package prefers.
API_VERSION = "2026-10-28.endive"
# Stripe looked at the request and will say the same to it for ever. What else the package raises
# leaves the outcome open: no connection, a 5xx, too many requests, a key that is refused (it may be
# put right), a key of idempotency that is in use or was used for something else.
REFUSALS = (stripe.CardError, stripe.InvalidRequestError)

_CONNECT_SECONDS, _READ_SECONDS = 3, 12
_LARGEST_ANSWER = 2 * 2**20


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Say in the protocol's words what went wrong. No message of Stripe's about a card is kept."""
    try:
        yield
    except REFUSALS as refusal:
        raise ProviderRefusal(f"{what}: {refusal.code or type(refusal).__name__}") from refusal
    except stripe.StripeError as trouble:
        raise ProviderTrouble(f"{what}: {type(trouble).__name__}") from trouble
    except (ValueError, KeyError, AttributeError, TypeError) as nonsense:
        raise ProviderTrouble(f"{what}: an answer we can't read") from nonsense


def client() -> stripe.StripeClient:
    """This process's client for the shop's account."""
    return _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_URL)


@cache
def _client(key: str, url: str) -> stripe.StripeClient:
    """Made on first use, so after any fork."""
    return stripe.StripeClient(
        key,
        stripe_version=API_VERSION,
        base_addresses={"api": url} if url else {},
        max_network_retries=0,
        http_client=stripe.RequestsClient(
            timeout=(_CONNECT_SECONDS, _READ_SECONDS), session=_Straight()
        ),
    )


class _Straight(requests.Session):
    """Straight to Stripe: no proxy or login from the environment, no redirects, no endless body."""

    def __init__(self) -> None:
        super().__init__()
        self.trust_env = False

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """One exchange. A body that is too long counts as none."""
        response = super().request(*args, **kwargs | {"allow_redirects": False, "stream": True})
        with response:
            body = response.raw.read(_LARGEST_ANSWER + 1, decode_content=True)
        if len(body) > _LARGEST_ANSWER:
            raise requests.ConnectionError("the answer is too long")
        response._content = body  # noqa: SLF001  what `requests` itself sets when it reads the body
        return response
