"""The customer's eSIMs: the list, the page, what installs it on paper, and a fresh look."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from storefront import partner
from storefront.core.limits import hit, too_many
from storefront.esim import actions, queries
from storefront.esim.models import Esim
from storefront.esim.pages import EsimView, esim_view
from storefront.esim.waits import FRESH
from storefront.orders import actions as orders
from storefront.orders import visitors
from storefront.orders.queries import visible_to
from storefront.orders.views.common import private, viewer

HOUR = timedelta(hours=1)
MOST = 100


@require_safe
@never_cache
def esims(request: HttpRequest) -> HttpResponse:
    """Those of the account, and of the orders this browser may see."""
    found = [esim_view(esim, now=now()) for esim in _visible(request)[:MOST]]
    return private(render(request, "esim/esims.html", {"esims": found}))


@require_safe
@never_cache
def detail(request: HttpRequest, esim_id: UUID) -> HttpResponse:
    """What it is, what is left, and what installs it; each look at the latter is written down."""
    esim = esim_of(request, esim_id)
    return private(render(request, "esim/esim.html", {"esim": _shown(request, esim, "esim")}))


@require_safe
@never_cache
def card(request: HttpRequest, esim_id: UUID) -> HttpResponse:
    """What installs it, on one sheet of paper: people install at airports."""
    esim = esim_of(request, esim_id)
    shown = _shown(request, esim, "print")
    if shown.install is None:
        raise Http404
    return private(render(request, "esim/card.html", {"esim": shown}))


@require_safe
@never_cache
def of(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    """From the order's page to the eSIM that was delivered there."""
    esim = _visible(request).filter(delivery_id=delivery_id).first()
    if esim is None:
        raise Http404
    return private(redirect(esim))


@require_POST
@never_cache
def refresh(request: HttpRequest, esim_id: UUID) -> HttpResponse:
    """Ask the partner now, unless that was just done; honest when it does not answer."""
    esim = esim_of(request, esim_id)
    if not hit(scope="refresh an esim", key=str(esim.pk), limit=20, window=HOUR, now=now()):
        return too_many(request, after=HOUR / 20)
    asked = now()
    if actions.refresh(esim_id=esim.pk, client=partner.hasty_client(), now=asked):
        messages.success(request, _("This is the latest we know."))
    elif esim.checked_at and asked - esim.checked_at <= FRESH:
        messages.info(request, _("We asked less than five minutes ago."))
    else:
        messages.warning(request, _("No answer just now. What is shown is the last we know."))
    return redirect(esim)


def esim_of(request: HttpRequest, esim_id: UUID) -> Esim:
    """The visitor's eSIM; to everybody else it does not exist."""
    esim = _visible(request).filter(pk=esim_id).first()
    if esim is None:
        raise Http404
    return esim


def _visible(request: HttpRequest) -> QuerySet[Esim]:
    granted = visitors.granted(request.session)
    return queries.visible(visible_to(user=request.user, granted=granted))


def _shown(request: HttpRequest, esim: Esim, channel: str) -> EsimView:
    """With what installs it, if that may be shown: who looks is written before it is opened."""
    agent = request.headers.get("User-Agent", "")
    parts = None
    if request.method == "GET":
        try:
            orders.reveal(
                deliveries=[esim.delivery], viewer=viewer(request), channel=channel, now=now()
            )
            parts = esim.parts
        except orders.NotReleased:
            parts = None
    return esim_view(esim, now=now(), user_agent=agent, parts=parts)
