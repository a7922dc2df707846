"""`manage.py set_rate USD EUR 0.92 --source ECB`: one rate, one line of what became of prices."""

from argparse import ArgumentParser
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from storefront.catalog import actions
from storefront.catalog.models import ExchangeRate


class Command(BaseCommand):
    """Enter an exchange rate; prices follow at once."""

    help = "Enter an exchange rate: one BASE is RATE of QUOTE. Prices follow at once."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("base", metavar="BASE", help="a currency, such as USD")
        parser.add_argument("quote", metavar="QUOTE", help="another one, such as EUR")
        parser.add_argument("rate", metavar="RATE", help="what one BASE is in QUOTE: 0.92")
        parser.add_argument("--source", required=True, help="where the rate is from, in words")
        parser.add_argument(
            "--on",
            type=date.fromisoformat,
            help="since which day, as 2026-11-26; today unless told",
        )
        parser.add_argument(
            "--force", action="store_true", help="also a rate far from the one before"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        now = timezone.now()
        base, quote = options["base"].upper(), options["quote"].upper()
        on = options["on"] or now.date()
        rate = _rate(options["rate"])
        _check(ExchangeRate(base=base, quote=quote, rate=rate, on=on, source=options["source"]))
        try:
            row, repriced = actions.set_rate(
                base=base, quote=quote, rate=rate, source=options["source"], on=on,
                by="command", now=now, force=options["force"],
            )  # fmt: skip
        except actions.RateJumped as jump:
            raise CommandError(f"{jump}: give --force if it is right") from None
        self.stdout.write(f"{row}: {repriced} prices changed")


def _rate(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise CommandError(f"{text} is not a number") from None


def _check(row: ExchangeRate) -> None:
    try:
        row.full_clean(validate_unique=False, validate_constraints=False)
        row.validate_constraints(exclude={"on"})
    except ValidationError as error:
        raise CommandError("; ".join(error.messages)) from None
