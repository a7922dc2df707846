"""What is in memory before a sync is none of its garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def set_aside() -> Iterator[None]:
    """Have the garbage collector look at nothing older than the block.

    Each page is thousands of new objects, so it looks often: at all of Django each time, that would
    be a fifth of a sync.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()
