"""What the logs may know: which order, never the token that opens it."""

import logging

import pytest
import structlog
from django.test import Client

from storefront.core.logs import MaskedLinks, masked

TOKEN = "tCrZkPpM0fQ7Jw-_x1v2b3n4m5a6s7d8f9g0hjklqwe"
PATH = f"/ru/orders/K7QF-3M9D-XA4T/open/{TOKEN}/"


@pytest.fixture
def formatter() -> structlog.stdlib.ProcessorFormatter:
    """Ours, as it stands on standard error."""
    (ours,) = {
        handler.formatter
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    }
    return ours


@pytest.mark.parametrize(
    "text", ["{}", "GET {} HTTP/1.1", '"https://shop.example{}"', "{0} and {0}"]
)
def test_f105_the_token_of_a_link_is_masked_and_nothing_else(text: str) -> None:
    assert masked(text.format(PATH)) == text.format("/ru/orders/K7QF-3M9D-XA4T/open/•••/")


@pytest.mark.parametrize("text", ["", "/products/?q=open", "/orders/K7QF-3M9D-XA4T/", "/open/"])
def test_what_opens_nothing_is_left_as_it_is(text: str) -> None:
    assert masked(text) == text


@pytest.mark.django_db
def test_f105_a_link_that_failed_is_not_in_the_log(
    formatter: structlog.stdlib.ProcessorFormatter, caplog: pytest.LogCaptureFixture
) -> None:
    assert Client().get(PATH).status_code == 404
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    line = formatter.format(record)
    assert "Not Found: /ru/orders/K7QF-3M9D-XA4T/open/•••/" in line
    assert TOKEN not in line


@pytest.mark.parametrize("path", ["/language/ru/?next=%2Forders%2FN%2Fopen%2F{}%2F", "/open%2f{}/"])
def test_f105_a_link_inside_another_address_is_masked(path: str) -> None:
    assert TOKEN not in masked(path.format(TOKEN))


def test_nor_is_one_that_an_error_quotes(
    formatter: structlog.stdlib.ProcessorFormatter, caplog: pytest.LogCaptureFixture
) -> None:
    error = RuntimeError(f"could not redirect to {PATH}")
    logging.getLogger("somebody.else").error("broken", exc_info=error)
    structlog.get_logger("ours").error("broken", where=PATH, exc_info=error)
    lines = [formatter.format(record) for record in caplog.records]
    assert len(lines) == 2
    assert all("RuntimeError" in line for line in lines)
    assert TOKEN not in "".join(lines)


def test_the_web_servers_own_line_is_masked_too() -> None:
    atoms = {"r": f"GET {PATH} HTTP/1.1", "U": PATH, "f": f"https://mail.example{PATH}", "s": 302}
    record = logging.LogRecord(
        "gunicorn.access", logging.INFO, "", 0, "%(r)s %(s)s", (atoms,), None
    )
    assert MaskedLinks().filter(record)
    assert record.getMessage() == "GET /ru/orders/K7QF-3M9D-XA4T/open/•••/ HTTP/1.1 302"
    assert TOKEN not in str(record.args)
