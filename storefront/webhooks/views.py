"""The receiver: read little, verify, commit, answer. It works with the broker and partner down."""

from contextlib import suppress

import structlog
from django.conf import settings
from django.db import Error as DatabaseTrouble
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from partner_api import WebhookRefused, read_webhook
from partner_api.webhooks import MAX_BODY
from storefront.payments.providers import stripe_events
from storefront.webhooks import actions, payment_inbox, refusals

log = structlog.get_logger(__name__)

# Who is still sending when we answer loses the answer; beyond so many bytes, that is their loss.
MOST_READ = 32 * 1024 * 1024


@csrf_exempt
@require_POST
def partner(request: HttpRequest) -> HttpResponse:
    """One delivery of the partner's. 2xx only once it is committed, 503 when it can't be."""
    received_at = now()
    body = _body(request, MAX_BODY)
    if request.content_type != "application/json":
        return HttpResponse(status=415)
    try:
        event = read_webhook(
            body,
            request.headers,
            secrets=settings.PARTNER_API_SECRETS,
            now=received_at.timestamp(),
        )
    except WebhookRefused as refused:
        log.warning("webhook refused", status=refused.status, reason=refused.reason)
        with suppress(DatabaseTrouble):  # a refusal needs no database
            refusals.note(status=refused.status, reason=refused.reason, now=received_at)
        return HttpResponse(status=refused.status)
    try:
        actions.store(event=event, now=received_at)
    except DatabaseTrouble:
        log.exception("webhook not stored")
        return HttpResponse(status=503)
    return HttpResponse(status=200)


@csrf_exempt
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """One delivery of Stripe's. 2xx only once it is committed, 503 when it can't be."""
    if settings.PAYMENT_PROVIDER != "stripe":
        raise Http404
    received_at = now()
    body = _body(request, stripe_events.MAX_BODY)
    if len(body) > stripe_events.MAX_BODY:
        return HttpResponse(status=413)
    try:
        event = stripe_events.read_event(
            body,
            request.headers.get("Stripe-Signature", ""),
            secret=settings.STRIPE_WEBHOOK_SECRET,
            now=received_at,
        )
    except stripe_events.Forged as forged:
        log.warning("webhook refused", provider="stripe", reason=str(forged))
        return HttpResponse(status=400)
    try:
        payment_inbox.store(event=event, now=received_at)
    except DatabaseTrouble:
        log.exception("webhook not stored")
        return HttpResponse(status=503)
    return HttpResponse(status=200)


def _body(request: HttpRequest, most: int) -> bytes:
    """The body as far as anybody looks at it; what is too much of it is read and forgotten."""
    body = request.read(most + 1)
    left = MOST_READ if len(body) > most else 0
    while left > 0 and (piece := request.read(most)):
        left -= len(piece)
    return body
