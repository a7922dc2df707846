"""`manage.py check_invariants`: each invariant with its count; exit 1 when any is broken."""

from argparse import ArgumentParser
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from partner_api import PartnerError
from storefront import partner
from storefront.audit import actions
from storefront.audit.check import Moment, Result
from storefront.reconciliation.books import Unreadable


class Command(BaseCommand):
    """Say of each invariant how often it is broken, with examples. Changes nothing."""

    help = "Check every invariant of the shop's rows: prints each with its count, exit 1 on any."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--partner",
            action="store_true",
            help="compare with the partner's own books too",
        )
        parser.add_argument(
            "--days", type=int, help="of the partner's books read only so many days back"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        moment = Moment(now=now())
        broken = self._print(actions.check(moment))
        if options["partner"]:
            days = options["days"]
            since = moment.now - timedelta(days=days) if days else None
            try:
                broken += self._print(actions.check_partner(partner.client(), moment, since=since))
            except (PartnerError, Unreadable) as error:
                raise CommandError(f"The partner's books could not be read: {error}") from None
        self.stdout.write(f"{broken} breaches")
        if broken:
            raise CommandError(f"{broken} breaches of the invariants")

    def _print(self, results: Iterable[Result]) -> int:
        broken = 0
        for result in results:
            self.stdout.write(f"{result.count:>7}  {result.check.name:<7} {result.check.says}")
            for example in result.examples:
                self.stdout.write(f"{'':>9}! {example}")
            broken += result.count
        return broken
