"""Enums in words, times and counts as a reader wants them."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from storage.records import Assertion, ChangeKind, Direction, Health, Outcome

DIRECTIONS = {
    Direction.UPWARD: "upward",
    Direction.DOWNWARD: "downward",
    Direction.ABSENCE: "absence broken",
    Direction.ASSUMPTION: "on an assumption",
}
"""In the order of the digest."""

ASSERTIONS = {
    Assertion.ASSERTED: "asserted",
    Assertion.DECIDED: "decided, yet to happen",
    Assertion.REPORTED: "reported",
    Assertion.NEGATED: "denied",
    Assertion.PLANNED: "planned",
    Assertion.PROPOSED: "proposed",
    Assertion.CONDITIONAL: "conditional",
    Assertion.ASKED: "asked, not said",
    Assertion.HISTORICAL: "dated in the past",
}

KINDS = {
    ChangeKind.FIRST: "first reading",
    ChangeKind.NEW: "new page",
    ChangeKind.CHANGED: "changed",
    ChangeKind.RETURNED: "back at an earlier text",
    ChangeKind.GONE: "gone",
    ChangeKind.BACK: "there again",
    ChangeKind.MOVED: "moved to another address",
}

OUTCOMES = {
    Outcome.GONE: "the page is not there any more",
    Outcome.DISALLOWED: "robots.txt does not let us in",
    Outcome.BLOCKED: "the server refuses us",
    Outcome.REFUSED: "we refused to ask",
    Outcome.CHALLENGED: "a bot challenge instead of the page",
    Outcome.LIMITED: "asked to come later",
    Outcome.FAILED: "no usable answer",
}

HEALTHS = {
    Health.CHALLENGE: "a bot challenge instead of the page",
    Health.CONSENT: "a consent wall instead of the page",
    Health.LOGIN: "a login wall instead of the page",
    Health.SOFT_404: "says “not found” with a good status",
    Health.PARKED: "the address is parked or replaced",
    Health.SHELL: "an empty shell that needs a browser",
    Health.MAINTENANCE: "a maintenance page",
    Health.HOME: "redirected to the home page",
    Health.TRUNCATED: "the answer broke off",
    Health.SHRUNK: "much shorter than before",
    Health.LANGUAGE: "suddenly in another language",
    Health.EMPTY: "no text in it",
    Health.MALFORMED: "not what this kind of source sends",
    Health.UNSUPPORTED: "a media type we cannot read",
    Health.ERROR: "our reader failed; it will be read again",
}

LANGUAGES = {
    "zh": "Chinese",
    "en": "English",
    "ja": "Japanese",
    "ko": "Korean",
    "fr": "French",
    "de": "German",
    "es": "Spanish",
    "pt": "Portuguese",
    "it": "Italian",
    "ru": "Russian",
    "ar": "Arabic",
    "he": "Hebrew",
    "nl": "Dutch",
    "sv": "Swedish",
}

# not strftime: its names follow the locale of the process
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def count(number: int, one: str, many: str | None = None) -> str:
    """'1 source', '2,000 sources'."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def local(at: datetime, timezone: str) -> datetime:
    return at.astimezone(ZoneInfo(timezone))


def clock(at: datetime, timezone: str, date: str | None = None) -> str:
    """'08:31', with as much of the day before it as `date` (YYYY-MM-DD) does not say."""
    here = local(at, timezone)
    time = f"{here:%H:%M}"
    if date == f"{here:%Y-%m-%d}":
        return time
    year = "" if date and date[:4] == f"{here:%Y}" else f" {here.year}"
    return f"{here.day} {MONTHS[here.month - 1][:3]}{year}, {time}"


def since_when(at: datetime, now: datetime, timezone: str) -> str:
    """'14 Nov (6 days)'; with the time of day where that was less than two days before `now`."""
    today = f"{local(now, timezone):%Y-%m-%d}"
    if now - at < timedelta(days=2):
        return clock(at, timezone, today)
    return f"{on_day(at, now, timezone)} ({count((now - at).days, 'day')})"


def on_day(at: datetime, now: datetime, timezone: str) -> str:
    """'14 Nov', with the year where it is not the year of `now`."""
    here = local(at, timezone)
    year = "" if here.year == local(now, timezone).year else f" {here.year}"
    return f"{here.day} {MONTHS[here.month - 1][:3]}{year}"


def day(date: str) -> str:
    """'Friday 20 November 2026' of '2026-11-20'."""
    when = datetime.fromisoformat(date)
    return f"{DAYS[when.weekday()]} {when.day} {MONTHS[when.month - 1]} {when.year}"


def utc(at: datetime) -> str:
    """'2026-11-20 07:31:05 UTC'."""
    return f"{at.astimezone(ZoneInfo('UTC')):%Y-%m-%d %H:%M:%S} UTC"


def name_of_language(tag: str | None) -> str:
    if not tag:
        return "language not declared"
    return LANGUAGES.get(tag.split("-")[0].lower(), tag)


def covers(from_at: datetime, to_at: datetime, timezone: str) -> str:
    """'20 Nov 2026, 07:00 to …', or 'everything up to …' where there was no digest before."""
    end = clock(to_at, timezone)
    return f"everything up to {end}" if from_at.timestamp() <= 0 else f"{clock(from_at, timezone)} to {end}"
