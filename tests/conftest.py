"""What all tests share: the environment, the blocked network, the browser."""

import os
import shutil
from collections.abc import Iterator

import django
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests import environment
from tests.template import migrated

environment.prepare()

from django.conf import settings  # noqa: E402  only now may the shop's settings be read

# The manifest of hashed file names exists only after collectstatic; real processes do have it.
settings.STORAGES["staticfiles"]["BACKEND"] = (
    "django.contrib.staticfiles.storage.StaticFilesStorage"
)
# Tests look into the contexts of pages, which a kept page has none of; those of keeping turn it on.
settings.PAGE_CACHE_BYTES = 0
settings.DATABASES["default"]["TEST"] = {"TEMPLATE": migrated(os.environ["DATABASE_URL"])}
settings.WHITENOISE_USE_FINDERS = settings.WHITENOISE_AUTOREFRESH = True
django.setup()

CHROMIUM = next(
    filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of whole shops come first and go to one worker: a shop is several processes already."""
    items.sort(key=lambda item: item.get_closest_marker("stack") is None)
    for item in items:
        if item.get_closest_marker("stack"):
            item.add_marker(pytest.mark.xdist_group("stack"))
    if CHROMIUM is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium found on this machine"))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes() -> None:
    """Workers read the settings once they have servers of their own, not while they start."""
    os.environ.pop("DJANGO_SETTINGS_MODULE")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; inside it every test has a context of its own."""
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=CHROMIUM,
            # Its sandbox does not work for root, and containers have little shared memory.
            args=["--no-sandbox", "--disable-dev-shm-usage"] if os.geteuid() == 0 else [],
        )
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A fresh person: no cookies, a desktop's window, English."""
    context = browser.new_context(locale="en-US", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab of that person; a script that fails on it fails the test."""
    page = context.new_page()
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))
    yield page
    assert not failures
