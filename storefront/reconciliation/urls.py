"""/finance/reconciliation/ and the partner's ledger beside it."""

from django.urls import path

from storefront.reconciliation import views

app_name = "reconciliation"
urlpatterns = [
    path("reconciliation/", views.show, name="breaks"),
    path("reconciliation/compare/", views.compare, name="compare"),
    path("reconciliation/<int:pk>/", views.detail, name="break"),
    path("partner-ledger/", views.ledger, name="ledger"),
    path("partner-ledger/file/", views.ledger_file, name="ledger_file"),
]
