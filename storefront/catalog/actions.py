"""Writing the catalog: a sync that publishes all or nothing, and staff's word on held prices.

A sync, step by step:
 1. one at a time: an advisory lock of this database connection;
 2. the run's row is committed, so that a killed run leaves a trace;
 3. fetch into staging, no transaction open while the partner is asked;
 4. check what was fetched;
 5. publish in one transaction: merge, price, derive, confirm the prices, end the run.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from django.conf import settings
from django.db import connection, transaction

from partner_api.errors import PartnerError
from storefront import partner
from storefront.cases.actions import close_case, open_case
from storefront.catalog import repricing
from storefront.catalog.models import CatalogState, Product, Sku, SyncRun
from storefront.catalog.states import SYNC_RUN
from storefront.catalog.sync import checks, derived, publish, rows, staging
from storefront.core.states import swap

log = structlog.get_logger(__name__)

# Any number, as long as nothing else locks by it.
SYNC_LOCK = 7_360_401
Clock = Callable[[], datetime]


class AlreadyRunning(Exception):  # noqa: N818  the failure is the name
    """Another sync is at work."""


def sync(*, by: str, now: datetime, force: str = "") -> SyncRun:
    """Take over the partner's catalog; returns the finished run, published or not.

    `force` is staff's reason to publish a catalog that shrank. Raises AlreadyRunning. Must not be
    called inside a transaction.
    """
    with _alone():
        began = time.monotonic()
        run = _begin(by=by, force=force, now=now)

        def clock() -> datetime:
            return now + timedelta(seconds=time.monotonic() - began)

        try:
            with staging.staging_tables():
                _attempt(run, clock=clock)
        except checks.Shrunken as reason:
            _end(run, SyncRun.Status.HELD, str(reason), now=clock())
        except (PartnerError, staging.EndlessList, checks.Broken) as reason:
            _end(run, SyncRun.Status.FAILED, str(reason), now=clock())
        except BaseException as error:
            _end(run, SyncRun.Status.FAILED, type(error).__name__, now=clock())
            raise
        return run


def accept_offers(*, skus: Sequence[UUID], by: str, now: datetime) -> int:
    """Sell these held SKUs at what the partner asks now; returns how many.

    SKUs that are not held for staff, or whose offer has no price here, stay as they are.
    """
    priceable = repricing.currencies(now=now)
    accepted = 0
    with transaction.atomic():
        held = Sku.objects.select_for_update().filter(pk__in=skus, hold_reason__in=Sku.ACCEPTABLE)
        for sku in held.order_by("pk"):
            accepted += _accept(sku, priceable, by=by, now=now)
        if accepted:
            repricing.reprice(now=now)
            _renew(now=now)
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
            _renew(now=now)
    return len(accepted)


@contextmanager
def _alone() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [SYNC_LOCK])
        if not cursor.fetchone()[0]:
            raise AlreadyRunning("another sync of the catalog is running")
    try:
        yield
    finally:
        # A connection that broke has let go of the lock by itself.
        if connection.connection is not None and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [SYNC_LOCK])


def _begin(*, by: str, force: str, now: datetime) -> SyncRun:
    with transaction.atomic(durable=True):
        # We hold the lock: whatever still says it is running was killed.
        for dead in SyncRun.objects.filter(status=SyncRun.Status.RUNNING):
            swap(dead, to="failed", moves=SYNC_RUN, finished_at=now, error="the process was ended")
        return SyncRun.objects.create(
            kind=SyncRun.Kind.FULL, started_at=now, by=by[:120], forced=force[:300]
        )


def _attempt(run: SyncRun, *, clock: Clock) -> None:
    run.counts = staging.fetch(partner.client())
    run.counts |= checks.verify(forced=bool(run.forced))
    with transaction.atomic(durable=True):
        changes = publish.publish(now=run.started_at)
        repriced = repricing.reprice(now=clock())
        derived_rows = derived.renew_products(currency=settings.STORE_CURRENCY)
        if changes or repriced or derived_rows or not CatalogState.objects.exists():
            derived.renew_shelf()
        CatalogState.objects.update(priced_at=run.started_at)
        held = _tell_staff_of_holds(now=clock())
        close_case(kind="catalog-sync", subject="catalog", by="a later sync", now=clock())
        run.counts |= {
            "added": changes.added,
            "changed": changes.changed,
            "hidden": changes.hidden,
            "held": held,
        }
        swap(run, to="published", moves=SYNC_RUN, finished_at=clock(), counts=run.counts)
    log.info("catalog published", run=run.pk, **run.counts)


def _end(run: SyncRun, status: SyncRun.Status, reason: str, *, now: datetime) -> None:
    with transaction.atomic():
        swap(
            run, to=status.value, moves=SYNC_RUN,
            finished_at=now, error=reason[:1000] or "no reason given", counts=run.counts,
        )  # fmt: skip
        open_case(
            kind="catalog-sync", subject="catalog", now=now,
            summary=f"The catalog sync was {status.value}, nothing was published: {reason}",
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


def _renew(*, now: datetime) -> None:
    derived.renew_products(currency=settings.STORE_CURRENCY)
    derived.renew_shelf()
    _tell_staff_of_holds(now=now)


def _tell_staff_of_holds(*, now: datetime) -> int:
    """Open or close the one case about what is held; returns how many there are."""
    skus = Sku.objects.filter(is_hidden=False, hold_reason__in=Sku.ACCEPTABLE).count()
    products = Product.objects.filter(is_hidden=False, hold_reason=Product.Hold.KIND).count()
    held = skus + products
    if held:
        open_case(
            kind="catalog-prices", subject="catalog", now=now,
            summary=f"Not sold until somebody accepts what the partner says now: {skus} SKUs, "
            f"{products} products",
        )  # fmt: skip
    else:
        close_case(kind="catalog-prices", subject="catalog", by="the catalog", now=now)
    return held
