"""`manage.py reset_second_factor ADDRESS`: for the owner who lost device and recovery codes."""

import argparse

from django.core.management.base import BaseCommand, CommandError
from django.utils.timezone import now

from storefront.accounts import actions
from storefront.accounts.models import User


class Command(BaseCommand):
    """Whoever has this machine could do more than that."""

    help = "Remove somebody's second factors; they set up new ones when they next sign in."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Whose."""
        parser.add_argument("address")

    def handle(self, *args: object, address: str, **options: object) -> None:  # noqa: ARG002  Django's
        """Exit 1 where there is no such person."""
        user = User.objects.filter(email__iexact=address).first()
        if user is None:
            raise CommandError("Nobody has this address.")
        actions.forget_factors(user=user, by="reset_second_factor", now=now())
        self.stdout.write(f"{user.email} sets up a new second factor at the next sign-in")
