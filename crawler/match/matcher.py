"""Triggers on a change: added, removed and edited text and the title, each statement with what stands around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import lru_cache

from crawler.match.entities import Reading, Sketch, read, sketch
from crawler.match.fold import Folded, fold
from crawler.match.frames import SAID_OTHERWISE, Candidate, Engine
from crawler.match.lexicon import Lexicon
from crawler.match.model import Assessment, Side
from crawler.match.passage import Passage, Unit, keys_of, source_is_past
from crawler.match.shapes import NAME
from crawler.match.statements import Piece, split, undiff
from crawler.unswept import unswept
from storage.records import Assertion, Change, HunkKind, Match, Part

_MASKED = re.compile(f"[{NAME}]")
WORTH_KEEPING = 0.2
"""Score from which a match is recorded, though it does not fire."""
SAME = 0.5
"""Likeness from which a removed and an added statement are the same one, edited."""
DENIED = "was denied before"
GATED = 12
"""Stretches from which it pays to look at the whole before its statements."""
SHORT = 60
"""Characters of a statement whose sketch is kept."""
KEPT = 5_000
"""Sketches kept at most."""
MANY = 400
"""Statements on both sides up to which pairs are looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What is known of the document besides its text."""

    source_id: str = ""
    source_title: str = ""
    owner: str | None = None
    """Entity whose page it is; None: nobody's of ours."""
    publisher: str | None = None
    url: str = ""
    document_title: str | None = None
    language: str | None = None
    role: str = "secondary"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextMatches:
    """What a bare text came to."""

    fired: tuple[str, ...]
    scores: dict[str, float]
    """The best score of every trigger met at all, fired or not."""
    matches: tuple[Match, ...]


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A stretch of text to read, and what it belongs to."""

    text: str
    block: int
    kind: HunkKind
    part: Part
    speaks: bool = True
    old: str | None = None
    heading: str | None = None


@dataclass(slots=True)
class Steps:
    """Counts the steps of matching, so that a test can see how the work grows."""

    taken: int = 0

    def __call__(self, number: int) -> None:
        self.taken += number


@dataclass(slots=True)
class _Reader:
    """Reads statements of one change; remembers whether bare names count there."""

    lexicon: Lexicon
    steps: Steps
    everything: list[str]
    _certain: dict[str, bool] = field(default_factory=dict)
    _folded: str | None = None
    _above: dict[str, Unit] = field(default_factory=dict)

    def certain(self, entity: str) -> bool:
        """True when the entity needs no companions, or one of them stands somewhere in the text or the source."""
        needs = self.lexicon.needs.get(entity)
        if needs is None:
            return True
        if entity not in self._certain:
            if self._folded is None:
                self._folded = "\n".join(fold(t).text for t in self.everything)
            pattern, names = needs
            self._certain[entity] = bool(pattern.spans(self._folded)) or any(n in self._folded for n in names)
        return self._certain[entity]

    def above(self, text: str, draw: Callable[[str], Sketch]) -> Unit:
        """A heading or a header, read once at most however many statements stand under it."""
        if text not in self._above:
            self._above[text] = Unit(Piece(0, text, "heading", 0), draw(text), self.read, 0, speaks=False)
        return self._above[text]

    def read(self, text: str, folded: Folded | None = None) -> Reading:
        return read(text, self.lexicon, self.certain, self.steps, folded)


class Matcher:
    """The triggers of one assessment, compiled; pure and safe to share."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        year, _, rest = assessment.baseline_date.partition("-")
        self._short: dict[str, Sketch] = {}
        with unswept():
            self.lexicon = Lexicon(assessment)
            self.engine = Engine(self.lexicon, (int(year), int(rest[:2] or 1)))

    def match(
        self, change: Change, context: Context, steps: Steps | None = None, *, looked_over: bool = False
    ) -> tuple[Match, ...]:
        """Every trigger met in a change, best first: those that fire and those said otherwise (negated, planned …).

        `looked_over`: `may_meet` has said of all its text that something may be met there.
        """
        added: list[_Stretch] = []
        removed: list[_Stretch] = []
        block = 0
        last: str | None = None
        for hunk in sorted(change.hunks, key=lambda h: h.position):
            if hunk.kind is HunkKind.MOVED:
                continue
            if hunk.before is None or hunk.before != last:
                block += 1
                if hunk.before:
                    for side in (added, removed):
                        side.append(
                            _Stretch(hunk.before, block, hunk.kind, hunk.part, speaks=False, heading=hunk.heading)
                        )
            last = hunk.new or hunk.before
            new, taken = undiff(hunk.new) if hunk.new is not None and hunk.old is None else (hunk.new, "")
            if taken:
                removed.append(_Stretch(taken, block, hunk.kind, hunk.part, heading=hunk.heading))
            if new is not None:
                added.append(_Stretch(new, block, hunk.kind, hunk.part, old=hunk.old, heading=hunk.heading))
            if hunk.old is not None:
                removed.append(_Stretch(hunk.old, block, hunk.kind, hunk.part, heading=hunk.heading))
        return tuple(c for c, _ in self._run(added, removed, context, steps or Steps(), looked_over))

    def match_text(
        self, text: str, removed: str = "", source: str = "", kind: str = "", lang: str | None = None
    ) -> TextMatches:
        """The triggers that a bare text fires, as `cruxwatch evaluate triggers` and the catalogue's examples ask."""
        plus, minus = _pair(*(undiff(text) if not removed.strip() else (text, removed)))
        context = Context(source_title=source, language=lang)
        run = self._run(plus, minus, context, Steps())
        scores: dict[str, float] = {}
        for match, _ in run:
            value = match.score * (0.3 if match.known else 1.0)
            scores[match.trigger_id] = max(scores.get(match.trigger_id, 0.0), value)
        fired = sorted({match.trigger_id for match, fires in run if fires})
        return TextMatches(fired=tuple(fired), scores=scores, matches=tuple(m for m, _ in run))

    def _run(
        self,
        added: Sequence[_Stretch],
        removed: Sequence[_Stretch],
        context: Context,
        steps: Steps,
        looked_over: bool = False,
    ) -> list[tuple[Match, bool]]:
        names = [context.source_title, context.publisher or "", context.document_title or ""]
        if len(added) + len(removed) > GATED and not looked_over:
            steps(len(added) + len(removed))
            stretches = (*added, *removed)
            above = dict.fromkeys(s.heading for s in stretches if s.heading)
            if not self._may_meet([*names, *(s.text for s in stretches), *above], context.owner):
                return []
        reader = _Reader(self.lexicon, steps, [*names, *(s.text for s in added), *(s.text for s in removed)])
        source = reader.read(" | ".join(n for n in names[:2] if n))
        past = source_is_past(source, self.engine.baseline)
        headings = [reader.above(context.document_title, self._sketch)] if context.document_title else []
        plus, minus = self._units(added, reader, headings), self._units(removed, reader, headings)
        found: list[tuple[Match, bool]] = []
        live = self.engine.may_meet(keys_of([*plus, *minus], source), context.owner)
        for side, units, other in ((Side.ADDED, plus, minus), (Side.REMOVED, minus, plus)):
            opposite = [u for u in other if u.speaks]
            for block in _blocks(units) if live else ():
                passage = Passage(block, source, context.owner, opposite, past)
                for candidate in _settled(self.engine.candidates(passage, side, steps, live)):
                    found.append(self._judged(candidate, side, passage, context, reader))
        best: dict[tuple[str, HunkKind, str], tuple[Match, bool]] = {}
        for match, fires in found:
            if fires or match.score >= WORTH_KEEPING:
                key = (match.trigger_id, match.side, match.excerpt)
                if key not in best or (fires, match.score) > (best[key][1], best[key][0].score):
                    best[key] = (match, fires)
        return sorted(best.values(), key=lambda f: (not f[1], -f[0].score, f[0].trigger_id, f[0].excerpt))

    def may_meet(self, text: str, title: str | None, around: Context) -> bool:
        """False when no trigger can be met in a text: then it need not be taken apart."""
        names = [around.source_title, around.publisher or "", around.document_title or "", title or ""]
        return self._may_meet([*names, text], around.owner)

    def _may_meet(self, texts: Iterable[str], owner: str | None) -> bool:
        """False when no frame can be met in texts taken together: an ordinary page costs one pass."""
        return bool(self.engine.may_meet(sketch("\n".join(texts), self.lexicon, to_be_read=False).keys, owner))

    def _units(self, stretches: Sequence[_Stretch], reader: _Reader, title: Sequence[Unit] = ()) -> list[Unit]:
        units = []
        for number, stretch in enumerate(stretches):
            for piece in split(stretch.text):
                piece.line += number * 1000
                above = (reader.above(t, self._sketch) for t in (stretch.heading, piece.header) if t)
                over = (*above, *title)
                drawn = self._sketch(piece.text)
                reader.steps(1)
                units.append(Unit(piece, drawn, reader.read, stretch.block, stretch.speaks, stretch, over))
        return units

    def _sketch(self, text: str) -> Sketch:
        """The sketch of a statement; those of short ones are kept, since the menus of a site stand on all its pages."""
        if len(text) > SHORT:
            return sketch(text, self.lexicon)
        drawn = self._short.get(text)
        if drawn is None:
            if len(self._short) >= KEPT:
                self._short.clear()
            drawn = self._short[text] = sketch(text, self.lexicon)
        return drawn

    def _judged(
        self, candidate: Candidate, side: Side, passage: Passage, context: Context, reader: _Reader
    ) -> tuple[Match, bool]:
        stretch: _Stretch = candidate.unit.tag  # type: ignore[assignment]
        fires = candidate.fires
        flip = ""
        if side is Side.ADDED and stretch.old is not None:
            before = self._before(candidate, stretch.old, passage, reader)
            if before and before.fires and not _new_figure(stretch.old, candidate.unit.piece.text):
                candidate = replace(candidate, score=candidate.score * SAID_OTHERWISE)
                fires, flip = False, "said so before"
            elif before and before.judgement.label is Assertion.NEGATED and fires:
                flip = DENIED
        kind = HunkKind.REMOVED if side is Side.REMOVED else stretch.kind
        return _match(candidate, kind, stretch.part, flip, context, self._against(candidate)), fires

    def _before(self, candidate: Candidate, old: str, passage: Passage, reader: _Reader) -> Candidate | None:
        """What the same trigger makes of the sentence as it was."""
        units = self._units([_Stretch(old, 0, HunkKind.EDITED, Part.MAIN)], reader, candidate.unit.over)
        was = Passage(units, passage.source, passage.owner, [], passage.past)
        found = self.engine.candidates(was, Side.ADDED, reader.steps, self.engine.live(candidate.trigger))
        return max(found, key=lambda c: (c.fires, c.score), default=None)

    def _against(self, candidate: Candidate) -> bool:
        return candidate.judgement.label is Assertion.NEGATED and Assertion.NEGATED not in candidate.frame.fires_on


