"""The language switch: a plain link that is remembered."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from storefront.accounts.languages import in_language

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
