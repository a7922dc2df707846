"""Staff's word on prices: rules, rates and bounds; prices follow in the same transaction.

Each change can be tried before it is made: `preview` makes it, reads what it would do, and takes
it back.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import structlog
from django.conf import settings
from django.db import transaction

from storefront.catalog import repricing
from storefront.catalog.actions.renewing import renew, reprice_and_renew
from storefront.catalog.models import AmountLimits, ExchangeRate, PriceRule
from storefront.catalog.pricing import JUMP_BAND_PERCENT
from storefront.catalog.queries.changes import PriceChanges, price_changes

log = structlog.get_logger(__name__)


class RateJumped(Exception):  # noqa: N818  the failure is the name
    """So far from the rate before that it may be a typing error; says both."""


def save_rule(*, rule: PriceRule, by: str, now: datetime) -> int:
    """Ask by this rule from now on; returns how many prices changed.

    Its fixed parts are in the shop's currency. IntegrityError where there is such a rule already.
    """
    rule.currency, rule.changed_at, rule.changed_by = settings.STORE_CURRENCY, now, by[:120]
    return _change(rule.save, what="price rule", which=str(rule), by=by, now=now)


def delete_rule(*, rule: PriceRule, by: str, now: datetime) -> int:
    """Ask by the next wider rule again; returns how many prices changed."""
    return _change(rule.delete, what="price rule", which=f"no {rule}", by=by, now=now)


def save_rate(*, rate: ExchangeRate, by: str, now: datetime) -> int:
    """Exchange by this rate, if none is newer; returns how many prices changed."""
    return _change(rate.save, what="exchange rate", which=str(rate), by=by, now=now)


def delete_rate(*, rate: ExchangeRate, by: str, now: datetime) -> int:
    """Exchange by the one before again; returns how many prices changed."""
    return _change(rate.delete, what="exchange rate", which=f"no {rate}", by=by, now=now)


def set_rate(
    *,
    base: str,
    quote: str,
    rate: Decimal,
    source: str,
    on: date,
    by: str,
    now: datetime,
    force: bool = False,
) -> tuple[ExchangeRate, int]:
    """From the day `on`, one `base` is `rate` of `quote`; another rate of that day is replaced.

    Returns it and how many prices changed. Raises RateJumped unless forced.
    """
    known = ExchangeRate.objects.filter(base=base, quote=quote, on__lte=on).order_by("-on").first()
    if known and not force and abs(rate - known.rate) * 100 > known.rate * JUMP_BAND_PERCENT:
        raise RateJumped(f"{known}; {rate} is more than {JUMP_BAND_PERCENT} % away from it")
    found = ExchangeRate.objects.filter(base=base, quote=quote, on=on).first()
    row = found or ExchangeRate(base=base, quote=quote, on=on)
    row.rate, row.source = rate, source
    return row, save_rate(rate=row, by=by, now=now)


def save_limits(*, limits: AmountLimits, by: str, now: datetime) -> int:
    """Sell these amounts, whatever the partner says; returns how many prices changed."""
    return _change(limits.save, what="amount limits", which=str(limits), by=by, now=now, all_=True)


def delete_limits(*, limits: AmountLimits, by: str, now: datetime) -> int:
    """Sell the amounts the partner says again; returns how many prices changed."""
    which = f"no {limits}"
    return _change(limits.delete, what="amount limits", which=which, by=by, now=now, all_=True)


def preview(change: Callable[[], object], *, now: datetime) -> PriceChanges:
    """What would become of prices by a change of rows; it is taken back."""
    with transaction.atomic():
        repricing.alone()
        change()
        found = price_changes(now=now)
        transaction.set_rollback(True)
    return found


def _change(
    write: Callable[[], object],
    *,
    what: str,
    which: str,
    by: str,
    now: datetime,
    all_: bool = False,
) -> int:
    """`all_`: more than prices follows from it."""
    with transaction.atomic():
        repricing.alone()
        write()
        changed = reprice_and_renew(now=now)
        if all_ and not changed:
            renew(now=now)
        log.info("price terms changed", what=what, which=which, by=by, repriced=changed)
    return changed
