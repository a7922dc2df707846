"""The Celery application: how tasks travel. What is due lives in rows, never here (ADR 0002)."""

import os

from celery import Celery
from celery.signals import task_prerun, worker_process_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "storefront.settings")

app = Celery("storefront")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def look_at_connections(**_: object) -> None:
    """As before a web request: an old or broken connection is left, any other is tried out."""
    from django.db import close_old_connections  # noqa: PLC0415  the settings come first

    close_old_connections()


@worker_process_init.connect
def count_calls(**_: object) -> None:
    """Each of the worker's processes adds up how long the partner took."""
    from storefront.core import measures  # noqa: PLC0415  the settings come first

    measures.keep_flushing()
