"""The environment `make run` gives the shop: what the caller set, and a working value for the rest.

Secrets are made once and kept in `.kiosk/secrets.json`, else a second start could not read what the
first one sealed. Must not know: how the processes are run.
"""

import json
import os
import secrets
import socket
from base64 import urlsafe_b64encode
from collections.abc import Callable
from pathlib import Path

from devtools import services

HOST = "127.0.0.1"
MADE_ONCE: dict[str, Callable[[], str]] = {
    "SECRET_KEY": lambda: secrets.token_urlsafe(50),
    "PIN_KEYS": lambda: urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    "PARTNER_API_TOKEN": lambda: secrets.token_urlsafe(32),
    "PARTNER_API_SECRET": lambda: secrets.token_urlsafe(32),
}
# Names the runner adds to the contract's for the processes it starts.
PORT, SANDBOX_PORT, RUN_OF = "PORT", "SANDBOX_PORT", "KIOSK_RUN_OF"


class PortTakenError(RuntimeError):
    """The port the caller asked for by name is not free."""


def environment() -> dict[str, str]:
    """All variables of the shop's processes; embedded servers are started for what is not set.

    `SANDBOX_PORT` is in it only when the sandbox partner is wanted, that is, unless the caller
    named a partner.
    """
    own = dict(os.environ)
    port = _port(PORT, 8000)
    defaults = {
        **kept_secrets(services.STATE / "secrets.json"),
        PORT: port,
        "DEMO": "1",
        "PAYMENT_PROVIDER": "demo",
        "SITE_URL": f"http://{HOST}:{port}",
        RUN_OF: str(services.STATE),
    }
    if not own.get("PARTNER_API_URL"):
        defaults[SANDBOX_PORT] = _port(SANDBOX_PORT, 8001, taken=port)
        defaults["PARTNER_API_URL"] = f"http://{HOST}:{defaults[SANDBOX_PORT]}"
    if not own.get("DATABASE_URL"):
        defaults["DATABASE_URL"] = services.ensure_database("run")
    if not own.get("REDIS_URL"):
        defaults["REDIS_URL"] = services.ensure_broker("run")
    return defaults | {name: value for name, value in own.items() if value or name not in defaults}


def write(path: Path, variables: dict[str, str]) -> None:
    """For `devtools.live`. Readable by its owner only, for it holds secrets."""
    _write_privately(path, "".join(f"{name}={value}\n" for name, value in variables.items()))


def kept_secrets(path: Path) -> dict[str, str]:
    """The secrets of this checkout by variable, made when they are first asked for."""
    kept: dict[str, str] = {}
    if path.exists():
        kept = json.loads(path.read_text(encoding="utf-8"))
    if missing := MADE_ONCE.keys() - kept.keys():
        kept |= {name: MADE_ONCE[name]() for name in missing}
        _write_privately(path, json.dumps(kept, indent=1))
    return kept


def _write_privately(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _port(name: str, preferred: int, *, taken: str = "") -> str:
    """The port the caller names, which must be free, or one near the preferred one."""
    if wanted := os.environ.get(name):
        if not is_free(int(wanted)):
            raise PortTakenError(f"{name}={wanted}: that port is not free")
        return wanted
    return str(free_port(preferred, taken=taken))


def free_port(preferred: int, *, taken: str = "") -> int:
    """The preferred port, or the next free one in steps of ten."""
    for port in range(preferred, preferred + 1000, 10):
        if str(port) != taken and is_free(port):
            return port
    raise PortTakenError(f"no free port found from {preferred} on")


def is_free(port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as probe:
        # As servers do: a port whose last connections still linger is free to listen on.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True
