"""Checking the invariants, and telling staff what is broken."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import structlog

from partner_api import PartnerClient, PartnerError
from storefront.audit import checks
from storefront.audit.check import Check, Moment, Result
from storefront.cases.actions import close_case, open_case
from storefront.reconciliation import books

log = structlog.get_logger(__name__)

BROKEN, UNCHECKED = "invariant-broken", "invariants-unchecked"
# The nightly comparison reads so much of the partner's books; the command reads all of them.
NIGHTLY = timedelta(days=7)
# Lists may lag, and what an order costs may be booked a little later than it is delivered.
SETTLED = timedelta(hours=1)


def check(moment: Moment, *, which: tuple[Check, ...] = checks.OURS) -> Iterator[Result]:
    """The result of each check, one by one."""
    for one in which:
        yield one.run(moment)


def check_partner(
    client: PartnerClient, moment: Moment, *, since: datetime | None = None
) -> Iterator[Result]:
    """The same against the partner's orders and ledger; raises PartnerError, books.Unreadable."""
    sold, charges = books.sold_by(client, since=since), books.charged_by(client, since=since)
    with books.beside(sold, charges, since=since or books.LONG_AGO):
        yield from check(moment, which=checks.WITH_PARTNER)


def nightly(*, client: PartnerClient, now: datetime) -> None:
    """Check everything; each breach is a case until a later night finds it gone."""
    moment = Moment(now=now, settled=SETTLED)
    _tell(list(check(moment)), checks.OURS, "rows", now)
    try:
        found = list(check_partner(client, moment, since=now - NIGHTLY))
    except (PartnerError, books.Unreadable) as error:
        log.warning("the partner's books were not compared", error=str(error))
        open_case(
            kind=UNCHECKED,
            subject="partner",
            summary=f"The partner's books could not be compared with ours: {error}",
            now=now,
        )
        return
    close_case(kind=UNCHECKED, subject="partner", by="system", now=now)
    _tell(found, checks.WITH_PARTNER, "partner", now)


def _tell(found: list[Result], which: tuple[Check, ...], where: str, now: datetime) -> None:
    broken = [result for result in found if result.count]
    for name in {one.name for one in which}:
        subject = f"{name} ({where})"
        mine = [result for result in broken if result.check.name == name]
        if not mine:
            close_case(kind=BROKEN, subject=subject, by="system", now=now)
            continue
        count = sum(result.count for result in mine)
        summary = f"{name} is broken {count} times, for example: {mine[0].examples[0]}"
        open_case(kind=BROKEN, subject=subject, summary=summary, now=now)
