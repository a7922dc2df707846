"""`make mutations`: does a test go red when a guard is gone? Each guard is taken out of a
copy of the checkout, one at a time, and the tests named beside it must fail there; without any
mutation they must pass. A guard whose text is no longer found is an error, not a success.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from devtools import services

ROOT = services.ROOT
BUYING = "storefront/fulfillment/actions"


@dataclass(frozen=True)
class Mutation:
    """A guard that is taken out: in this file, this text becomes that; these tests must notice."""

    guard: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


MUTATIONS = (
    Mutation(
        "look-up before the second request",
        f"{BUYING}/buying.py",
        "purchase.posts == 0 or look_up(purchase, client, clock)",
        "True",
        ("tests/fulfillment/test_unknown_outcomes.py -k f01_an_answer",),
    ),
    Mutation(
        "sent is committed before the call",
        f"{BUYING}/buying.py",
        """    if connection.in_atomic_block:
        raise RuntimeError("a transaction is open across the partner's answer")
""",
        "",
        ("tests/fulfillment/test_workers.py -k transaction_is_open",),
    ),
    Mutation(
        "sent is committed before the call (the process dies)",
        f"{BUYING}/buying.py",
        "        to=Status.SENT,\n",
        "        to=Status.SENT if purchase.posts else Status.HELD,\n",
        ("tests/fulfillment/test_crashes.py -k worker_died",),
    ),
    Mutation(
        "exact match of our id",
        "partner_api/client.py",
        "[order for order in page.items if order.external_id == external_id]",
        "list(page.items)",
        ("tests/fulfillment/test_unknown_outcomes.py -k longer_id",),
    ),
    Mutation(
        "the waiting rule",
        "storefront/fulfillment/waits.py",
        "NOT_PLACED = _wait(15 * 60)",
        "NOT_PLACED = _wait(1)",
        (
            "tests/fulfillment/test_waiting_rule.py -k before_its_time",
            "tests/fulfillment/test_unknown_outcomes.py -k f29",
        ),
    ),
    Mutation(
        "the wait before the second request",
        "storefront/fulfillment/waits.py",
        "REPOST = _wait(7 * 60)",
        "REPOST = _wait(1)",
        ("tests/fulfillment/test_unknown_outcomes.py -k f02",),
    ),
    Mutation(
        "quarantine of what contradicts the order",
        f"{BUYING}/applying.py",
        "if wrong := _contradiction(purchase, answer):",
        'if wrong := "":',
        ("tests/fulfillment/test_answers.py -k f18",),
    ),
    Mutation(
        "a code is delivered once",
        f"{BUYING}/applying.py",
        "    except orders.DuplicateCode:\n",
        "    except ZeroDivisionError:\n",
        ("tests/fulfillment/test_goods.py -k f22_a_code_that_comes_twice",),
    ),
    Mutation(
        "the sweeper",
        "storefront/fulfillment/queries.py",
        '    ).order_by("due_at")[:most]',
        '    ).order_by("due_at")[:0]',
        ("tests/fulfillment/test_sweeping.py -k f40",),
    ),
    Mutation(
        "the lease",
        f"{BUYING}/claiming.py",
        "        Q(lease_until=None) | Q(lease_until__lt=now),\n        pk=purchase_id,",
        "        pk=purchase_id,",
        ("tests/fulfillment/test_workers.py -k one_worker_at_a_time",),
    ),
    Mutation(
        "the fence",
        f"{BUYING}/claiming.py",
        '    where = {"fence": purchase.fence}\n',
        "    where: dict[str, int] = {}\n",
        ("tests/fulfillment/test_workers.py -k after_the_lease",),
    ),
    Mutation(
        "one key for each effect on money: capture",
        "storefront/payments/actions/taking.py",
        "payment.currency, key=intent.key",
        "payment.currency, key=str(object())",
        ("tests/fulfillment/test_settling.py -k provider_in_trouble_is_asked_again",),
    ),
    Mutation(
        "one key for each effect on money: refund",
        "storefront/payments/actions/returning.py",
        "intent.amount, payment.currency, key=intent.key",
        "intent.amount, payment.currency, key=str(object())",
        ("tests/fulfillment/test_moving_money.py -k f63",),
    ),
    Mutation(
        "a webhook's body is not believed",
        "storefront/webhooks/views.py",
        "        actions.store(event=event, now=received_at)\n",
        """        actions.store(event=event, now=received_at)
        import json
        from storefront.fulfillment.models import Purchase
        told = json.loads(body)["data"]["order"]
        Purchase.objects.filter(external_id=told["external_id"]).update(
            status=told["status"], finished_at=received_at
        )
