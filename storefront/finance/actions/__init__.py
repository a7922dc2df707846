"""Writing of finance: readings of the balance, and who is told of them."""

from storefront.finance.actions.alerting import save_alerts
from storefront.finance.actions.booking import BATCH, book
from storefront.finance.actions.reading import freshen, read_balance

__all__ = ["BATCH", "book", "freshen", "read_balance", "save_alerts"]
