"""Passkeys of customers: allauth's WebAuthn, without its pages, which are for staff (ADR 0008).

The question and its answer travel as JSON; the library keeps the challenge in the session, checks
origin, signature and that the device knew its owner. Whoever is staff has no part in it: their way
in asks for a password and a factor.
"""

import json
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth as webauthn
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import get_language

from storefront.accounts.models import User
from storefront.mail.actions import queue

# A device each, and some to spare.
MOST, LONGEST_NAME, LONGEST_ANSWER = 10, 60, 20_000


class Refused(Exception):  # noqa: N818  the failure is the name
    """The device's answer is none to our question, or its passkey is nobody's here."""


def of(user: User) -> QuerySet[Authenticator]:
    """The passkeys of this customer, newest first."""
    rows = Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN)
    return rows.order_by("-created_at", "-pk")  # type: ignore[no-any-return]  # allauth is untyped


def question_for_new(user: User) -> dict[str, Any]:
    """What a device is asked to make a passkey for this customer."""
    return dict(webauthn.begin_registration(user, True))


def question() -> dict[str, Any]:
    """What a device is asked to sign somebody in: whom, it says itself."""
    return dict(webauthn.begin_authentication())


@transaction.atomic
def add(*, user: User, answer: str, name: str, now: datetime) -> None:
    """Keep the passkey, and tell its owner by mail. Raises Refused; ten are enough."""
    User.objects.select_for_update().get(pk=user.pk)
    if of(user).count() >= MOST:
        raise Refused("too many")
    credential = _read(answer)
    try:
        webauthn.complete_registration(credential)
    except (ValidationError, ValueError, TypeError, KeyError) as error:
        raise Refused("no answer to our question") from error
    row = webauthn.WebAuthn.add(user, name[:LONGEST_NAME], credential).instance
    queue(
        kind="passkey_added",
        reference=str(row.pk),
        to=user.email,
        locale=get_language() or "en",
        secrets={},
        context={"name": name[:LONGEST_NAME]},
        now=now,
    )


def owner(answer: str) -> User:
    """Who signs in by this answer. Raises Refused; of staff, too."""
    credential = _read(answer)
    try:
        user = webauthn.extract_user_from_response(credential)
        row = webauthn.complete_authentication(user, credential)
    except (ValidationError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused("no answer to our question") from error
    if not isinstance(user, User) or not user.is_active or user.is_staff:
        raise Refused("not a customer")
    row.record_usage()
    return user


def remove(*, user: User, key: int) -> None:
    """Of this customer's own; another's stays as it is."""
    of(user).filter(pk=key).delete()


def _read(answer: str) -> dict[str, Any]:
    """The answer as an object of strings and objects. Raises Refused."""
    if len(answer) > LONGEST_ANSWER:
        raise Refused("too long")
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError) as error:
        raise Refused("not JSON") from error
    if not isinstance(found, dict) or not isinstance(found.get("response"), dict):
        raise Refused("not a credential")
    return found
