"""Whole pages of the catalog, kept in this process for visitors of whom nothing is known.

How it works, all of it:
 1. Only a visitor without a session and without messages gets a kept page, so that nothing personal
    can be in one: everybody else's page is made for them.
 2. A page is kept under the catalog's edition, which is read from the database for every request:
    what a sync, a rule, a rate or a colleague changed makes every kept page unreachable at once.
 3. Time alone changes a page too, when prices grow too old to sell: none is kept longer than
    a minute, nor beyond the moment at which the last confirmed prices end.
 4. The token of a form is not the page's but the visitor's: a page is kept as the pieces around it.

It is this process's memory, bounded in bytes: no server has to be up for it.
"""

import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from hashlib import blake2b
from threading import Lock
from typing import Concatenate, ParamSpec

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.timezone import now

from storefront.catalog.queries import FRESH_FOR, Shelf, current_shelf

KEPT_FOR = timedelta(minutes=1)
TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')
Key = tuple[object, ...]
Rest = ParamSpec("Rest")
View = Callable[Concatenate[HttpRequest, Shelf, Rest], HttpResponse]


@dataclass(frozen=True)
class Page:
    """An answer's body, cut where the visitor's token stood, and good until then."""

    pieces: tuple[bytes, ...]
    until: datetime
    etag: str

    @property
    def size(self) -> int:
        """In bytes."""
        return sum(map(len, self.pieces))


class Pages:
    """The pages asked for last, as many as fit."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Key, Page] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()

    def find(self, key: Key, *, at: datetime) -> Page | None:
        """The page kept under this key, if it is still good."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.until <= at:
                return None
            self._pages.move_to_end(key)
            return page

    def keep(self, key: Key, page: Page, *, room: int) -> None:
        """Keep the page, and let go of those asked for longest ago."""
        with self._lock:
            replaced = self._pages.pop(key, None)
            self._pages[key] = page
            self._bytes += page.size - (replaced.size if replaced else 0)
            while self._bytes > room:
                _, oldest = self._pages.popitem(last=False)
                self._bytes -= oldest.size


PAGES = Pages()


def kept(view: View[Rest]) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Have a view of the catalog, which is given the shelf, keep its pages."""

    @wraps(view)
    def answer(request: HttpRequest, /, *args: Rest.args, **named: Rest.kwargs) -> HttpResponse:
        # Before anything the page is made of: a page may be newer than its key, never older.
        shelf = current_shelf()
        if not settings.PAGE_CACHE_BYTES or _is_known(request):
            response = view(request, shelf, *args, **named)
        else:
            response = _answer(request, shelf, lambda: view(request, shelf, *args, **named))
        patch_vary_headers(response, ["Cookie", *HEADERS])
        return response

    return answer


# What decides, beside its address, what a page looks like.
HEADERS = ("HX-Request", "HX-Target", "HX-History-Restore-Request")


def _is_known(request: HttpRequest) -> bool:
    known_by = {settings.SESSION_COOKIE_NAME, CookieStorage.cookie_name}
    return not known_by.isdisjoint(request.COOKIES)


def _answer(request: HttpRequest, shelf: Shelf, make: Callable[[], HttpResponse]) -> HttpResponse:
    at, headers = now(), tuple(request.headers.get(name) for name in HEADERS)
    key = (shelf.edition, request.get_host(), request.get_full_path(), headers)
    page = PAGES.find(key, at=at)
    if page is None:
        made = make()
        page = _page(made, request, shelf, at=at)
        if page is None:
            return made
        PAGES.keep(key, page, room=settings.PAGE_CACHE_BYTES)
        if len(page.pieces) > 1:
            return made
    body = get_token(request).encode().join(page.pieces) if len(page.pieces) > 1 else page.pieces[0]
    response = HttpResponse(body, headers={"Cache-Control": "private, no-cache"})
    if page.etag:
        response["ETag"] = page.etag
        return get_conditional_response(request, etag=page.etag, response=response) or response
    return response


def _page(
    response: HttpResponse, request: HttpRequest, shelf: Shelf, *, at: datetime
) -> Page | None:
    """The answer as it may be kept, or None."""
    body = response.content
    token = TOKEN.search(body)
    has_token = "CSRF_COOKIE_NEEDS_UPDATE" in request.META
    is_for_once = "no-store" in response.get("Cache-Control", "")
    if response.status_code != 200 or response.cookies or has_token != bool(token) or is_for_once:
        return None
    until = at + KEPT_FOR
    end = shelf.priced_at + FRESH_FOR if shelf.priced_at else until
    return Page(
        tuple(body.split(token.group(1))) if token else (body,),
        until=min(until, end) if end > at else until,
        # With a token it is another page for everybody.
        etag="" if token else f'W/"{blake2b(body, digest_size=12).hexdigest()}"',
    )
