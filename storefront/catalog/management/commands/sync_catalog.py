"""`manage.py sync_catalog`: one full sync, one line of summary; or exit 1 and the reason."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from storefront.catalog import actions
from storefront.catalog.models import SyncRun


class Command(BaseCommand):
    """Take over the partner's catalog now."""

    help = "Take over the partner's catalog: all products, categories, prices and stock."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--force",
            default="",
            metavar="REASON",
            help="publish also a catalog that shrank; the reason is kept with the run",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            run = actions.sync(by="command", force=options["force"], now=timezone.now())
        except actions.AlreadyRunning as reason:
            raise CommandError(str(reason)) from None
        if run.status != SyncRun.Status.PUBLISHED:
            raise CommandError(f"{run.status}, nothing was published: {run.error}")
        self.stdout.write(_summary(run))


def _summary(run: SyncRun) -> str:
    counts = run.counts
    seconds = (run.finished_at - run.started_at).total_seconds() if run.finished_at else 0
    return (
        "catalog published: {products} products, {skus} SKUs, {prices} prices; {added} rows added, "
        "{changed} changed, {hidden} missing, {held} SKUs held, {unreadable} items unreadable; "
    ).format(**counts) + f"{counts['pages']} pages in {seconds:.1f} s"
