"""What the partner's answers mean, as frozen structs with exact Decimals.

Only shapes: how JSON becomes these is in `reading/`, and no rule of a shop is here. Statuses, types
and names are the partner's texts as sent, known to us or not. Times are aware and in UTC. Whatever
is cash or opens a door (PINs, serials, ICCIDs, eSIM codes, customer data) is a `Secret`.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Generic, TypeVar

import msgspec

from partner_api.secret import Secret

T = TypeVar("T")

#: Values of keys we do not know, as label and text, so that nothing the partner sends is lost.
Leftovers = tuple[tuple[str, Secret], ...]


class Unreadable(msgspec.Struct, frozen=True, kw_only=True):
    """One row of a list that could not be read: where and why (never its values), and the row."""

    index: int
    reason: str
    row: Secret


class Page(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """One page of a list. `next_cursor` is None on the last; `unreadable` rows are kept aside."""

    items: tuple[T, ...]
    next_cursor: str | None
    unreadable: tuple[Unreadable, ...] = ()


class Balance(msgspec.Struct, frozen=True, kw_only=True):
    """The partner's figures; `available_balance` is what can be spent, and is believed as sent."""

    balance: Decimal
    currency: str
    reserved_amount: Decimal
    available_balance: Decimal
    allow_overdraft: bool
    overdraft_limit: Decimal
    is_overdrafted: bool

    @property
    def expected_available(self) -> Decimal:
        """What the other figures add up to. Another `available_balance` is worth an alert."""
        credit = self.overdraft_limit if self.allow_overdraft else Decimal(0)
        return self.balance - self.reserved_amount + credit


class Partner(msgspec.Struct, frozen=True, kw_only=True):
    """Who the token belongs to."""

    uuid: str
    name: str
    email: str
    currency: str
    is_active: bool
    balance: Balance


