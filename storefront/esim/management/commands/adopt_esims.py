"""`manage.py adopt_esims`: a page for each eSIM that was delivered before there were such pages."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.timezone import now

from storefront.esim import actions


class Command(BaseCommand):
    """Once after updating; running it again changes nothing."""

    help = "Give each eSIM that was delivered by an older release its own page and status."

    def handle(self, *_args: Any, **_options: Any) -> None:
        adopted, left = actions.adopt_delivered(now=now())
        self.stdout.write(f"{adopted} eSIMs adopted, {left} left: their goods could not be opened")
