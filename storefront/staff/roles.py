"""The roles that come with the shop, as groups: who may see and do what.

They are written anew whenever one migrates, so a release may give a role a new right. For other
rights make a group of your own; these five are not the place.
"""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.auth.models import Group, Permission

# Only the owner's: whoever gives rights could give themselves all of them.
_PEOPLE = ("accounts", "auth")

_READS = (
    "orders.view_order", "orders.view_orderline", "orders.view_orderevent",
    "payments.view_payment", "payments.view_refund", "payments.view_paymentevent",
    "fulfillment.view_purchase", "fulfillment.view_purchaseevent", "esim.view_esim",
    "esim.view_reading",
    "mail.view_message", "cases.view_case", "cases.view_casenote", "cases.change_case",
    "catalog.view_product", "catalog.view_sku", "catalog.view_category",
)  # fmt: skip
_WRITES_TO_CUSTOMERS = ("orders.change_order", "mail.change_message", "esim.change_esim")
_WEBHOOKS = ("webhooks.view_partnerevent", "webhooks.view_stripeevent", "webhooks.view_refusal")

ROLES: dict[str, tuple[str, ...]] = {
    # Answers customers. Sees no code, moves no money.
    "Support": (*_READS, *_WRITES_TO_CUSTOMERS),
    # Brings what was paid for: decides about purchases, and may see a code for a reason.
    "Fulfilment": (
        *_READS, *_WRITES_TO_CUSTOMERS, *_WEBHOOKS, "webhooks.change_partnerevent",
        "fulfillment.change_purchase", "orders.see_code",
    ),
    # Decides what is sold and for how much; `catalog.*` is each right of that app.
    "Catalog": ("catalog.*", "cases.view_case", "cases.view_casenote", "cases.change_case"),
    # Gives money back, reads the books and looks after the float. Sees no code.
    "Finance": (
        *_READS, *_WEBHOOKS, "finance.*", "reconciliation.*", "payments.refund_payment",
        "ledger.view_entry", "catalog.view_exchangerate", "catalog.view_pricerule",
    ),
    "Owner": ("*",),
}  # fmt: skip


def ship(**_signal: object) -> None:
    """Give each role exactly its rights; after every migration, when all rights exist.

    Rights of an app that is not migrated yet come with the migration of that app.
    """
    if not Permission.objects.filter(codename="see_code").exists():
        return
    for name, rights in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.set(_permissions(rights))


def _permissions(rights: Iterable[str]) -> list[Permission]:
    """The rows; of our own apps and Django's people alone, whatever else is installed."""
    ours = {
        config.label for config in apps.get_app_configs() if config.name.startswith("storefront.")
    }
    rows = Permission.objects.filter(content_type__app_label__in=[*ours, *_PEOPLE])
    wanted = set(rights)
    return [
        row
        for row in rows.select_related("content_type")
        if wanted & {"*", f"{row.content_type.app_label}.*", _name(row)}
    ]


def _name(row: Permission) -> str:
    return f"{row.content_type.app_label}.{row.codename}"
