"""Frames tried on a text: who, event and companions found, the event's owner settled, its assertion judged, a score.

A frame is tried only where a term of its event was met. The owner rule: of all bodies that could have done it, the one
nearest to the event's words has; where the statement names none, the one last spoken of, the heading's or the source's.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crawler.match.assertion import Judgement, clause, dates, is_past, judge
from crawler.match.entities import Mention, Reading
from crawler.match.lexicon import Element, Lexicon, Span
from crawler.match.model import EntityKind, Frame, Reach, Side, Trigger
from crawler.match.novelty import Known
from crawler.match.statements import Piece
from storage.records import Assertion

OPENS = 6
"""Characters from the start within which a name opens a statement."""
AHEAD = 2
"""Statements ahead to look for a name that follows what is told."""
APART = frozenset({"bullet", "row"})
"""Kinds of statement that say nothing about their neighbours of the same kind: headlines, items, rows."""
WIDE = 40
"""Statements either side that "anywhere in the text" reaches, so that a long text costs no more than its length."""
BACK = 3
"""Statements back to look for whom a pronoun means."""
SAID_OTHERWISE = 0.35
"""What remains of the score of an event that is negated, planned, asked …"""
DENIES_WORDS, DENIES_HAN = 12, 2
"""Characters between a negation and the companion it denies, in Latin and in Chinese."""
ELSEWHERE = 0.92
"""For a companion outside the event's own statement."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A frame ready to be tried."""

    trigger: Trigger
    frame: Frame
    event: Element
    rivals: frozenset[str]
    roles: tuple[tuple[str, Element, Reach, bool], ...]
    without: Element
    unless: Element
    never: Element


@dataclass(slots=True)
class Unit:
    """A statement in its place."""

    piece: Piece
    reading: Reading
    block: int
    """Units of one block stood one after the other."""
    speaks: bool = True
    """False: context only (the sentence before a hunk)."""
    tag: object = None
    """Whatever the caller wants back with a match."""
    around: tuple[Reading, ...] = ()
    """Heading, table header and title above it."""


@dataclass(slots=True)
class Passage:
    """The text of one side of a change, with what stands around it."""

    units: list[Unit]
    source: Reading
    owner: str | None = None
    """Entity whose page it is."""
    other: list[Unit] = field(default_factory=list)
    """Units of the opposite side."""
    past: bool = False
    """The source's name dates it before the baseline."""
    _places: dict[object, list[int]] | None = None
    _above: list[Reading] | None = None

    def holds(self, element: Element) -> bool:
        """True when the element stands in any statement, above any, or in the source's name."""
        if self.places(element) or _spans(element, self.source):
            return True
        if self._above is None:
            self._above = list({id(r): r for u in self.units for r in u.around}.values())
        return any(_spans(element, r) for r in self._above)

    def places(self, element: Element) -> list[int]:
        """The units that hold an element, in order, looked up once for all."""
        if self._places is None:
            self._places = {}
            for n, unit in enumerate(self.units):
                for key in (*unit.reading.hits, *{m.entity for m in unit.reading.mentions}):
                    self._places.setdefault(key, []).append(n)
        keys = (*element.classes, *(e.removesuffix(".product") for e in element.entities))
        if len(keys) == 1:
            return self._places.get(keys[0], [])
        return sorted({n for key in keys for n in self._places.get(key, ())})


@dataclass(frozen=True, slots=True)
class Candidate:
    """A frame met in a statement, fired or not."""

    trigger: Trigger
    frame: Frame
    unit: Unit
    place: int
    """Number of the unit in its passage."""
    event: Span
    """In the view."""
    who: str
    """How the owner was found, in words; empty where the frame needs none."""
    parts: tuple[tuple[str, str], ...]
    judgement: Judgement
    known: str | None
    score: float

    @property
    def fires(self) -> bool:
        passes = self.judgement.label in self.frame.fires_on
        return passes and self.known is None and self.score >= self.trigger.threshold


