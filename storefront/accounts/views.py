"""The language switch, and the way in for staff."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth import get_user, logout
from django.contrib.auth.views import LoginView
from django.core.validators import MaxLengthValidator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from unfold.forms import AuthenticationForm

from storefront.accounts.factors import has_factor
from storefront.accounts.languages import in_language
from storefront.accounts.middleware import may_prove
from storefront.accounts.models import User

YEAR = 365 * 24 * 3600


@require_safe
def switch_language(request: HttpRequest, code: str) -> HttpResponse:
    """Remember the language and go on where the reader was; only ever to a path of this site."""
    if code not in dict(settings.LANGUAGES):
        raise Http404
    after = request.GET.get("next", "")
    if not after.startswith("/") or not url_has_allowed_host_and_scheme(after, allowed_hosts=None):
        after = "/"
    response = HttpResponseRedirect(in_language(after, code))
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=YEAR,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


class SignInForm(AuthenticationForm):  # type: ignore[misc]  # unfold is untyped
    """Django's form lets names of any length through, and the list of failures does not."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        longest = self.fields["username"].max_length
        self.fields["username"].validators.append(MaxLengthValidator(longest))


class StaffSignIn(LoginView):
    """The password of staff; allauth asks for the rest before there is a session."""

    authentication_form = SignInForm
    template_name = "admin/login.html"
    next_page = "admin:index"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """On to the next step for whoever took this one."""
        if admin.site.has_permission(request):
            return redirect(self.get_success_url())
        user = get_user(request)
        if isinstance(user, User) and user.is_staff:
            page = _proving_page(user)
            if may_prove(request, user, page):
                return redirect(f"{page}?{urlencode({'next': self.get_success_url()})}")
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """The password is right. Somebody else's session, with its rights and goods, ends here."""
        user = form.get_user()
        if get_user(self.request) not in (user, self.request.user):
            logout(self.request)
        step = Login(user=user, redirect_url=self.get_success_url())
        response: HttpResponse = perform_password_login(self.request, {}, step)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """What the admin's pages show around their content."""
        return {
            **super().get_context_data(**kwargs),
            **admin.site.each_context(self.request),
            "title": _("Sign in"),
            "app_path": self.request.get_full_path(),
        }


class _Proof:
    """Whoever sets up a factor has just used it: the session counts as proven by it."""

    request: HttpRequest

    def form_valid(self, form: forms.Form) -> HttpResponse:
        """First as allauth does it."""
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]  # a view's
        record_authentication(self.request, self.request.user, method="mfa")
        return response


class SetUpApp(_Proof, ActivateTOTPView):  # type: ignore[misc]  # allauth is untyped
    """An authenticator app."""


class AddKey(_Proof, AddWebAuthnView):  # type: ignore[misc]  # allauth is untyped
    """A security key."""


def _proving_page(user: User) -> str:
    if has_factor(user, [Authenticator.Type.TOTP]):
        return reverse("mfa_reauthenticate")
    if has_factor(user):
        return reverse("mfa_reauthenticate_webauthn")
    return reverse("mfa_index")
