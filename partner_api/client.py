"""The partner's API as an object with one method per endpoint.

No globals, no settings, no Django: everything is an argument. What each call may raise is drawn in
`errors`; ValueError means that an argument could never be accepted and nothing was sent.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeVar

from partner_api import grammar, signing
from partner_api.answer import Transport
from partner_api.calls import Caller
from partner_api.errors import MalformedAnswer
from partner_api.models import (
    Balance,
    BalanceTransaction,
    Category,
    EsimStatus,
    Order,
    Page,
    Partner,
    PriceRow,
    Product,
)
from partner_api.paging import items_of, walk
from partner_api.reading import quick
from partner_api.reading.account import read_balance, read_partner, read_transaction
from partner_api.reading.catalog import read_category, read_price_row, read_product
from partner_api.reading.esim import read_esim_status
from partner_api.reading.fields import OWN_CODES
from partner_api.reading.orders import read_order
from partner_api.reading.page import read_page, read_whole_list
from partner_api.reading.row import NotReadable
from partner_api.transport import RequestsTransport

T = TypeVar("T")
_Document = dict[str, object]
_Query = dict[str, str | None]

# More orders than this under one external_id means that the filter is being ignored.
_FIND_PAGES = 20
_LEDGER_PER_PAGE, _ORDERS_PER_PAGE, _CATALOG_PER_PAGE = 100, 100, 200
_LATE = datetime.max.replace(tzinfo=UTC)


class PartnerClient:
    """The partner, as seen by the holder of one token.

    base_url: address of the API, paths are appended to it. token: the Bearer token. secret: signs
    orders and must differ from the token. paths: overrides of assumed paths, see `endpoints`.
    custom_amount_field: the key of a free amount inside `item.fields`, an assumption. transport:
    how requests travel. clock: Unix seconds, for signatures. locale: the default language.
    """

    def __init__(
        self,
        *,
        base_url: str,
        token: str,
        secret: str,
        paths: Mapping[str, str] | None = None,
        custom_amount_field: str = "amount",
        transport: Transport | None = None,
        clock: Callable[[], float] = time.time,
        locale: str | None = None,
    ) -> None:
        if not custom_amount_field or custom_amount_field in OWN_CODES:
            raise ValueError("custom_amount_field must be a key of its own")
        self._amount_field = custom_amount_field
        self._locale = locale and grammar.locale(locale)
        self._caller = Caller(
            base_url=base_url,
            token=token,
            secret=secret,
            paths=paths,
            transport=transport or RequestsTransport(),
            clock=clock,
        )

    @property
    def clock_skew(self) -> float | None:
        """Seconds the partner's clock was last seen ahead of ours; None before any answer told.

        Signatures are refused beyond 300 seconds; 30 are worth an alarm.
        """
        return self._caller.clock_skew

    def close(self) -> None:
        """Close the connections."""
        self._caller.close()

    # Account

    def me(self) -> Partner:
        """The partner behind the token, with its balance."""
        return self._caller.get("me", _data(read_partner))

    def balance(self) -> Balance:
        """The balance now. Others may be spending it: advice, not a promise."""
        return self._caller.get("balance", _data(read_balance))

    def balance_transactions(self, *, per_page: int = 100) -> Iterator[BalanceTransaction]:
        """The ledger, newest first. Unreadable rows are logged; see `balance_transaction_pages`."""
        return items_of("balance_transactions", self.balance_transaction_pages(per_page=per_page))

    def balance_transaction_pages(
        self, *, per_page: int = 100
    ) -> Iterator[Page[BalanceTransaction]]:
        """The ledger by pages. Equal rows are kept; `balance_after` need not chain."""
        query: _Query = {"per_page": str(grammar.per_page(per_page, _LEDGER_PER_PAGE))}
        return self._walk("balance_transactions", read_transaction, query)

    # Catalog

    def products(
        self,
        *,
        locale: str | None = None,
        category_id: int | None = None,
        type: str | None = None,  # noqa: A002  the partner's name of this filter
        include_skus: bool = False,
        per_page: int = 200,
    ) -> Iterator[Product]:
        """All products. Unreadable ones are logged; a sync should read `product_pages`."""
        pages = self.product_pages(
            locale=locale,
            category_id=category_id,
            type=type,
            include_skus=include_skus,
            per_page=per_page,
        )
        return items_of("products", pages)

    def product_pages(
        self,
        *,
        locale: str | None = None,
        category_id: int | None = None,
        type: str | None = None,  # noqa: A002  the partner's name of this filter
        include_skus: bool = False,
        per_page: int = 200,
    ) -> Iterator[Page[Product]]:
        """Products by pages. SKUs have no prices and stock here: those are in the pricelist."""
        query = self._catalog_query(locale, category_id, type, per_page)
        # "1", because the partner's framework refuses the word "true" where it asks for a boolean.
        query["include_skus"] = "1" if include_skus else None
        return self._walk("products", read_product, query, quick.read_products)

    def product(self, uuid: str, *, locale: str | None = None) -> Product:
        """One product with prices and stock. Its `fields` may be unknown: the list has them."""
        product = self._caller.get(
            "product",
            _data(read_product),
            parts={"uuid": grammar.identifier(uuid)},
            query={"locale": self._language(locale)},
        )
        if product.id.lower() != uuid.lower():
            raise _another("product")
        return product

    def pricelist(
        self,
        *,
        locale: str | None = None,
        category_id: int | None = None,
        type: str | None = None,  # noqa: A002  the partner's name of this filter
        per_page: int = 200,
    ) -> Iterator[PriceRow]:
        """Prices and stock of all SKUs. Unreadable rows are logged; see `pricelist_pages`."""
        pages = self.pricelist_pages(
            locale=locale, category_id=category_id, type=type, per_page=per_page
        )
        return items_of("pricelist", pages)

    def pricelist_pages(
        self,
        *,
        locale: str | None = None,
        category_id: int | None = None,
        type: str | None = None,  # noqa: A002  the partner's name of this filter
        per_page: int = 200,
    ) -> Iterator[Page[PriceRow]]:
        """Prices by pages. Leave `type` out for a full list: it has no value for custom SKUs."""
        query = self._catalog_query(locale, category_id, type, per_page)
        return self._walk("pricelist", read_price_row, query, quick.read_prices)

    def categories(
        self, *, locale: str | None = None, target: str | None = None
    ) -> tuple[Category, ...]:
        """All categories. Unreadable ones are logged; see `category_page`."""
        page = self.category_page(locale=locale, target=target)
        return tuple(items_of("categories", iter((page,))))

    def category_page(
        self, *, locale: str | None = None, target: str | None = None
    ) -> Page[Category]:
        """All categories at once. target: attributes of "product" or of "sku" only."""
        return self._caller.get(
            "categories",
            lambda document: read_whole_list(document, read_category),
            query={"locale": self._language(locale), "target": target},
        )

    # Orders

    def orders(
        self,
        *,
        status: str | None = None,
        external_id: str | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        per_page: int = 50,
    ) -> Iterator[Order]:
        """Past orders with their codes. Unreadable ones are logged; see `order_pages`."""
        pages = self.order_pages(
            status=status,
            external_id=external_id,
            date_from=date_from,
            date_to=date_to,
            per_page=per_page,
        )
        return items_of("orders", pages)

    def order_pages(
        self,
        *,
        status: str | None = None,
        external_id: str | None = None,
        date_from: datetime | None = None,
        date_to: datetime | None = None,
        per_page: int = 50,
    ) -> Iterator[Page[Order]]:
        """Orders by pages. Every page holds codes: don't read history without need.

        The partner only promises to "search" by external_id: compare it yourself.
        """
        query: _Query = {
            "per_page": str(grammar.per_page(per_page, _ORDERS_PER_PAGE)),
            "status": status,
            "external_id": external_id,
            "date_from": grammar.moment(date_from) if date_from else None,
            "date_to": grammar.moment(date_to) if date_to else None,
        }
        return self._walk("orders", read_order, query)

    def find_order(self, external_id: str) -> Order | None:
        """The order with exactly this external_id, or None when the list is whole and has none.

        None is not yet "was never placed": lists may lag. The oldest wins if there are several.
        MalformedAnswer, and never None, when a row that can't be read could be the one.
        """
        pages = self.order_pages(external_id=grammar.external_id(external_id))
        found: list[Order] = []
        in_doubt = False
        for count, page in enumerate(pages, start=1):
            found += [order for order in page.items if order.external_id == external_id]
            in_doubt = in_doubt or bool(page.unreadable)
            if found:
                return min(found, key=lambda order: order.created_at or _LATE)
            if count == _FIND_PAGES:
                raise _malformed("orders", "the filter by external_id is ignored", "no-filter")
        if in_doubt:
            raise _malformed("orders", "a row that can't be read may be the order", "unreadable")
        return None

    def order(self, uuid: str) -> Order:
        """One order by the partner's id, the only source to believe about status and codes."""
        order = self._caller.get(
            "order", _data(read_order), parts={"uuid": grammar.identifier(uuid)}
        )
        if order.id.lower() != uuid.lower():
            raise _another("order")
        return order

    def create_order(
        self,
        *,
        external_id: str,
        sku_id: str,
        quantity: int,
        fields: Mapping[str, str] | None = None,
        amount: Decimal | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> Order:
        """Buy. Sent once and never repeated here; compare the answer with `Order.differences`.

        amount is the face value of a SKU of free amount. Raises anything in `errors` but NotFound.
        """
        reserved = OWN_CODES if amount is None else OWN_CODES | {self._amount_field}
        asked: dict[str, object] = {"quantity": grammar.quantity(quantity)}
        asked |= grammar.fields(fields or {}, reserved)
        if amount is not None:
            # A JSON number without exponent, digit for digit.
            asked[self._amount_field] = Decimal(f"{grammar.amount(amount):f}")
        item = {"sku_id": grammar.sku_id(sku_id), "fields": asked}
        body: dict[str, object] = {"external_id": grammar.external_id(external_id), "item": item}
        if metadata is not None:
            body["metadata"] = dict(metadata)
        return self._caller.post(
            "create_order",
            _placed(external_id),
            message=lambda timestamp: signing.order_message(timestamp, sku_id, external_id),
            body=body,
        )

    def top_up_esim(self, *, iccid: str, external_id: str, sku_id: str | None = None) -> Order:
        """Add a package to an eSIM: an order like any other. Without sku_id, the same one again."""
        body = {"external_id": grammar.external_id(external_id)}
        if sku_id is not None:
            body["sku_uuid"] = grammar.sku_id(sku_id)
        return self._caller.post(
            "top_up_esim",
            _placed(external_id),
            message=lambda timestamp: signing.topup_message(timestamp, iccid, external_id),
            body=body,
            parts={"iccid": grammar.iccid(iccid)},
        )

    def esim_status(self, iccid: str) -> EsimStatus:
        """Status, data left, packages and coverage of an eSIM, and what installs it."""
        status = self._caller.get(
            "esim_status", _data(read_esim_status), parts={"iccid": grammar.iccid(iccid)}
        )
        if status.iccid.reveal() != iccid:
            raise _another("esim_status")
        return status

    def _walk(
        self,
        name: str,
        reader: Callable[[object, str], T],
        query: _Query,
        quickly: Callable[[bytes], Page[T] | None] | None = None,
    ) -> Iterator[Page[T]]:
        def fetch(cursor: str | None) -> Page[T]:
            return self._caller.get(
                name,
                lambda document: read_page(document, reader),
                query={**query, "cursor": cursor},
                quick=quickly,
            )

        return walk(name, fetch)

    def _catalog_query(
        self, locale: str | None, category_id: int | None, kind: str | None, per_page: int
    ) -> _Query:
        return {
            "per_page": str(grammar.per_page(per_page, _CATALOG_PER_PAGE)),
            "locale": self._language(locale),
            "category_id": None if category_id is None else str(category_id),
            "type": kind,
        }

    def _language(self, locale: str | None) -> str | None:
        return self._locale if locale is None else grammar.locale(locale)


def _data(reader: Callable[[object, str], T]) -> Callable[[_Document], T]:
    return lambda document: reader(document.get("data"), "data")


def _placed(external_id: str) -> Callable[[_Document], Order]:
    """Reads the answer to a placing call; that of another order makes the outcome unknown."""

    def read(document: _Document) -> Order:
        order = read_order(document.get("data"), "data")
        if order.external_id != external_id:
            raise NotReadable("data.external_id is not ours")
        return order

    return read


def _another(endpoint: str) -> MalformedAnswer:
    return _malformed(endpoint, "the answer is about something else", "wrong-id")


def _malformed(endpoint: str, message: str, reason: str) -> MalformedAnswer:
    return MalformedAnswer(message, endpoint=endpoint, reason=reason)
