"""Frames tried on a text: who, event and companions found, the event's owner settled, its assertion judged, a score.

A frame is tried only where a term of its event was met. The owner rule: of all bodies that could have done it, the one
nearest to the event's words has; where the statement names none, the one last spoken of, the heading's or the source's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.match.assertion import Judgement, clause, judge
from crawler.match.entities import Reading, Sketch
from crawler.match.lexicon import Element, Lexicon, Span
from crawler.match.model import Frame, Reach, Side, Trigger
from crawler.match.novelty import Known
from crawler.match.owner import Owners
from crawler.match.passage import Passage, Unit, are_near, gap, holds, places_of, window, words
from storage.records import Assertion

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


_NOTHING = re.compile(r" *(?:0(?:[.,]0+)?|zero|零)(?= |$|[千百万亿]*元|人|名|个)")
WITHIN = frozenset({Reach.CLAUSE, Reach.SENTENCE})
"""Reaches that end with the statement."""


class Engine:
    """All frames of an assessment, indexed by the classes of their events."""

    def __init__(self, lexicon: Lexicon, baseline: tuple[int, int]) -> None:
        self.lexicon = lexicon
        self.baseline = baseline
        self.frames = compile_frames(lexicon)
        self.known = Known(lexicon)
        self.owners = Owners(lexicon)
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
        conceivable: dict[int, bool] = {}
        possible: dict[int, bool] = {}
        for place, unit in enumerate(passage.units):
            if not unit.speaks:
                continue
            might = {n for number in unit.sketch.classes for n in self.by_class.get(number, ())}
            might.update(n for entity in unit.sketch.entities for n in self.by_entity.get(entity, ()))
            if not any(self._conceivable(n, passage, side, conceivable) and self._may_meet(n, unit) for n in might):
                continue
            tried = {n for number in unit.reading.hits for n in self.by_class.get(number, ())}
            tried.update(n for m in unit.reading.mentions for n in self.by_entity.get(m.entity, ()))
            best: dict[str, Candidate] = {}
            for number in sorted(tried):
                compiled = self.frames[number]
                if number not in possible:
                    possible[number] = compiled.frame.side is side and self._possible(
                        compiled, passage.owner, passage.holds
                    )
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

    def may_meet(self, whole: Sketch, owner: str | None) -> bool:
        """False when a text with this sketch surely lacks the event, the owner or a companion of every frame.

        `owner`: the entity whose page it is; None: nobody's of ours.
        """
        return any(
            holds(compiled.event, whole) and self._possible(compiled, owner, lambda element: holds(element, whole))
            for compiled in self.frames
        )

    def _conceivable(self, number: int, passage: Passage, side: Side, known: dict[int, bool]) -> bool:
        """False when a frame surely lacks its owner or a companion, as far as sketches tell."""
        if number not in known:
            compiled = self.frames[number]
            known[number] = compiled.frame.side is side and self._possible(compiled, passage.owner, passage.may_hold)
        return known[number]

    def _may_meet(self, number: int, unit: Unit) -> bool:
        """False when a companion that must stand in the same statement surely does not."""
        return all(holds(element, unit.sketch) for _, element, reach, _ in self.frames[number].roles if reach in WITHIN)

    def _possible(self, compiled: Compiled, owner: str | None, holds: Callable[[Element], bool]) -> bool:
        """True when somebody who could own the event, and every companion, stands anywhere in the passage at all."""
        whos = compiled.frame.who
        if whos and owner not in {w.removesuffix(".product") for w in whos}:
            asked = {*whos, *(v for w in whos for v in self.kin[w.removesuffix(".product")])}
            if not any(holds(Element(entities=(w,))) for w in asked):
                return False
        return all(holds(element) for _, element, _, _ in compiled.roles)

    def _try(self, compiled: Compiled, passage: Passage, place: int) -> Candidate | None:
        unit = passage.units[place]
        if places_of(compiled.unless, unit.reading) or self._anywhere(compiled.never, passage, place):
            return None
        barred = places_of(compiled.without, unit.reading)
        best: Candidate | None = None
        for event in places_of(compiled.event, unit.reading):
            if barred and _within(clause(unit.reading.view, event), barred):
                continue
            if _zero(event, unit.reading) and Assertion.NEGATED not in compiled.frame.fires_on:
                continue
            who, strength = self.owners.owner(
                compiled.frame.who, compiled.rivals, compiled.frame.carry, passage, place, event
            )
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
            spans = [s for n in self.lexicon.cues["scene"] for s in above.hits.get(n, ())]
            if spans:
                return Judgement(Assertion.CONDITIONAL, above.view[spans[0][0] : spans[0][1]])
        for other in self._beside(passage, place):
            for name, label in (
                ("scene", Assertion.CONDITIONAL),
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
        if any(places_of(element, r) for r in (passage.source, *passage.units[place].around)):
            return True
        return any(places_of(element, passage.units[n].reading) for n in window(passage.places(element), place))

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
            if gone and any(places_of(element, u.reading) for u in passage.other):
                return None
            parts.append((name, *met))
        return parts

    def _companion(
        self, element: Element, reach: Reach, passage: Passage, place: int, event: Span, denied: bool
    ) -> tuple[str, float] | None:
        """Words and factor of a companion; one that is itself denied ("no results") is none, where `denied` says so."""
        unit = passage.units[place]
        spans = places_of(element, unit.reading)
        if denied:
            spans = [s for s in spans if not self._denied(s, event, unit.reading) and not _zero(s, unit.reading)]
        if reach is Reach.CLAUSE:
            start, end = clause(unit.reading.view, event)
            spans = [s for s in spans if start <= s[0] and s[1] <= end]
        if spans:
            nearest = min(spans, key=lambda s: gap(s, event))
            return words(unit.reading, nearest), 1.0
        if reach in (Reach.CLAUSE, Reach.SENTENCE):
            return None
        if reach is Reach.TEXT:
            others = [passage.units[n].reading for n in window(passage.places(element), place) if n != place]
        else:
            beside = (k for k in (place - 1, place + 1) if 0 <= k < len(passage.units))
            others = [passage.units[k].reading for k in beside if are_near(passage.units[k], unit)]
        for reading in (*others, *unit.around, passage.source):
            spans = places_of(element, reading)
            if spans:
                return words(reading, spans[0]), ELSEWHERE
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


def _sets_the_scene(name: str, other: Unit, unit: Unit) -> bool:
    """A scenario or rumour is set before what it covers; a denial may also follow at once."""
    return name == "denied" or (other.piece.line, other.piece.start) < (unit.piece.line, unit.piece.start)


def _zero(span: Span, reading: Reading) -> bool:
    """True for a figure that says there is none."""
    return _NOTHING.match(reading.view[span[0] : span[1]]) is not None


def _within(outer: Span, spans: Sequence[Span]) -> bool:
    """True when one of the spans reaches into the outer one."""
    return any(a < outer[1] and outer[0] < b for a, b in spans)
