"""One way down, no way up: imports, the sandbox's distance, and foreign keys written as strings."""

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

from django.apps import apps

from tests.house.tree import ROOT, name, parsed, sources


def floors() -> dict[str, int]:
    """Each app's floor, 0 at the top, as pyproject.toml draws it for import-linter."""
    configuration = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = configuration["tool"]["importlinter"]["contracts"][0]
    return {
        app.strip(" ()"): floor
        for floor, layer in enumerate(contract["layers"])
        for app in layer.split("|")
    }


def imported(file: Path) -> set[str]:
    """Absolute names of what a file imports, at any depth of its code."""
    found = set()
    for node in ast.walk(parsed(file)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def test_every_import_goes_down() -> None:
    # As a process of its own: inside this one it would silence the loggers of later tests.
    linter = Path(sys.executable).with_name("lint-imports")
    command = [str(linter), "--no-cache", "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_a_foreign_key_goes_down_too_where_the_linter_cannot_see_it() -> None:
    floor = floors()
    upwards = []
    for model in apps.get_models():
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete and field.is_relation else None
            if target is None:
                continue
            here, there = model._meta.app_label, target._meta.app_label
            if here in floor and there in floor and floor[there] < floor[here]:
                upwards.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert upwards == []


def test_the_walk_above_really_sees_our_keys() -> None:
    labels = {model._meta.app_label for model in apps.get_models()}
    assert {"orders", "payments", "fulfillment"} <= labels & set(floors())


def test_the_sandbox_shares_nothing_with_the_client_but_the_signatures() -> None:
    """If both parsed with the same code, a wrong field name would agree with itself."""
    shared = {
        f"{name(file)}: {module}"
        for file in sources("partner_api/sandbox")
        for module in imported(file)
        if module.startswith("partner_api.")
        and not module.startswith(("partner_api.sandbox", "partner_api.signing"))
    }
    assert shared == set()


def test_the_client_does_not_know_the_sandbox() -> None:
    knowing = [
        name(file)
        for file in sources("partner_api")
        if "sandbox" not in file.parts
        and any(module.startswith("partner_api.sandbox") for module in imported(file))
    ]
    assert knowing == []


def test_only_one_module_builds_the_partners_client() -> None:
    building = {
        name(file)
        for file in sources("storefront")
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("PartnerClient")
    }
    assert building == {"storefront/partner/__init__.py"}