def compile_frames(lexicon: Lexicon) -> tuple[Compiled, ...]:
    rivals: dict[str, set[str]] = {}
    for key, entity in lexicon.entities.items():
        for other in entity.rival_of:
            rivals.setdefault(other, set()).add(key)
    compiled = []
    for trigger in lexicon.assessment.triggers:
        for frame in trigger.frames:
            against = {r for who in frame.who for r in rivals.get(who.removesuffix(".product"), ())} | {*frame.rivals}
            compiled.append(
                Compiled(
                    trigger,
                    frame,
                    lexicon.element(frame.event),
                    frozenset(against - set(frame.who)),
                    tuple((n, lexicon.element(r.any), r.reach, r.gone) for n, r in frame.roles.items()),
                    lexicon.element(frame.without),
                    lexicon.element(frame.unless),
                    lexicon.element(frame.never),
                )
            )
    return tuple(compiled)


class Engine:
    """All frames of an assessment, indexed by the classes of their events."""

    def __init__(self, lexicon: Lexicon, baseline: tuple[int, int]) -> None:
        self.lexicon = lexicon
        self.baseline = baseline
        self.frames = compile_frames(lexicon)
        self.known = Known(lexicon)
        self.by_class: dict[int, list[int]] = {}
        self.by_entity: dict[str, list[int]] = {}
        for n, frame in enumerate(self.frames):
            for number in frame.event.classes:
                self.by_class.setdefault(number, []).append(n)
            for entity in frame.event.entities:
                self.by_entity.setdefault(entity.removesuffix(".product"), []).append(n)
        bodies: dict[str, list[str]] = {}
        for key, entity in lexicon.entities.items():
            for voice in entity.voices:
                bodies.setdefault(voice, []).append(key)
        self.kin = {key: (*e.voices, *bodies.get(key, ())) for key, e in lexicon.entities.items()}
        """By entity: those by which it may be meant, who speak for it, and the bodies that it speaks for."""
        self.cue_of = {number: name for name, numbers in lexicon.cues.items() for number in numbers}

    def candidates(self, passage: Passage, side: Side, count: Callable[[int], None]) -> list[Candidate]:
        """Every frame met on this side of a change, the best wording of each trigger in each statement."""
        found: list[Candidate] = []
        possible: dict[int, bool] = {}
        for place, unit in enumerate(passage.units):
            if not unit.speaks:
                continue
            tried = {n for number in unit.reading.hits for n in self.by_class.get(number, ())}
            tried.update(n for m in unit.reading.mentions for n in self.by_entity.get(m.entity, ()))
            best: dict[str, Candidate] = {}
            for number in sorted(tried):
                compiled = self.frames[number]
                if number not in possible:
                    possible[number] = compiled.frame.side is side and self._possible(compiled, passage)
                if not possible[number]:
                    continue
                if compiled.frame.rows and unit.piece.kind != "row":
                    continue
                count(1)
                candidate = self._try(compiled, passage, place)
                if candidate:
                    held = best.get(candidate.trigger.id)
                    if held is None or (candidate.fires, candidate.score) > (held.fires, held.score):
                        best[candidate.trigger.id] = candidate
            found.extend(best.values())
        return found

    def _possible(self, compiled: Compiled, passage: Passage) -> bool:
        """True when somebody who could own the event, and every companion, stands anywhere in the passage at all."""
        whos = compiled.frame.who
        if whos and passage.owner not in {w.removesuffix(".product") for w in whos}:
            asked = {*whos, *(v for w in whos for v in self.kin[w.removesuffix(".product")])}
            if not any(passage.holds(Element(entities=(w,))) for w in asked):
                return False
        return all(passage.holds(element) for _, element, _, _ in compiled.roles)

    def _try(self, compiled: Compiled, passage: Passage, place: int) -> Candidate | None:
        unit = passage.units[place]
        if _spans(compiled.unless, unit.reading) or self._anywhere(compiled.never, passage, place):
            return None
        barred = _spans(compiled.without, unit.reading)
        best: Candidate | None = None
        for event in _spans(compiled.event, unit.reading):
            if barred and _within(clause(unit.reading.view, event), barred):
                continue
            who, strength = self._owner(compiled, passage, place, event)
            if not strength:
                continue
            parts = self._parts(compiled, passage, place, event)
            if parts is None:
                continue
            judgement = self._judge(passage, place, event)
            score = compiled.frame.weight * strength
            for _, _, factor in parts:
                score *= factor
            if judgement.label not in compiled.frame.fires_on:
                score *= SAID_OTHERWISE
            known = self.known.repeats(compiled.trigger, unit.reading)
            made = Candidate(
                compiled.trigger,
                compiled.frame,
                unit,
                place,
                event,
                who,
                tuple((n, w) for n, w, _ in parts),
                judgement,
                known,
                score,
            )
            if best is None or (made.fires, made.score) > (best.fires, best.score):
                best = made
        return best

    def _judge(self, passage: Passage, place: int, event: Span) -> Judgement:
        unit = passage.units[place]
        cues: dict[str, list[Span]] = {}
        for number, spans in unit.reading.hits.items():
            name = self.cue_of.get(number)
            if name:
                cues[name] = spans
        judgement = judge(unit.reading.view, event, cues, asked=unit.piece.asked, baseline=self.baseline)
        if judgement.label not in (Assertion.ASSERTED, Assertion.REPORTED, Assertion.DECIDED):
            return judgement
        if passage.past:
            return Judgement(Assertion.HISTORICAL, passage.source.text)
        for above in unit.around:
            spans = [s for n in self.lexicon.cues["if"] for s in above.hits.get(n, ())]
            if spans:
                return Judgement(Assertion.CONDITIONAL, above.view[spans[0][0] : spans[0][1]])
        for other in self._beside(passage, place):
            for name, label in (
                ("if", Assertion.CONDITIONAL),
                ("rumour", Assertion.CONDITIONAL),
                ("denied", Assertion.NEGATED),
            ):
                spans = [s for n in self.lexicon.cues[name] for s in other.reading.hits.get(n, ())]
                if spans and _sets_the_scene(name, other, unit):
                    return Judgement(label, other.reading.view[spans[0][0] : spans[0][1]])
        return judgement

    def _beside(self, passage: Passage, place: int) -> list[Unit]:
        """The sentences around, list items and rows left out."""
        unit = passage.units[place]
        near = [passage.units[k] for k in (place - 1, place - 2, place + 1) if 0 <= k < len(passage.units)]
        return [u for u in near if u.block == unit.block and u.piece.kind == unit.piece.kind == "sentence"]

    def _anywhere(self, element: Element, passage: Passage, place: int) -> bool:
        if not element.classes and not element.entities:
            return False
        if any(_spans(element, r) for r in (passage.source, *passage.units[place].around)):
            return True
        return any(_spans(element, passage.units[n].reading) for n in _window(passage.places(element), place))

    # ---------------------------------------------------------------- companions

    def _parts(
        self, compiled: Compiled, passage: Passage, place: int, event: Span
    ) -> list[tuple[str, str, float]] | None:
        """(role, words, factor) of each companion; None where one is missing."""
        parts = []
        for name, element, reach, gone in compiled.roles:
            denied = Assertion.NEGATED not in compiled.frame.fires_on
            met = self._companion(element, reach, passage, place, event, denied)
            if met is None:
                return None
            if gone and any(_spans(element, u.reading) for u in passage.other):
                return None
            parts.append((name, *met))
        return parts

    def _companion(
        self, element: Element, reach: Reach, passage: Passage, place: int, event: Span, denied: bool
    ) -> tuple[str, float] | None:
        """Words and factor of a companion; one that is itself denied ("no results") is none, where `denied` says so."""
        unit = passage.units[place]
        spans = _spans(element, unit.reading)
        if denied:
            spans = [s for s in spans if not self._denied(s, event, unit.reading) and not _zero(s, unit.reading)]
        if reach is Reach.CLAUSE:
            start, end = clause(unit.reading.view, event)
            spans = [s for s in spans if start <= s[0] and s[1] <= end]
        if spans:
            nearest = min(spans, key=lambda s: _gap(s, event))
            return _words(unit.reading, nearest), 1.0
        if reach in (Reach.CLAUSE, Reach.SENTENCE):
            return None
        if reach is Reach.TEXT:
            others = [passage.units[n].reading for n in _window(passage.places(element), place) if n != place]
        else:
            beside = (k for k in (place - 1, place + 1) if 0 <= k < len(passage.units))
            others = [passage.units[k].reading for k in beside if _near(passage.units[k], unit)]
        for reading in (*others, *unit.around, passage.source):
            spans = _spans(element, reading)
            if spans:
                return _words(reading, spans[0]), ELSEWHERE
        return None

    def _denied(self, span: Span, event: Span, reading: Reading) -> bool:
        """True when a negation stands right before the words, outside the event's own."""
        for name in ("not", "not near"):
            for number in self.lexicon.cues[name]:
                for cue in reading.hits.get(number, ()):
                    if cue[1] <= event[0] <= span[0]:
                        continue  # it denies the event itself, and its label says so
                    between = reading.view[cue[1] : span[0]]
                    near = DENIES_WORDS if between.isascii() else DENIES_HAN
                    if cue[1] <= span[0] and len(between) <= near and not _within(event, [cue]) and "," not in between:
                        shields = [s for n in self.lexicon.cues["shield"] for s in reading.hits.get(n, ())]
                        return not any(a <= cue[0] and cue[1] <= b for a, b in shields)
        return False

    # ---------------------------------------------------------------- the owner

    def _owner(self, compiled: Compiled, passage: Passage, place: int, event: Span) -> tuple[str, float]:
        """Whose event it is, in words, and how sure that is; 0 where it is somebody else's or nobody's."""
        whos = compiled.frame.who
        if not whos:
            return "", 1.0
        unit = passage.units[place]
        reading = unit.reading
        own = [m for who in whos for m in reading.of(who)]
        rivals = _rivals(reading, compiled.rivals, whos)
        if own:
            nearest = min(own, key=lambda m: _distance(m, event, reading.view))
            if rivals:
                rival = min(rivals, key=lambda m: _distance(m, event, reading.view))
                if _distance(rival, event, reading.view) < _distance(nearest, event, reading.view):
                    return "", 0.0
            return f"{nearest.words} ({nearest.via})", {"name": 1.0, "product": 0.97}.get(nearest.via, 0.95)
        if not compiled.frame.carry:
            return "", 0.0
        best = ("", 0.0)
        for who in whos:
            made = self._carried(who, compiled.rivals, rivals, passage, place, event)
            best = max(best, made, key=lambda b: b[1])
        return best

    def _carried(
        self,
        who: str,
        rival_ids: frozenset[str],
        rivals: Sequence[Mention],
        passage: Passage,
        place: int,
        event: Span,
    ) -> tuple[str, float]:
        """Whom the statement means that it does not name: by pronoun, the one before, the heading, the source."""
        unit = passage.units[place]
        base = who.removesuffix(".product")
        entity = self.lexicon.entities[base]
        hits = unit.reading.hits
        we = any(n in hits for n in self.lexicon.selves["own"])
        stands = (*self.lexicon.selves[entity.kind.value], *self.lexicon.pronouns.get(base, ()))
        its = [span for n in stands for span in hits.get(n, ())]
        it = bool(its)
        ours = passage.owner == base or bool(passage.source.of(base))
        voices = [m for v in entity.voices for m in unit.reading.mentions if m.entity == v and m.via != "confusable"]
        if we and (ours or voices or self._voice_before(entity.voices, passage, place)):
            return "the speaker's own", 0.88
        if rivals and not (it and ours) and not _nearer(its, rivals, event):
            return "", 0.0
        if it and entity.kind is EntityKind.PERSON:
            body = self._body_of(base, passage, place)
            if body:
                return f"head of {body}", 0.86
        if voices:
            return f"by its voice, {voices[0].words}", 0.85 if it else 0.62
        for back in range(1, BACK + 1):
            before = passage.units[place - back] if place >= back else None
            if before is None or before.block != unit.block:
                break
            if unit.piece.kind in APART and before.piece.kind == unit.piece.kind:
                if before.piece.line == unit.piece.line and before.piece.kind == "bullet":
                    break
                continue
            named = before.reading.of(who)
            others = _rivals(before.reading, rival_ids, (who,))
            if named and not (others and others[0].at < named[0].at):
                return f"{named[0].words}, named before", (0.88 if it else 0.7) - 0.05 * (back - 1)
            if others or named:
                return "", 0.0
        for reading in unit.around:
            if reading.of(who):
                return f"{reading.of(who)[0].words}, in the heading", 0.82
            if _rivals(reading, rival_ids, (who,)):
                return "", 0.0
        if ours:
            return "the source's own", 0.88 if it or we else 0.78
        if any(m.at < OPENS and m.via != "within" for m in unit.reading.mentions):
            return "", 0.0  # somebody else opens the statement: it is told of them
        for after in passage.units[place + 1 : place + 1 + AHEAD]:
            if after.block != unit.block or unit.piece.kind in APART or _rivals(after.reading, rival_ids, (who,)):
                break
            if after.reading.of(who):
                return f"{after.reading.of(who)[0].words}, named after", 0.62
        return "", 0.0

    def _body_of(self, person: str, passage: Passage, place: int) -> str:
        """The body that this person speaks for, where the statement or the one before names it."""
        for unit in passage.units[max(0, place - 1) : place + 1][::-1]:
            for mention in unit.reading.mentions:
                if mention.via in ("name", "description") and person in self.lexicon.entities[mention.entity].voices:
                    return mention.words
        return ""

    def _voice_before(self, voices: Sequence[str], passage: Passage, place: int) -> bool:
        return any(
            m.entity in voices and m.via != "confusable"
            for k in range(max(0, place - BACK), place)
            for m in passage.units[k].reading.mentions
        )


