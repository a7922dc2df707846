"""Writing the catalog: the sync, and staff's word on what it brings and what it costs."""

from storefront.catalog.actions.asking import set_fields
from storefront.catalog.actions.renewing import renew_search
from storefront.catalog.actions.syncing import AlreadyRunning, accept_offers, accept_types, sync

__all__ = ["AlreadyRunning", "accept_offers", "accept_types", "renew_search", "set_fields", "sync"]
