"""What beat asks for, and how often. Entries find their work in rows: a missed tick costs nothing.

Read by the settings, so it knows nothing of the shop but the names of tasks.
"""

from datetime import timedelta

from celery.schedules import crontab

Entry = dict[str, object]


def beat_schedule(wait_scale: float) -> dict[str, Entry]:
    """Beat's entries; demonstrations and tests shorten the waits of most."""

    def every(seconds: float, task: str, *, scaled: bool = True, **arguments: str) -> Entry:
        """A tick nobody took in time is dropped, the next one does its work."""
        period = max(0.5, seconds * wait_scale) if scaled else seconds
        options = {"expires": max(period, 5)}
        timing = {"schedule": timedelta(seconds=period), "options": options}
        return {"task": task, "kwargs": arguments, **timing}

    return {
        "sweep purchases": every(15, "fulfillment.sweep"),
        "look after the partner": every(15, "fulfillment.watch"),
        "sweep webhooks": every(30, "webhooks.sweep"),
        "sweep mail": every(30, "mail.sweep"),
        "answer requests for links": every(60, "orders.answer_link_requests"),
        "tell of delays": every(60, "orders.tell_of_delays"),
        # Its budget of calls is one minute's, so its minute is a real one.
        "ask about eSIMs": every(60, "esim.poll", scaled=False),
        "expire unpaid orders": every(60, "checkout.expire_unpaid"),
        "read the balance": every(300, "finance.read_balance"),
        "book margins": every(60, "finance.book_margins"),
        "book all margins": {
            "task": "finance.book_margins",
            "schedule": crontab(hour="2", minute="47"),
            "kwargs": {"whole": "yes"},
        },
        "forget old limits": every(600, "core.forget_limits", scaled=False),
        "sync the catalog": every(3600, "catalog.sync", scaled=False),
        # By the time of day: an interval would begin anew with each deployment.
        "compare the books": {
            "task": "reconciliation.compare",
            "schedule": crontab(hour="2", minute="37"),
        },
        "check the invariants": {"task": "audit.check", "schedule": crontab(hour="3", minute="17")},
        "sync prices and stock": every(300, "catalog.sync", scaled=False, kind="light"),
    }
