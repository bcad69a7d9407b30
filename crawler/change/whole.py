"""A document that is new as a whole: every line of it is an addition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crawler.change.diff import side
from storage.records import Hunk, HunkKind, Line, LineSeen, Part


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


def unseen(
    main: str, full: str, title: str | None, lines: Iterable[Line], ledger: Mapping[str, LineSeen]
) -> tuple[Hunk, ...]:
    """Give those lines of a text, with its title, that its document has never shown; `ledger`: by fold."""
    new = {line.text for line in lines if (seen := ledger.get(line.fold)) is None or not seen.here}
    return tuple(hunk for hunk in as_added(main, full, title) if hunk.new in new) if new else ()
