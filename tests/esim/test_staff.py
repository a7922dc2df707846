"""Staff see an eSIM without its number, may have it asked about, and write to its owner alone."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from storefront.accounts.models import User
from storefront.esim.models import Esim
from storefront.mail.models import Message
from storefront.orders.models import Reveal
from tests.esim.test_pages import LPA, NUMBER, Owned, own

pytestmark = pytest.mark.django_db

LIST = "/admin/esim/esim/"


@pytest.fixture
def owned() -> Owned:
    return own()


def colleague(role: str) -> Client:
    """Signed in; the same person each time."""
    user, _ = User.objects.get_or_create(email=f"{role.lower()}@shop.example", is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    client = Client()
    client.force_login(user)
    return client


def act(client: Client, action: str) -> None:
    chosen = [str(esim.pk) for esim in Esim.objects.all()]
    client.post(LIST, {"action": action, "_selected_action": chosen}, follow=True)


def test_no_page_of_staff_has_the_number_or_what_installs_it(owned: Owned) -> None:
    for path in (LIST, f"{LIST}{owned.esim.pk}/change/", f"{LIST}?q={owned.order.number}"):
        answer = colleague("Support").get(path, follow=True)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert str(owned.esim.pk) in page
        assert NUMBER not in page
        assert LPA not in page
    assert not Reveal.objects.exists()


def test_support_can_have_it_asked_about_and_send_its_owner_the_link(owned: Owned) -> None:
    Esim.objects.update(due_at=None, idle=7)
    act(colleague("Support"), "ask_now")
    act(colleague("Support"), "send_links")
    esim = Esim.objects.get()
    assert (esim.due_at is not None, esim.idle) == (True, 0)
    assert Message.objects.get(kind="order_link").to == owned.order.email


def test_finance_reads_and_does_nothing(owned: Owned) -> None:
    Esim.objects.update(due_at=None)
    finance = colleague("Finance")
    assert finance.get(LIST).status_code == 200
    act(finance, "ask_now")
    act(finance, "send_links")
    assert Esim.objects.get().due_at is None
    assert not Message.objects.filter(kind="order_link").exists()
