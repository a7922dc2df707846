"""What every page knows about the shop."""

from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from storefront.core import brand


def store(request: HttpRequest) -> dict[str, object]:
    """The shop's name and look, and the way to this page in each language."""
    return {
        "store": {
            "name": settings.STORE_NAME,
            **brand.links(),
            "is_demo": settings.DEMO,
            "currency": settings.STORE_CURRENCY,
        },
        "languages": languages(here(request)),
    }


def languages(to: str) -> list[dict[str, object]]:
    """The way to a page in each language; `to` is what its address becomes in a query."""
    return [
        {
            "code": code,
            "label": label,
            "url": f"/language/{code}/?{to}",
            "is_current": code == get_language(),
        }
        for code, label in settings.LANGUAGES
    ]


def here(request: HttpRequest) -> str:
    """The address of this page, as a query says it."""
    return urlencode({"next": _here(request)})


def _here(request: HttpRequest) -> str:
    """This page's address. An answer to a form may have one that takes no visits, so there it is
    the page the form stood on.
    """
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    try:
        stood_on = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return "/"
    # Not get_host(): the page that says a host is none of ours is made here too.
    if stood_on.netloc != request.META.get("HTTP_HOST", request.META["SERVER_NAME"]):
        return "/"
    return urlunsplit(("", "", stood_on.path, stood_on.query, ""))
