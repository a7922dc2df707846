"""Finding and ending processes by what they are, not only by a number that may have been reused."""

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


def end(processes: list[psutil.Process], *, patience: float) -> None:
    """Ask them to stop, wait up to `patience` seconds, then kill what is left."""
    for process in processes:
        _signal(process, "terminate")
    _, stubborn = psutil.wait_procs(processes, timeout=patience)
    for process in stubborn:
        _signal(process, "kill")
    psutil.wait_procs(stubborn, timeout=5)


def _signal(process: psutil.Process, name: str) -> None:
    try:
        getattr(process, name)()
    except psutil.NoSuchProcess:
        return
