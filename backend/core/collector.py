"""Python's cycle collector, held off while a great many plain objects are made.

Rows, values and records make no cycles, but their number sets the collector off again and again,
each time walking everything there is: half the time of a large import.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def held_off() -> Iterator[None]:
    """No cycle collection within; as it was after."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
