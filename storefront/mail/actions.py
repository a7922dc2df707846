"""Queueing and sending messages."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import Any
from uuid import UUID

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db.models import F
from django.template.loader import render_to_string
from django.utils.translation import override

from partner_api.secret import Secret
from storefront.cases.actions import close_case, open_case
from storefront.core.queue import enqueue
from storefront.core.sealed import open_sealed, seal
from storefront.mail.models import RETRY_AFTER, Message

log = structlog.get_logger(__name__)

# For so long a message belongs to the worker that claimed it.
CLAIM = timedelta(minutes=2)


def queue(
    *,
    kind: str,
    reference: str,
    to: str,
    locale: str,
    secrets: Mapping[str, Secret],
    context: dict[str, Any],
    now: datetime,
) -> None:
    """Write the message into the outbox, once per kind and reference, and have it sent.

    Its words are in `emails/<kind>/`; `secrets` (a link, a code) and `context` fill them in.
    Call it in the transaction of the event it tells of.
    """
    message = Message(
        kind=kind,
        reference=reference,
        to=to,
        locale=locale,
        context=context,
        created_at=now,
        due_at=now,
    )
    plain = json.dumps({name: secret.reveal() for name, secret in secrets.items()})
    message.sealed = seal(Secret(plain), context=message.seal_context)
    Message.objects.bulk_create([message], ignore_conflicts=True)
    enqueue("mail.send", message_id=str(message.pk))


def send(*, message_id: UUID, now: datetime) -> None:
    """Send one message if it is due; a failure is kept, retried later and finally shown to staff.

    1. Claim by moving the due time, so that no two workers send it.
    2. Send, with no transaction open.
    3. Write what became of it. A worker that dies before this may send the mail twice, which is
       better than never.
    """
    claimed = Message.objects.filter(pk=message_id, status=Message.Status.QUEUED, due_at__lte=now)
    if not claimed.update(due_at=now + CLAIM, attempts=F("attempts") + 1):
        return
    message = Message.objects.get(pk=message_id)
    try:
        _deliver(message)
    except (SMTPException, OSError) as error:
        _failed(message, f"{type(error).__name__}: {error}", now=now)
    except Exception as error:
        # A mail that cannot be made is somebody's case as well. What it says may quote the link.
        log.exception("mail not made", message=str(message.pk))
        _failed(message, type(error).__name__, now=now)
    else:
        message.status, message.sent_at, message.error = Message.Status.SENT, now, ""
    message.save(update_fields=["status", "sent_at", "error", "due_at"])


def send_again(*, message_ids: Iterable[UUID], by: str, now: datetime) -> int:
    """Have messages sent once more that were sent or given up; returns how many."""
    settled = Message.objects.filter(pk__in=list(message_ids)).exclude(status=Message.Status.QUEUED)
    again = list(settled)
    for message in again:
        Message.objects.filter(pk=message.pk, status=message.status).update(
            status=Message.Status.QUEUED, attempts=0, error="", sent_at=None, due_at=now
        )
        close_case(kind="mail-failed", subject=message.reference, by=by, now=now)
        enqueue("mail.send", message_id=str(message.pk))
    return len(again)


def sweep(*, now: datetime) -> int:
    """Queue again what is due; returns how many."""
    due = Message.objects.filter(status=Message.Status.QUEUED, due_at__lte=now)
    ids = list(due.order_by("due_at").values_list("pk", flat=True)[:200])
    for message_id in ids:
        enqueue("mail.send", message_id=str(message_id))
    return len(ids)


def _deliver(message: Message) -> None:
    secrets = open_sealed(message.sealed, context=message.seal_context)
    values = {
        **message.context,
        **json.loads(secrets.reveal()),
        "store": {"name": settings.STORE_NAME, "url": settings.SITE_URL},
    }
    with override(message.locale):
        subject, text, page = written(message.kind, values)
    mail = EmailMultiAlternatives(
        subject=subject,
        body=text,
        to=[message.to],
        headers={"Message-ID": f"<{message.pk}@kiosk>", "Auto-Submitted": "auto-generated"},
    )
    mail.attach_alternative(page, "text/html")
    mail.send()


def written(kind: str, values: dict[str, Any]) -> tuple[str, str, str]:
    """Subject, text and HTML of a mail in the active language.

    A kind is its subject and its words; its family's layout (`order` of `order_ready`) has the
    rest.
    """
    family = kind.partition("_")[0]
    values = {
        **values,
        "words": f"emails/{kind}/words.txt",
        "subject": " ".join(render_to_string(f"emails/{kind}/subject.txt", values).split()),
    }
    text = render_to_string(f"emails/_{family}.txt", values)
    return values["subject"], text, render_to_string(f"emails/_{family}.html", values)


def _failed(message: Message, error: str, *, now: datetime) -> None:
    message.error = error[:200]
    log.warning("mail not sent", message=str(message.pk), attempts=message.attempts)
    if message.attempts <= len(RETRY_AFTER):
        message.due_at = now + timedelta(seconds=RETRY_AFTER[message.attempts - 1])
        return
    message.status = Message.Status.FAILED
    open_case(
        kind="mail-failed",
        subject=message.reference,
        now=now,
        summary=f"The mail “{message.kind}” could not be sent: {message.error}",
    )
