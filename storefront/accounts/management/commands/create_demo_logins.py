"""`manage.py create_demo_logins`: somebody to sign in as, in a demonstration only."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from storefront.accounts.backends import DEMO_PASSWORD
from storefront.accounts.models import User


class Command(BaseCommand):
    """Creates the logins once and prints them each time."""

    help = "Create the demonstration's logins (DEMO=1 or DEBUG=1 only) and print them."

    def handle(self, *args: object, **options: object) -> None:  # noqa: ARG002  Django's signature
        """Refuses in a real shop: these passwords are public."""
        if not (settings.DEMO or settings.DEBUG):
            raise CommandError("Demo logins are for demonstrations: set DEMO=1.")
        email = "owner@example.com"
        if not User.objects.filter(email=email).exists():
            User.objects.create_superuser(email, DEMO_PASSWORD, name="Olga Owner")
        self.stdout.write(f"owner  {settings.SITE_URL}/admin/  {email}  {DEMO_PASSWORD}")
