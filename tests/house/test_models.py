"""Every model says whether its rows may change; those that may not have no way to."""

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model

from storefront.core.appendonly import AppendOnly

# Rows with a life of their own. What is in neither list fails the test: decide, then write it down.
MUTABLE = {
    "accounts.FactorSecret",
    "accounts.SignInCode",
    "accounts.User",
    "cart.SavedCart",
    "cases.Case",
    "catalog.AmountLimits",
    "catalog.CatalogState",
    "catalog.Category",
    "catalog.ExchangeRate",
    "catalog.PriceRule",
    "catalog.Product",
    "catalog.SearchSynonym",
    "catalog.SearchWord",
    "catalog.Sku",
    "catalog.SyncRun",
    "core.Allowance",
    "core.CacheEntry",
    "core.Measure",
    "esim.Esim",
    "esim.TopUp",
    "finance.Alerts",
    "finance.Booking",
    "finance.Crossing",
    "finance.DailyMargin",
    "finance.OrderMargin",
    "fulfillment.Purchase",
    "mail.Message",
    "orders.AccessLink",
    "orders.Delivery",
    "orders.LinkRequest",
    "orders.Order",
    "orders.OrderLine",
    "partner.Budget",
    "partner.Circuit",
    "payments.Capture",
    "payments.Payment",
    "payments.Refund",
    "reconciliation.Break",
    "reconciliation.Comparison",
    "reconciliation.MirroredTransaction",
    "webhooks.PartnerEvent",
    "webhooks.Refusal",
    "webhooks.StripeEvent",
}
# Records of what happened.
APPEND_ONLY = {
    "cases.CaseNote",
    "checkout.Consent",
    "finance.AlertsChange",
    "finance.BalanceReading",
    "esim.Reading",
    "finance.Share",
    "fulfillment.PurchaseEvent",
    "ledger.Entry",
    "orders.OrderEvent",
    "orders.Reveal",
    "payments.PaymentEvent",
}


def ours() -> list[type[Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("storefront.")]


def test_every_model_is_declared_here_once() -> None:
    labels = {model._meta.label for model in ours()}
    assert labels == MUTABLE | APPEND_ONLY
    assert not MUTABLE & APPEND_ONLY


def test_records_are_append_only_in_python() -> None:
    append_only = {model._meta.label for model in ours() if issubclass(model, AppendOnly)}
    assert append_only == APPEND_ONLY


@pytest.mark.django_db
def test_records_are_append_only_in_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_trigger join pg_class on pg_class.oid = tgrelid"
            " where tgname = 'never_changes'"
        )
        guarded = {row[0] for row in cursor.fetchall()}
    assert guarded == {apps.get_model(label)._meta.db_table for label in APPEND_ONLY}


def test_no_table_holds_a_float() -> None:
    kinds = {
        f"{m._meta.label}.{f.name}": f.get_internal_type() for m in ours() for f in m._meta.fields
    }
    assert [column for column, kind in kinds.items() if kind == "FloatField"] == []