def source_is_past(source: Reading, baseline: tuple[int, int]) -> bool:
    """True when the source's name itself is dated before the baseline ("Journal page, 2020")."""
    return is_past(dates(source.view), baseline)


def _sets_the_scene(name: str, other: Unit, unit: Unit) -> bool:
    """A scenario or rumour is set before what it covers; a denial may also follow at once."""
    return name == "denied" or (other.piece.line, other.piece.start) < (unit.piece.line, unit.piece.start)


def _rivals(reading: Reading, ids: frozenset[str], whos: Sequence[str]) -> list[Mention]:
    bases = {w.removesuffix(".product") for w in whos}
    return [
        m
        for m in reading.mentions
        if (m.entity in ids and m.via not in ("within", "confusable")) or (m.entity in bases and m.via == "confusable")
    ]


def _distance(mention: Mention, event: Span, view: str) -> float:
    """Characters between, a break of the clause counting for 25; before the event is nearer than after it."""
    if mention.at < event[0]:
        between, far = view[mention.at + 1 : event[0]], 1.0
    elif mention.at >= event[1]:
        between, far = view[event[1] : mention.at], 1.3
    else:
        return 0.0
    lead = view[max(0, mention.at - 8) : mention.at].rstrip().removesuffix(" the")
    if lead.endswith((" by", " from", " for", " to", "由", "来自", "给", "为", "向", "支持")):
        far *= 0.4
    return far * (len(between) + 25 * sum(between.count(c) for c in ",;:|"))


