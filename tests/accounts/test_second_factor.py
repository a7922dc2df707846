"""Staff prove who they are twice: by a password, and by something they have."""

import json
import re
import time
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils.timezone import now
from pytest_django import Settings

from storefront.accounts.models import FactorSecret, User
from storefront.core.sealed import open_sealed
from storefront.core.vault import rotate
from storefront.mail.models import Message
from tests.shopping import Answer

pytestmark = [pytest.mark.django_db, pytest.mark.fault("F110")]

PHRASE = "correct horse battery staple"
LOGIN, FACTORS = "/admin/login/", "/admin/second-factor/"


@pytest.fixture(autouse=True)
def strict(settings: Settings) -> None:
    """A shop for real money."""
    settings.DEMO = settings.DEBUG = False
    settings.STRICT = True


@pytest.fixture
def olga() -> User:
    return User.objects.create_superuser("olga@example.com", PHRASE)


class Colleague(Client):
    """Somebody at the staff's door."""

    def give_password(self, password: str = PHRASE, after: str = "/admin/") -> Answer:
        return self.post(
            f"{LOGIN}?next={after}", {"username": "olga@example.com", "password": password}
        )

    def give_mailed_code(self) -> Answer:
        return self.post(f"{FACTORS}code/", {"code": mailed_code()})

    def set_up_app(self) -> str:
        """From the page with the picture to an app that works; returns its key."""
        page = self.get(f"{FACTORS}totp/activate/").content.decode()
        key = re.search(r'id="authenticator_secret"\s+value="([A-Z2-7]+)"', page)
        assert key, page
        with at_once():
            answer = self.post(f"{FACTORS}totp/activate/", {"code": shown_by_app(key[1])})
        assert answer.status_code == 302, answer.content.decode()
        return key[1]

    def first_sign_in(self) -> str:
        """All of it; returns the app's key."""
        self.give_password()
        self.give_mailed_code()
        return self.set_up_app()

    def give_app_code(self, key: str) -> Answer:
        with at_once():
            return self.post(f"{FACTORS}authenticate/", {"code": shown_by_app(key)})

    def is_in(self) -> bool:
        return self.get("/admin/").status_code == 200


def at_once() -> time_machine.travel:
    """A code is read and typed before the app shows another."""
    return time_machine.travel(now(), tick=False)


