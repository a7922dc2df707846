"""A Stripe of our own for tests: Checkout Sessions, money that is held, taken and given back, with
the real rules of idempotency keys, signed events, and bad days. The shop reaches it through the
real `stripe` package; it shares no code with either.

with running() as stripe:
    settings.STRIPE_API_URL = stripe.url
    ...
    stripe.pay(session_id)
"""

from tests.fake_stripe.account import Account, Refused
from tests.fake_stripe.server import FakeStripe, running

__all__ = ["Account", "FakeStripe", "Refused", "running"]
