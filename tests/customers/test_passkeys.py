"""What the server answers to whoever sends passkeys that no device made."""

import json
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator

from storefront.accounts.models import User
from storefront.customers.views import signing_in
from tests.customers.test_signing_in import sign_in
from tests.shopping import Customer

pytestmark = pytest.mark.django_db

SIGN_IN, QUESTION = "/account/sign-in/passkey/", "/account/sign-in/passkey/question/"
ADD, NEW = "/account/passkeys/add/", "/account/passkeys/question/"
NONSENSE = [
    "", "{", "[]", "7", "null", '{"response": 7}', '{"response": {}}', "[" * 9000, "x" * 30_000,
    '{"response": {"userHandle": "!!"}}', '{"response": {"userHandle": 7}}',
    '{"id": "AA", "rawId": "AA", "type": "public-key", "response": {"userHandle": "MQ"}}',
    json.dumps({"id": "AA", "rawId": "AA", "type": "public-key", "response": {
        "clientDataJSON": "AA", "authenticatorData": "AA", "signature": "AA", "userHandle": "MQ",
        "attestationObject": "AA"}}),
]  # fmt: skip


@pytest.mark.parametrize("answer", NONSENSE)
def test_no_answer_but_a_devices_signs_in(answer: str) -> None:
    mallory = Customer()
    User.objects.create_user("alice@example.com")
    assert mallory.post(QUESTION).status_code == 200
    assert mallory.post(SIGN_IN, {"answer": answer})["Location"] == "/account/sign-in/"
    assert mallory.get("/account/").status_code == 302


@pytest.mark.parametrize("answer", NONSENSE)
def test_no_answer_but_a_devices_is_kept(answer: str) -> None:
    alice = sign_in(Customer())
    assert alice.post(NEW).status_code == 200
    alice.post(ADD, {"answer": answer})
    assert not Authenticator.objects.exists()


def test_an_answer_nobody_asked_for_is_none() -> None:
    assert Customer().post(SIGN_IN, {"answer": NONSENSE[-1]}).status_code == 302
    alice = sign_in(Customer())
    alice.post(ADD, {"answer": NONSENSE[-1]})
    assert not Authenticator.objects.exists()


def test_only_a_fresh_session_of_a_customer_adds_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Customer().post(NEW).status_code == 404
    alice = sign_in(Customer())
    assert alice.post(NEW).status_code == 200
    monkeypatch.setattr(signing_in, "FRESH", timedelta(0))
    assert alice.post(NEW).status_code == 404
    assert "passkey-add" not in alice.get("/account/").content.decode()


def test_staff_add_none_here() -> None:
    olga = sign_in(Customer(), "olga@example.com")
    User.objects.filter(email="olga@example.com").update(is_staff=True)
    assert olga.post(NEW).status_code in {302, 404}
    assert olga.post(ADD, {"answer": "{}"}).status_code in {302, 404}


def test_nobody_removes_anothers() -> None:
    bob = User.objects.create_user("bob@example.com")
    data: dict[str, Any] = {"name": "Bob's", "credential": {}}
    row = Authenticator.objects.create(user=bob, type=Authenticator.Type.WEBAUTHN, data=data)
    alice = sign_in(Customer())
    alice.post(f"/account/passkeys/{row.pk}/remove/")
    assert Customer().post(f"/account/passkeys/{row.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=row.pk).exists()
