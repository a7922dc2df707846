"""The finance pages: who gets in, what stands there, and that it works with the partner down."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now

from partner_api.sandbox.server import Running
from storefront import partner as shops_partner
from storefront.accounts.models import User
from storefront.cases.actions import open_case
from storefront.finance.models import Alerts, AlertsChange, BalanceReading
from storefront.partner.models import Circuit
from tests.finance.conftest import member
from tests.shopping import Elements

PAGE, ALERTS, ASK = "/finance/", "/finance/alerts/", "/finance/ask/"


def reading(*, ago: timedelta = timedelta(0), **figures: Any) -> BalanceReading:
    values = {
        "currency": "USD", "balance": Decimal("512.34"), "available": Decimal("1492.34"),
        "reserved": Decimal(20), "is_overdraft_allowed": True, "overdraft_limit": Decimal(1000),
        "claimed": Decimal("9.70"), "under_way": Decimal(20), "expected": Decimal("490.34"),
    }  # fmt: skip
    return BalanceReading.objects.create(at=now() - ago, **(values | figures))


def silence(ago: timedelta = timedelta(0)) -> None:
    BalanceReading.objects.create(at=now() - ago, error="the partner did not answer in time")


def shown(client: Client, path: str = PAGE) -> Elements:
    answer = client.get(path)
    assert answer.status_code == 200
    return Elements(answer.content.decode())


def figure(client: Client, name: str) -> str:
    page = client.get(PAGE).content.decode()
    after = page.split(f'data-testid="finance-{name}"', 1)[1].split(">", 1)[1]
    return after.split("</", 1)[0].strip()


@pytest.mark.parametrize(
    ("role", "status"),
    [("Finance", 200), ("Owner", 200), ("Support", 403), ("Fulfilment", 403), ("Catalog", 403),
     ("", 403)],
)  # fmt: skip
@pytest.mark.parametrize("path", [PAGE, ALERTS])
def test_finance_and_the_owner_read_it_and_other_staff_do_not(
    db: None, role: str, status: int, path: str
) -> None:
    answer = member(role).get(path)
    assert answer.status_code == status
    assert status == 200 or b"finance-available" not in answer.content


@pytest.mark.parametrize("path", [PAGE, ALERTS, "/ru/finance/"])
def test_strangers_and_customers_are_shown_the_way_in_for_staff(db: None, path: str) -> None:
    alice = Client()
    alice.force_login(User.objects.create_user("alice@example.com"))
    for client in (Client(), alice):
        answer = client.get(path)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/admin/login/?next=")


def test_who_may_only_read_changes_nothing(db: None) -> None:
    for role in ("Support", "Catalog", ""):
        client = member(role)
        assert client.post(ALERTS, {"threshold": "1", "locale": "en"}).status_code == 403
        assert client.post(ASK).status_code == 403
    assert not Alerts.objects.exists()
    assert not BalanceReading.objects.exists()


def test_the_numbers_stand_under_their_names(fiona: Client) -> None:
    reading()
    open_case(kind="stuck", subject="K-1", summary="Why.", now=now())
    assert figure(fiona, "available") == "$1,492.34"
    assert figure(fiona, "balance") == "$512.34"
    assert figure(fiona, "reserved") == "$20.00"
    assert figure(fiona, "overdraft") == "$0.00"
    assert figure(fiona, "runway") == "—"
    assert figure(fiona, "exceptions") == "1"
    page = shown(fiona)
    assert page.having("href", "/admin/")
    for amount in ("$9.70", "$1,482.64", "$490.34", "$2.00", "$1,000.00"):
        assert amount in page.text, amount


def test_figures_that_do_not_add_up_are_pointed_out(fiona: Client) -> None:
    reading()
    assert "do not add up" not in shown(fiona).text
    reading(available=Decimal("1492.33"))
    assert "do not add up" in shown(fiona).text


def test_an_overdraft_in_use_is_said_in_words_and_as_an_amount(fiona: Client) -> None:
    reading(balance=Decimal("-88.01"), is_overdrafted=True)
    assert figure(fiona, "overdraft") == "$88.01"
    assert "The balance is in overdraft." in shown(fiona).text


def test_with_the_partner_down_the_last_figures_stand_there_with_their_age(
    fiona: Client,
) -> None:
    reading(ago=timedelta(hours=3))
    silence()
    page = shown(fiona).text
    assert figure(fiona, "available") == "$1,492.34"
    assert "The partner could not be asked" in page
    assert "3 hours old" in page.replace("\xa0", " ")
    assert "did not answer in time" in page


def test_before_the_first_answer_the_page_says_so(fiona: Client) -> None:
    # The partner of most tests does not listen.
    assert "could not be asked" in shown(fiona).text
    assert figure(fiona, "available") == "—"
    assert BalanceReading.objects.count() == 1, "it is not asked at every look"


def test_while_reading_rests_the_page_does_not_ask(fiona: Client) -> None:
    Circuit.objects.create(
        capability="read",
        reason="unreachable",
        opened_at=now(),
        open_until=now() + timedelta(hours=1),
    )
    assert "has not been asked yet" in shown(fiona).text
    assert not BalanceReading.objects.exists()


@pytest.fixture
def asked(partner: Running, settings: Any) -> Any:
    """The shop speaks with the sandbox of the test."""
    settings.PARTNER_API_URL = partner.url
    settings.PARTNER_API_TOKEN = partner.sandbox.token
    settings.PARTNER_API_SECRETS = (partner.sandbox.secret,)
    shops_partner.hasty_client.cache_clear()
    yield partner
    shops_partner.hasty_client().close()
    shops_partner.hasty_client.cache_clear()


def test_whoever_opens_the_page_sees_figures_of_the_last_minute(
    fiona: Client, asked: Running
) -> None:
    reading(ago=timedelta(minutes=2))
    asked.control.balance({"balance": "33.30", "reserved": "0", "overdraft_limit": "0"})
    assert figure(fiona, "available") == "$33.30"
    asked.control.balance({"topup": "10"})
    assert figure(fiona, "available") == "$33.30", "asked a moment ago"


def test_whoever_asks_now_gets_the_partners_figures_or_the_reason(
    fiona: Client, asked: Running
) -> None:
    asked.control.balance({"balance": "77.70", "reserved": "0", "overdraft_limit": "0"})
    fiona.post(ASK)
    assert figure(fiona, "available") == "$77.70"
    asked.control.fault({"endpoint": "balance", "fault": "500_before", "next": None})
    answer = fiona.post(ASK, follow=True)
    assert b"No answer just now" in answer.content
    assert figure(fiona, "available") == "$77.70"


def test_the_chart_shows_the_time_chosen_and_its_figures_as_a_table(fiona: Client) -> None:
    reading(ago=timedelta(days=40), available=Decimal(11))
    reading(ago=timedelta(hours=30), available=Decimal(22))
    reading(available=Decimal(33))
    seen = {days: shown(fiona, f"{PAGE}?days={days}").text for days in ("1", "7", "90", "x")}
    assert "$22.00" not in seen["1"]
    assert "$22.00" in seen["7"]
    assert "$11.00" not in seen["7"]
    assert "$11.00" in seen["90"]
    assert "$22.00" in seen["x"]
    assert '<path class="curve"' in fiona.get(PAGE).content.decode()


def test_alerts_are_tuned_in_the_page_and_who_did_is_shown(fiona: Client) -> None:
    reading()
    sent = {"threshold": "1500", "recipients": "a@shop.example\nb@shop.example", "locale": "ru"}
    assert fiona.post(ALERTS, sent).status_code == 302
    row = Alerts.objects.get()
    assert (row.threshold, row.tells_of_overdraft, row.locale) == (1500, False, "ru")
    assert row.recipients.split() == ["a@shop.example", "b@shop.example"]
    assert AlertsChange.objects.get().by == "finance@shop.example"
    assert "finance@shop.example" in shown(fiona, ALERTS).text
    assert "Less can be spent than your threshold of $1,500.00." in shown(fiona).text


@pytest.mark.parametrize(
    "wrong",
    [{"threshold": "-1"}, {"threshold": "1.999"}, {"threshold": "NaN"}, {"threshold": "1e40"},
     {"recipients": "nobody"}, {"recipients": "a@shop.example\rBcc:x"}, {"locale": "xx"},
     {"recipients": " ".join(f"a{n}@shop.example" for n in range(11))}],
)  # fmt: skip
def test_nonsense_is_refused_at_its_field_and_nothing_changes(
    fiona: Client, wrong: dict[str, str]
) -> None:
    answer = fiona.post(ALERTS, {"threshold": "5", "recipients": "", "locale": "en"} | wrong)
    assert answer.status_code == 400
    assert b'aria-invalid="true"' in answer.content
    assert not Alerts.objects.exists()


def test_the_page_asks_few_questions(fiona: Client, django_assert_max_num_queries: Any) -> None:
    for hours in range(60):
        reading(ago=timedelta(hours=hours))
    with django_assert_max_num_queries(14):
        assert fiona.get(PAGE).status_code == 200
