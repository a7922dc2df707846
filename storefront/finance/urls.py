"""/finance/"""

from django.urls import path

from storefront.finance import views

app_name = "finance"
urlpatterns = [
    path("", views.show, name="dashboard"),
    path("ask/", views.ask, name="ask"),
    path("alerts/", views.alerts, name="alerts"),
]
