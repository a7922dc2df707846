"""`python -m bench.selling`: putting into the cart, the cart, the checkout and the order's page.

Beside the floor that verifies and inserts a row behind Django's default middleware; and the memory
a web process has by then. `python -m bench.selling customer`, in the environment of a shop, makes
somebody who has bought and has something in the cart, and prints how to be them as JSON.
"""

import json
import subprocess
import sys
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import psutil

from bench.pages import ROUNDS, floor, in_turn, prepared
from bench.serving import Letter, Row, Server, serving
from bench.webhooks import bare_letter
from devtools import services

# Goals: answers a processor second beside the floor's, and MiB of one web process.
ADDED, MEMORY = 0.5, 110
# Any 32 letters: whoever sends the same in cookie and form is who was shown the form.
TOKEN = "k" * 32


def report() -> None:
    """Measured in turn, printed."""
    surroundings, _ = prepared(1000)
    words = [sys.executable, "-m", "bench.selling", "customer"]
    told = subprocess.run(
        words, cwd=services.ROOT, env=surroundings, check=True, stdout=subprocess.PIPE
    )
    known = json.loads(told.stdout)
    with floor() as bottom, serving("storefront.wsgi", surroundings) as server:
        server.cookies = f"{known['cookie']}; csrf={TOKEN}"
        least = bottom.row(
            "floor: verify, insert, default middleware", "/hook/", letter=bare_letter
        )
        rows = [
            server.row("add to the cart", "/cart/add/", letter=lambda: _adding(known["sku"])),
            server.row("cart", "/cart/"),
            server.row("checkout", "/checkout/"),
            server.row("order's page", known["order"]),
        ]
        in_turn([least, *rows], ROUNDS)
        _tell(least, rows)
        print(f"memory of a web process {_memory(server):.0f} MiB (goal: at most {MEMORY})")


def _tell(least: Row, rows: list[Row]) -> None:
    print(least)
    for row in rows:
        goal = f" (goal: at least {ADDED})" if row.letter else ""
        print(f"{row}   {least.cpu / row.cpu:5.2f} of that floor{goal}", flush=True)


def _adding(sku: str) -> Letter:
    body = urlencode({"sku": sku, "quantity": 1, "csrfmiddlewaretoken": TOKEN}).encode()
    return body, {"Content-Type": "application/x-www-form-urlencoded"}


def _memory(server: Server) -> float:
    """MiB that are the worker's own or shared with no other."""
    worker = psutil.Process(server.process.pid).children()[0]
    return float(worker.memory_full_info().uss) / 2**20


def customer() -> dict[str, Any]:
    """Somebody with an order and a cart."""
    import django  # noqa: PLC0415  the other half of this file needs none

    django.setup()
    from django.conf import settings  # noqa: PLC0415  only now
    from django.contrib.auth import (  # noqa: PLC0415
        BACKEND_SESSION_KEY,
        HASH_SESSION_KEY,
        SESSION_KEY,
    )

    from bench.buying import paid  # noqa: PLC0415
    from storefront.accounts.models import User  # noqa: PLC0415
    from storefront.catalog.models import Sku  # noqa: PLC0415
    from storefront.customers.views.signing_in import BACKEND  # noqa: PLC0415
    from storefront.orders.models import Order  # noqa: PLC0415

    sku = Sku.objects.filter(denomination_type="fixed", stock__gt=10).order_by("pk")[0]
    user = User.objects.create_user("bench@example.com")
    order = paid(sku)
    Order.objects.filter(pk=order.pk).update(user=user)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    cookie = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
    return {"cookie": cookie, "order": f"/orders/{order.number}/", "sku": str(sku.pk)}


if __name__ == "__main__":
    if sys.argv[1:] == ["customer"]:
        print(json.dumps(customer()))
    else:
        report()
