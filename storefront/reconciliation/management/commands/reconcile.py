"""`manage.py reconcile`: compare the books now; exit 1 when they differ or could not be read."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, no_translations
from django.utils.timezone import now

from storefront import partner
from storefront.reconciliation import actions
from storefront.reconciliation.models import Break


class Command(BaseCommand):
    """Compare our purchases, the partner's orders and ledger, and our payments."""

    help = "Compare the three books and print every open difference; exit 1 when there is one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--days", type=int, help="compare so many days back")

    @no_translations
    def handle(self, *_args: Any, **options: Any) -> None:
        moment = now()
        days = options["days"]
        since = moment - timedelta(days=days) if days else None
        try:
            run = actions.reconcile(client=partner.client(), by="command", now=moment, since=since)
        except actions.AlreadyRunning as reason:
            raise CommandError(str(reason)) from None
        if run.error:
            raise CommandError(f"The partner's books could not be read: {run.error}")
        counted = ", ".join(f"{count} {name}" for name, count in run.counts.items())
        self.stdout.write(f"since {run.since:%Y-%m-%d %H:%M}: {counted}")
        found = Break.objects.filter(closed_at=None).order_by("kind", "at")
        for row in found.iterator():
            self.stdout.write(
                f"{row.amount:>12} {row.currency} {row.get_kind_display()}: {row.subject}"
                f" ({row.says})"
            )
        if count := found.count():
            raise CommandError(f"{count} open differences")
