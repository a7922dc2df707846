"""The first page of a visitor is light: all it needs, compressed, without pictures of others."""

import gzip
import re
from pathlib import Path

import pytest
import time_machine
from django.contrib.staticfiles import finders
from django.test import Client

from tests.catalog.conftest import Partner

LARGEST = 60_000
NEEDED = re.compile(r'<(?:link rel="(?:stylesheet|icon)"|script|img)[^>]* (?:href|src)="(/[^"]+)"')


def compressed(content: bytes) -> int:
    return len(gzip.compress(content, 6))


@pytest.mark.django_db
def test_home_list_and_product_weigh_less_than_60_kb(partner: Partner) -> None:
    partner.sells_the_demo()
    partner.sync()
    with time_machine.travel(partner.now, tick=False):
        for language in ("", "/ru"):
            for path in ("/", "/products/", "/products/esim-europe/"):
                page = Client().get(language + path).content
                weight = compressed(page)
                for address in set(NEEDED.findall(page.decode())):
                    file = finders.find(address.removeprefix("/static/").partition("?")[0])
                    assert isinstance(file, str), address
                    weight += compressed(Path(file).read_bytes())
                assert weight < LARGEST, f"{language}{path}"
