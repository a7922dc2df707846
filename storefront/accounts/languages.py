"""Addresses in a language, and the language a reader chose before.

The address alone decides what a page is written in. What was chosen leads only from the home page
to the same page in that language: an address somebody gave is kept.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import translate_url
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language_from_path, override

View = Callable[[HttpRequest], HttpResponse]


def in_language(address: str, code: str) -> str:
    """The same page in that language; an address that is no page of ours comes back as it is."""
    with override(get_language_from_path(urlsplit(address).path) or settings.LANGUAGE_CODE):
        return translate_url(address, code)


def in_remembered_language(view: View) -> View:
    """For the home page: lead whoever chose a language before to it."""

    @wraps(view)
    def led(request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        is_plain = get_language_from_path(request.path) is None
        if is_plain and chosen in dict(settings.LANGUAGES) and chosen != settings.LANGUAGE_CODE:
            answer: HttpResponse = HttpResponseRedirect(
                in_language(request.get_full_path(), chosen)
            )
        else:
            answer = view(request)
        patch_vary_headers(answer, ["Cookie"])
        return answer

    return led
