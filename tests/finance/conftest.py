"""The float's tests stand on the fulfilment's bench: a shop, its partner over HTTP, a clock."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from storefront.accounts.models import User
from tests.fulfillment.conftest import *  # noqa: F403  the bench and what it stands on


def member(role: str) -> Client:
    """A colleague of this role, signed in; of none where it is empty."""
    user = User.objects.create_user(f"{role.lower() or 'nobody'}@shop.example", is_staff=True)
    if role:
        user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def fiona(db: None) -> Client:
    """Finance."""
    return member("Finance")