def shown_by_app(key: str) -> str:
    return str(format_hotp_value(hotp_value(key, int(time.time()) // 30)))


def mailed_code() -> str:
    message = Message.objects.filter(kind="sign_in").latest("created_at")
    plain = open_sealed(message.sealed, context=message.seal_context)
    return str(json.loads(plain.reveal())["code"])


@pytest.fixture
def key(olga: User) -> str:
    """Of the app Olga set up a while ago."""
    with time_machine.travel(now() - timedelta(days=3)):
        return Colleague().first_sign_in()


def test_the_first_sign_in_sets_up_an_app_with_a_code_from_the_mail(olga: User) -> None:
    colleague = Colleague()
    assert colleague.give_password(after="/admin/orders/order/")["Location"] == f"{FACTORS}code/"
    assert not colleague.is_in()
    answer = colleague.give_mailed_code()
    assert answer["Location"] == "/admin/orders/order/"
    answer = colleague.get(answer["Location"], follow=True)
    assert answer.redirect_chain[-1][0].startswith(FACTORS), "nothing else is open yet"
    assert not colleague.is_in()

    colleague.set_up_app()
    assert colleague.is_in()
    codes = colleague.get(f"{FACTORS}recovery-codes/").content.decode()
    assert len(re.findall(r"\b\d{8}\b", codes)) == 10


def test_a_stolen_password_brings_no_factor_of_its_own(olga: User) -> None:
    thief = Colleague()
    thief.give_password()
    for page in ("", "totp/activate/", "webauthn/add/", "recovery-codes/generate/"):
        for method in ("get", "post"):
            answer = getattr(thief, method)(FACTORS + page)
            assert answer.status_code == 302, (method, page)
            assert not answer["Location"].startswith(FACTORS + "totp")
    assert thief.post(f"{FACTORS}code/", {"code": "000000"}).status_code == 200
    assert not thief.is_in()
    assert not Authenticator.objects.exists()


def test_three_wrong_codes_from_the_mail_end_the_try(olga: User) -> None:
    thief = Colleague()
    thief.give_password()
    right = mailed_code()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(3):
        thief.post(f"{FACTORS}code/", {"code": wrong})
    thief.post(f"{FACTORS}code/", {"code": right})
    thief.get(FACTORS)
    assert "_auth_user_id" not in thief.session


def test_a_password_alone_opens_nothing_once_there_is_a_factor(key: str) -> None:
    colleague = Colleague()
    assert colleague.give_password()["Location"] == f"{FACTORS}authenticate/"
    for page in ("/admin/", "/admin/orders/order/", FACTORS, f"{FACTORS}totp/deactivate/"):
        assert colleague.get(page).status_code == 302
    assert colleague.post(f"{FACTORS}totp/deactivate/").status_code == 302
    assert Authenticator.objects.filter(type="totp").exists()

    assert colleague.give_app_code(key)["Location"] == "/admin/"
    assert colleague.is_in()
    assert colleague.session.get_expiry_age() <= 12 * 3600


def test_a_code_of_the_app_works_once(key: str) -> None:
    with time_machine.travel(now(), tick=False):
        for is_first in (True, False):
            colleague = Colleague()
            colleague.give_password()
            colleague.give_app_code(key)
            assert colleague.is_in() is is_first


@pytest.mark.fault("F106")
def test_guessing_the_apps_code_stops_after_five_wherever_it_comes_from(
    key: str, settings: Settings
) -> None:
    settings.TRUSTED_PROXIES = 1
    with time_machine.travel(now(), tick=False):
        right = shown_by_app(key)
        for number in range(6):
            thief = Colleague(headers={"x-forwarded-for": f"203.0.113.{number}"})
            thief.give_password()
            thief.post(f"{FACTORS}authenticate/", {"code": "000000" if number < 5 else right})
        assert not thief.is_in(), "not even with the right one"
    with time_machine.travel(now() + timedelta(minutes=6)):
        colleague = Colleague()
        colleague.give_password()
        colleague.give_app_code(key)
        assert colleague.is_in(), "the owner is not locked out for good"


def test_a_recovery_code_works_once(olga: User) -> None:
    with time_machine.travel(now() - timedelta(days=3)):
        colleague = Colleague()
        colleague.first_sign_in()
        page = colleague.get(f"{FACTORS}recovery-codes/").content.decode()
        assert not re.findall(
            r"\b\d{8}\b", colleague.get(f"{FACTORS}recovery-codes/").content.decode()
        )
    code = re.findall(r"\b\d{8}\b", page)[0]
    for is_first in (True, False):
        colleague = Colleague()
        colleague.give_password()
        colleague.post(f"{FACTORS}authenticate/", {"code": code})
        assert colleague.is_in() is is_first


def test_a_session_that_began_otherwise_is_nobodys(olga: User, key: str) -> None:
    """A customer who became staff, or a session that another code of ours signed in."""
    colleague = Client()
    colleague.force_login(olga)
    assert colleague.get("/admin/").status_code == 302
    assert colleague.get(FACTORS).status_code == 302
    assert colleague.get("/account/").status_code == 302, "nor a customer"


def test_customers_have_no_business_there(olga: User) -> None:
    alice = Client()
    alice.force_login(User.objects.create_user("alice@example.com", PHRASE))
    assert alice.get("/account/").status_code == 200
    assert alice.get(FACTORS).status_code == 302
    answer = alice.post(LOGIN, {"username": "alice@example.com", "password": PHRASE})
    assert answer.status_code == 200


def test_a_lost_device_is_forgotten_with_the_sessions_it_proved(olga: User, key: str) -> None:
    finder = Colleague()
    finder.give_password()
    finder.give_app_code(key)
    assert finder.is_in()

    out = StringIO()
    call_command("reset_second_factor", "Olga@example.com", stdout=out)
    assert "next sign-in" in out.getvalue()
    assert not finder.is_in()
    assert finder.get(f"{FACTORS}totp/activate/").status_code == 302
    assert not Authenticator.objects.exists()
    assert not FactorSecret.objects.exists()

    Colleague().first_sign_in()
    assert not finder.is_in(), "proven by the old one"
    with pytest.raises(CommandError):
        call_command("reset_second_factor", "nobody@example.com")


def test_only_the_owner_takes_factors_away(olga: User, key: str) -> None:
    owner = Colleague()
    owner.give_password()
    owner.give_app_code(key)
    answer = owner.post(
        "/admin/accounts/user/",
        {"action": "forget_factors", "_selected_action": [olga.pk]},
        follow=True,
    )
    assert answer.status_code == 200
    assert not Authenticator.objects.exists()


def test_the_keys_of_apps_are_sealed_and_go_along_when_keys_change(
    olga: User, key: str, settings: Settings
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select data::text from mfa_authenticator")
        assert key not in str(cursor.fetchall())
    settings.PIN_KEYS = (bytes(range(100, 132)), *settings.PIN_KEYS)
    assert sum(part.done for part in rotate(FactorSecret, batch=10)) == 2
    settings.PIN_KEYS = settings.PIN_KEYS[:1]
    colleague = Colleague()
    colleague.give_password()
    colleague.give_app_code(key)
    assert colleague.is_in()


def test_a_demonstration_takes_a_password(olga: User, settings: Settings) -> None:
    settings.STRICT, settings.DEMO = False, True
    colleague = Colleague()
    assert colleague.give_password()["Location"] == "/admin/"
    assert colleague.is_in()


def test_nobody_is_led_to_another_site(key: str) -> None:
    colleague = Colleague()
    colleague.give_password(after="//evil.example/")
    assert colleague.give_app_code(key)["Location"] == "/admin/"
