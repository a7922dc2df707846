"""The demonstration's mailbox: readable in a demonstration without a mail server, nowhere else."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import Settings

from storefront.mail import actions
from storefront.orders.states import Status
from tests.mail.test_sending import queue
from tests.shopping import order_in

pytestmark = pytest.mark.django_db

PAGE = "/demo/mail/"


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def test_it_shows_what_would_have_been_sent_and_its_link_works(folder: Path) -> None:
    order = order_in(Status.COMPLETED)
    actions.send(message_id=queue(order).pk, now=now())
    answer = Client().get(PAGE)
    page = answer.content.decode()
    assert "alice@example.com" in page
    assert f"/orders/{order.number}/open/" in page
    assert "no-store" in answer["Cache-Control"]


def test_it_is_there_before_the_first_mail(folder: Path) -> None:
    assert not folder.exists()
    assert Client().get(PAGE).status_code == 200


def test_a_half_written_or_foreign_file_breaks_nothing(folder: Path) -> None:
    folder.mkdir()
    (folder / "1.log").write_bytes(b"")
    (folder / "2.log").write_bytes(b"Subject: half\nContent-Type: multipart/alt")
    (folder / "3.log").write_bytes(b"\xff\xfe\x00 no mail at all")
    (folder / "4.log").write_bytes(b"Subject: whole\nDate: Mon, 23 Nov 2026 12:00:00 -0000\n\nHi")
    page = Client().get(PAGE)
    assert page.status_code == 200
    assert [mail["subject"] for mail in page.context["messages_list"]] == ["whole"]


def test_a_real_shop_has_no_such_page(folder: Path, settings: Settings) -> None:
    settings.STRICT = True
    assert Client().get(PAGE).status_code == 404


def test_a_demonstration_with_a_mail_server_has_none_either(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    assert Client().get(PAGE).status_code == 404
