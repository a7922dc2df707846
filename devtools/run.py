"""`make run`: the whole shop on this machine, as the processes production has (ADR 0005).

Embedded servers first, then whatever must happen before the shop can open, then web, worker, beat
and the sandbox partner side by side until one of them or the person at the keyboard stops.
"""

import fcntl
import os
import shlex
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from honcho.manager import Manager
from honcho.printer import Message, Printer

from devtools import guard, processes, services, shop
from devtools.live import CONTRACT

OPENING_SECONDS = 90
PYTHON = shlex.quote(sys.executable)


def main() -> int:
    """Run until stopped. Returns 0 when somebody asked for the end, else what failed."""
    mine = _only_one()
    if mine is None:
        print("This checkout's shop is running already.", _address(), file=sys.stderr)
        return 1
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    processes.end(guard.started_by(services.STATE), patience=10)  # of a run whose guard died too
    started = time.monotonic()
    try:
        print("Starting the database and the queue ...", flush=True)
        variables = shop.environment()
        with _guarded(mine):
            _prepare(variables)
            print(f"Ready to open after {time.monotonic() - started:.1f} s.", flush=True)
            return _serve(variables)
    except KeyboardInterrupt:
        return 0
    except (services.ServiceError, shop.PortTakenError, subprocess.CalledProcessError) as error:
        print(f"The shop could not start: {error}", file=sys.stderr)
        return 1


def _only_one() -> int | None:
    """A lock for as long as we live. It is tried a few times: others look at it for an instant."""
    for _ in range(5):
        held = services.lock(services.STATE / "runner.lock", fcntl.LOCK_EX | fcntl.LOCK_NB)
        if held is not None:
            return held
        time.sleep(0.1)
    return None


def _address() -> str:
    environment = services.STATE / "run.env"
    lines = environment.read_text(encoding="utf-8").splitlines() if environment.exists() else []
    return next((line for line in lines if line.startswith("SITE_URL=")), "").partition("=")[2]


@contextmanager
def _guarded(runner_lock: int) -> Iterator[None]:
    """Whatever happens inside, or to us, nothing we started stays behind."""
    reading, writing = os.pipe()
    watcher = subprocess.Popen(  # noqa: S603  our own module
        [sys.executable, "-m", "devtools.guard", str(services.STATE)],
        cwd=services.ROOT,
        stdin=reading,
        pass_fds=services.held(),  # the servers stay up until it is done
        start_new_session=True,
    )
    os.close(reading)
    # The runner's forks live on when it is killed; holding its ends, they would pass for it.
    mine = [writing, runner_lock, *services.held()]
    os.register_at_fork(after_in_child=lambda: _close(mine))
    try:
        yield
    finally:
        os.close(writing)
        watcher.wait()
        if not services.release("run"):
            print("The embedded servers stay up: another command of this checkout uses them.")


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


def _prepare(variables: dict[str, str]) -> None:
    print("Preparing the shop ...", flush=True)
    command = [sys.executable, "-m", "devtools.prepare", "database"]
    subprocess.run(command, cwd=services.ROOT, env=variables, check=True)  # noqa: S603  ours
    contract = {name: variables[name] for name in CONTRACT if name in variables}
    shop.write(services.STATE / "run.env", contract)


def commands(variables: dict[str, str], *, catalog_is_empty: bool) -> dict[str, str]:
    """The processes by name, as shell commands that become the process itself."""
    site = variables["SITE_URL"].rstrip("/")
    sandbox = shlex.quote(str(services.STATE / "run" / "sandbox.json"))
    # As root celery warns, at length, about a serializer we do not use.
    celery = f"exec {PYTHON} -W ignore::UserWarning:celery.platforms -m celery -q -A storefront"
    fill = f"{PYTHON} -m devtools.prepare catalog && " if catalog_is_empty else ""
    found = {
        "web": f"{fill}exec {PYTHON} -m gunicorn storefront.wsgi --preload --workers 2 --threads 4"
        f" --bind {shop.HOST}:{variables[shop.PORT]} --log-level warning --graceful-timeout 3",
        "worker": f"{celery} worker --loglevel warning --concurrency 4"
        " --without-gossip --without-mingle --without-heartbeat",
        "beat": f"{celery} beat --loglevel warning",
    }
    if port := variables.get(shop.SANDBOX_PORT):
        found["partner"] = (
            f"exec {PYTHON} -m partner_api.sandbox --port {port} --state {sandbox}"
            f" --webhook-url {shlex.quote(site + '/webhooks/partner/')}"
        )
    return found


