"""Signing in with a code that is mailed. Whether an account exists shows nowhere: the first sign-in
makes it. Staff have passwords and a way in of their own, so no code opens their accounts.
"""

import hmac
import secrets
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.crypto import salted_hmac

from partner_api.secret import Secret
from storefront.accounts.models import FactorSecret, SignInCode, User
from storefront.mail.actions import queue

log = structlog.get_logger(__name__)

LIFETIME = timedelta(minutes=10)
MOST_GUESSES = 5
_KEPT = timedelta(days=1)


@transaction.atomic
def send_code(*, email: str, locale: str, now: datetime) -> UUID:
    """Mail a new code; what is returned names it in the browser that asked."""
    SignInCode.objects.filter(created_at__lt=now - _KEPT).delete()
    code = Secret(f"{secrets.randbelow(10**6):06d}")
    row = SignInCode(email=email.lower(), created_at=now, expires_at=now + LIFETIME)
    row.code_hash = _hash(row.pk, code)
    row.save(force_insert=True)
    queue(
        kind="sign_in",
        reference=str(row.pk),
        to=row.email,
        locale=locale,
        secrets={"code": code},
        context={},
        now=now,
    )
    return row.pk


@transaction.atomic
def use_code(*, code_id: UUID, code: Secret, now: datetime) -> User | None:
    """Whose account the code opens, made now if it is their first; None for any other code."""
    row = SignInCode.objects.select_for_update().filter(pk=code_id, used_at=None).first()
    if row is None or row.expires_at <= now or row.guesses >= MOST_GUESSES:
        return None
    row.guesses += 1
    is_right = hmac.compare_digest(bytes(row.code_hash), _hash(row.pk, code))
    row.used_at = now if is_right else None
    row.save(update_fields=["guesses", "used_at"])
    return _account(row.email) if is_right else None


@transaction.atomic
def forget_factors(*, user: User, by: str, now: datetime) -> None:
    """Their device is lost: a new factor is set up at the next sign-in, by a code from their mail.
    Sessions that were proven by the old one are so no more.
    """
    factors = Authenticator.objects.filter(user=user)
    for factor in factors:
        named = factor.data.get("secret") or factor.data.get("seed")
        if named:
            FactorSecret.objects.filter(pk=named).delete()
    factors.delete()
    log.warning("second factors removed", person=user.pk, by=by, at=now.isoformat())


def _account(email: str) -> User | None:
    known = User.objects.filter(email__iexact=email).first()
    user = known or User.objects.create_user(email)
    return None if user.is_staff or not user.is_active else user


def _hash(code_id: UUID, code: Secret) -> bytes:
    return salted_hmac(f"sign-in {code_id}", code.reveal(), algorithm="sha256").digest()
