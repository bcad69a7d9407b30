"""A document that is new as a whole: every line of it is an addition."""

from __future__ import annotations

from crawler.change.diff import side
from storage.records import Hunk, HunkKind, Part


def as_added(main: str, full: str, title: str | None = None) -> tuple[Hunk, ...]:
    """Give every line of a text as an added hunk, the title first; for matching, not for the archive."""
    hunks = [Hunk(position=0, kind=HunkKind.ADDED, part=Part.TITLE, new=title)] if title else []
    for spot in side(main, full).spots:
        hunks.append(
            Hunk(
                position=len(hunks),
                kind=HunkKind.ADDED,
                part=Part.MAIN if spot.main else Part.REST,
                new=spot.text,
                heading=spot.heading,
                before=spot.before,
            )
        )
    return tuple(hunks)
