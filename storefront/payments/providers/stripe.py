"""Stripe: its Checkout page holds the money; we capture what was delivered and release the rest.

Each call names its effect by our key and is made once: no retries of the library's own, our rows
see to that. Nothing is decided from what Stripe shows the browser or sends to the webhook; what
counts is what its API answers about our own session.

Must not know rows: what is asked comes in `Asked`, what is answered leaves as the protocol's words.
"""

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import stripe
import structlog
from django.conf import settings

from storefront.payments.currencies import UnsupportedCurrency, from_minor, to_minor
from storefront.payments.providers.protocol import (
    Asked,
    Books,
    Fee,
    HoldGone,
    ProviderRefusal,
    ProviderTrouble,
    Started,
    State,
    Word,
)
from storefront.payments.providers.stripe_calls import asking, client

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

log = structlog.get_logger(__name__)

# Under this name each refund at Stripe carries our key; Stripe itself forgets keys after a day.
KEY = "kiosk_key"
_LONGEST_NAME = 250
_MONEY = "latest_charge.balance_transaction"
# What became of a page that was paid, by the state of its money.
_STATES = {
    "requires_capture": State.HELD,
    "succeeded": State.TAKEN,
    "processing": State.PENDING,
    "requires_action": State.PENDING,
    "requires_confirmation": State.PENDING,
    "requires_payment_method": State.DECLINED,  # the bank said no after the page had closed
    "canceled": State.EXPIRED,  # held once, and let go before we heard of it
}


class Stripe:
    """Checkout Sessions with manual capture, by the API alone."""

    name = "stripe"

    def start(self, asked: Asked, *, key: str) -> Started:
        """Open Stripe's page. A currency outside our table never gets there."""
        try:
            params = _page(asked)
        except (UnsupportedCurrency, ValueError) as wrong:
            raise ProviderRefusal(f"start: {wrong!r}") from wrong
        with asking("start"):
            session = client().v1.checkout.sessions.create(params, {"idempotency_key": key})
        if not session.url:
            raise ProviderTrouble("start: the page has no address")
        return Started(session.id, session.url)

    def confirm(self, session: str) -> Word:
        """What Stripe's own record says of the page and of the money behind it."""
        expand = ["payment_intent", f"payment_intent.{_MONEY}"]
        with asking("confirm"):
            found = client().v1.checkout.sessions.retrieve(session, {"expand": expand})
            return _word(found, session)

    def end(self, session: str) -> Word:
        """Close the page; Stripe refuses where it was paid or has closed, and then says which."""
        try:
            with asking("end"):
                client().v1.checkout.sessions.expire(session)
        except ProviderRefusal:
            log.info("page not closed", session=session)
        return self.confirm(session)

    def capture(self, reference: str, amount: Decimal, currency: str, *, key: str) -> Fee | None:
        """Take this much; Stripe releases the rest by itself."""
        minor = to_minor(amount, currency)
        try:
            with asking("capture"):
                intent = client().v1.payment_intents.capture(
                    reference,
                    {"amount_to_capture": minor, "expand": [_MONEY]},
                    {"idempotency_key": key},
                )
        except ProviderRefusal:
            intent = _intent(reference)
            if intent.status == "canceled":
                raise HoldGone("capture: Stripe holds the money no more") from None
            if intent.status != "succeeded" or intent.amount_received != minor:
                raise
        return _fee(intent)

    def void(self, reference: str, *, key: str) -> None:
        """Release what is held."""
        try:
            with asking("void"):
                client().v1.payment_intents.cancel(reference, {}, {"idempotency_key": key})
        except ProviderRefusal:
            if _intent(reference).status != "canceled":
                raise

    def refund(self, reference: str, amount: Decimal | None, currency: str, *, key: str) -> None:
        """Give back; our key stays on the refund, to be found when Stripe has forgotten it."""
        params: dict[str, Any] = {"payment_intent": reference, "metadata": {KEY: key}}
        if amount is not None:
            params["amount"] = to_minor(amount, currency)
        with asking("refund"):
            made = client().v1.refunds.create(params, {"idempotency_key": key})  # type: ignore[arg-type]  # a plain dict of its shape
        if made.status in {"failed", "canceled"}:
            raise ProviderRefusal(f"refund: {made.status} ({made.failure_reason or 'no reason'})")

    def look_up(self, reference: str, currency: str) -> Books:
        """The money as Stripe has it now, and each refund that bears a key of ours."""
        intent = _intent(reference)
        with asking("look up"):
            rows = client().v1.refunds.list({"payment_intent": reference, "limit": 100})
            refunds = [row for row in rows.auto_paging_iter() if row.status not in _NOTHING]
        theirs = intent.currency.upper()
        try:
            received = from_minor(intent.amount_received, theirs)
            given = {_key_of(row): from_minor(row.amount, theirs) for row in refunds}
        except UnsupportedCurrency as unknown:
            raise ProviderRefusal(f"the money is in {unknown}, in which we do not count") from None
        given.pop("", None)
        return Books(
            is_held=intent.status == "requires_capture",
            taken=received if intent.status == "succeeded" else None,
            currency="" if theirs == currency else theirs,
            refunds=given,
            fee=_fee(intent),
        )


