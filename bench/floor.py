"""The floors: what must be done at least, as a WSGI application (`bench.floor:application`).

Of a list page: one query, 24 cards, Django's template and default middleware, over the table that
`fill` writes. Of a webhook: verify an HMAC, insert one row, default middleware.
"""

import hmac
import os
from hashlib import sha256
from typing import ClassVar

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.db import connection, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import cache_page
from django.views.decorators.csrf import csrf_exempt

from bench.flood import FLOOR_SECRET

ROWS = 10_000
PAGE = 24
# As much markup around each card as a page of about 27 KiB has.
CARD = """<li class="card"><a href="/products/{{ card.slug }}/" data-testid="product-card">
<svg viewBox="0 0 320 200" aria-hidden="true">%s<text x="16" y="96">{{ card.brand }}</text></svg>
<span class="brand">{{ card.brand }}</span><h2>{{ card.name }}</h2><span>{{ card.country }}</span>
<p class="price">from {{ card.price }}</p></a></li>
""" % ('<rect x="0" y="0" width="320" height="200" rx="12" fill="none"/>' * 14)
PAGE_TEMPLATE = (
    "<!doctype html><html lang='en'><head><title>Floor</title></head><body><ul>"
    "{% for card in cards %}" + CARD + "{% endfor %}</ul></body></html>"
)


def configure() -> None:
    import dj_database_url  # noqa: PLC0415  the shop's own way to read an address

    settings.configure(
        SECRET_KEY="floor" * 12,
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DATABASES={"default": dj_database_url.parse(os.environ["DATABASE_URL"], conn_max_age=60)},
        INSTALLED_APPS=[
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.messages",
            "django.contrib.sessions",
        ],
        MIDDLEWARE=[
            "django.middleware.security.SecurityMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "django.middleware.clickjacking.XFrameOptionsMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.cached.Loader",
                            [("django.template.loaders.locmem.Loader", {"l": PAGE_TEMPLATE})],
                        )
                    ]
                },
            }
        ],
        LOGGING_CONFIG=None,
        USE_TZ=True,
    )
    django.setup()


configure()


class Card(models.Model):
    """What a card shows."""

    objects: "ClassVar[models.Manager[Card]]" = models.Manager()

    name = models.TextField(db_index=True)
    slug = models.TextField()
    brand = models.TextField()
    country = models.CharField(max_length=2)
    price = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        app_label = "bench"
        db_table = "bench_card"

    def __str__(self) -> str:
        return self.name


class Hook(models.Model):
    """What came."""

    objects: "ClassVar[models.Manager[Hook]]" = models.Manager()

    key = models.CharField(max_length=100, unique=True)
    body = models.BinaryField()

    class Meta:
        app_label = "bench"
        db_table = "bench_hook"

    def __str__(self) -> str:
        return self.key


def fill() -> None:
    """The tables and their rows, in place of those of an earlier run."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists bench_card, bench_hook")
    with connection.schema_editor() as editor:
        editor.create_model(Card)
        editor.create_model(Hook)
    Card.objects.bulk_create(
        Card(
            name=f"Card {n:05}",
            slug=f"card-{n}",
            brand=f"Brand {n % 97}",
            country="US",
            price=n % 50 + 1,
        )
        for n in range(ROWS)
    )
    with connection.cursor() as cursor:
        cursor.execute("analyze bench_card")


def listing(request: HttpRequest) -> HttpResponse:
    return render(request, "l", {"cards": list(Card.objects.order_by("name")[:PAGE])})


@csrf_exempt
def hook(request: HttpRequest) -> HttpResponse:
    key, body = request.headers["X-Key"], request.body
    signed = hmac.new(FLOOR_SECRET, key.encode() + body, sha256).hexdigest()
    if not hmac.compare_digest(signed, request.headers["X-Signature"]):
        return HttpResponse(status=401)
    Hook.objects.create(key=key, body=body)
    return HttpResponse()


# The same kept whole by Django's page cache in this process: the floor of kept pages.
urlpatterns = [
    path("", listing),
    path("kept/", cache_page(600)(listing)),
    path("hook/", hook),
]
application = get_wsgi_application()
