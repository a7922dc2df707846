"""Something fails while a code is in memory, even in plain text: no report of it holds the code."""

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
import structlog
from django.core import mail
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils.log import AdminEmailHandler
from pytest_django import Settings
from sentry_sdk import Client, Transport
from sentry_sdk.envelope import Envelope
from sentry_sdk.utils import event_from_exception

from partner_api.secret import Secret
from storefront.core.reports import options
from storefront.orders.actions import delivering
from tests.fulfillment.bench import Bench

pytestmark = pytest.mark.fault("F111")


class Failure(NamedTuple):
    """What a worker met, and what it had in memory then."""

    error: BaseException
    pin: str
    serial: str

    @property
    def info(self) -> Any:
        """As loggers take it."""
        return (type(self.error), self.error, self.error.__traceback__)


@pytest.fixture
def failure(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Failure]:
    """While a code is delivered."""
    errors = []

    def careless(secret: Secret) -> bytes:
        """Somebody wrote this without thinking, and the database quotes the row."""
        pin = secret.reveal()
        error = RuntimeError(
            "the index is broken" + "\nDETAIL:  Failing row contains (" + pin + ")"
        )
        errors.append(error)
        raise error

    purchase = bench.purchase()
    with monkeypatch.context() as patched:
        patched.setattr(delivering, "blind_indexes", careless)
        bench.step(purchase)
    names = [frame.name for frame in traceback.extract_tb(errors[0].__traceback__)]
    assert {"advance", "deliver", "careless"} <= set(names), "it failed inside the delivery"
    (unit,) = bench.sold(purchase)[0]["items"][0]["delivery_data"]
    yield Failure(errors[0], unit["pin"], unit["serialNumber"])
    bench.work(timedelta(minutes=10))
    assert bench.codes(purchase.line.order) == [unit["pin"]], "it was delivered later all the same"


def written(report: object) -> str:
    return report if isinstance(report, str) else json.dumps(report, default=repr)


def holds_no_secret(report: object, failure: Failure) -> bool:
    text = written(report)
    assert "careless" in text, "it does say where"
    plain = text.replace("-", "").lower()
    secrets = (failure.pin, failure.serial)
    return not any(secret.replace("-", "").lower() in plain for secret in secrets)


class Kept(Transport):
    """Takes what would be sent."""

    def __init__(self, options: Any = None) -> None:
        super().__init__(options)
        self.sent: list[Any] = []

    def capture_envelope(self, envelope: Envelope) -> None:
        """As it would go out."""
        self.sent.append(json.loads(json.dumps([item.get_event() for item in envelope.items])))


def reported(failure: Failure, about: dict[str, Any], **choices: Any) -> Any:
    """The event that Sentry's own client makes of it and sends, with these options."""
    client = Client(
        dsn="http://key@127.0.0.1:9/1", transport=Kept, default_integrations=False, **choices
    )
    event, hint = event_from_exception(failure.error, client_options=client.options)
    client.capture_event({**event, **about}, hint)  # type: ignore[typeddict-item]  # any keys
    assert isinstance(client.transport, Kept)
    ((sent,),) = client.transport.sent
    return sent


def test_the_mail_about_an_error_holds_no_variables(
    failure: Failure, settings: Settings, rf: RequestFactory
) -> None:
    settings.ADMINS = [("Olga", "olga@shop.example")]
    request: HttpRequest = rf.post(
        "/orders/reveal/", {"words": failure.pin}, headers={"cookie": f"a={failure.pin}"}
    )
    failure.error.args = ("the index is broken",)  # what an error says itself is its author's care
    for include_html in (True, False):
        record = logging.LogRecord(
            "django.request", logging.ERROR, "", 0, "Internal Server Error: %s", ("/reveal/",),
            failure.info,
        )  # fmt: skip
        record.request = request
        AdminEmailHandler(include_html=include_html).emit(record)
    assert len(mail.outbox) == 2
    for letter in mail.outbox:
        assert holds_no_secret(letter.body, failure)
        assert all(
            holds_no_secret(str(part[0]), failure) for part in getattr(letter, "alternatives", [])
        )


def test_the_default_would_have_held_it(failure: Failure, settings: Settings) -> None:
    """The search finds what is there."""
    settings.DEBUG = True
    from django.views.debug import ExceptionReporter  # noqa: PLC0415  reads the settings

    reporter = ExceptionReporter(None, *failure.info)
    assert not holds_no_secret(reporter.get_traceback_html(), failure)
    assert not holds_no_secret(reported(failure, {}), failure)


def test_what_is_sent_to_sentry_holds_no_variables_and_no_rows(failure: Failure) -> None:
    pin = failure.pin
    about = {
        "request": {
            "url": f"https://shop.example/orders/N/open/{'t' * 43}/?a={pin}", "method": "POST",
            "data": {"words": pin}, "cookies": {"session": pin}, "headers": {"Cookie": pin},
        },
        "extra": {"answer": pin},
        "breadcrumbs": {"values": [{"message": pin}]},
        "logentry": {"message": pin},
        "user": {"email": "alice@example.com"},
    }  # fmt: skip
    sent = reported(failure, about, **options())
    assert "vars" not in written(sent)
    assert holds_no_secret(sent, failure)
    assert "t" * 43 not in written(sent)
    assert "alice@" not in written(sent)
    assert sent["exception"]["values"][-1]["value"] == "the index is broken"
    assert sent["request"] == {"url": "https://shop.example/orders/N/open/•••/", "method": "POST"}


def test_the_log_holds_no_variables_and_no_rows(
    failure: Failure, caplog: pytest.LogCaptureFixture
) -> None:
    structlog.get_logger("storefront").error("delivery failed", exc_info=failure.info)
    logging.getLogger("celery.app.trace").error("task failed", exc_info=failure.info)
    (formatter,) = {
        handler.formatter
        for handler in logging.getLogger().handlers
        if isinstance(handler.formatter, structlog.stdlib.ProcessorFormatter)
    }
    records = [*caplog.get_records("setup"), *caplog.records]
    lines = [line for line in map(formatter.format, records) if "index is broken" in line]
    assert len(lines) == 3, "the worker's own, too"
    assert all(holds_no_secret(line, failure) for line in lines)
