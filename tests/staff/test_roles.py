"""The roles that ship: what each can, and what it can't."""

import pytest
from django.contrib.admin import site
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse

from storefront.accounts.models import User
from storefront.orders.models import Order
from storefront.orders.states import Status
from storefront.staff import roles
from tests.shopping import order_in

pytestmark = pytest.mark.django_db

# One thing each right is for, by what the admin asks before it.
CODES, MONEY, PURCHASES = (
    "orders.see_code", "payments.refund_payment", "fulfillment.change_purchase",
)  # fmt: skip
PRICES, PEOPLE, CUSTOMERS, BOOKS, WEBHOOKS, FLOAT, ALERTS = (
    "catalog.change_pricerule", "accounts.change_user", "orders.change_order", "ledger.view_entry",
    "webhooks.change_partnerevent", "finance.view_finance", "finance.change_alerts",
)  # fmt: skip
ALL = {CODES, MONEY, PURCHASES, PRICES, PEOPLE, CUSTOMERS, BOOKS, WEBHOOKS, FLOAT, ALERTS}


def member(role: str) -> User:
    user = User.objects.create_user(f"{role.lower()}@shop.example", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(member(role))
    return client


@pytest.fixture
def order() -> Order:
    return order_in(Status.COMPLETED)


@pytest.mark.parametrize(
    ("role", "may"),
    [
        ("Support", {CUSTOMERS}),
        ("Fulfilment", {CODES, PURCHASES, CUSTOMERS, WEBHOOKS}),
        ("Catalog", {PRICES}),
        ("Finance", {MONEY, BOOKS, FLOAT, ALERTS}),
        ("Owner", ALL),
    ],
)
def test_each_role_can_what_it_is_for_and_nothing_else(role: str, may: set[str]) -> None:
    user = member(role)
    assert {right for right in ALL if user.has_perm(right)} == may


def test_every_right_that_a_role_names_exists() -> None:
    rows = Permission.objects.select_related("content_type")
    known = {f"{row.content_type.app_label}.{row.codename}" for row in rows}
    named = {right for rights in roles.ROLES.values() for right in rights if "*" not in right}
    assert named - known == set()


@pytest.mark.parametrize("role", ["Support", "Fulfilment", "Catalog", "Finance"])
def test_nobody_but_the_owner_gives_rights_or_changes_people(role: str) -> None:
    client = signed_in(role)
    for page in ("accounts_user", "auth_group"):
        assert client.get(reverse(f"admin:{page}_changelist")).status_code == 403
        assert client.get(reverse(f"admin:{page}_add")).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"),
    [("Support", 403), ("Finance", 403), ("Catalog", 403), ("Fulfilment", 200), ("Owner", 200)],
)
def test_who_may_see_the_page_of_codes(role: str, status: int, order: Order) -> None:
    address = reverse("admin:orders_order_see_code", args=[order.pk])
    assert signed_in(role).get(address).status_code == status


def test_support_reads_what_a_customer_asks_about(order: Order) -> None:
    client = signed_in("Support")
    for page in ("orders_order", "payments_payment", "fulfillment_purchase", "mail_message"):
        assert client.get(reverse(f"admin:{page}_changelist")).status_code == 200, page
    answer = client.get(reverse("admin:orders_order_change", args=[order.pk]))
    assert answer.status_code == 200
    assert "See a code" not in answer.content.decode()


def test_the_catalog_role_sees_no_customer(order: Order) -> None:
    client = signed_in("Catalog")
    assert client.get(reverse("admin:catalog_pricerule_changelist")).status_code == 200
    assert client.get(reverse("admin:orders_order_changelist")).status_code == 403
    assert order.email not in client.get("/admin/").content.decode()


def test_a_role_is_put_right_by_the_next_migration() -> None:
    group = Group.objects.get(name="Support")
    group.permissions.add(Permission.objects.get(codename="see_code"))
    roles.ship()
    assert not group.permissions.filter(codename="see_code").exists()
    assert Group.objects.count() == len(roles.ROLES)


def test_every_list_of_the_shop_says_what_it_is_for(client: Client) -> None:
    client.force_login(User.objects.create_superuser("olga@shop.example"))
    silent = {
        admin.__class__.__name__
        for model, admin in site._registry.items()
        if model.__module__.startswith("storefront.")
        and 'data-testid="list-help"'
        not in client.get(
            reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        ).content.decode()
    }
    # Syncs have a help of their own; of the others the name says it all.
    assert silent == {
        "SyncRunAdmin", "OrderAdmin", "UserAdmin", "CategoryAdmin", "CatalogStateAdmin",
    }  # fmt: skip
