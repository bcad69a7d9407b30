"""When to ask again: pure, so that the archive can remember it between runs.

A good look asks at the source's own pace. A failure asks sooner than that at first (a fault passes), then ever later;
a refusal asks at the source's pace at first, then ever later: asking a server again that said no is what gets an
address banned. The server's own word is a lower bound.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import sha256

from storage.records import Ask, Outcome

FIRST = timedelta(minutes=30)
"""After the first failure of a source that may be well again at once."""
SECOND_LOOK = timedelta(hours=6)
"""After a 404: the second one confirms it."""
ONCE = timedelta(days=1)
"""The pace taken for what is asked only once, until that once has succeeded."""
LONGEST = timedelta(days=7)
"""No ask waits longer for failures, unless its source's own pace is slower."""
LONGEST_WORD = timedelta(days=7)
"""A Retry-After beyond this is taken for this."""
SPREAD = 0.25
"""A wait is made up to this much longer, so that what failed together is not asked together again."""
GIVE_UP = 8
"""An item (asked once) that failed so often is asked no more."""

PATIENT = frozenset({Outcome.FAILED, Outcome.LIMITED})
"""Outcomes that may pass by themselves within the hour."""


def next_ask(
    ask: Ask, outcome: Outcome, interval: timedelta | None, now: datetime, retry_at: datetime | None, seed: str = ""
) -> Ask:
    """Give the ask as it is after an attempt: `due_at`, `failures` and `misses` updated.

    `interval`: the source's pace; None: asked until it succeeds once.
    `retry_at`: not before, by the server's word; None: it said nothing.
    `seed`: whatever the jitter shall depend on besides the ask; the same arguments give the same answer.
    """
    if outcome in (Outcome.CAPTURED, Outcome.UNCHANGED):
        return replace(ask, failures=0, misses=0, due_at=None if interval is None else now + interval)
    if outcome is Outcome.GONE:
        misses = ask.misses + 1
        if interval is None and misses >= 2:
            return replace(ask, failures=0, misses=misses, due_at=None)
        pace = interval or ONCE
        wait = min(SECOND_LOOK, pace) if misses == 1 else _grown(pace, misses - 1, pace)
        return replace(ask, failures=0, misses=misses, due_at=now + wait)
    failures = ask.failures + 1
    if interval is None and failures >= GIVE_UP:
        return replace(ask, failures=failures, due_at=None)
    pace = interval or ONCE
    first = min(FIRST, pace) if outcome in PATIENT else pace
    wait = _grown(first, failures, pace)
    wait += wait * SPREAD * _share(f"{seed}\n{ask.source_id}\n{ask.url}\n{failures}")
    due = now + wait
    return replace(ask, failures=failures, due_at=max(due, retry_at) if retry_at else due)


def _grown(first: timedelta, times: int, pace: timedelta) -> timedelta:
    """Double `first` with every time after the first one, up to the longest wait."""
    longest = max(LONGEST, pace)
    # compared before it is multiplied: a timedelta has an end
    return longest if times > 60 or 2 ** (times - 1) >= longest / first else first * 2 ** (times - 1)


def _share(seed: str) -> float:
    """A number in [0, 1) that looks random and depends on nothing but the seed."""
    return int.from_bytes(sha256(seed.encode()).digest()[:6], "big") / 2**48


def retry_after(value: str | None, now: datetime) -> datetime | None:
    """Read a Retry-After header: seconds or an HTTP date (RFC 9110, 10.2.3), capped; None: absent or unreadable."""
    text = (value or "").strip()
    if not text or len(text) > 64:
        return None
    if text.isascii() and text.isdigit():
        return now + min(timedelta(seconds=min(int(text), 10**9)), LONGEST_WORD)
    try:
        told = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if told.tzinfo is None:
        told = told.replace(tzinfo=now.tzinfo)
    return min(max(told, now), now + LONGEST_WORD)
