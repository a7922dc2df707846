"""Rows of finance: the float's, and those that margins are read from."""

from storefront.finance.models.balance import Alerts, AlertsChange, BalanceReading, Crossing
from storefront.finance.models.margin import Booking, DailyMargin, OrderMargin, Share

__all__ = [
    "Alerts",
    "AlertsChange",
    "BalanceReading",
    "Booking",
    "Crossing",
    "DailyMargin",
    "OrderMargin",
    "Share",
]
