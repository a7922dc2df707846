"""What the partner says of a few products right now, for somebody who is about to pay for them.

`ask` waits for the network, so no transaction may be open; `take_over` writes what came by the very
rules of a sync: what jumps is held here as well. What did not come in time is not known, and what
is done then is the caller's to say.
"""

from collections.abc import Collection, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import structlog
from django.db import OperationalError, transaction
from django.db.models import F

from partner_api import NotFound, PartnerError
from partner_api.errors import ConfigurationError, Throttled
from partner_api.models import PriceRow
from partner_api.models import Product as Answer
from partner_api.models import Sku as AnswerSku
from storefront import partner
from storefront.catalog import repricing
from storefront.catalog.models import CatalogState, Sku
from storefront.catalog.sync import publish, rows, staging
from storefront.partner import circuits

log = structlog.get_logger(__name__)

# Asked at the same time; a cart has at most twenty products.
_AT_ONCE = 8


@dataclass(frozen=True, kw_only=True)
class Told:
    """What was said in time: products by id, and those the partner says it does not have."""

    products: Mapping[UUID, Answer] = field(default_factory=dict)
    gone: frozenset[UUID] = frozenset()


@dataclass(frozen=True, kw_only=True)
class Known:
    """What that means for the SKUs that were asked for: price and stock of `confirmed` are the
    partner's of this moment; `gone` it does not sell. Of all others nothing is known."""

    confirmed: frozenset[UUID]
    gone: frozenset[UUID]


def ask(*, products: Iterable[UUID], seconds: float, now: datetime) -> Told:
    """Ask for the products, all at once, and for no longer than that."""
    wanted = set(products)
    if not wanted or circuits.wait(circuits.Capability.CATALOG, now=now) is not None:
        return Told()
    client = partner.hasty_client()
    pool = ThreadPoolExecutor(min(len(wanted), _AT_ONCE), "fresh")
    calls = {pool.submit(client.product, str(key)): key for key in wanted}
    done, _late = wait(calls, timeout=seconds)
    pool.shutdown(wait=False, cancel_futures=True)
    return _read({calls[call]: call for call in done}, now)


def take_over(*, told: Told, skus: Collection[UUID], now: datetime) -> Known:
    """Write what was said of these SKUs, and price them anew."""
    ours = {sku.pk: sku for sku in Sku.objects.filter(pk__in=skus)}
    answers = {
        UUID(answer.id): answer
        for product in told.products.values()
        for answer in product.skus
        if rows.is_uuid(answer.id)
    }
    gone = {
        key
        for key, sku in ours.items()
        if sku.product_id in told.gone or (key not in answers and _is_whole(told, sku.product_id))
    }
    priced = {
        key: row
        for key, sku in ours.items()
        if key in answers and (row := _price_row(sku, answers[key]))
    }
    confirmed = frozenset(priced) if _publish(priced, now) else frozenset()
    return Known(confirmed=confirmed, gone=frozenset(gone))


def _is_whole(told: Told, product_id: UUID) -> bool:
    """Whether all that the partner sells of the product was said and could be read."""
    product = told.products.get(product_id)
    return product is not None and not product.unreadable_skus


def _read(calls: Mapping[UUID, Future[Answer]], now: datetime) -> Told:
    products, gone = {}, set()
    for key, call in calls.items():
        try:
            products[key] = call.result()
        except NotFound:
            gone.add(key)
        except PartnerError as error:
            log.warning("no fresh look", product=str(key), error=str(error))
            if isinstance(error, Throttled | ConfigurationError):
                circuits.note(circuits.Capability.CATALOG, error, now=now)
    return Told(products=products, gone=frozenset(gone))


def _price_row(sku: Sku, answer: AnswerSku) -> PriceRow | None:
    """As the pricelist would tell it. What the partner leaves out here stays as we have it; without
    a price nothing is confirmed."""
    is_custom = sku.denomination_type == "custom"
    if (is_custom and answer.rate is None) or (not is_custom and answer.price is None):
        return None
    return PriceRow(
        sku_id=str(sku.pk),
        denomination_type=sku.denomination_type,
        price=None if is_custom else answer.price,
        currency=answer.currency,
        stock=sku.stock if answer.stock is None else answer.stock,
        max_per_order=sku.max_per_order if answer.max_per_order is None else answer.max_per_order,
        rate=answer.rate if is_custom else None,
        markup_percent=answer.markup_percent if is_custom else None,
        markup_fixed=answer.markup_fixed if is_custom else None,
    )


def _publish(priced: Mapping[UUID, PriceRow], now: datetime) -> bool:
    """Whether it is written. We do not wait long for a sync that publishes at this moment, which
    writes the same, or for staff who change what prices follow from."""
    if not priced:
        return True
    try:
        lines = [rows.price(row) for row in priced.values()]
        with transaction.atomic(), staging.a_few_prices(lines):
            repricing.beside_others()  # or it would price by a rule that is just being replaced
            changes = publish.publish_fresh_prices(now=now)
            if changes and repricing.reprice(now=now, skus=priced.keys()):
                CatalogState.objects.update(version=F("version") + 1)  # no page keeps the old one
            accepted = Sku.objects.filter(pk__in=priced, hold_reason="")
            accepted.update(priced_at=now)
    except OperationalError as error:
        log.warning("fresh look not written", error=str(error))
        return False
    return True