class BalanceTransaction(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the ledger. Rows have no id, and two equal rows may both be real."""

    type: str
    amount: Decimal
    balance_after: Decimal
    currency: str
    created_at: datetime
    order_id: str | None
    payment_method: str | None
    fee_amount: Decimal | None
    original_amount: Decimal | None
    original_currency: str | None
    exchange_rate: Decimal | None


class CategoryAttribute(msgspec.Struct, frozen=True, kw_only=True):
    """An attribute that products (or SKUs, see `target`) of a category carry."""

    code: str
    name: str
    type: str
    target: str


class Category(msgspec.Struct, frozen=True, kw_only=True):
    """A category; its id may be 0, its parent None."""

    id: int
    name: str
    parent_id: int | None
    attributes: tuple[CategoryAttribute, ...]


class ProductField(msgspec.Struct, frozen=True, kw_only=True):
    """Something the buyer must give, such as a phone number; `code` is the key it is sent under.

    `pattern` is a regular expression that compiles here, `options` are (value, label) pairs, and
    `minimum`/`maximum` are as sent: lengths or values, depending on `type`.
    """

    code: str
    label: str
    type: str = "text"
    required: bool = True
    options: tuple[tuple[str, str], ...] = ()
    pattern: str | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Price and stock of a SKU. Fixed SKUs have `price`; custom ones have rate and markups instead.

    `currency` of a fixed SKU is that of its price, of a custom one that of the FACE value. None
    means that the partner did not say: a missing price is never zero.
    """

    price: Decimal | None = None
    currency: str | None = None
    stock: int | None = None
    max_per_order: int | None = None
    rate: Decimal | None = None
    markup_percent: Decimal | None = None
    markup_fixed: Decimal | None = None


class PriceRow(Terms, frozen=True, kw_only=True):
    """One row of the pricelist."""

    sku_id: str
    denomination_type: str


class Sku(Terms, frozen=True, kw_only=True):
    """A SKU inside a product. In the product list all its terms are None; see `PriceRow`."""

    id: str
    name: str
    image: str
    attributes: Mapping[str, str]


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A product. `description` is HTML written by others: sanitise it before anyone sees it.

    `image` may be empty, plain http or hostile. `fields` is None when what a buyer must give is not
    known, and `fields_problem` then says why: such a product should not be sold.
    """

    id: str
    name: str
    type: str
    denomination_type: str
    category_id: int | None
    category_name: str
    description: str
    image: str
    attributes: Mapping[str, str]
    fields: tuple[ProductField, ...] | None
    fields_problem: str | None
    skus: tuple[Sku, ...]
    unreadable_skus: tuple[Unreadable, ...] = ()


class Delivery(msgspec.Struct, frozen=True, kw_only=True):
    """One delivered unit under one set of names, whatever the partner called them."""

    pin: Secret | None = None
    serial: Secret | None = None
    expiry: str | None = None
    iccid: Secret | None = None
    lpa: Secret | None = None
    smdp_address: Secret | None = None
    activation_code: Secret | None = None
    status: str | None = None
    message: str | None = None
    extra: Leftovers = ()


class OrderItem(msgspec.Struct, frozen=True, kw_only=True):
    """The one item of an order, with what was delivered for it."""

    sku_id: str | None
    sku_name: str | None
    quantity: int | None
    price: Decimal | None
    currency: str | None
    status: str
    deliveries: tuple[Delivery, ...]
    error_message: str | None
    customer_data: Leftovers
    extra: Leftovers = ()


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """One thing in which an order is not what was asked for."""

    what: str
    asked: str
    answered: str


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order as the partner tells it. `status` is raw, known to us or not; "" when missing."""

    id: str
    external_id: str | None
    status: str
    total_amount: Decimal | None
    currency: str | None
    metadata: Mapping[str, object] | None
    created_at: datetime | None
    items: tuple[OrderItem, ...]
    extra: Leftovers = ()

    def differences(
        self,
        *,
        external_id: str,
        sku_id: str | None,
        quantity: int,
        total_amount: Decimal | None = None,
        currency: str | None = None,
    ) -> tuple[Difference, ...]:
        """In what the order differs from what was asked; empty when it is the very same.

        The signature covers neither quantity nor amounts, so this is the only check there is:
        compare every answer, also one fetched later. None skips a comparison. SKUs compare without
        case.
        """
        item = self.items[0] if len(self.items) == 1 else None
        pairs = [
            ("items", "1", str(len(self.items))),
            ("external_id", external_id, self.external_id),
            ("sku_id", sku_id and sku_id.lower(), item and item.sku_id and item.sku_id.lower()),
            ("quantity", str(quantity), item and item.quantity),
            ("currency", currency, self.currency),
        ]
        found = [
            Difference(what=what, asked=asked, answered="nothing" if got is None else str(got))
            for what, asked, got in pairs
            if asked is not None and asked != (None if got is None else str(got))
        ]
        if total_amount is not None and total_amount != self.total_amount:
            total = "nothing" if self.total_amount is None else str(self.total_amount)
            found.append(Difference(what="total", asked=str(total_amount), answered=total))
        return tuple(found)


class DataBalance(msgspec.Struct, frozen=True, kw_only=True):
    """Data left on an eSIM. Absent or zero numbers are normal for unlimited plans."""

    total: Decimal | None
    remaining: Decimal | None
    unit: str


class EsimPackage(msgspec.Struct, frozen=True, kw_only=True):
    """One package active on an eSIM."""

    id: str
    name: str
    data_total: Decimal | None
    data_remaining: Decimal | None
    data_unit: str
    activated_at: datetime | None
    expires_at: datetime | None
    status: str


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """One network in one country."""

    country_name: str
    country_code: str
    network_name: str


class EsimStatus(msgspec.Struct, frozen=True, kw_only=True):
    """An eSIM as the partner tells it. `status` is free text; None means that it did not say."""

    esim_id: str | None
    iccid: Secret
    status: str
    lpa: Secret | None
    smdp_address: Secret | None
    activation_code: Secret | None
    can_renew: bool | None
    last_bundle: str | None
    data_balance: DataBalance | None
    active_packages: tuple[EsimPackage, ...]
    coverage: tuple[Coverage, ...]
    extra: Leftovers = ()
