"""The client's address: what our own proxies saw, never what the client claims."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from storefront.core.clients import client_address

PEER = "10.0.0.7"


def address(chain: str | None, peer: str = PEER) -> str:
    headers = {} if chain is None else {"x-forwarded-for": chain}
    return client_address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=peer))


CHAINS = [
    # Nobody stands in front: whatever the header says is the client's own invention.
    (0, None, PEER),
    (0, "1.2.3.4", PEER),
    (0, "1.2.3.4, 5.6.7.8", PEER),
    # One proxy: it appended what it saw; everything to the left was sent by the client.
    (1, "203.0.113.9", "203.0.113.9"),
    (1, "1.2.3.4, 203.0.113.9", "203.0.113.9"),
    (1, "1.2.3.4,5.6.7.8,,203.0.113.9", "203.0.113.9"),
    (1, "'; drop table --, 203.0.113.9", "203.0.113.9"),
    # Two: the inner one appended the outer one's address.
    (2, "203.0.113.9, 10.0.0.1", "203.0.113.9"),
    (2, "1.2.3.4, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
    # A request that did not come through all of them is its peer's.
    (1, None, PEER),
    (1, "", PEER),
    (2, "203.0.113.9", PEER),
    (3, "203.0.113.9, 10.0.0.1", PEER),
    # What is no address is not taken for one.
    (1, "unknown", PEER),
    (1, "1.2.3.4, unknown", PEER),
    (1, "x" * 5000, PEER),
    (1, "203.0.113.9\x00", PEER),
    (1, "203.0.113.999", PEER),
    # Some proxies write the port as well.
    (1, "203.0.113.9:4711", "203.0.113.9"),
    (1, "2001:db8::1", "2001:db8::1"),
    (1, "2001:DB8:0:0::1", "2001:db8::1"),
    (1, "[2001:db8::1]:4711", "2001:db8::1"),
    (1, "[2001:db8::1]", "2001:db8::1"),
    (1, "fe80::1%" + "x" * 400, "fe80::1"),
]


@pytest.mark.parametrize(("proxies", "chain", "expected"), CHAINS)
def test_f106_the_chain_is_counted_from_the_right(
    settings: Settings, proxies: int, chain: str | None, expected: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert address(chain) == expected


@pytest.mark.parametrize("peer", ["", "unix:"])
def test_a_peer_without_an_address_has_none(settings: Settings, peer: str) -> None:
    settings.TRUSTED_PROXIES = 0
    assert address("1.2.3.4", peer=peer) == ""


def test_every_address_fits_its_column(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = 1
    longest = "0000:0000:0000:0000:0000:ffff:255.255.255.255"
    assert len(address(longest)) <= 45
