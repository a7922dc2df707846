"""Nothing is uploaded to this shop, and what is sent all the same reaches no disk."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django.fixtures import Settings


@pytest.mark.django_db
def test_a_large_file_is_refused_and_never_written(tmp_path: Path, settings: Settings) -> None:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path
    file = SimpleUploadedFile("film.bin", b"x" * 5_000_000)

    answer = Client(enforce_csrf_checks=True).post("/cart/add/", {"sku": "", "file": file})

    assert answer.status_code == 403
    assert settings.FILE_UPLOAD_HANDLERS == []
    assert list(tmp_path.iterdir()) == []
