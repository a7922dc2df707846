"""`manage.py sync_ledger`: the balance and the partner's ledger once; one line, or the reason."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from partner_api import PartnerError
from storefront import partner
from storefront.finance.actions import read_balance
from storefront.reconciliation import actions


class Command(BaseCommand):
    """Read the balance and the ledger now."""

    help = "Read the balance at the partner and copy what is new of the partner's ledger."

    def handle(self, *_args: Any, **_options: Any) -> None:
        moment = now()
        reading = read_balance(client=partner.client(), now=moment)
        if reading.error:
            raise CommandError(f"the balance could not be read: {reading.error}")
        try:
            added = actions.copy_ledger(client=partner.client(), now=moment)
        except actions.AlreadyRunning as reason:
            raise CommandError(str(reason)) from None
        except (PartnerError, actions.Unreadable) as error:
            raise CommandError(f"the ledger could not be read: {error}") from None
        seconds = (now() - moment).total_seconds()
        self.stdout.write(
            f"ledger synced: balance {reading.balance:.2f} {reading.currency},"
            f" {reading.available:.2f} available; {added} rows added in {seconds:.1f} s"
        )
