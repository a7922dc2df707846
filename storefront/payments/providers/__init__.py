"""Payment providers, one module each, behind one small protocol."""

from collections.abc import Callable

from django.conf import settings

from storefront.payments.providers import demo, stripe
from storefront.payments.providers.protocol import (
    HoldGone,
    NoProvider,
    Provider,
    ProviderRefusal,
    ProviderTrouble,
)

__all__ = ["HoldGone", "NoProvider", "Provider", "ProviderRefusal", "ProviderTrouble", "provider"]

_PROVIDERS: dict[str, Callable[[], Provider]] = {"demo": demo.Demo, "stripe": stripe.Stripe}


def provider(name: str | None = None) -> Provider:
    """The named provider, or the shop's. Raises NoProvider.

    A database that was a demonstration's may hold demo payments: a real shop honours none of them.
    """
    wanted = name or settings.PAYMENT_PROVIDER
    if wanted not in _PROVIDERS or (wanted == "demo" and settings.STRICT):
        raise NoProvider(wanted)
    return _PROVIDERS[wanted]()
