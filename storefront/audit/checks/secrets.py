"""Codes at rest: INV-22 to INV-25. Each is opened in memory and nothing of it is told."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Manager

from storefront.audit.check import Check, Moment
from storefront.core.sealed import CannotOpen, blind_indexes, open_sealed
from storefront.core.vault import SealedRow, sealed_models
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery


def _readable(_: Moment) -> Iterator[str]:
    """Whatever keeps something sealed: codes, links and codes in mails, second factors."""
    for model in sealed_models():
        rows: Manager[SealedRow] = model._default_manager  # noqa: SLF001  documented by Django
        for row in rows.exclude(sealed=b"").iterator(chunk_size=500):
            try:
                open_sealed(row.sealed, context=row.seal_context)
            except CannotOpen:
                yield f"{model.__name__.lower()} {row.pk} opens under no key of the ring"


def _unique(_: Moment) -> Iterator[str]:
    """A code sealed under an older key has another index: only its text tells that it is equal."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.audit_codes")
        cursor.execute("CREATE TEMP TABLE audit_codes (index bytea, delivery uuid)")
        rows = Delivery.objects.only("id", "index", "sealed", "code_index")
        for row in rows.iterator(chunk_size=500):
            try:
                goods = Goods.from_sealed_form(open_sealed(row.sealed, context=row.seal_context))
            except CannotOpen:
                continue  # INV-23 tells
            indexes = list(blind_indexes(goods.identity)) if goods.identity else []
            if (bytes(row.code_index) not in indexes) if row.code_index else bool(indexes):
                yield f"delivery {row.pk} has the index of another code"
            if indexes:
                cursor.execute("INSERT INTO audit_codes VALUES (%s, %s)", [indexes[0], row.pk])
        cursor.execute(
            "SELECT string_agg(delivery::text, ', ') FROM audit_codes"
            " GROUP BY index HAVING count(*) > 1"
        )
        for (same,) in cursor.fetchall():
            yield f"these deliveries hold one code: {same}"
        cursor.execute("DROP TABLE audit_codes")


CHECKS = (
    Check(
        invariant=22,
        says="what is delivered is kept sealed",
        query="""
            SELECT 'delivery ' || id || ' is not sealed' FROM orders_delivery
            WHERE get_byte(sealed, 0) <> 1 OR length(sealed) < 34
        """,
    ),
    Check(invariant=23, says="every sealed row opens, in its own place", walk=_readable),
    Check(invariant=24, says="a code belongs to one delivery, however it is written", walk=_unique),
    Check(
        invariant=25,
        says="each look at a code says who, when and from where",
        query="""
            SELECT 'a look at delivery ' || delivery_id || ' names nobody' FROM orders_reveal
            WHERE by = '' OR address = ''
        """,
    ),
)
