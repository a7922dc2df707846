"""The partner's wholesale API as a library: signed orders, catalog, balance, eSIMs, webhooks.

See `docs/partner-api.md`. Needs no web framework, reads no settings and keeps no globals.
"""

from partner_api.answer import Answer, Request, Transport
from partner_api.client import PartnerClient
from partner_api.errors import (
    AlreadyExists,
    ConfigurationError,
    MalformedAnswer,
    NotFound,
    NotSent,
    OutOfFunds,
    OutOfStock,
    PartnerError,
    Rejected,
    Temporary,
    Throttled,
    ThrottledRead,
    ThrottledWrite,
    UnknownOutcome,
)
from partner_api.models import (
    Balance,
    BalanceTransaction,
    Category,
    CategoryAttribute,
    Coverage,
    DataBalance,
    Delivery,
    Difference,
    EsimPackage,
    EsimStatus,
    Order,
    OrderItem,
    Page,
    Partner,
    PriceRow,
    Product,
    ProductField,
    Sku,
    Terms,
    Unreadable,
)
from partner_api.pricing import custom_cost
from partner_api.reading.fields import UnreadableFields, read_fields
from partner_api.secret import Secret
from partner_api.transport import RequestsTransport
from partner_api.webhooks import WebhookEvent, WebhookRefused, read_webhook

__all__ = [
    "AlreadyExists",
    "Answer",
    "Balance",
    "BalanceTransaction",
    "Category",
    "CategoryAttribute",
    "ConfigurationError",
    "Coverage",
    "DataBalance",
    "Delivery",
    "Difference",
    "EsimPackage",
    "EsimStatus",
    "MalformedAnswer",
    "NotFound",
    "NotSent",
    "Order",
    "OrderItem",
    "OutOfFunds",
    "OutOfStock",
    "Page",
    "Partner",
    "PartnerClient",
    "PartnerError",
    "PriceRow",
    "Product",
    "ProductField",
    "Rejected",
    "Request",
    "RequestsTransport",
    "Secret",
    "Sku",
    "Temporary",
    "Terms",
    "Throttled",
    "ThrottledRead",
    "ThrottledWrite",
    "Transport",
    "UnknownOutcome",
    "Unreadable",
    "UnreadableFields",
    "WebhookEvent",
    "WebhookRefused",
    "custom_cost",
    "read_fields",
    "read_webhook",
]
