"""What has to happen before the shop can open: `python -m devtools.prepare database | catalog`.

Steps whose work is done already cost next to nothing, so a second start is fast.
"""

import io
import os
import socket
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import django
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

from devtools import services

PARTNER_SECONDS = 20


def database() -> None:
    """Tables, static files and demo logins; leaves a note of the logins and of an empty catalog."""
    call_command("migrate", interactive=False, verbosity=0)
    collect_static_files()
    logins = io.StringIO()
    call_command("create_demo_logins", stdout=logins)
    run = services.STATE / "run"
    run.mkdir(parents=True, exist_ok=True)
    (run / "logins").write_text(logins.getvalue(), encoding="utf-8")
    empty = run / "catalog-is-empty"
    empty.unlink(missing_ok=True)
    if not apps.get_model("catalog", "Product").objects.exists():
        empty.touch()


def collect_static_files() -> None:
    """Only when something changed: compressing takes its time."""
    if static_files_are_stale():
        call_command("collectstatic", interactive=False, verbosity=0)


def static_files_are_stale() -> bool:
    """Whether a source is newer than what was collected."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    sources = [services.ROOT / "requirements" / "production.txt"]
    sources += [path for folder in settings.STATICFILES_DIRS for path in Path(folder).rglob("*")]
    collected = manifest.stat().st_mtime if manifest.exists() else 0
    return any(source.stat().st_mtime > collected for source in sources)


def catalog() -> None:
    """Fill the catalog; the partner may still be starting beside us."""
    _wait_for(settings.PARTNER_API_URL, time.monotonic() + PARTNER_SECONDS)
    call_command("sync_catalog")


def _wait_for(url: str, deadline: float) -> None:
    """Until somebody listens there; whether the answers make sense is for the sync to say."""
    address = urlsplit(url)
    port = address.port or {"http": 80, "https": 443}[address.scheme]
    while time.monotonic() < deadline:
        try:
            socket.create_connection((address.hostname, port), timeout=2).close()
        except OSError:
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")
    django.setup()
    {"database": database, "catalog": catalog}[sys.argv[1]]()
