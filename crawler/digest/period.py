"""What period a day's digest covers: every change is in exactly one digest, whenever digests are made. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from storage.records import Digest

BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Period:
    from_at: datetime
    to_at: datetime


def period(day: date, today: date, zone: ZoneInfo, made: Digest | None, before: Digest | None, now: datetime) -> Period:
    """The period of a day's digest.

    `made`: the digest of that day, when there is one already; a past one keeps its period for ever.
    `before`: the newest digest of an earlier day; None: this is the first, and takes all there is.
    Today's reaches up to now; a past day's to the end of that day.
    """
    if made is not None and day != today:
        return Period(made.from_at, made.to_at)
    start = made.from_at if made else before.to_at if before else BEGINNING
    end = now if day == today else datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    return Period(start, max(start, end))
