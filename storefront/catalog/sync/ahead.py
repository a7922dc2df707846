"""Making the next thing while this one is used: one thread, a little room, errors passed on.

It must not know what is made. The maker runs in the thread, so it must not touch the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue
from threading import Event, Thread
from typing import TypeVar

T = TypeVar("T")
# What is finished and not yet taken; with one in the making and one in use that is three.
ROOM = 1


@contextmanager
def ahead(things: Iterator[T]) -> Iterator[Iterator[T]]:
    """The same things in the same order. At the end of the block the thread has ended."""
    ready: Queue[tuple[T] | BaseException | None] = Queue(ROOM)
    left = Event()

    def make() -> None:
        try:
            for thing in things:
                ready.put((thing,))
                if left.is_set():
                    return
            ready.put(None)
        except BaseException as error:  # noqa: BLE001  it is raised again where things are taken
            ready.put(error)

    thread = Thread(target=make, name="ahead", daemon=True)
    thread.start()
    try:
        yield _taken(ready)
    finally:
        left.set()
        while thread.is_alive():  # it may wait for room
            if not ready.empty():
                ready.get_nowait()
            thread.join(1)


def _taken(ready: "Queue[tuple[T] | BaseException | None]") -> Iterator[T]:
    while (made := ready.get()) is not None:
        if isinstance(made, BaseException):
            raise made
        yield made[0]