def _window(places: Sequence[int], place: int) -> Sequence[int]:
    """Those of the places that are not further off than `WIDE`."""
    return places[bisect_left(places, place - WIDE) : bisect_right(places, place + WIDE)]


def _near(one: Unit, other: Unit) -> bool:
    """True for statements of one block, unless both are items of a list or rows of a table."""
    if one.block != other.block:
        return False
    return not (one.piece.kind in APART and other.piece.kind in APART)


def _zero(span: Span, reading: Reading) -> bool:
    """True for a figure that says there is none."""
    words = reading.view[span[0] : span[1]].split()
    return bool(words) and words[0] in ("0", "zero", "零")


def _nearer(its: Sequence[Span], rivals: Sequence[Mention], event: Span) -> bool:
    """True when a pronoun stands nearer to the event than every rival."""
    return bool(its) and min(_gap(s, event) for s in its) < min(_gap((m.at, m.at + 1), event) for m in rivals)


def _within(outer: Span, spans: Sequence[Span]) -> bool:
    """True when one of the spans reaches into the outer one."""
    return any(a < outer[1] and outer[0] < b for a, b in spans)


def _gap(one: Span, other: Span) -> int:
    return max(0, one[0] - other[1], other[0] - one[1])


def _spans(element: Element, reading: Reading) -> list[Span]:
    spans = [s for n in element.classes for s in reading.hits.get(n, ())]
    spans.extend((m.at, m.at + 1) for e in element.entities for m in reading.of(e))
    return spans


def _words(reading: Reading, span: Span) -> str:
    a, b = reading.original(*span)
    return reading.text[a:b].strip()
