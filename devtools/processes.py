"""Finding and ending processes by what they are, not only by a number that may have been reused."""

import time
from collections.abc import Iterable
from pathlib import Path

import psutil


def running(pid_file: Path, *, mentions: Path) -> psutil.Process | None:
    """The process whose id stands in the file's first line, if it is alive and is the one we mean.

    After a crash or a reboot the number may belong to somebody else; the one we mean has the path
    `mentions` in its command line.
    """
    try:
        pid = int(pid_file.read_text(encoding="utf-8").split("\n", 1)[0])
        process = psutil.Process(pid)
        command = process.cmdline()
    except (FileNotFoundError, ValueError, psutil.Error):
        return None
    return process if any(str(mentions) in word for word in command) else None


def end(wanted: Iterable[psutil.Process], *, patience: float) -> None:
    """Ask them to stop, wait up to `patience` seconds, then kill what is left."""
    processes = list(wanted)
    for process in processes:
        _signal(process, "terminate")
    for process in wait(processes, seconds=patience):
        _signal(process, "kill")
    wait(processes, seconds=5)


def wait(processes: Iterable[psutil.Process], *, seconds: float) -> list[psutil.Process]:
    """Those still alive after so many seconds at most.

    A process that ended but was not collected by its parent counts as gone: in a container that
    parent often never collects anybody.
    """
    left = [process for process in processes if _is_alive(process)]
    deadline = time.monotonic() + seconds
    while left and time.monotonic() < deadline:
        time.sleep(0.02)
        left = [process for process in left if _is_alive(process)]
    return left


def _is_alive(process: psutil.Process) -> bool:
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def _signal(process: psutil.Process, name: str) -> None:
    try:
        getattr(process, name)()
    except psutil.NoSuchProcess:
        return
