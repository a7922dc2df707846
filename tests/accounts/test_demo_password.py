"""The demonstration's logins are printed for everybody: they open no real shop."""

import pytest
from django.contrib.auth import authenticate
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from storefront.accounts.backends import DEMO_PASSWORD
from storefront.accounts.models import User

REQUEST = RequestFactory().post("/admin/login/")


@pytest.fixture
def olga(db: None) -> User:
    """The owner of the demonstration."""
    return User.objects.create_superuser("owner@example.com", DEMO_PASSWORD)


def test_the_demonstration_lets_its_owner_in(olga: User) -> None:
    assert authenticate(REQUEST, username=olga.email, password=DEMO_PASSWORD) == olga


def test_a_real_shop_over_the_same_database_does_not(olga: User, settings: Settings) -> None:
    settings.STRICT = True
    assert authenticate(REQUEST, username=olga.email, password=DEMO_PASSWORD) is None


def test_a_real_shop_lets_in_who_has_a_password_of_their_own(
    olga: User, settings: Settings
) -> None:
    settings.STRICT = True
    olga.set_password("a-password-of-her-own")
    olga.save()
    assert authenticate(REQUEST, username=olga.email, password="a-password-of-her-own") == olga
