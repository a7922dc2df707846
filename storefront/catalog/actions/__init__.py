"""Writing the catalog: the sync, and staff's word on what it brings and what it costs."""

from storefront.catalog.actions.asking import set_fields
from storefront.catalog.actions.pausing import pause, sell_again
from storefront.catalog.actions.prices import (
    RateJumped,
    delete_limits,
    delete_rate,
    delete_rule,
    preview,
    save_limits,
    save_rate,
    save_rule,
    set_rate,
)
from storefront.catalog.actions.renewing import renew, renew_search
from storefront.catalog.actions.syncing import AlreadyRunning, accept_offers, accept_types, sync

__all__ = [
    "AlreadyRunning",
    "RateJumped",
    "accept_offers",
    "accept_types",
    "delete_limits",
    "delete_rate",
    "delete_rule",
    "pause",
    "preview",
    "renew",
    "renew_search",
    "save_limits",
    "save_rate",
    "save_rule",
    "sell_again",
    "set_fields",
    "set_rate",
    "sync",
]
