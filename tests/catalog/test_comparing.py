"""eSIM plans beside each other: found by destination in both languages, by price per GB."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from storefront.catalog.comparing import Row
from storefront.catalog.models import Sku
from tests.catalog.conftest import Partner
from tests.shopping import Elements

pytestmark = pytest.mark.django_db


@pytest.fixture
def shelf(partner: Partner) -> Partner:
    partner.sells_the_demo()
    partner.now = now() - timedelta(hours=1)
    partner.sync()
    return partner


def kinds(to: str, prefix: str = "") -> dict[str, list[Row]]:
    answer = Client().get(f"{prefix}/esim-plans/", {"to": to})
    assert answer.status_code == 200
    return {kind["code"]: kind["rows"] for kind in answer.context["kinds"]}


@pytest.mark.parametrize(("to", "prefix"), [("Turkey", ""), ("Турция", "/ru"), ("Türkiye", "")])
def test_a_country_is_found_by_any_of_its_names(shelf: Partner, to: str, prefix: str) -> None:
    found = kinds(to, prefix)
    assert found["local"]
    assert all("tur" in row.slug for row in found["local"])


@pytest.mark.parametrize(("to", "prefix"), [("Europe", ""), ("Европа", "/ru")])
def test_a_region_is_found_in_both_languages(shelf: Partner, to: str, prefix: str) -> None:
    assert kinds(to, prefix)["regional"]


def test_the_cheapest_gigabyte_comes_first_and_unknown_ones_last(shelf: Partner) -> None:
    for rows in kinds("").values():
        prices = [row.per_gb.amount for row in rows if row.per_gb]
        assert prices == sorted(prices)
        unknown = [row.per_gb is None for row in rows]
        assert unknown == sorted(unknown)


def test_what_can_not_be_bought_is_not_compared(shelf: Partner) -> None:
    Sku.objects.update(stock=0)
    answer = Client().get("/esim-plans/", {"to": "Turkey"})
    assert "No eSIM was found" in Elements(answer.content.decode()).text


@pytest.mark.parametrize("to", ["<script>", "x" * 500, "%00", "'; --"])
def test_garbage_is_answered(shelf: Partner, to: str) -> None:
    answer = Client().get("/esim-plans/", {"to": to})
    assert answer.status_code == 200
    assert f'value="{to}"' not in answer.content.decode() or "<" not in to
