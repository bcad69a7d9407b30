"""Time as an argument: the one place that reads the machine's clock."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

Clock = Callable[[], datetime]
"""Tells the time, aware and in UTC."""


def system() -> datetime:
    """The machine's own time."""
    return datetime.now(UTC)


def starting_at(start: datetime | None) -> Clock:
    """A clock that shows `start` now and runs on from there; the machine's own for None."""
    if start is None:
        return system
    began = time.monotonic()
    return lambda: start + timedelta(seconds=time.monotonic() - began)
