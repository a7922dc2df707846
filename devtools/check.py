"""The checks of `make check` that are more than one command: `python -m devtools.check NAME ...`.

Each prints one line, or what is wrong. What needs the internet never fails for want of it, and
never pretends: it says "not checked" or "not audited".
"""

import json
import os
import re
import secrets
import subprocess
import sys
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

from devtools import services
from devtools.live import CONTRACT

LOCKS = {"production": [], "development": ["--group", "dev"]}
# The address of a package service may be unreachable in a way that only time tells.
PATIENCE_SECONDS = 60
UNREACHABLE = re.compile(
    r"fail(ed)? to fetch|error sending request|connect|network|offline|dns", re.IGNORECASE
)


def migrations() -> bool:
    """Every change of a model has its migration."""
    # An empty database: what a developer's own one went through does not matter here.
    environment = production() | {"DATABASE_URL": services.ensure_database("test")}
    return _manage(environment, "makemigrations", "--check", "--dry-run")


def deploy() -> bool:
    """A production's environment passes Django's deployment checks, with no warning."""
    return _manage(production(), "check", "--deploy", "--fail-level", "WARNING")


def locks() -> bool:
    """The lock files hold what pyproject.toml asks for."""
    return all(_lock_is_fresh(name, options) for name, options in LOCKS.items())


def audit() -> bool:
    """No package of production has a known vulnerability."""
    lock = services.ROOT / "requirements" / "production.txt"
    command = [sys.executable, "-m", "pip_audit", "-r", str(lock), "--disable-pip"]
    command += ["--require-hashes", "--format", "json", "--progress-spinner", "off"]
    try:
        done = _run(command)
    except subprocess.TimeoutExpired:
        print(f"not audited: no answer within {PATIENCE_SECONDS} seconds")
        return True
    return judge_audit(done.stdout, done.stderr)


def judge_audit(report: str, complaint: str) -> bool:
    """Read pip-audit's JSON report; an unreachable service or a skipped package is not "clean"."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        print(f"not audited: {_last_line(complaint)}")
        return True
    skipped = [package for package in packages if "skip_reason" in package]
    vulnerable = [package for package in packages if package.get("vulns")]
    for package in vulnerable:
        ids = ", ".join(found["id"] for found in package["vulns"])
        print(f"VULNERABLE: {package['name']} {package['version']}: {ids}")
    if skipped:
        reason = skipped[0]["skip_reason"]
        print(f"not audited: {len(skipped)} of {len(packages)} packages, for example: {reason}")
    elif not vulnerable:
        print(f"audited: {len(packages)} packages, no known vulnerability")
    return not vulnerable


def _lock_is_fresh(name: str, options: list[str]) -> bool:
    """Resolve again, preferring what is locked, and compare names and versions."""
    lock = services.ROOT / "requirements" / f"{name}.txt"
    with tempfile.TemporaryDirectory() as folder:
        again = Path(folder) / lock.name
        again.write_text(lock.read_text(encoding="utf-8"), encoding="utf-8")
        command = [sys.executable, "-m", "uv", "pip", "compile", "pyproject.toml", "--quiet"]
        command += ["--universal", "--python-version", "3.11", *options, "-o", str(again)]
        try:
            done = _run(command)
        except subprocess.TimeoutExpired:
            print(f"requirements/{name}.txt not checked: no answer from the package index")
            return True
        if done.returncode and UNREACHABLE.search(done.stderr):
            print(f"requirements/{name}.txt not checked: {_last_line(done.stderr)}")
            return True
        differing = set(_pins(lock)) ^ set(_pins(again)) if not done.returncode else set()
    if done.returncode or differing:
        print(done.stderr, *sorted(differing), sep="\n", file=sys.stderr)
        print(f"requirements/{name}.txt is not what pyproject.toml asks for: run `make lock`")
        return False
    print(f"requirements/{name}.txt is up to date")
    return True


def _pins(lock: Path) -> list[str]:
    lines = lock.read_text(encoding="utf-8").splitlines()
    return [line.removesuffix("\\").strip() for line in lines if line[:1].isalnum()]


def production() -> dict[str, str]:
    """A complete environment as an operator would write it; nothing answers at its addresses."""
    inherited = {name: value for name, value in os.environ.items() if name not in CONTRACT}
    return inherited | {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "PIN_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "DATABASE_URL": "postgresql://shop:secret@database.example/shop",
        "REDIS_URL": "redis://queue.example/0",
        "EMAIL_URL": "submission://shop:secret@mail.example:587",
        "SITE_URL": "https://shop.example",
        "ALLOWED_HOSTS": "shop.example",
        "PARTNER_API_URL": "https://partner.example/api",
        "PARTNER_API_TOKEN": secrets.token_urlsafe(32),
        "PARTNER_API_SECRET": secrets.token_urlsafe(32),
        "PAYMENT_PROVIDER": "stripe",
        # Built here so that no scanner takes them for keys that leaked.
        "STRIPE_SECRET_KEY": "_".join(["sk", "live", secrets.token_hex(16)]),
        "STRIPE_WEBHOOK_SECRET": "_".join(["whsec", secrets.token_hex(16)]),
    }


def _manage(environment: dict[str, str], *words: str) -> bool:
    command = [sys.executable, "manage.py", *words]
    return subprocess.run(command, cwd=services.ROOT, env=environment).returncode == 0  # noqa: PLW1510, S603  its code is the answer


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own words
        command,
        cwd=services.ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def _last_line(text: str) -> str:
    return (text.strip().splitlines() or ["it said nothing"])[-1].strip()


CHECKS: dict[str, Callable[[], bool]] = {
    check.__name__: check for check in (migrations, deploy, locks, audit)
}

if __name__ == "__main__":
    results = [CHECKS[name]() for name in sys.argv[1:]]
    sys.exit(not all(results))
