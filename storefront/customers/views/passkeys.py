"""Signing in by a passkey, and the account's list of them."""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from storefront.accounts.models import User
from storefront.core.limits import limited
from storefront.customers import passkeys
from storefront.customers.views.signing_in import is_fresh, welcome

HOUR = timedelta(hours=1)


@require_POST
@never_cache
@limited("passkey question", limit=60, window=HOUR)
def question(request: HttpRequest) -> HttpResponse:
    """What the device is asked before it signs somebody in."""
    if isinstance(request.user, User):
        raise Http404
    return JsonResponse(passkeys.question())


@require_POST
@never_cache
@limited("passkey sign in", limit=30, window=HOUR)
def sign_in(request: HttpRequest) -> HttpResponse:
    """The device's answer; every refusal reads alike."""
    try:
        user = passkeys.owner(request.POST.get("answer", ""))
    except passkeys.Refused:
        messages.error(request, _("That did not work. You can ask for a code by mail instead."))
        return redirect("customers:sign_in")
    return welcome(request, user)


@require_POST
@never_cache
@limited("passkey question", limit=60, window=HOUR)
def question_for_new(request: HttpRequest) -> HttpResponse:
    """What the device is asked before it makes a passkey."""
    return JsonResponse(passkeys.question_for_new(_customer(request)))


@require_POST
@never_cache
@limited("passkey", limit=20, window=HOUR)
def add(request: HttpRequest) -> HttpResponse:
    """Keep what the device made."""
    user = _customer(request)
    name = " ".join(request.POST.get("name", "").split()) or _("Passkey")
    try:
        passkeys.add(user=user, answer=request.POST.get("answer", ""), name=name, now=now())
    except passkeys.Refused:
        messages.error(request, _("The passkey was not added."))
    else:
        messages.success(request, _("The passkey is added. Next time it signs you in."))
    return redirect("customers:account")


@require_POST
@never_cache
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """It signs nobody in any more."""
    user = request.user
    if not isinstance(user, User) or user.is_staff:
        raise Http404
    passkeys.remove(user=user, key=pk)
    messages.success(request, _("The passkey is removed."))
    return redirect("customers:account")


def _customer(request: HttpRequest) -> User:
    """Whoever may add a passkey here. Raises Http404 of staff and of sessions of long ago."""
    user = request.user
    if not isinstance(user, User) or user.is_staff or not is_fresh(request):
        raise Http404
    return user
