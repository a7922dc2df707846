"""/finance/"""

from django.urls import path

from storefront.finance.views import balance, margin

app_name = "finance"
urlpatterns = [
    path("", balance.show, name="dashboard"),
    path("ask/", balance.ask, name="ask"),
    path("alerts/", balance.alerts, name="alerts"),
    path("margin/", margin.show, name="margin"),
    path("margin/entries/", margin.entries, name="entries"),
]
