"""Mails before it is too late: little data left, and the last day. Each once for what it is about.

They go to the order's address in the order's language, with its link, and never name the number.
"""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import override

from storefront.esim.models import Esim
from storefront.esim.states import State
from storefront.mail.actions import queue
from storefront.orders.actions import link_for_mail

# A fifth is left: enough to buy more with it.
LOW = 5
LAST_DAY = timedelta(days=1)


def tell(*, esim: Esim, now: datetime) -> None:
    """Queue what the answer that was just written calls for; in its transaction."""
    if esim.state != State.INSTALLED or not esim.delivery.released_at:
        return
    total, left = esim.data_total, esim.data_remaining
    # Another total is another plan: data that was added may run low again.
    if total and left and left * LOW <= total:
        words = f"{left.normalize():f} {esim.data_unit}"
        _mail("esim_low", esim, f"{esim.pk} {total}", {"left": words}, now)
    if esim.ends_at and now < esim.ends_at <= now + LAST_DAY:
        with override(esim.delivery.line.order.locale):
            at = date_format(esim.ends_at, "DATETIME_FORMAT")
        _mail("esim_ending", esim, f"{esim.pk} {esim.ends_at.date()}", {"ends_at": at}, now)


def _mail(kind: str, esim: Esim, reference: str, words: dict[str, str], now: datetime) -> None:
    line = esim.delivery.line
    names = {"product_name": line.product_name, "sku_name": line.sku_name}
    queue(
        kind=kind,
        reference=reference,
        to=line.order.email,
        locale=line.order.locale,
        secrets={"url": link_for_mail(order=line.order, now=now)},
        context={"esim": {**names, **words}},
        now=now,
    )
