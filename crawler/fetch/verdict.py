"""What an answer means, by its status and headers; its body is for the reading, but for the words of a refusal."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from http import HTTPStatus

from crawler.fetch.backoff import LONGEST_WORD, retry_after
from crawler.fetch.challenge import challenged
from crawler.fetch.faults import Fault
from storage.records import Outcome, Reason

REDIRECTS = frozenset({301, 302, 303, 307, 308})
PASSING = frozenset({408, 425, 500, 502, 503, 504, 520, 521, 522, 523, 524})
"""Statuses that may be over in a moment."""
LATER = frozenset({"maxlag", "ratelimited", "readonly"})
"""Errors by which a MediaWiki asks to come later."""
TOO_MUCH = re.compile(
    rb"""^\s*\{.*"message"\s*:\s*"[^"]*(?:secondary rate limit|abuse detection|rate limit exceeded)""", re.I | re.S
)
"""How GitHub words a limit that no header tells (docs.github.com: Rate limits for the REST API, exceeding)."""
LONGEST_REFUSAL = 20_000
"""Bytes; a refusal is short."""
A_WHILE = timedelta(minutes=1)
"""What that page asks for at least; each further refusal waits longer (`backoff`)."""
SECRET = frozenset({"set-cookie", "set-cookie2", "proxy-authenticate", "www-authenticate"})
"""Headers that are not kept: they let in, or track, whoever holds them."""
CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9_.:+-]{1,40})", re.IGNORECASE)
MEDIA_TYPE = re.compile(r"\s*([a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80})", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one attempt came to."""

    outcome: Outcome
    reason: Reason | None = None
    detail: str | None = None
    retry_at: datetime | None = None
    passing: bool = False
    """Worth one more try in this crawl."""

    @classmethod
    def of(cls, fault: Fault) -> Verdict:
        """Of an attempt without a usable answer."""
        return cls(outcome=fault.outcome, reason=fault.reason, detail=fault.detail, passing=fault.passing)


def judge(
    status: int, headers: Sequence[tuple[str, str]], *, conditional: bool, now: datetime, body: bytes = b""
) -> Verdict:
    """Say what an answer that is no redirect means.

    `conditional`: validators were sent, so that 304 is an answer. `body`: decoded; looked at in a 403 alone.
    """
    named: dict[str, str] = {}
    for name, value in headers:
        key = name.lower()
        named[key] = f"{named[key]}, {value}" if key in named else value
    line = status_line(status)
    if sign := challenged(status, named):
        return Verdict(outcome=Outcome.CHALLENGED, reason=Reason.CHALLENGE, detail=f"{line}; {sign}")
    later = retry_after(named.get("retry-after"), now)
    if status == 429 or (status == 503 and later):
        word = f"; Retry-After: {named.get('retry-after', 'not said')}"[:100]
        later = later or _reset(named, now)
        return Verdict(outcome=Outcome.LIMITED, reason=Reason.RETRY_AFTER, detail=line + word, retry_at=later)
    if limit := _spent(status, named, now, body):
        return replace(limit, detail=f"{line}; {limit.detail}")
    if (error := named.get("mediawiki-api-error", "").strip().lower()) in LATER:
        # MediaWiki says so with status 200 (mediawiki.org: Manual:Maxlag parameter, API:Errors and warnings)
        detail = f"{line}; MediaWiki-API-Error: {error}"
        return Verdict(outcome=Outcome.LIMITED, reason=Reason.RETRY_AFTER, detail=detail, retry_at=later)
    if status in (200, 201, 202, 203):
        return Verdict(outcome=Outcome.CAPTURED)
    if status == 304 and conditional:
        return Verdict(outcome=Outcome.UNCHANGED)
    if status in (404, 410):
        return Verdict(outcome=Outcome.GONE, reason=Reason.STATUS, detail=line)
    if status in (401, 403, 407, 451):
        return Verdict(outcome=Outcome.BLOCKED, reason=Reason.STATUS, detail=line)
    return Verdict(outcome=Outcome.FAILED, reason=Reason.STATUS, detail=line, passing=status in PASSING)


def _spent(status: int, named: Mapping[str, str], now: datetime, body: bytes) -> Verdict | None:
    """A 403 that is a limit: GitHub says so by Retry-After, by no request being left of an hour's, or in words alone
    (docs.github.com: Rate limits for the REST API)."""
    if status != 403:
        return None
    if later := retry_after(named.get("retry-after"), now):
        detail = f"Retry-After: {named['retry-after']}"[:100]
    elif named.get("x-ratelimit-remaining", "").strip() == "0":
        later = _reset(named, now)
        detail = f"no request left of {named.get('x-ratelimit-limit', '?')[:10]}"
        detail += f" until {later:%Y-%m-%d %H:%M} UTC" if later else ""
    elif len(body) <= LONGEST_REFUSAL and TOO_MUCH.match(body):
        later, detail = now + A_WHILE, "a limit, by the words of the answer"
    else:
        return None
    return Verdict(outcome=Outcome.LIMITED, reason=Reason.RETRY_AFTER, detail=detail, retry_at=later)


def _reset(named: Mapping[str, str], now: datetime) -> datetime | None:
    """When requests are allowed again, by X-RateLimit-Reset: seconds since 1970; None: not said."""
    text = named.get("x-ratelimit-reset", "").strip()
    if named.get("x-ratelimit-remaining", "").strip() != "0" or not re.fullmatch(r"[0-9]{9,11}", text):
        return None
    told = datetime.fromtimestamp(int(text), now.tzinfo)
    return min(max(told, now), now + LONGEST_WORD)


def status_line(status: int) -> str:
    """Word a status by its number; the server's own phrase is not repeated."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"status {status}"


def kept(headers: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Give the headers that a capture keeps."""
    return tuple((name, value) for name, value in headers if name.lower() not in SECRET)


def media_type(content_type: str | None) -> str | None:
    """Read type/subtype of a Content-Type in lower case; None: not said, or unreadable."""
    found = MEDIA_TYPE.match(content_type or "")
    return found.group(1).lower() if found else None


def charset(content_type: str | None) -> str | None:
    """Read the charset of a Content-Type, as declared."""
    found = CHARSET.search(content_type or "")
    return found.group(1) if found else None
