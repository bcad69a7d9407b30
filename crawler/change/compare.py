"""A new text of a document against all that is known of it.

text + History -> health -> the same? a known variant? -> differences -> noise -> hunks -> significance -> Comparison
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from crawler.change import diff, noise, significance
from crawler.change.form import fold, line_id, lines_of, text_id
from storage.records import Change, ChangeKind, Health, History, Hunk, HunkKind, Line, Part, Version

MOST_HUNKS = 500
"""Hunks kept of one change; the rest is counted in its reasons."""


class Shown(Protocol):
    """What a document shows at a visit; `extract.Text` is one."""

    main: str
    full: str
    title: str | None
    author: str | None
    published_raw: str | None
    published_at: datetime | None
    language: str | None
    extractor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What comparing came to, for the run to record."""

    health: Health = Health.OK
    detail: str | None = None
    """The sign by which a bad page was known."""
    version: Version | None = None
    """A text never shown before, to be recorded; None: known, or a bad page."""
    known_version_id: int | None = None
    """The known version that is shown (again), to be touched."""
    change: Change | None = None
    lines: tuple[Line, ...] = ()
    """To be touched in the ledger."""
    memory: str | None = None
    """To be kept with the document; None: leave as it is."""

    @property
    def news(self) -> bool:
        """Whether there is something to tell: not a baseline, not a return, not noise alone."""
        return self.change is not None and is_news(self.change)


def is_news(change: Change) -> bool:
    """Whether a change has anything that is not noise, a baseline or a return."""
    if change.kind in (ChangeKind.FIRST, ChangeKind.RETURNED):
        return False
    return change.kind is not ChangeKind.CHANGED or any(h.noise is None for h in change.hunks)


def compare(
    text: Shown, history: History, *, seen_at: datetime, capture_id: int | None = None, baseline: bool = False
) -> Comparison:
    """Compare what a document shows now with its history."""
    lines = lines_of(text.main, text.full, text.title)
    sha256 = text_id(f for f in map(fold, text.main.split("\n")) if f)
    document_id = history.document.id if history.document else None
    version = Version(
        document_id=document_id,
        capture_id=capture_id,
        sha256=sha256,
        title=text.title,
        author=text.author,
        published_raw=text.published_raw,
        published_at=text.published_at,
        language=text.language,
        main=text.main,
        full=text.full,
        extractor=text.extractor,
        first_seen_at=seen_at,
        last_seen_at=seen_at,
    )
    current = history.current
    if current is None:
        kind = ChangeKind.FIRST if baseline else ChangeKind.NEW
        change = _change(kind, (), version, history, capture_id, seen_at)
        return Comparison(version=version, change=change, lines=lines)
    known = next((v for v in history.variants if v.sha256 == sha256), None)
    hunks = _hunks(text, history)
    kind = ChangeKind.CHANGED
    if known is not None and sha256 != current.sha256:
        kind = ChangeKind.RETURNED
    new = known is None and sha256 != current.sha256
    change = (
        _change(kind, hunks, version, history, capture_id, seen_at) if hunks or kind is ChangeKind.RETURNED else None
    )
    return Comparison(
        version=version if new else None,
        known_version_id=None if new else (known.version_id if known else current.id),
        change=change,
        lines=lines,
    )


def _hunks(text: Shown, history: History) -> tuple[Hunk, ...]:
    current = history.current
    old, new = diff.side(current.main, current.full), diff.side(text.main, text.full)
    hunks = []
    for position, found in enumerate(diff.differences(old, new)):
        kind = HunkKind.ADDED if found.old is None else HunkKind.REMOVED if found.new is None else HunkKind.EDITED
        spot = found.new or found.old
        main = (found.new is not None and found.new.main) or (found.old is not None and found.old.main)
        seen = history.ledger.get(line_id(found.new.folded)) if found.new else None
        hunks.append(
            Hunk(
                position=position,
                kind=kind,
                part=Part.MAIN if main else Part.REST,
                old=found.old.text if found.old else None,
                new=found.new.text if found.new else None,
                heading=spot.heading,
                before=spot.before,
                noise=noise.rule_of(found)
                or ("furniture" if not main and (found.new or found.old).furniture else None),
                first_seen_at=seen.first_seen_at if seen else None,
            )
        )
    return tuple(hunks[:MOST_HUNKS])


def _change(
    kind: ChangeKind,
    hunks: tuple[Hunk, ...],
    version: Version,
    history: History,
    capture_id: int | None,
    seen_at: datetime,
) -> Change:
    weight, parts = significance.weigh(hunks, main_size=len(version.main))
    real = [h for h in hunks if h.noise is None]
    return Change(
        document_id=version.document_id,
        capture_id=capture_id,
        kind=kind,
        old_version_id=history.current.id if history.current else None,
        seen_at=seen_at,
        significance=weight,
        parts=parts,
        outside_main=bool(real) and all(h.part is Part.REST for h in real),
        hunks=hunks,
    )
