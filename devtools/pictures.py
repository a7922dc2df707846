"""`make pictures`: runs the shop and takes the README's pictures of it, into docs/pictures.

Each page is taken on a desktop and on a phone, light and dark, in both languages: not in every
combination, but so that each is seen. They are made again whenever the pages change.
"""

import base64
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from playwright.sync_api import Browser, sync_playwright

from devtools import services, shop

FOLDER = services.ROOT / "docs" / "pictures"
PAGES = {
    "home": "/",
    "list": "/products/?country=US&type=voucher",
    "product": "/products/apple-gift-card-united-states/",
}
WIDE, NARROW = (1280, 860), (390, 844)
START_SECONDS = 240
QUALITY = 82


class Look(NamedTuple):
    """One way to look at a page."""

    name: str
    size: tuple[int, int]
    scheme: str
    language: str
    scale: float


LOOKS = (
    Look("desktop-light-en", WIDE, "light", "en", 1),
    Look("desktop-dark-ru", WIDE, "dark", "ru", 1),
    Look("phone-light-ru", NARROW, "light", "ru", 1.5),
    Look("phone-dark-en", NARROW, "dark", "en", 1.5),
)


def main() -> int:
    """Take them all; 1 where there is no browser."""
    program = next(filter(None, map(shutil.which, ["chromium", "google-chrome"])), None)
    if program is None:
        print("No Chromium found: install Debian's chromium or Google Chrome", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with running_shop() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        for look in LOOKS:
            for page, path in PAGES.items():
                file = FOLDER / f"{page}-{look.name}.webp"
                file.write_bytes(picture(browser, url, path, look))
                print(f"{file.relative_to(services.ROOT)} {file.stat().st_size // 1024} KiB")
        browser.close()
    return 0


@contextmanager
def running_shop() -> Iterator[str]:
    """A shop of its own, in a folder of its own; its address."""
    port = str(shop.free_port(8720))
    state = services.ROOT / ".kiosk" / "pictures"
    environment = os.environ | {"KIOSK_STATE": str(state), "PORT": port}
    command = [sys.executable, "-m", "devtools.run"]
    process = subprocess.Popen(  # noqa: S603  our own runner
        command, cwd=services.ROOT, env=environment, stdout=subprocess.DEVNULL
    )
    try:
        url = f"http://{shop.HOST}:{port}"
        wait_for(url + PAGES["product"], process)
        yield url
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Until there is a page, which needs the first sync. Raises SystemExit when none comes."""
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310  our own address
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(1)
    raise SystemExit("the shop did not start")


def picture(browser: Browser, url: str, path: str, look: Look) -> bytes:
    """What is in the window, as WebP; without the banner of a demonstration."""
    width, height = look.size
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=look.scale,
        color_scheme=look.scheme,  # type: ignore[arg-type]  # one of its words
        locale=look.language,
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(url + ("" if look.language == "en" else f"/{look.language}") + path)
    page.evaluate("document.querySelector('.demo-banner')?.remove()")
    page.evaluate("document.fonts.ready.then(() => true)")
    session = context.new_cdp_session(page)
    shot = session.send("Page.captureScreenshot", {"format": "webp", "quality": QUALITY})
    context.close()
    return base64.b64decode(shot["data"])


if __name__ == "__main__":
    sys.exit(main())
