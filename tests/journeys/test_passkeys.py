"""A customer adds a passkey, signs in by it, takes it away: a real browser and its own device."""

import re
from urllib.parse import urlsplit

import psycopg
import pytest
from playwright.sync_api import Page, expect

from tests.stack import Stack, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.stack]

CODE = re.compile(r"^\s+(\d{6})\s*$", re.MULTILINE)


def here(shop: Stack) -> str:
    """Browsers know no passkeys of an address in numbers."""
    return f"http://localhost:{urlsplit(shop.url).port}"


def mailed_code(shop: Stack, email: str) -> str:
    """The code in the mail to this address."""

    def found() -> str:
        mails = [file.read_text() for file in (shop.folder / "mail").glob("*")]
        ours = [mail for mail in mails if f"To: {email}" in mail]
        codes = [code for mail in ours for code in CODE.findall(mail)]
        return codes[-1] if codes else ""

    return str(wait_for(found))


def sign_in_by_mail(page: Page, shop: Stack, email: str) -> None:
    page.goto(f"{here(shop)}/account/sign-in/")
    page.get_by_test_id("sign-in-email").fill(email)
    page.get_by_test_id("send-code").click()
    page.get_by_test_id("sign-in-code").fill(mailed_code(shop, email))
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_test_id("sign-out")).to_be_visible()


def authenticator(page: Page) -> None:
    """A device of this browser that knows its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_is_added_signs_in_and_is_taken_away(page: Page, shop: Stack) -> None:
    authenticator(page)
    sign_in_by_mail(page, shop, "pat@example.com")
    page.get_by_label("Name of this device").fill("Pat's phone")
    page.get_by_test_id("passkey-add").click()
    expect(page.get_by_test_id("passkey")).to_contain_text("Pat's phone")

    page.get_by_test_id("sign-out").click()
    page.goto(f"{here(shop)}/account/sign-in/")
    page.get_by_test_id("passkey-sign-in").click()
    expect(page.get_by_text("pat@example.com")).to_be_visible()
    expect(page.get_by_test_id("passkey")).to_contain_text("last used")

    page.get_by_test_id("passkey-remove").click()
    expect(page.get_by_test_id("passkey")).to_have_count(0)
    page.get_by_test_id("sign-out").click()
    page.goto(f"{here(shop)}/account/sign-in/")
    page.get_by_test_id("passkey-sign-in").click()
    expect(page.get_by_text("That did not work")).to_be_visible()


def test_staff_do_not_sign_in_by_a_passkey_here(page: Page, shop: Stack) -> None:
    authenticator(page)
    sign_in_by_mail(page, shop, "olga@example.com")
    page.get_by_test_id("passkey-add").click()
    expect(page.get_by_test_id("passkey")).to_have_count(1)
    page.get_by_test_id("sign-out").click()
    with psycopg.connect(shop.database_url) as database:
        database.execute(
            "update accounts_user set is_staff = true where email = 'olga@example.com'"
        )
    page.goto(f"{here(shop)}/account/sign-in/")
    page.get_by_test_id("passkey-sign-in").click()
    expect(page.get_by_text("That did not work")).to_be_visible()


def test_a_device_that_knows_nobody_is_told_of_the_code_by_mail(page: Page, shop: Stack) -> None:
    authenticator(page)
    page.goto(f"{here(shop)}/account/sign-in/")
    page.get_by_test_id("passkey-sign-in").click()
    expect(page.get_by_text("The device gave no passkey")).to_be_visible()
