"""Staff see the catalog as it is, and decide only about what waits for them."""

from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from storefront.accounts.models import User
from storefront.catalog.models import Category, PriceRule, Product, Sku
from tests.catalog.conftest import Partner
from tests.catalog.goods import APPLE

PAGES = [
    "category",
    "product",
    "sku",
    "syncrun",
    "exchangerate",
    "catalogstate",
    "pricerule",
    "amountlimits",
]
PASSWORD = "correct horse battery staple"


def staff(client: Client, *permissions: str) -> User:
    """Signs in a colleague with these permissions on the catalog, or with all of them."""
    user = User.objects.create_user(email="olga@shop.example", password=PASSWORD, is_staff=True)
    user.user_permissions.set(
        Permission.objects.filter(content_type__app_label="catalog", codename__in=permissions)
        if permissions
        else Permission.objects.filter(content_type__app_label="catalog")
    )
    client.force_login(user)
    return user


@pytest.fixture
def jumped(partner: Partner) -> Sku:
    """A SKU whose cost went from 9 to 20."""
    partner.sync()
    partner.change(APPLE.skus[0].id, price=Decimal(20))
    partner.sync()
    return Sku.objects.get(hold_reason="jump")


def test_every_list_opens(client: Client, jumped: Sku) -> None:
    staff(client)
    for page in PAGES:
        answer = client.get(reverse(f"admin:catalog_{page}_changelist"))
        assert answer.status_code == 200, page


def test_the_list_of_skus_says_what_each_earns(
    client: Client, partner: Partner, django_assert_max_num_queries: Any
) -> None:
    partner.sync()
    Sku.objects.exclude(pk=APPLE.skus[0].id).update(cost=None, cost_currency="", hold_reason="kind")
    staff(client)
    with django_assert_max_num_queries(16):
        page = client.get(reverse("admin:catalog_sku_changelist")).content.decode()
    assert page.count("9.1 %") == 1  # 0.90 of 9.90


def test_a_product_leads_to_its_price_rule(client: Client, partner: Partner) -> None:
    partner.sync()
    staff(client)
    detail = client.get(reverse("admin:catalog_product_change", args=[APPLE.id])).content.decode()
    address = reverse("admin:catalog_product_price_rule", args=[APPLE.id])
    assert address in detail
    form = client.get(address, follow=True)
    assert form.context["adminform"].form.initial == {"scope": "product", "product": APPLE.id}
    rule = PriceRule.objects.create(
        scope="product", product_id=APPLE.id, percent=20, currency="USD", changed_by="olga"
    )
    answer = client.get(address)
    assert answer["Location"] == reverse("admin:catalog_pricerule_change", args=[rule.pk])


def test_whoever_makes_no_prices_is_not_led_there(client: Client, partner: Partner) -> None:
    partner.sync()
    staff(client, "view_product", "change_product")
    detail = client.get(reverse("admin:catalog_product_change", args=[APPLE.id])).content.decode()
    address = reverse("admin:catalog_product_price_rule", args=[APPLE.id])
    assert address not in detail
    assert client.get(address).status_code in {302, 403}
    assert not PriceRule.objects.exists()


def test_a_held_sku_shows_old_and_new_side_by_side(client: Client, jumped: Sku) -> None:
    staff(client)
    shown = client.get(reverse("admin:catalog_sku_changelist") + "?hold_reason__exact=jump")
    page = shown.content.decode()
    assert "9 USD" in page
    assert "cost 20" in page
    detail = client.get(reverse("admin:catalog_sku_change", args=[jumped.pk]))
    assert detail.status_code == 200


def test_a_colleague_accepts_a_jump_with_one_choice(client: Client, jumped: Sku) -> None:
    staff(client)
    answer = client.post(
        reverse("admin:catalog_sku_changelist"),
        {"action": "accept_offers", "_selected_action": str(jumped.pk)},
        follow=True,
    )
    assert "1 SKUs are sold at their new cost" in answer.content.decode()
    jumped.refresh_from_db()
    assert (jumped.hold_reason, jumped.price) == ("", Decimal(22))


def test_a_reader_cannot_accept(client: Client, jumped: Sku) -> None:
    staff(client, "view_sku", "view_product")
    client.post(
        reverse("admin:catalog_sku_changelist"),
        {"action": "accept_offers", "_selected_action": str(jumped.pk)},
    )
    jumped.refresh_from_db()
    assert jumped.hold_reason == "jump"


def test_a_changed_type_is_accepted_the_same_way(client: Client, partner: Partner) -> None:
    partner.sync()
    partner.trouble("unknown_type", "products")
    partner.sync()
    staff(client)
    client.post(
        reverse("admin:catalog_product_changelist"),
        {"action": "accept_types", "_selected_action": APPLE.id},
    )
    assert Product.objects.get(pk=APPLE.id).type == "subscription"


@pytest.mark.parametrize("page", ["category", "product", "sku", "syncrun", "catalogstate"])
def test_nobody_writes_the_partners_rows_by_hand(
    client: Client, partner: Partner, page: str
) -> None:
    partner.sync()
    staff(client)
    assert client.get(reverse(f"admin:catalog_{page}_add")).status_code == 403
    row = Category.objects.get(pk=1)
    assert client.post(reverse("admin:catalog_category_delete", args=[row.pk])).status_code == 403
    assert Category.objects.filter(pk=1).exists()


def test_visitors_see_none_of_it(client: Client, db: None) -> None:
    answer = client.get(reverse("admin:catalog_sku_changelist"))
    assert answer.status_code == 302
    assert "/admin/login/" in answer["Location"]
