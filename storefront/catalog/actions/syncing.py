"""Taking over the partner's catalog: all or nothing, and staff's word on what was held.

A sync, step by step:
 1. one at a time: an advisory lock of this database connection;
 2. the run's row is committed, so that a killed run leaves a trace;
 3. fetch into staging, no transaction open while the partner is asked;
 4. check what was fetched;
 5. publish in one transaction: merge, price, derive, confirm the prices, end the run.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction

from partner_api.errors import PartnerError
from storefront import partner
from storefront.cases.actions import close_case
from storefront.catalog import repricing
from storefront.catalog.actions.renewing import renew
from storefront.catalog.models import CatalogState, Product, Sku, SyncRun
from storefront.catalog.models.runs import SHELF_FORM
from storefront.catalog.states import SYNC_RUN
from storefront.catalog.sync import (
    checks,
    derived,
    heap,
    holds,
    publish,
    rows,
    runs,
    shelf,
    staging,
)
from storefront.core.locks import AlreadyRunning
from storefront.core.states import swap

__all__ = ["AlreadyRunning", "accept_offers", "accept_types", "sync"]

log = structlog.get_logger(__name__)


def sync(
    *,
    by: str,
    now: datetime,
    kind: SyncRun.Kind = SyncRun.Kind.FULL,
    force: str = "",
    tell: runs.Tell = lambda _: None,
) -> SyncRun:
    """Take over the partner's catalog, or its prices alone; returns the finished run.

    `force` is staff's reason to publish a catalog that shrank. `tell` is told now and then how far
    it is. Raises AlreadyRunning. Must not be called inside a transaction.
    """
    with runs.alone():
        run = runs.begin(kind=kind, by=by, force=force, now=now)
        progress = runs.Progress(run, tell)
        try:
            with staging.staging_tables(), heap.set_aside():
                _attempt(run, progress)
        except checks.Shrunken as reason:
            runs.end_unpublished(run, SyncRun.Status.HELD, str(reason), now=progress.now())
        except (PartnerError, staging.EndlessList, checks.Broken) as reason:
            runs.end_unpublished(run, SyncRun.Status.FAILED, str(reason), now=progress.now())
        except BaseException as error:
            why = type(error).__name__
            runs.end_unpublished(run, SyncRun.Status.FAILED, why, now=progress.now())
            raise
        return run


def accept_offers(*, skus: Sequence[UUID], by: str, now: datetime) -> int:
    """Sell these held SKUs at what the partner asks now; returns how many.

    SKUs that are not held for staff, or whose offer has no price here, stay as they are.
    """
    priceable = repricing.currencies(now=now)
    accepted = 0
    with transaction.atomic():
        repricing.alone()
        held = Sku.objects.select_for_update().filter(pk__in=skus, hold_reason__in=Sku.ACCEPTABLE)
        for sku in held.order_by("pk"):
            accepted += _accept(sku, priceable, by=by, now=now)
        if accepted:
            repricing.reprice(now=now)
            renew(now=now)
    return accepted


def accept_types(*, products: Sequence[UUID], by: str, now: datetime) -> int:
    """Take over the types the partner gives these held products now; returns how many."""
    with transaction.atomic():
        held = Product.objects.select_for_update().filter(
            pk__in=products, hold_reason=Product.Hold.KIND
        )
        accepted = list(held.order_by("pk"))
        for product in accepted:
            log.info("type accepted", product=str(product.pk), by=by, offered=product.offered)
            product.type = product.offered["type"]
            product.denomination_type = product.offered["denomination_type"]
            product.hold_reason, product.offered = Product.Hold.NO, None
            product.changed_at = now
            product.save()
        if accepted:
            renew(now=now)
    return len(accepted)


def _attempt(run: SyncRun, progress: runs.Progress) -> None:
    is_full = run.kind == SyncRun.Kind.FULL
    fetch = staging.Fetch(partner.client(), progress.report)
    run.counts = fetch.counts
    if is_full:
        fetch.everything()
        run.counts |= checks.verify(forced=bool(run.forced))
    else:
        fetch.prices(of=staging.OUR_SKUS)
        run.counts |= checks.verify_prices(forced=bool(run.forced))
    fetch.missing_prices(of=staging.STAGED_SKUS if is_full else staging.OUR_SKUS)
    progress.report("publishing")
    with transaction.atomic(durable=True):
        repricing.alone()
        at = progress.now()
        changes = (
            publish.publish(now=run.started_at, at=at)
            if is_full
            else publish.publish_prices(now=run.started_at)
        )
        # Nothing changed, and neither did what prices follow from: they stand.
        terms = repricing.mark(now=at, also=derived.STATEMENTS)
        is_new = not CatalogState.objects.filter(shelf__form=SHELF_FORM).exists()
        if changes or is_new or terms != _latest_terms():
            followed = 0
            if not changes.is_first:  # what is new has its price, and its product what follows
                followed += repricing.reprice(now=at)
                followed += derived.renew_products(currency=settings.STORE_CURRENCY)
            if changes or is_new or followed:
                shelf.renew_shelf()
        if is_new or (is_full and changes):
            shelf.renew_words()
        CatalogState.objects.update(priced_at=run.started_at)
        _end_published(run, changes, terms=terms, now=progress.now())
    log.info("catalog published", run=run.pk, **run.counts)


def _latest_terms() -> str:
    """What prices followed from when the latest published run had priced them."""
    published = SyncRun.objects.filter(status=SyncRun.Status.PUBLISHED)
    return str((published.values_list("details", flat=True).first() or {}).get("terms", ""))


def _end_published(run: SyncRun, changes: publish.Changes, *, terms: str, now: datetime) -> None:
    held = holds.tell_staff(now=now)
    close_case(kind="catalog-sync", subject=run.subject, by="a later sync", now=now)
    run.counts |= {
        "added": changes.added,
        "changed": changes.changed,
        "hidden": changes.hidden,
        "held": held,
    }
    named = holds.named(publish.NAMED) if held else []
    details = {**changes.names, "held": named, "terms": terms}
    swap(
        run, to="published", moves=SYNC_RUN, progress="",
        finished_at=now, counts=run.counts, details=details,
    )  # fmt: skip


def _accept(sku: Sku, priceable: set[str], *, by: str, now: datetime) -> bool:
    offer = rows.offered(sku.offered or {})
    if offer is None or (offer["cost_currency"] or settings.PARTNER_CURRENCY) not in priceable:
        return False
    log.info("price accepted", sku=str(sku.pk), by=by, offered=sku.offered)
    for name, value in offer.items():
        setattr(sku, name, value)
    sku.hold_reason, sku.offered = Sku.Hold.NO, None
    sku.priced_at = sku.changed_at = now
    sku.save()
    return True
