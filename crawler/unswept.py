"""A pause of Python's search for garbage while something large is made."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def unswept() -> Iterator[None]:
    """Look for no unreachable cycles meanwhile: for what is made of many small parts, all of which are to stay.

    Each part that is made brings the next search nearer, and each search walks all of them again: a third of the time
    in which a catalogue is read and compiled. Reference counts free what they always free. A pause inside a pause ends
    with the outer one.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
