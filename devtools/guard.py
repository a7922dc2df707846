"""Ends what a runner started, once the runner is gone, whatever became of it.

The runner holds the other end of our standard input. When it ends, even by kill -9, the kernel
closes that end, and we end every process that carries its mark. Must not know: which those are.
"""

import sys
from pathlib import Path

import psutil

from devtools import processes
from devtools.shop import RUN_OF

PATIENCE_SECONDS = 10


def started_by(state: Path) -> list[psutil.Process]:
    """Every living process a runner of this checkout started, and their children.

    They are known by a variable of their environment, which children inherit and a number that was
    reused does not have.
    """
    return [process for process in psutil.process_iter() if _mark(process) == str(state)]


def _mark(process: psutil.Process) -> str:
    try:
        return str(process.environ().get(RUN_OF, ""))
    except psutil.Error:  # it ended meanwhile, or is not ours to read
        return ""


def main(state: Path) -> None:
    sys.stdin.buffer.read()
    processes.end(started_by(state), patience=PATIENCE_SECONDS)
    (state / "run.env").unlink(missing_ok=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