def _match(candidate: Candidate, kind: HunkKind, part: Part, flip: str, context: Context, against: bool) -> Match:
    start, end = candidate.unit.reading.original(*candidate.event)
    text = candidate.unit.piece.text
    judgement = candidate.judgement
    reasons = [f"{candidate.frame.name}: “{text[start:end].strip()}”"]
    if flip:
        reasons.insert(0, flip)
    if candidate.who:
        reasons.append(f"whose: {candidate.who}")
    reasons.extend(f"{name}: {words}" for name, words in candidate.parts)
    reasons.append(f"{judgement.label.value}" + (f" (“{_MASKED.sub('…', judgement.why)}”)" if judgement.why else ""))
    if candidate.known:
        reasons.append(f"known already: {candidate.known}")
    score = min(1.0, candidate.score + (0.08 if flip == DENIED else 0.0))
    return Match(
        trigger_id=candidate.trigger.id,
        direction=candidate.trigger.direction,
        side=kind,
        part=part,
        excerpt=text,
        start=start,
        end=max(start, end),
        score=round(score, 4),
        assertion=judgement.label,
        against=against,
        known=candidate.known is not None,
        reasons=tuple(reasons),
        language=context.language,
    )


def _settled(candidates: Sequence[Candidate]) -> Iterable[Candidate]:
    """Those that yield made weak: another trigger explains the same or the neighbouring statement better.

    What yields itself makes nobody yield; of triggers that yield to each other in a ring, all do.
    """
    fired = [c for c in candidates if c.fires]

    def yields(candidate: Candidate, asked: tuple[str, ...]) -> bool:
        better = (c for c in fired if c.trigger.id in candidate.trigger.yields_to and _beside(c, candidate))
        return any(c.trigger.id in asked or not yields(c, (*asked, c.trigger.id)) for c in better)

    for candidate in candidates:
        weak = candidate.fires and yields(candidate, (candidate.trigger.id,))
        yield replace(candidate, score=candidate.score * SAID_OTHERWISE) if weak else candidate


