"""`/theme.css` and `/logo`: what the owner changed of the shop's look (`core.theme`)."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from storefront.core.theme import Theme

_for_ever = cache_control(public=True, max_age=31_536_000, immutable=True)


@require_safe
@_for_ever
def rules(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view takes its request
    """The accent as a style sheet."""
    return _served(_theme().rules, "text/css; charset=utf-8")


@require_safe
@_for_ever
def logo(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  a view takes its request
    """The picture. An SVG may have styles inside; as a page of its own it may do nothing."""
    answer = _served(_theme().logo, _theme().logo_type)
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    return answer


def links() -> dict[str, str]:
    """Where the two are, as pages name them; empty for what was not changed."""
    theme = _theme()
    return {
        "theme": f"{reverse('theme')}?v={theme.rules_version}" if theme.rules else "",
        "logo": f"{reverse('logo')}?v={theme.logo_version}" if theme.logo else "",
    }


def _theme() -> Theme:
    theme: Theme = settings.THEME
    return theme


def _served(content: bytes, kind: str) -> HttpResponse:
    if not content:
        raise Http404
    return HttpResponse(content, content_type=kind)
