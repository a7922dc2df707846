"""Whether the shop's parts do their work, in words: what is so, and what to do where it is not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.utils.timesince import timesince
from django.utils.translation import override

from storefront.audit.queries import LONGEST
from storefront.audit.watching import Vitals, vitals
from storefront.catalog.models import SyncRun
from storefront.mail.models import Message
from storefront.reconciliation import queries as reconciliation

# Staff see prices of this age; twelve times as old, nothing is sold.
OLD_PRICES, OLD_BALANCE = timedelta(minutes=30), timedelta(minutes=20)
# Signatures are refused beyond 300 seconds.
SKEW, DANGEROUS_SKEW = 30, 120


class State(NamedTuple):
    """How serious it is: for the eye, and in a word."""

    word: str
    colour: str


GOOD = State("Good", "text-green-700 dark:text-green-400")
LOOK = State("Look", "text-orange-700 dark:text-orange-400")
BAD = State("Bad", "text-red-700 dark:text-red-400")


@dataclass(frozen=True)
class Part:
    """One part of the shop. `todo` is empty where there is nothing to do."""

    name: str
    state: State
    words: str
    todo: str = ""


def parts(*, now: datetime) -> list[Part]:
    """All of them, in the order of the way a sale takes."""
    found = vitals(now=now)
    return [
        _work(found), _broker(found), *_circuits(found), _prices(found), _balance(found),
        _clock(found), _webhooks(found), _mails(), _books(), _mode(),
    ]  # fmt: skip


def _work(found: Vitals) -> Part:
    late = {name: age for name, age in found.work.items() if age > LONGEST}
    if not late:
        return Part("Workers", GOOD, "What is due is being done.")
    oldest = max(late, key=lambda name: late[name])
    return Part(
        "Workers", BAD, f"Work waits ({oldest} for {_span(late[oldest])}): nobody does it.",
        "Start a worker and beat; nothing is lost. See docs/operations.md, /health/work.",
    )  # fmt: skip


def _broker(found: Vitals) -> Part:
    if found.is_broker_there:
        return Part("Queue", GOOD, "The broker answers.")
    return Part(
        "Queue", BAD, "The broker does not answer. Orders are taken, and wait for it.",
        "Start Redis again. Whatever was in it is queued anew from the rows.",
    )  # fmt: skip


_RESTING = {
    "place": ("Buying", "Nothing is bought from the partner"),
    "read": ("Asking about orders", "The partner is not asked about orders"),
    "catalog": ("Catalog", "The partner's catalog is not asked for"),
}


def _circuits(found: Vitals) -> list[Part]:
    resting = {str(capability): rest for capability, rest in found.resting.items()}
    told = []
    for capability, (name, nothing) in _RESTING.items():
        if capability not in resting:
            told.append(Part(name, GOOD, "The partner answers."))
            continue
        wait, why = resting[capability]
        told.append(
            Part(
                name, BAD, f"{nothing} ({why}); tried again in {_span(wait)}.",
                "Look at the case about it in the inbox: it names the cause. Nothing is refunded"
                " for this, and it ends by itself when the partner answers.",
            )
        )  # fmt: skip
    return told


def _prices(found: Vitals) -> Part:
    last = SyncRun.objects.order_by("-started_at").first()
    why = f" The last sync: {last.error}" if last and last.error else ""
    if found.sync is None:
        return Part("Prices", BAD, f"No sync was published yet.{why}", "Sync on the sync page.")
    words = f"Confirmed {_span(found.sync)} ago.{why}"
    if found.sync <= OLD_PRICES:
        return Part("Prices", GOOD, words)
    state = BAD if found.sync > 12 * OLD_PRICES else LOOK
    return Part(
        "Prices", state, words, "Read why on the sync page, and sync again. Nothing is sold at a"
        " price that is older than six hours.",
    )  # fmt: skip


def _balance(found: Vitals) -> Part:
    if found.balance is None:
        return Part("Balance", LOOK, "The partner never told it.", "Ask on the finance page.")
    state = GOOD if found.balance <= OLD_BALANCE else LOOK
    todo = "" if state is GOOD else "Ask on the finance page; it says why there is no answer."
    return Part("Balance", state, f"Told {_span(found.balance)} ago.", todo)


def _clock(found: Vitals) -> Part:
    skew = found.clock_skew
    if skew is None:
        return Part("Clock", LOOK, "The partner's clock was not seen yet.")
    words = (
        f"The partner's clock is {abs(skew)} seconds {'ahead of' if skew > 0 else 'behind'} ours."
    )
    if abs(skew) < SKEW:
        return Part("Clock", GOOD, words)
    return Part(
        "Clock", BAD if abs(skew) >= DANGEROUS_SKEW else LOOK, words,
        "Set this machine's clock by NTP: beyond 300 seconds the partner refuses every order.",
    )  # fmt: skip


def _webhooks(found: Vitals) -> Part:
    if found.webhook is None:
        return Part(
            "Webhooks", LOOK, "None came yet. Orders are finished by asking, a little later.",
            f"Give the partner this address: {settings.SITE_URL}/webhooks/partner/",
        )  # fmt: skip
    return Part("Webhooks", GOOD, f"The last one came {_span(found.webhook)} ago.")


def _mails() -> Part:
    failed = Message.objects.filter(status="failed").count()
    if not failed:
        return Part("Mails", GOOD, "None has failed.")
    return Part(
        "Mails", LOOK, f"{failed} could not be sent.",
        "Look at the failed ones in the list of mails: each says why and can be sent again.",
    )  # fmt: skip


def _books() -> Part:
    state = reconciliation.state()
    if state.failed:
        return Part("Books", LOOK, f"They could not be compared: {state.failed.error}",
                    "Compare again on the reconciliation page.")  # fmt: skip
    if state.open_breaks:
        return Part("Books", LOOK, f"{state.open_breaks} differences are open.",
                    "The reconciliation page says of each what to do.")  # fmt: skip
    return Part("Books", GOOD, "They agree." if state.done else "They were not compared yet.")


def _mode() -> Part:
    if settings.STRICT:
        return Part("Mode", GOOD, "This is a real shop: sessions and hosts are guarded.")
    return Part(
        "Mode", LOOK, "This is a demonstration: staff need no second factor, mails are shown.",
        "For a real shop set DEMO and DEBUG to 0; docs/deployment.md goes through it.",
    )  # fmt: skip


def _span(age: timedelta) -> str:
    moment = datetime(2000, 1, 1)  # noqa: DTZ001  only the distance counts
    with override("en"):  # as all around it, whatever the reader's language on the shop's pages
        return timesince(moment - age, moment, depth=1).replace("\xa0", " ")
