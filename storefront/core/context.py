"""What every page knows about the shop."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils.translation import get_language


def store(request: HttpRequest) -> dict[str, object]:
    """The shop's name and look, and the same page in the other language."""
    here = request.get_full_path()
    return {
        "store": {
            "name": settings.STORE_NAME,
            "logo": "",
            "is_demo": settings.DEMO,
            "currency": settings.STORE_CURRENCY,
        },
        "languages": [
            {
                "code": code,
                "label": label,
                "url": f"/language/{code}/?next={translate_url(here, code)}",
                "is_current": code == get_language(),
            }
            for code, label in settings.LANGUAGES
        ],
    }
