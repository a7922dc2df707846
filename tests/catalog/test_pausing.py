"""What cost more than its pricelist said is not sold until staff say so, whatever a sync says."""

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse

from storefront.catalog import actions, tasks
from storefront.catalog.models import CatalogState, Product, Sku, SyncRun
from storefront.catalog.queries import NotBuyable, buyable_sku
from storefront.catalog.queries.offers import Reason
from tests.catalog.conftest import Partner
from tests.catalog.goods import APPLE
from tests.catalog.test_admin import staff

pytestmark = pytest.mark.fault("F19")
TEN = APPLE.skus[0].id


@pytest.fixture
def paused(partner: Partner) -> Sku:
    partner.sync()
    actions.pause(sku_id=Sku.objects.get(pk=TEN).pk, now=partner.now)
    return Sku.objects.get(pk=TEN)


def why_not(partner: Partner) -> Reason | None:
    try:
        buyable_sku(TEN, 1, partner.now)
    except NotBuyable as refused:
        return refused.reason
    return None


def test_it_is_refused_at_once_and_no_sync_puts_it_on_sale(partner: Partner, paused: Sku) -> None:
    assert why_not(partner) == Reason.HELD
    partner.sync()
    partner.change(TEN, stock=77)
    partner.sync(kind=SyncRun.Kind.LIGHT)
    assert why_not(partner) == Reason.HELD
    assert Sku.objects.get(pk=TEN).paused_at == paused.paused_at


def test_the_pages_follow(partner: Partner, paused: Sku) -> None:
    Sku.objects.filter(product__slug=Product.objects.get(pk=APPLE.id).slug).exclude(pk=TEN).update(
        stock=0
    )
    version = CatalogState.objects.get().version
    tasks.renew()
    assert not Product.objects.get(pk=APPLE.id).is_available
    assert CatalogState.objects.get().version > version


def test_staff_sell_it_again(partner: Partner, paused: Sku, client: Client) -> None:
    again = {"action": "sell_again", "_selected_action": str(paused.pk)}
    skus = reverse("admin:catalog_sku_changelist")
    olga = staff(client, "view_sku", "view_product")
    client.post(skus, again)
    assert why_not(partner) == Reason.HELD, "whoever may only read may not decide"

    olga.user_permissions.add(Permission.objects.get(codename="change_sku"))
    assert "1 SKUs are sold again" in client.post(skus, again, follow=True).content.decode()
    assert why_not(partner) is None
    assert Product.objects.get(pk=APPLE.id).is_available
