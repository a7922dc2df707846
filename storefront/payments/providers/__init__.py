"""Payment providers, one module each, behind one small protocol."""

from decimal import Decimal
from typing import Protocol
from uuid import UUID

from django.conf import settings

from storefront.payments.providers import demo


class ProviderTrouble(Exception):  # noqa: N818  the failure is the name
    """The provider did not answer, or not clearly: the same call with the same key comes again."""


class ProviderRefusal(Exception):  # noqa: N818  the failure is the name
    """The provider said no and will not say anything else: an expired hold, a closed account."""


class NoProvider(Exception):  # noqa: N818  the failure is the name
    """The shop cannot take money: its provider is not one this version has."""


class Provider(Protocol):
    """What every provider can do. Amounts are in major units of the payment's currency.

    Each effect carries an idempotency key; with the same key it happens once. Raises
    ProviderTrouble when it is not known whether the effect happened, ProviderRefusal when it did
    not and never will.
    """

    name: str

    def page(self, payment_id: UUID) -> str:
        """Where the customer pays: a path of ours or an address of the provider's."""

    def capture(self, reference: str, amount: Decimal, currency: str, *, key: str) -> None:
        """Take held money, or a part of it; the rest of the hold is released."""

    def void(self, reference: str, *, key: str) -> None:
        """Release held money."""

    def refund(self, reference: str, amount: Decimal, currency: str, *, key: str) -> None:
        """Give captured money back."""


_PROVIDERS: dict[str, type[Provider]] = {"demo": demo.Demo}


def provider(name: str | None = None) -> Provider:
    """The named provider, or the shop's. Raises NoProvider.

    A database that was a demonstration's may hold demo payments: a real shop honours none of them.
    """
    wanted = name or settings.PAYMENT_PROVIDER
    if wanted not in _PROVIDERS or (wanted == "demo" and settings.STRICT):
        raise NoProvider(wanted)
    return _PROVIDERS[wanted]()
