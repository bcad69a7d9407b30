"""Time as an argument: the one place that reads the machine's clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Tells the time, aware, in UTC, to the millisecond that the archive keeps."""


def system() -> datetime:
    """The machine's own time."""
    return _to_the_millisecond(datetime.now(UTC))


def _to_the_millisecond(at: datetime) -> datetime:
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def starting_at(start: datetime | None) -> Clock:
    """A clock that shows `start` now and runs on from there; the machine's own for None."""
    if start is None:
        return system
    began = time.monotonic()
    return lambda: _to_the_millisecond(start + timedelta(seconds=time.monotonic() - began))