_NOTHING = frozenset({"failed", "canceled"})


def _page(asked: Asked) -> "SessionCreateParams":
    """What Stripe's page shows and does. Raises UnsupportedCurrency, ValueError."""
    ours = {"order": asked.order_number, "payment": str(asked.payment_id)}
    return {
        "mode": "payment",
        "line_items": [
            {
                "quantity": goods.quantity,
                "price_data": {
                    "currency": asked.currency.lower(),
                    "unit_amount": to_minor(goods.price, asked.currency),
                    "product_data": {"name": goods.name[:_LONGEST_NAME]},
                },
            }
            for goods in asked.goods
        ],
        "client_reference_id": str(asked.payment_id),
        "customer_email": asked.email,
        "locale": "ru" if asked.locale == "ru" else "en",
        "success_url": asked.return_url,
        "cancel_url": asked.back_url,
        "expires_at": int(asked.closes_at.timestamp()),
        # The customer pays what we showed, in the currency we showed.
        "adaptive_pricing": {"enabled": False},
        "metadata": ours,
        "payment_intent_data": {
            "capture_method": "manual",
            "description": asked.order_number,
            "metadata": ours,
        },
    }


def _word(session: stripe.checkout.Session, asked_for: str) -> Word:
    if session.id != asked_for:
        raise ProviderTrouble("confirm: the answer is about another page")
    is_right = session.livemode == is_live()
    if session.status != "complete":
        state = State.EXPIRED if session.status == "expired" else State.OPEN
        return Word(state=state, is_right_mode=is_right)
    intent = session.payment_intent
    if not isinstance(intent, stripe.PaymentIntent):
        raise ProviderTrouble("confirm: a paid page without its money")
    if intent.status not in _STATES:
        raise ProviderTrouble(f"confirm: the money is {intent.status}")
    state = _STATES[intent.status]
    minor = intent.amount_received if state == State.TAKEN else intent.amount_capturable
    shown = (session.amount_total, session.currency)
    return Word(
        state=state,
        reference=intent.id,
        minor=minor,
        currency=intent.currency.upper(),
        is_right_mode=is_right and intent.livemode == is_live(),
        oddity="" if shown == (minor, intent.currency) else f"the page said {shown[0]} {shown[1]}",
        fee=_fee(intent) if state == State.TAKEN else None,
    )


def is_live() -> bool:
    """Whether this shop's key moves real money: only such money is accepted then."""
    return "_test_" not in settings.STRIPE_SECRET_KEY


def _intent(reference: str) -> stripe.PaymentIntent:
    with asking("look up"):
        return client().v1.payment_intents.retrieve(reference, {"expand": [_MONEY]})


def _fee(intent: stripe.PaymentIntent) -> Fee | None:
    """What Stripe keeps, where it has counted that already and we can count in its currency."""
    charge = intent.latest_charge
    counted = charge.balance_transaction if isinstance(charge, stripe.Charge) else None
    if not isinstance(counted, stripe.BalanceTransaction):
        return None
    currency = counted.currency.upper()
    try:
        return Fee(amount=from_minor(counted.fee, currency), currency=currency)
    except UnsupportedCurrency:
        log.warning("fee not counted", currency=currency, intent=intent.id)
        return None


def _key_of(refund: stripe.Refund) -> str:
    metadata = refund.metadata
    return str(metadata[KEY]) if metadata and KEY in metadata else ""
