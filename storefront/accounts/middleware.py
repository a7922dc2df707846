"""Staff without their second factor are nobody, wherever they go (ADR 0008)."""

from collections.abc import Callable

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from storefront.accounts.factors import has_factor, is_proven, may_set_up, steps_taken
from storefront.accounts.models import User

GetResponse = Callable[[HttpRequest], HttpResponse]


def proven_staff(get_response: GetResponse) -> GetResponse:
    """Who the request is by, for all that follows; found out only when somebody asks."""

    def middleware(request: HttpRequest) -> HttpResponse:
        signed_in = request.user
        request.user = SimpleLazyObject(lambda: _believed(request, signed_in))  # type: ignore[assignment]  # Django does the same
        return get_response(request)

    return middleware


def may_prove(request: HttpRequest, user: User, path: str) -> bool:
    """Whether the page at `path` lets this session become proven: by the factor there is, or by
    setting up the first.
    """
    if not has_factor(user):
        return may_set_up(request, user)
    proofs = {reverse("mfa_reauthenticate"), reverse("mfa_reauthenticate_webauthn")}
    return path in proofs and "password" in steps_taken(request, user)


def _believed(request: HttpRequest, user: User | AnonymousUser) -> User | AnonymousUser:
    if not isinstance(user, User):
        return user
    is_at_factors = request.path.startswith(reverse("mfa_index"))
    if not user.is_staff:
        return AnonymousUser() if is_at_factors else user
    if is_proven(request, user) or (is_at_factors and may_prove(request, user, request.path)):
        return user
    return AnonymousUser()
