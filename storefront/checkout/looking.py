"""The last look before money moves: is it there, at this price, and can we pay for it?

THE RULE, within PATIENCE for all questions together:
 1. While the partner takes no orders, or somebody who paid waits for funds, nothing is sold.
 2. The partner is asked for each product's price and stock and for our balance, all at once. What
    it says is on the shelf from then on, held where it jumps; what it does not have is not sold.
 3. Where no answer came in time, the shelf counts if its price was confirmed within UNASKED_FOR;
    an older one is not sold at.
 4. The balance, less what paid orders still claim, must cover the cost. Where the partner did not
    name it, rule 1 has to do: the money is only held, and given back when the goods can't be had.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from storefront.cart.queries import Cart
from storefront.cases.actions import close_case, open_case
from storefront.catalog import fresh
from storefront.catalog.models import Sku
from storefront.catalog.queries.offers import NotBuyable, Offer, offer_of, prices_confirmed_at
from storefront.catalog.queries.terms import keeps_margin, terms_of
from storefront.fulfillment import funds
from storefront.fulfillment.queries import is_buying_open
from storefront.orders.models import Order

PATIENCE = timedelta(milliseconds=1500)
UNASKED_FOR = timedelta(minutes=30)


class CannotDeliver(Exception):  # noqa: N818  the failure is the name
    """It can't be paid for now; the text says why, for people. Nothing was ordered or charged."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One line of what is to be paid for; `cost` is that of all its units, in its currency."""

    sku: Sku
    name: str
    cost: Decimal
    cost_currency: str


@dataclass(frozen=True, kw_only=True)
class Look:
    """What was learned: whose price and stock nobody knows, what is gone, and our funds."""

    unknown: frozenset[UUID]
    gone: frozenset[UUID]
    funds: funds.Funds | None


def look(*, skus: Sequence[Sku], now: datetime) -> Look:
    """Ask, and put on the shelf what came. Raises CannotDeliver while nothing is bought at all.

    No transaction may be open: it waits for the network.
    """
    if not is_buying_open(currency=settings.PARTNER_CURRENCY, now=now):
        raise CannotDeliver(
            _("Our supplier takes no orders at the moment. Please try again in a few minutes.")
        )
    patience = PATIENCE.total_seconds()
    until = monotonic() + patience
    pool = ThreadPoolExecutor(1, "funds")
    asked = pool.submit(funds.ask)
    told = fresh.ask(products={sku.product_id for sku in skus}, seconds=patience, now=now)
    balance = _in_time(asked, until)
    pool.shutdown(wait=False)
    known = fresh.take_over(told=told, skus=[sku.pk for sku in skus], now=now)
    unasked = {sku.pk for sku in skus} - known.confirmed - known.gone
    return Look(unknown=frozenset(_too_old(unasked, now)), gone=known.gone, funds=balance)


def must_be_deliverable(*, look: Look, wanted: Sequence[Wanted], now: datetime) -> None:
    """Raises CannotDeliver for the first thing that stands in the way."""
    for line in wanted:
        if line.sku.pk in look.gone:
            raise CannotDeliver(_("%(name)s is not sold any more.") % {"name": line.name})
    for line in wanted:
        if line.sku.pk in look.unknown:
            raise CannotDeliver(
                _("We can't check price and stock of %(name)s right now. Try again in a minute.")
                % {"name": line.name}
            )
    costs: dict[str, Decimal] = {}
    for line in wanted:
        costs[line.cost_currency] = costs.get(line.cost_currency, Decimal(0)) + line.cost
    if look.funds is None:
        return
    if look.funds.cover(costs):
        close_case(kind="float-short", subject="float", by="checkout", now=now)
    else:
        open_case(
            kind="float-short",
            subject="float",
            summary=f"Orders are turned away: {look.funds.available} {look.funds.currency} at the "
            f"partner does not cover what is paid for and what is asked for. Top it up.",
            now=now,
        )
        raise CannotDeliver(
            _("We can't deliver so much at the moment. Order less, or come back in a few hours.")
        )


def _wanted(offer: Offer, name: str, quantity: int) -> Wanted:
    return Wanted(
        sku=offer.sku,
        name=name,
        cost=offer.unit_cost * quantity,
        cost_currency=offer.cost_currency,
    )


def _in_time(asked: Future[funds.Funds | None], until: float) -> funds.Funds | None:
    try:
        return asked.result(timeout=max(0, until - monotonic()))
    except TimeoutError:
        return None


def _too_old(skus: Iterable[UUID], now: datetime) -> list[UUID]:
    """Of these, what nobody confirmed lately."""
    found = dict(Sku.objects.filter(pk__in=list(skus)).values_list("pk", "priced_at"))
    confirmed_at = prices_confirmed_at()
    oldest = now - UNASKED_FOR
    if confirmed_at is not None and confirmed_at >= oldest:
        return []
    return [key for key, at in found.items() if at is None or at < oldest]


def look_at_cart(*, cart: Cart, now: datetime) -> None:
    """Whether this cart can be delivered, as far as anybody knows. Raises CannotDeliver.

    What changed by it, price or stock, is on the shelf: load the cart again and look.
    """
    offers = [(line.offer, line) for line in cart.lines if line.offer]
    seen = look(skus=[offer.sku for offer, _line in offers], now=now)
    wanted = [_wanted(offer, line.product_name, line.quantity) for offer, line in offers]
    must_be_deliverable(look=seen, wanted=wanted, now=now)


def look_at_order(*, order: Order, now: datetime) -> None:
    """The same for an order that is paid for later than it was placed: its prices are promises, and
    one that would not bring its margin any more can't be paid. Raises CannotDeliver.
    """
    lines = list(order.lines.all())
    skus = Sku.objects.select_related("product").in_bulk([line.sku_id for line in lines])
    seen = look(skus=list(skus.values()), now=now)
    skus = Sku.objects.select_related("product").in_bulk(list(skus))
    terms = terms_of(skus.values(), now=now)
    units: dict[UUID, int] = {}
    for line in lines:
        units[line.sku_id] = units.get(line.sku_id, 0) + line.quantity
    confirmed_at = prices_confirmed_at()
    wanted = []
    for line in lines:
        sku = skus[line.sku_id]
        try:
            offer = offer_of(
                sku, units[sku.pk], confirmed_at=confirmed_at, now=now, amount=line.amount,
                terms=terms,
            )  # fmt: skip
        except NotBuyable as refused:
            words = {"name": line.product_name, "reason": str(refused).rstrip(".")}
            raise CannotDeliver(_("%(name)s can't be bought now: %(reason)s.") % words) from None
        if not keeps_margin(line.unit_amount, offer.unit_cost, terms.get(sku.pk)):
            reason = _("The price of %(name)s has risen too far since. Please order it again.")
            raise CannotDeliver(reason % {"name": line.product_name})
        wanted.append(_wanted(offer, line.product_name, line.quantity))
    must_be_deliverable(look=seen, wanted=wanted, now=now)