""",
        ("tests/webhooks/test_inbox.py -k lie_about_an_order",),
    ),
    Mutation(
        "a webhook's signature",
        "partner_api/signing.py",
        "    return any(verdicts)\n",
        "    return bool(verdicts)\n",
        ("tests/webhooks/test_refusals.py -k signature_that_is_wrong",),
    ),
    Mutation(
        "a look before what said no is offered again",
        f"{BUYING}/looking.py",
        "        return _since_last_post(purchase, now) >= waits.OFFER_AGAIN\n",
        "        return True\n",
        ("tests/fulfillment/test_refusals.py -k shown_late",),
    ),
    Mutation(
        "the oldest first when funds are short",
        f"{BUYING}/holding.py",
        "    if queries.is_behind(purchase):\n",
        "    if False:\n",
        ("tests/fulfillment/test_circuits.py -k f17_who_waits",),
    ),
    Mutation(
        "a row that always fails goes to a person",
        f"{BUYING}/buying.py",
        "    if failures < waits.MOST_FAILURES:\n",
        "    if True:\n",
        ("tests/fulfillment/test_workers.py -k f52_a_purchase",),
    ),
)


def copied(folder: Path) -> None:
    """The files git knows, as they are in the checkout now."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607  whichever git there is
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def passes(folder: Path, tests: tuple[str, ...]) -> tuple[bool, str]:
    """Whether the tests pass there, and pytest's last line. Raises when nothing could be run."""
    last = ""
    for words in tests:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
        done = subprocess.run(  # noqa: S603  our own words
            [*command, *_split(words)],
            cwd=folder,
            env=os.environ | {"KIOSK_STATE": str(services.STATE)},
            capture_output=True,
            text=True,
            check=False,
        )
        last = (done.stdout.strip().splitlines() or [""])[-1]
        if done.returncode == 1:
            return False, last
        if done.returncode != 0:
            raise SystemExit(f"{words}: could not be run\n{done.stdout}{done.stderr}")
    return True, last


def noticed(folder: Path, mutation: Mutation) -> bool:
    """Take the guard out, run its tests, put it back; whether they failed."""
    file = folder / mutation.file
    text = file.read_text()
    if text.count(mutation.old) != 1:
        raise SystemExit(f"{mutation.guard}: its text is not in {mutation.file} just once")
    file.write_text(text.replace(mutation.old, mutation.new))
    begun = time.monotonic()
    try:
        survives, last = passes(folder, mutation.tests)
    finally:
        file.write_text(text)
    verdict = "NOT NOTICED" if survives else "noticed"
    print(f"{verdict:<12}{mutation.guard:<54}{time.monotonic() - begun:5.0f} s  {last}", flush=True)
    return not survives


def main(only: str = "") -> int:
    """Run them all; 1 when one is not noticed."""
    wanted = [one for one in MUTATIONS if only in one.guard]
    services.ensure_database("test")
    services.ensure_broker("test")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        copied(folder)
        tests = tuple(dict.fromkeys(words for one in wanted for words in one.tests))
        if not passes(folder, tests)[0]:
            print("The tests fail without any mutation: this proves nothing.")
            return 1
        missed = [one.guard for one in wanted if not noticed(folder, one)]
    print(f"{len(wanted) - len(missed)} of {len(wanted)} guards are missed by a test once gone")
    return 1 if missed else 0


def _split(words: str) -> list[str]:
    file, _, name = words.partition(" -k ")
    return [file, *(["-k", name] if name else [])]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
