"""The standing of each trigger, from what the catalogue expects and the archive has seen.

triggers ─ expected ─▶ sources ┐
archive ─ looks, sightings ────┴─ coverage.standings ─▶ the board
"""

from __future__ import annotations

from datetime import datetime, timedelta

from crawler import coverage
from crawler.catalogue import Catalogue, SourceEntry
from crawler.catalogue.values import duration
from crawler.digest import events
from crawler.match.model import Trigger
from storage.archive import Archive
from storage.records import Sighting

MOST = 2_000
"""Changes that are told apart by event; of more, each counts for itself."""


def board(
    archive: Archive,
    catalogue: Catalogue,
    to_at: datetime,
    *,
    days: float = coverage.DAYS,
    new_since: datetime | None = None,
) -> coverage.Board:
    """The board of the `days` before `to_at`; `new_since`: evidence since then counts as new."""
    began = archive.first_attempt() or to_at
    from_at = min(max(to_at - timedelta(days=days), began), to_at)
    looks = archive.looks(from_at, to_at)
    used = archive.triggers_used()
    indicators = [
        _indicator(trigger, catalogue, looks, used.get(trigger.id, to_at) if used else None)
        for trigger in catalogue.assessment.triggers
    ]
    sightings = archive.sightings(from_at, to_at)
    rows = coverage.standings(
        indicators, sightings, from_at, to_at, new_since=new_since, events=_events(archive, indicators, sightings)
    )
    beyond = tuple((each.statement, each.reason) for each in catalogue.assessment.not_observable)
    return coverage.Board(from_at=from_at, to_at=to_at, rows=rows, beyond=beyond)


def expected(trigger: Trigger, catalogue: Catalogue) -> tuple[SourceEntry, ...]:
    """The sources where a trigger would be seen first: those whose id or tag it names, each once."""
    names = set(trigger.expected)
    return tuple(entry for entry in catalogue.sources if names & {entry.id, *entry.tags})


def _events(archive: Archive, indicators: list[coverage.Indicator], sightings: list[Sighting]) -> dict[int, int]:
    """The event that each change which speaks tells of, by the change; by the digest's own measure."""
    thresholds = {each.id: each.threshold for each in indicators}
    telling = {
        sighting.change_id
        for sighting in sightings
        if sighting.trigger_id in thresholds and coverage.speaks(sighting, thresholds[sighting.trigger_id])
    }
    return events(archive.findings_among(sorted(telling))) if 1 < len(telling) <= MOST else {}


def _indicator(
    trigger: Trigger, catalogue: Catalogue, looks: dict[str, dict], since_at: datetime | None
) -> coverage.Indicator:
    own = duration(trigger.tolerance) if trigger.tolerance else None
    return coverage.Indicator(
        id=trigger.id,
        title=trigger.title,
        direction=trigger.direction,
        priority=trigger.priority,
        threshold=trigger.threshold,
        not_observable=trigger.not_observable,
        since_at=since_at,
        expected=tuple(
            coverage.Witness(
                id=entry.id,
                title=entry.title,
                role=entry.role,
                language=entry.language,
                tolerance=own or entry.tolerance,
                why_not=entry.why,
                addresses=tuple(tuple(each) for each in looks.get(entry.id, {}).values()),
            )
            for entry in expected(trigger, catalogue)
        ),
    )
