"""People with accounts: one per address, staff by rights, and no guessing of passwords."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import Settings

from storefront.accounts.backends import DEMO_PASSWORD
from storefront.accounts.models import User

pytestmark = pytest.mark.django_db

LOGIN = "/admin/login/"
PHRASE = "correct horse battery staple"


def test_an_address_is_one_account_whatever_its_case() -> None:
    alice = User.objects.create_user(" Alice@Example.com ", PHRASE, name="Alice")
    assert (alice.email, alice.is_staff, alice.is_superuser) == ("alice@example.com", False, False)
    assert alice.check_password(PHRASE)
    for again in ("alice@example.com", "ALICE@EXAMPLE.COM"):
        with pytest.raises(IntegrityError), transaction.atomic():
            User(email=again).save()


def test_an_account_without_a_password_opens_to_none() -> None:
    bob = User.objects.create_user("bob@example.com")
    assert not bob.has_usable_password()
    for password in ("", "!", bob.password):
        sent = {"username": "bob@example.com", "password": password}
        assert Client().post(LOGIN, sent).status_code == 200


def test_a_demonstrations_logins_are_made_once_and_said_each_time() -> None:
    said = []
    for _ in range(2):
        out = io.StringIO()
        call_command("create_demo_logins", stdout=out)
        said.append(out.getvalue())
    assert said[0] == said[1]
    assert DEMO_PASSWORD in said[0]
    owner = User.objects.get()
    assert (owner.is_staff, owner.is_superuser, owner.check_password(DEMO_PASSWORD)) == (True,) * 3


def test_a_real_shop_makes_no_login_that_everybody_knows(settings: Settings) -> None:
    settings.DEMO = settings.DEBUG = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("create_demo_logins")
    assert not User.objects.exists()


def test_a_customer_does_not_get_into_the_staffs_pages() -> None:
    User.objects.create_user("alice@example.com", PHRASE)
    alice = Client()
    answer = alice.post(LOGIN, {"username": "alice@example.com", "password": PHRASE})
    assert answer.status_code == 200
    assert alice.get("/admin/").status_code == 302


@pytest.fixture
def olga(settings: Settings) -> User:
    settings.TRUSTED_PROXIES = 1
    return User.objects.create_user("olga@example.com", PHRASE, is_staff=True)


def guess(address: str, password: str, *, claims: str = "") -> int:
    """One try from this address, which may claim to have come from others."""
    chain = f"{claims}, {address}" if claims else address
    stranger = Client(headers={"x-forwarded-for": chain})
    return stranger.post(LOGIN, {"username": "olga@example.com", "password": password}).status_code


def test_f106_guessing_stops_after_five_whatever_the_guesser_claims_to_be(olga: User) -> None:
    tries = [guess("203.0.113.9", f"guess {n}", claims=f"198.51.100.{n}") for n in range(5)]
    assert tries[:4] == [200] * 4
    assert guess("203.0.113.9", PHRASE) == 429, "not even with the right one"
    assert guess("203.0.113.9", PHRASE, claims="198.51.100.77") == 429


def test_f106_a_guesser_does_not_lock_the_owner_out(olga: User) -> None:
    for number in range(6):
        guess("203.0.113.9", f"guess {number}")
    assert guess("192.0.2.1", PHRASE) == 302