def _beside(one: Candidate, other: Candidate) -> bool:
    return abs(one.place - other.place) <= 1


def _blocks(units: Sequence[Unit]) -> Iterable[list[Unit]]:
    block: list[Unit] = []
    for unit in units:
        if block and unit.block != block[-1].block:
            yield block
            block = []
        block.append(unit)
    if block:
        yield block


def _pair(text: str, removed: str) -> tuple[list[_Stretch], list[_Stretch]]:
    """Added and removed text as stretches; a line that is on both sides is dropped, a like one is an edit."""
    if not removed.strip():
        return [_Stretch(text, 0, HunkKind.ADDED, Part.MAIN)], []
    plus, minus = text.split("\n"), removed.split("\n")
    same = {_bare(line) for line in plus} & {_bare(line) for line in minus}
    plus = [line for line in plus if _bare(line) not in same and line.strip()]
    minus = [line for line in minus if _bare(line) not in same and line.strip()]
    added: list[_Stretch] = []
    taken: set[int] = set()
    for line in plus:
        old = None
        if len(plus) * len(minus) <= MANY:
            likeness = [
                (SequenceMatcher(None, _bare(line), _bare(m)).ratio(), n) for n, m in enumerate(minus) if n not in taken
            ]
            best = max(likeness, default=(0.0, -1))
            if best[0] >= SAME:
                taken.add(best[1])
                old = minus[best[1]]
        kind = HunkKind.ADDED if old is None else HunkKind.EDITED
        added.append(_Stretch(line, 0, kind, Part.MAIN, old=old))
    return added, [_Stretch(line, 0, HunkKind.REMOVED, Part.MAIN) for line in minus]


@lru_cache(maxsize=2000)
def _bare(line: str) -> str:
    return fold(line.strip()).text


def _new_figure(old: str, new: str) -> bool:
    """True when the new wording of a sentence holds a figure that the old one did not."""
    figures = lambda t: {w for w in "".join(c if c.isdigit() or c == "." else " " for c in t).split() if w.strip(".")}  # noqa: E731
    return bool(figures(new) - figures(old))


__all__ = ["Context", "Matcher", "Piece", "Steps", "TextMatches"]
