"""How well the sources are watched: their health, the looks at them, what was sighted."""

from __future__ import annotations

from datetime import datetime

from storage.records.asking import Source
from storage.records.form import record
from storage.records.words import Assertion, ChangeKind, Level, Verdict


@record
class SourceHealth:
    """How well a source could be watched, as of a moment."""

    source: Source
    asked: int
    """Attempts in the period."""
    looked: int
    """Attempts in the period after which we knew what the source says (captured and readable, unchanged, gone)."""
    last_asked_at: datetime | None = None
    last_looked_at: datetime | None = None
    """None: never reached."""
    failing_since: datetime | None = None
    """First of the failures since the last good look; None: not failing."""
    outcome: str | None = None
    """Outcome of the newest attempt, or the health of its reading when that was bad."""
    detail: str | None = None
    last_news_at: datetime | None = None
    """Newest change of kind new or changed that is not noise; None: none since the baseline."""
    usual_gap_seconds: float | None = None
    """Median time between its news; None: too few to say."""
    quiet: bool = False
    """Silent for more than three times its usual gap."""
    due_at: datetime | None = None


@record
class Look:
    """One attempt at an address of the catalogue, and whether it showed what stands there."""

    source_id: str
    url: str
    at: datetime
    good: bool
    """Captured and readable, or unchanged. Not: an address that has gone, for nothing would be seen there."""
    outcome: str
    """Outcome of the attempt, or the health of its reading when that was bad."""
    detail: str | None = None


@record
class Sighting:
    """A match with what decides whether it is evidence."""

    match_id: int
    change_id: int
    trigger_id: str
    source_id: str
    at: datetime
    """When the change was seen."""
    kind: ChangeKind
    level: Level
    assertion: Assertion
    score: float
    against: bool = False
    known: bool = False
    verdict: Verdict | None = None
    """A person's newest word on the match or its change; None: not reviewed."""
