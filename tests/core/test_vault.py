"""New keys: every sealed row moves to the first of the ring, whatever stops the move half-way."""

import os
import re
import signal
import subprocess
import sys
from base64 import urlsafe_b64encode
from io import StringIO
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.utils.timezone import now
from pytest_django import Settings

from partner_api.secret import Secret
from storefront.core import vault
from storefront.core.sealed import CannotOpen, open_sealed, seal
from storefront.mail.models import Message
from storefront.orders import actions as orders
from storefront.orders.actions import DuplicateCode
from storefront.orders.goods import Goods
from storefront.orders.models import Delivery
from storefront.orders.states import Status
from tests.house.tree import ROOT
from tests.shopping import bring, order_in

pytestmark = pytest.mark.django_db

OLD, NEW, OTHER = os.urandom(32), os.urandom(32), os.urandom(32)


def codes() -> dict[str, str]:
    """What every delivery holds, under the ring of now."""
    found = {}
    for row in Delivery.objects.all():
        goods = Goods.from_sealed_form(open_sealed(row.sealed, context=row.seal_context))
        assert goods.code is not None
        found[str(row.pk)] = goods.code.reveal()
    return found


def rotated(**options: int) -> str:
    summary = StringIO()
    call_command("rotate_pin_keys", stdout=summary, stderr=StringIO(), **options)
    return summary.getvalue()


def test_inv23_after_a_rotation_the_new_key_alone_opens_everything(settings: Settings) -> None:
    settings.PIN_KEYS = (OLD,)
    order = order_in(Status.PROCESSING)
    bring(order, *(f"CODE-{number}" for number in range(7)))
    orders.move(order=order, to=Status.COMPLETED, by="test", now=now())
    before = codes()
    settings.PIN_KEYS = (NEW, OLD)
    assert rotated(batch=3) == "8 sealed anew, nothing left under other keys\n"
    settings.PIN_KEYS = (NEW,)
    assert codes() == before
    message = Message.objects.get()
    assert "/open/" in open_sealed(message.sealed, context=message.seal_context).reveal()
    assert rotated() == "0 sealed anew, nothing left under other keys\n"


def test_inv24_a_code_is_known_again_once_the_old_key_is_gone(settings: Settings) -> None:
    settings.PIN_KEYS = (OLD,)
    order = order_in(Status.PROCESSING)
    bring(order, "ABCD-1234")
    settings.PIN_KEYS = (NEW, OLD)
    rotated()
    settings.PIN_KEYS = (NEW,)
    with pytest.raises(DuplicateCode):
        bring(order_in(Status.PROCESSING), "abcd 1234")


def test_cp14_a_rotation_stopped_anywhere_loses_nothing_and_goes_on(settings: Settings) -> None:
    settings.PIN_KEYS = (OLD,)
    bring(order_in(Status.PROCESSING), *(f"CODE-{number}" for number in range(9)))
    before = codes()
    settings.PIN_KEYS = (NEW, OLD)
    for _ in range(4):
        next(vault.rotate(Delivery, batch=2))
        assert codes() == before
    assert vault.left(Delivery) == 1
    assert rotated().startswith("1 sealed anew")
    settings.PIN_KEYS = (NEW,)
    assert codes() == before


def test_a_row_that_does_not_open_is_kept_and_named(settings: Settings) -> None:
    settings.PIN_KEYS = (OTHER,)
    lost = bring(order_in(Status.PROCESSING), "CODE-LOST")
    settings.PIN_KEYS = (OLD,)
    bring(order_in(Status.PROCESSING), "CODE-1", "CODE-2")
    settings.PIN_KEYS = (NEW, OLD)
    with pytest.raises(CommandError, match=r"2 sealed anew, 1 do not open, 1 left"):
        rotated(batch=1)
    kept = Delivery.objects.get(pk=lost.pk)
    assert bytes(kept.sealed) == bytes(lost.sealed)
    settings.PIN_KEYS = (NEW, OTHER)
    assert rotated().startswith("1 sealed anew")


def test_inv23_a_value_opens_in_its_own_row_and_place_alone() -> None:
    bring(order_in(Status.PROCESSING), "CODE-1", "CODE-2")
    first, second = Delivery.objects.order_by("index")
    moved = Delivery(pk=first.pk, index=second.index)
    mail = Message(pk=first.pk)
    for elsewhere in (second, moved, mail):
        with pytest.raises(CannotOpen):
            open_sealed(first.sealed, context=elsewhere.seal_context)


def test_every_column_of_bytes_is_a_hash_an_index_or_takes_part() -> None:
    taking_part = {(model._meta.db_table, "sealed") for model in vault.sealed_models()}
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns"
            " where data_type = 'bytea' and table_schema = 'public'"
        )
        found = set(cursor.fetchall())
    assert taking_part == {
        (table, column) for table, column in found if not column.endswith(("_hash", "_index"))
    }


@pytest.mark.django_db(transaction=True)
def test_cp14_a_rotation_killed_in_its_middle_is_finished_by_the_next(settings: Settings) -> None:
    settings.PIN_KEYS = (OLD,)
    bring(order_in(Status.PROCESSING), *(f"CODE-{number}" for number in range(60)))
    before = codes()
    settings.PIN_KEYS = (NEW, OLD)
    ring = ",".join(urlsafe_b64encode(key).decode() for key in (NEW, OLD))
    url = urlsplit(os.environ["DATABASE_URL"])
    database = urlunsplit(url._replace(path="/" + str(connection.settings_dict["NAME"])))
    process = subprocess.Popen(
        [sys.executable, "manage.py", "rotate_pin_keys", "--batch", "1"],
        cwd=ROOT,
        env=os.environ | {"DATABASE_URL": database, "PIN_KEYS": ring},
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if re.search(r"\b20 sealed anew", line):
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stderr.close()
    assert codes() == before
    assert 0 < vault.left(Delivery) <= 40
    rotated()
    settings.PIN_KEYS = (NEW,)
    assert codes() == before


def test_a_value_sealed_while_the_keys_change_is_no_exception(settings: Settings) -> None:
    settings.PIN_KEYS = (NEW, OLD)
    sealed = seal(Secret("CODE"), context="row")
    settings.PIN_KEYS = (OLD, NEW)
    assert open_sealed(sealed, context="row") == Secret("CODE")