class Screen(Printer):  # type: ignore[misc]  # honcho has no types
    """Shows and keeps the processes' lines; on the first one it starts the greeter.

    Not earlier, because the first line comes when all processes have been forked, and forking a
    program that has threads is asking for trouble.
    """

    def __init__(self, kept: TextIO, greeter: threading.Thread) -> None:
        super().__init__(sys.stdout)
        self.kept = Printer(kept)
        self.greeter = greeter
        self.first_to_stop = ""

    def write(self, message: Message) -> None:
        if self.greeter.ident is None:
            self.greeter.start()
        self.kept.width = self.width
        self.kept.write(message)
        if message.name != "system":
            super().write(message)
        elif " stopped " in message.data and not self.first_to_stop:
            self.first_to_stop = message.data.strip()


def _serve(variables: dict[str, str]) -> int:
    run = services.STATE / "run"
    stopping = threading.Event()
    greeter = threading.Thread(target=_greet, args=(variables, run, stopping), daemon=True)
    with (run / "shop.log").open("w", encoding="utf-8") as kept:
        screen = Screen(kept, greeter)
        manager = Manager(screen)
        empty = (run / "catalog-is-empty").exists()
        for name, command in commands(variables, catalog_is_empty=empty).items():
            manager.add_process(name, command, env=variables, cwd=str(services.ROOT))
        manager.loop()
    stopping.set()
    if manager.returncode in {130, 143}:  # SIGINT, SIGTERM: what we were asked to do
        print("\nThe shop is closed; its data stay in .kiosk/.", flush=True)
        return 0
    print(
        f"\nThe shop was stopped because one of its processes ended: {screen.first_to_stop}.\n"
        f"The lines above say why; they are also in {kept.name}.",
        file=sys.stderr,
        flush=True,
    )
    return 1


def _greet(variables: dict[str, str], run: Path, stopping: threading.Event) -> None:
    """Once the shop answers, say where; then see to it that we do not outlive `make`."""
    parent = os.getppid()
    health = f"http://{shop.HOST}:{variables[shop.PORT]}/health/live"
    deadline = time.monotonic() + OPENING_SECONDS
    while not stopping.wait(0.1) and time.monotonic() < deadline:
        if _answers(health):
            print(_greeting(variables, (run / "logins").read_text(encoding="utf-8")), flush=True)
            break
    while "MAKELEVEL" in os.environ and not stopping.wait(0.5):
        if os.getppid() != parent:  # make was killed, and nobody else can stop us any more
            os.kill(os.getpid(), signal.SIGTERM)
            return


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310  our own http address
            return bool(answer.status == 200)
    except OSError:
        return False


def _greeting(variables: dict[str, str], logins: str) -> str:
    site = variables["SITE_URL"].rstrip("/")
    places = {"Shop": f"{site}/", "Staff": f"{site}/admin/"}
    if not variables.get("EMAIL_URL"):
        places["Mails it sent"] = f"{site}/demo/mail/"
    if port := variables.get(shop.SANDBOX_PORT):
        places["Sandbox partner"] = f"http://{shop.HOST}:{port}/_control/"
    lines = [f"{name:<17}{address}" for name, address in places.items()]
    lines += ["", "Demo logins", *(f"  {line}" for line in logins.strip().splitlines())]
    lines += ["", "Ctrl-C closes the shop; its data stay in .kiosk/."]
    rule = "-" * 72
    return "\n".join(["", rule, *(f"  {line}".rstrip() for line in lines), rule, ""])


if __name__ == "__main__":
    sys.exit(main())
