"""Values that are written as text: durations (90s, 30m, 12h, 1d, 2w), times of day (07:00) and dates (2026-11-21)."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

from crawler.catalogue.address import shown

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_DURATION = re.compile(r"(?:[0-9]{1,9}(?:\.[0-9]{1,3})?(?:ms|[smhdw]))+")
_PART = re.compile(r"([0-9.]+)(ms|[smhdw])")
DURATION_PATTERN = r"^([0-9]{1,9}(\.[0-9]{1,3})?(ms|[smhdw]))+$"
CLOCK_PATTERN = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"


def wrong(sentence: str) -> PydanticCustomError:
    """An error whose sentence is shown as it is."""
    return PydanticCustomError("said", "{sentence}", {"sentence": sentence})


def duration(value: Any) -> timedelta:
    """Read 90s, 30m, 12h, 1d, 2w or a row of them such as 1d12h."""
    if isinstance(value, timedelta):
        return value
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise wrong("must be a duration; write 90s, 30m, 12h, 1d or 2w")
    if not isinstance(value, str):
        raise wrong(
            f"{value} has no unit; write {shown_number(value)}s, {shown_number(value)}h or {shown_number(value)}d"
        )
    text = value.strip()
    if not _DURATION.fullmatch(text):
        raise wrong(f"{shown(value)} is no duration; write 90s, 30m, 12h, 1d or 2w")
    try:
        return timedelta(seconds=sum(float(number) * UNITS[unit] for number, unit in _PART.findall(text)))
    except (OverflowError, ValueError):
        raise wrong(f"{shown(value)} is longer than can be counted; write a shorter one") from None


def shown_number(value: float) -> str:
    return str(value)[:12]


def as_duration(value: timedelta) -> str:
    """Write a duration as the catalogue does: the two largest units that it needs, exactly."""
    left, out = round(value.total_seconds() * 1000), ""
    for unit in ("w", "d", "h", "m", "s", "ms"):
        size = round(UNITS[unit] * 1000)
        if unit == "w" and left % size:
            continue
        if count := left // size:
            out, left = f"{out}{count}{unit}", left - count * size
    return out or "0s"


def clock(value: Any) -> time:
    """Read HH:MM."""
    if isinstance(value, time):
        return value
    if isinstance(value, str) and re.fullmatch(CLOCK_PATTERN, value.strip()):
        return time.fromisoformat(value.strip())
    raise wrong(f"{shown(value)} is no time of day; write HH:MM, 00:00 to 23:59, such as 07:00")


def day(value: Any) -> date:
    """Read YYYY-MM-DD."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        try:
            return date.fromisoformat(value.strip())
        except ValueError:
            raise wrong(f"{shown(value)} is no day of the calendar; write YYYY-MM-DD") from None
    raise wrong(f"{shown(value)} is no date; write YYYY-MM-DD, such as 2026-11-21")


Duration = Annotated[
    timedelta,
    BeforeValidator(duration),
    PlainSerializer(as_duration),
    WithJsonSchema({"type": "string", "pattern": DURATION_PATTERN, "examples": ["90s", "30m", "12h", "1d", "2w"]}),
]
Clock = Annotated[
    time, BeforeValidator(clock), WithJsonSchema({"type": "string", "pattern": CLOCK_PATTERN, "examples": ["07:00"]})
]
Day = Annotated[date, BeforeValidator(day), WithJsonSchema({"type": "string", "format": "date"})]
