"""Signing in by a mailed code, and the account's own page."""

from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partner_api.secret import Secret
from storefront.accounts import actions as accounts
from storefront.accounts.models import User
from storefront.cart import session as carts
from storefront.core.limits import hit, limited, too_many
from storefront.customers.forms import AddressForm, CodeForm
from storefront.customers.pages import account_view
from storefront.orders import actions as orders

HOUR = timedelta(hours=1)
BACKEND = "storefront.accounts.backends.PasswordBackend"
# Which code this browser asked for.
_ASKED = "sign_in_code"
# When this session was signed in.
_SIGNED_IN = "signed_in_at"
# A passkey is a way in that stays: only who has just proved the address may add one.
FRESH = timedelta(minutes=15)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("sign in", limit=20, window=HOUR)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for the address; every address is answered alike."""
    if isinstance(request.user, User):
        return redirect("customers:account")
    form = AddressForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _form(request, "customers/sign_in.html", form)
    email = form.cleaned_data["email"].lower()
    if not hit(scope="sign in", key=email, limit=5, window=HOUR, now=now()):
        return too_many(request, after=HOUR / 5)
    code_id = accounts.send_code(email=email, locale=get_language() or "en", now=now())
    request.session[_ASKED] = [str(code_id), email]
    return redirect("customers:code")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@limited("sign-in code", limit=30, window=HOUR)
def enter_code(request: HttpRequest) -> HttpResponse:
    """Take the code; the right one signs in under a new session key and keeps the cart."""
    asked = request.session.get(_ASKED)
    if not asked:
        return redirect("customers:sign_in")
    code_id, email = asked
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        code = Secret(form.cleaned_data["code"])
        user = accounts.use_code(code_id=UUID(code_id), code=code, now=now())
        if user:
            del request.session[_ASKED]
            return welcome(request, user)
        form.add_error("code", _("This code is wrong or too old. You can ask for a new one."))
    return _form(request, "customers/code.html", form, email=email)


def is_fresh(request: HttpRequest) -> bool:
    """Whether this session was signed in just now."""
    at = request.session.get(_SIGNED_IN)
    return at is not None and now() - datetime.fromisoformat(at) < FRESH


def welcome(request: HttpRequest, user: User) -> HttpResponse:
    """A session under a new key; what was bought and chosen before is theirs."""
    login(request, user, backend=BACKEND)
    request.session[_SIGNED_IN] = now().isoformat()
    orders.join(user_id=user.pk, email=user.email, now=now())
    carts.join(request.session)
    return redirect("customers:account")


@require_safe
@never_cache
def account(request: HttpRequest) -> HttpResponse:
    """Orders, and every time one of their codes was shown."""
    if not isinstance(request.user, User):
        return redirect("customers:sign_in")
    view = account_view(request.user)
    may_add = not request.user.is_staff and is_fresh(request)
    return render(request, "customers/account.html", {"account": view, "may_add": may_add})


@require_POST
@never_cache
def sign_out(request: HttpRequest) -> HttpResponse:
    """The session is gone, with all it could see."""
    logout(request)
    return redirect("catalog:home")


def _form(
    request: HttpRequest, template: str, form: AddressForm | CodeForm, **context: str
) -> HttpResponse:
    status = 400 if form.is_bound else 200
    return render(request, template, {"form": form, **context}, status=status)
