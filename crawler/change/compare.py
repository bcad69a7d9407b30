"""A new text of a document against all that is known of it.

text + History -> trust -> differences -> noise, fixed and learned -> returns -> hunks -> significance -> Comparison
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from crawler.change import beside, diff, memory, noise, significance, title, trust
from crawler.change.form import fold, line_id, lines_of, text_id
from storage.records import Change, ChangeKind, Health, History, Hunk, HunkKind, Line, Part, Version

_DIGITS = re.compile(r"\d+(?:[.,:]\d+)*")
MOST_HUNKS = 500
"""Hunks kept of one change; the rest is counted in its reasons."""
MOST_BESIDE = 20
"""Hunks kept of a change that is nothing but noise outside the main text."""


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
    """Compare what a document shows now with its history.

    `health` other than OK: not believed to be this document's text; nothing is recorded but `memory`, which lets a
    second look that agrees confirm it. `baseline`: a document never seen before is dated history, not news.
    """
    look = _Look(text, history, seen_at, capture_id)
    if history.current is None:
        kind = ChangeKind.FIRST if baseline else ChangeKind.NEW
        return look.result(version=look.version, change=look.change(kind, ()))
    same = (text.main, text.full) == (history.current.main, history.current.full) and look.title is None
    if same and not memory.waiting(history.memory):
        look.memory.looks += 1
        look.memory.unsure = None
        return look.result(known_version_id=history.current.id)
    old = diff.side(history.current.main, history.current.full)
    new = diff.side(text.main, text.full)
    look.memory.looks += 1
    doubted = trust.doubt(
        old,
        new,
        titles=(history.current.title, text.title),
        languages=(history.current.language, text.language),
        extractors=(history.current.extractor, text.extractor),
    )
    if doubted is not None and not trust.agrees(look.memory.unsure or (), new):
        look.memory.unsure = trust.signature(new)
        return Comparison(health=doubted[0], detail=doubted[1], memory=memory.dump(look.memory))
    look.memory.unsure = None
    return look.compared(old, new)


class _Look:
    """One comparison on its way."""

    def __init__(self, text: Shown, history: History, seen_at: datetime, capture_id: int | None) -> None:
        self.text, self.history, self.seen_at, self.capture_id = text, history, seen_at, capture_id
        self.memory = memory.load(history.memory)
        self.title = title.difference(history.document.title if history.document else None, text.title)
        self._gone, self._extra = frozenset(self.memory.gone), frozenset(self.memory.extra)
        self.version = Version(
            document_id=history.document.id if history.document else None,
            capture_id=capture_id,
            sha256=text_id(f for f in map(fold, text.main.split("\n")) if f),
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

    def compared(self, old: diff.Side, new: diff.Side) -> Comparison:
        current = self.history.current
        known = next((v for v in self.history.variants if v.sha256 == self.version.sha256), None)
        fresh = known is None and self.version.sha256 != current.sha256
        back = known is not None and self.version.sha256 != current.sha256
        stayed = self._confirmed(new)
        hunks = self._hunks(old, new, back=back)
        returned = [h for h in hunks if h.noise in (noise.SHOWN_BEFORE, noise.AS_BEFORE)]
        if returned:
            self._wait(returned, new)
        if fresh or back:
            self.memory.gone, self.memory.extra = [], []
        change = self._told([*self._titled(hunks, new), *stayed, *hunks], back=back, returned=bool(returned))
        return self.result(
            version=self.version if fresh else None,
            known_version_id=None if fresh else (known.version_id if known else current.id),
            change=change,
        )

    def _titled(self, hunks: Sequence[Hunk], shown: diff.Side) -> list[Hunk]:
        """The title that became another, unless a heading tells the same."""
        if self.title is None or any(h.new and fold(h.new) == self.title.new.folded for h in hunks):
            return []
        seen = self.history.ledger.get(line_id(self.title.new.folded))
        name = title.rule_of(self.title, shown) or (noise.SHOWN_BEFORE if seen is not None and seen.here else None)
        return [replace(self._hunk(0, self.title, name), part=Part.TITLE)]

    def _told(self, hunks: list[Hunk], *, back: bool, returned: bool) -> Change | None:
        """The change to tell of: news, a return not yet known to alternate, noise in the main text, or none."""
        if any(h.noise is None for h in hunks):
            return self.change(ChangeKind.CHANGED, hunks)
        if back or returned:
            self.memory.returns += 1
            if self.memory.flapping:
                return None
            self.memory.flapping = self.memory.returns >= memory.FLAPS
            reasons = ("shows a text again that it has shown before",)
            if self.memory.flapping:
                reasons = ("alternates between texts it has shown before; told once",)
            return replace(self.change(ChangeKind.RETURNED, hunks), reasons=reasons)
        if any(h.part is not Part.REST for h in hunks):
            return self.change(ChangeKind.CHANGED, hunks)
        # recorded and marked, so that it can be asked why nothing was told
        return self.change(ChangeKind.CHANGED, hunks[:MOST_BESIDE]) if hunks else None

    def _hunks(self, old: diff.Side, new: diff.Side, *, back: bool) -> list[Hunk]:
        everything = diff.differences(old, new)
        found = [d for d in everything if not self._dealt_with(d)]
        self.memory.gone = [line_id(d.old.folded) for d in everything if d.old and not d.recurs]
        self.memory.extra = [line_id(d.new.folded) for d in everything if d.new and not d.recurs]
        restamped = noise.restamped(found, lambda d: max(1, old.counts[d.old.folded], new.counts[d.new.folded]))
        hunks = []
        for position, difference in enumerate(found[:MOST_HUNKS]):
            name = noise.RESTAMPED if position in restamped else noise.rule_of(difference)
            if name is None and difference.furniture and not beside.says_something_new(difference):
                name = noise.FURNITURE
            name = self._learned(difference, name, back)
            hunks.append(self._hunk(position, difference, name))
        return hunks

    def _dealt_with(self, difference: diff.Difference) -> bool:
        """Whether the last look differed from the current version in the same: text outside the main text only."""
        if difference.recurs:
            return False
        old, new = difference.old, difference.new
        return (old is None or line_id(old.folded) in self._gone) and (
            new is None or line_id(new.folded) in self._extra
        )

    def _learned(self, difference: diff.Difference, name: str | None, back: bool) -> str | None:
        """What this document's own past says of a difference; remembers it."""
        old = line_id(difference.old.folded) if difference.old else None
        new = line_id(difference.new.folded) if difference.new else None
        slot = _slot(difference)
        if slot:
            self.memory.differs(slot)
        if difference.recurs:
            known = self.memory.counted(old or new, difference.counts)
            return name or (noise.SHOWN_BEFORE if back or known else None)
        seen = self.history.ledger.get(new) if new else None
        here = seen is not None and seen.here
        later = old is not None and old in self.memory.toggles
        for line in (old, new):
            if line:
                self.memory.toggled(line)
        if name is None and slot and self.memory.restless(slot):
            return noise.LEARNED
        if name is None and (here or (back and new)):
            return noise.SHOWN_BEFORE
        if name is None and new is None and (back or later):
            return noise.AS_BEFORE
        return name

    def _hunk(self, position: int, difference: diff.Difference, name: str | None) -> Hunk:
        old, new = difference.old, difference.new
        spot = new or old
        seen = self.history.ledger.get(line_id(new.folded)) if new else None
        return Hunk(
            position=position,
            kind=HunkKind.ADDED if old is None else HunkKind.REMOVED if new is None else HunkKind.EDITED,
            part=Part.MAIN if difference.main else Part.REST,
            old=old.text if old else None,
            new=new.text if new else None,
            heading=spot.heading,
            before=spot.before,
            noise=name,
            first_seen_at=seen.first_seen_at if seen else None,
        )

    def _wait(self, hunks: list[Hunk], shown: diff.Side) -> None:
        """Remember a return, to tell of it when it stays; one that alternates by habit is not waited for."""
        known = {(row[4], row[5]) for row in self.memory.pending}
        for h in hunks:
            told = (_cut(h.old), _cut(h.new))
            if not self._flaps(h) and told not in known:
                times = shown.counts.get(fold(h.new or h.old or ""), 0)
                row = [self.memory.looks, times, h.kind, h.part, *told, _cut(h.heading), _cut(h.before)]
                self.memory.pending.append(row)
        del self.memory.pending[memory.MOST_PENDING :]

    def _flaps(self, hunk: Hunk) -> bool:
        lines = [line_id(fold(text)) for text in (hunk.old, hunk.new) if text]
        return all(self.memory.toggles.get(line, 0) > memory.FLAPS for line in lines)

    def _confirmed(self, new: diff.Side) -> list[Hunk]:
        """The hunks of returns that have stayed for two further looks: news after all. Others may alternate beside."""
        told, waiting = [], []
        for row in self.memory.pending:
            look, times, kind, part, old, text, heading, before = row
            line = fold(text or old or "")
            if (line in new.folds) is not bool(text) and not times:
                continue
            if times is not None and new.counts.get(line, 0) != times:
                continue
            if self.memory.looks - look < memory.STAYED:
                waiting.append(row)
                continue
            kinds = {"kind": HunkKind(kind), "part": Part(part)}
            told.append(Hunk(position=0, **kinds, old=old, new=text, heading=heading, before=before))
        self.memory.pending = waiting
        return told

    def change(self, kind: ChangeKind, hunks: Sequence[Hunk]) -> Change:
        hunks = tuple(replace(h, position=position) for position, h in enumerate(hunks))
        weight, parts = significance.weigh(hunks, main_size=len(self.text.main))
        real = [h for h in hunks if h.noise is None]
        return Change(
            document_id=self.version.document_id,
            capture_id=self.capture_id,
            kind=kind,
            old_version_id=self.history.current.id if self.history.current else None,
            seen_at=self.seen_at,
            significance=weight,
            parts=parts,
            outside_main=bool(hunks) and all(h.part is Part.REST for h in real or hunks),
            hunks=hunks,
        )

    def result(self, **found) -> Comparison:
        lines = lines_of(self.text.main, self.text.full, self.text.title)
        return Comparison(lines=lines, memory=memory.dump(self.memory), **found)


def _slot(difference: diff.Difference) -> str | None:
    """The place of a difference, for learning: a line of which only numbers differ, or, outside the main text, what
    stands after the same line."""
    old, new = difference.old, difference.new
    if old and new:
        left, right = _DIGITS.sub("0", old.folded), _DIGITS.sub("0", new.folded)
        if left == right:
            return "n" + line_id(left)
    if difference.main or difference.recurs:
        return None
    spot = new or old
    return "p" + line_id(_DIGITS.sub("0", fold(f"{spot.heading} {spot.before}")))


def _cut(text: str | None) -> str | None:
    return text[: memory.LONGEST] if text else text
