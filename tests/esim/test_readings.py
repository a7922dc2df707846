"""Staff see what each question about an eSIM brought, and nothing twice."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from partner_api import EsimStatus, PartnerClient, RequestsTransport
from storefront.esim import actions
from storefront.esim.actions.asking import take_over
from storefront.esim.models import Reading
from tests.esim.test_care import status
from tests.esim.test_pages import NUMBER, Owned, own
from tests.esim.test_staff import LIST, colleague
from tests.factories import NOON

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
SAID = status("9")


def says(text: str) -> EsimStatus:
    """The same as ever, but for the word."""
    return replace(SAID, status=text)


@pytest.fixture
def owned() -> Owned:
    return own()


def nobody() -> PartnerClient:
    """A partner that is not there."""
    return PartnerClient(
        base_url="http://127.0.0.1:9", token="t", secret="s", transport=RequestsTransport(tries=1)
    )


def told() -> list[str]:
    return [reading.status_text or reading.failure for reading in Reading.objects.order_by("pk")]


def test_what_says_the_same_again_is_kept_once(owned: Owned) -> None:
    for hours, text in enumerate(("Released", "Released", "Installed", "Installed", "Released")):
        take_over(esim_id=owned.esim.pk, status=says(text), now=NOON + hours * HOUR)
    assert told() == ["Released", "Installed", "Released"]


def test_a_row_of_failures_is_kept_once_and_its_end_is_seen(owned: Owned) -> None:
    take_over(esim_id=owned.esim.pk, status=says("Installed"), now=NOON)
    for hours in (1, 2, 3):
        assert not actions.ask(esim_id=owned.esim.pk, client=nobody(), now=NOON + hours * HOUR)
    take_over(esim_id=owned.esim.pk, status=says("Installed"), now=NOON + 9 * HOUR)
    assert told()[0] == told()[2] == "Installed"
    assert len(told()) == 3


def test_staff_read_them_on_the_esims_page_without_its_number(owned: Owned) -> None:
    take_over(esim_id=owned.esim.pk, status=says("Waiting for the moon"), now=NOON)
    page = colleague("Support").get(f"{LIST}{owned.esim.pk}/change/").content.decode()
    assert page.count("Waiting for the moon") >= 2, "its state, and the reading"
    assert NUMBER not in page
