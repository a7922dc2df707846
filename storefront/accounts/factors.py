"""The second factor of staff, kept and checked by allauth (ADR 0008): what we tell that library.

It owns the steps between a password and a session, the authenticator app, recovery codes and
security keys. We say who must have one, where its secrets and mails go, and whom to believe.
"""

import time
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import get_language

from partner_api.secret import Secret
from storefront.accounts.models import FactorSecret, User
from storefront.core.clients import client_address
from storefront.core.sealed import open_sealed, seal
from storefront.mail.actions import queue

BACKEND = "storefront.accounts.backends.PasswordBackend"
# A day's work; then the second factor is asked for again.
STAFF_SESSION = timedelta(hours=12)
# Whoever has just signed in need not do so again to change a factor.
FRESH = timedelta(minutes=15)
_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
_MAILS = {"account/email/login_code": "sign_in"}


def has_factor(user: User, kinds: Iterable[str] = _FACTORS) -> bool:
    """Whether this person has an authenticator app or a key; recovery codes alone are neither."""
    return bool(Authenticator.objects.filter(user=user, type__in=list(kinds)).exists())


def steps_taken(request: HttpRequest, user: User) -> dict[str, float]:
    """How this session proved to be this person (`password`, `code` by mail, `mfa`), and when last,
    in seconds since the epoch.
    """
    return {record["method"]: record["at"] for record in get_authentication_records(request, user)}


def is_proven(request: HttpRequest, user: User) -> bool:
    """Whether this session may act as staff. A demonstration takes a password alone.

    What proved it must be a factor of today: one that was taken away and set up anew is another.
    """
    if not settings.STRICT:
        return True
    steps = steps_taken(request, user)
    if not {"password", "mfa"} <= steps.keys():
        return False
    oldest = Authenticator.objects.filter(user=user, type__in=_FACTORS).order_by("created_at")
    since = oldest.values_list("created_at", flat=True).first()
    return since is not None and steps["mfa"] >= since.timestamp()


def may_set_up(request: HttpRequest, user: User) -> bool:
    """Whether this session may bring the first factor: right after a password and a mailed code."""
    steps = steps_taken(request, user)
    is_fresh = time.time() - steps.get("code", 0) < FRESH.total_seconds()
    return "password" in steps and is_fresh and not has_factor(user)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth is untyped
    """The way in for staff: accounts are made by staff, mails go through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  allauth's signature
        """Nobody makes an account here."""
        return False

    def is_login_by_code_required(self, login: Any) -> bool:
        """Who has no second factor yet proves their mailbox before one is set up: a stolen password
        alone must not bring its own factor.
        """
        user = login.user
        at = steps_taken(self.request, user).get("code", 0)
        is_fresh = time.time() - at < FRESH.total_seconds()
        return settings.STRICT and not is_fresh and not has_factor(user)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:  # noqa: ARG002
        """Factors are changed by whoever signed in, or proved it again, just now."""
        records = get_authentication_records(self.request, self.request.user)
        return not any(time.time() - record["at"] < FRESH.total_seconds() for record in records)

    def login(self, request: HttpRequest, user: User) -> None:
        """All steps are taken: a session, under a new key."""
        login(request, user, backend=BACKEND)
        if settings.STRICT:
            request.session.set_expiry(STAFF_SESSION)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Through the outbox: sealed there, retried, its failures seen."""
        queue(
            kind=_MAILS[template_prefix],
            reference=str(uuid4()),
            to=email,
            locale=get_language() or settings.LANGUAGE_CODE,
            secrets={"code": Secret(context["code"])},
            context={},
            now=now(),
        )

    def get_client_ip(self, request: HttpRequest) -> str:
        """As everywhere in the shop."""
        return client_address(request) or "unknown"


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth is untyped
    """Where the secrets of factors are kept: each in a sealed row that the factor names."""

    def get_totp_issuer(self) -> str:
        """What the app calls us."""
        return str(settings.STORE_NAME)

    def encrypt(self, text: str) -> str:
        """Seal it; what is returned names the row."""
        row = FactorSecret(created_at=now())
        row.sealed = seal(Secret(text), context=row.seal_context)
        row.save(force_insert=True)
        return str(row.pk)

    def decrypt(self, encrypted_text: str) -> str:
        """Open it again, for the library alone."""
        row = FactorSecret.objects.get(pk=UUID(encrypted_text))
        return open_sealed(row.sealed, context=row.seal_context).reveal()
