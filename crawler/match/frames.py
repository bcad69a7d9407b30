"""Frames tried on a text: who, event and companions found, the event's owner settled, its assertion judged, a score.

A frame is tried only where a term of its event was met. The owner rule: of all bodies that could have done it, the one
nearest to the event's words has; where the statement names none, the one last spoken of, the heading's or the source's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain

from crawler.match.assertion import Judgement, clause, item, judge
from crawler.match.compiled import Companion, Compiled, compile_frames
from crawler.match.entities import Reading
from crawler.match.leads import (
    announces,
    calls_false,
    is_lead,
    is_mere_condition,
    returns_to_the_world,
    says_no,
    says_yes,
)
from crawler.match.lexicon import Element, Lexicon, Span
from crawler.match.model import Frame, Reach, Side, Trigger
from crawler.match.novelty import Known
from crawler.match.outlook import FUTURE, is_forecast, opined
from crawler.match.owner import Owners
from crawler.match.passage import (
    APART,
    Passage,
    Unit,
    are_near,
    gap,
    may_stand_in,
    met_in,
    places_of,
    stands_in,
    window,
    words,
)
from crawler.match.titles import titles
from storage.records import Assertion

SAID_OTHERWISE = 0.35
"""What remains of the score of an event that is negated, planned, asked …"""
DENIES_WORDS, DENIES_HAN = 12, 2
"""Characters between a negation and the companion it denies, in Latin and in Chinese."""
MOST = 12
"""Places of an event in one statement at most; who says it more often says nothing more."""
ELSEWHERE = 0.92
"""For a companion outside the event's own statement."""


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


UNDER = 15
"""Statements of one paragraph that a scenario's lead covers."""
_CARRIED = (
    ("scene", Assertion.CONDITIONAL),
    ("fiction", Assertion.CONDITIONAL),
    ("rumour", Assertion.CONDITIONAL),
    ("odds", Assertion.CONDITIONAL),
    ("denied", Assertion.NEGATED),
)
"""Cues that a statement may have from its neighbours."""

_SIGNS = re.compile('[;"《]')
_NOTHING = re.compile(r" *(?:0(?:[.,]0+)?|zero|零)(?= |$|[千百万亿]*元|人|名|个)")
"""A figure that says there is none."""


Live = Mapping[int | str, Sequence[int]]
"""By class or entity: the frames whose event it may be."""


class Engine:
    """All frames of an assessment, indexed by whose event they tell of."""

    def __init__(self, lexicon: Lexicon, baseline: tuple[int, int]) -> None:
        self.lexicon = lexicon
        self.baseline = baseline
        self.known = Known(lexicon)
        self.owners = Owners(lexicon)
        bodies: dict[str, list[str]] = {}
        for key, entity in lexicon.entities.items():
            for voice in entity.voices:
                bodies.setdefault(voice, []).append(key)
        self.kin = {key: (*e.voices, *bodies.get(key, ())) for key, e in lexicon.entities.items()}
        """By entity: those by which it may be meant, who speak for it, and the bodies that it speaks for."""
        self.frames = compile_frames(lexicon, self.kin)
        lexicon.seeing(e for f in self.frames for e in (f.event, f.around, f.never, *(r.element for r in f.roles)))
        self.denials = (*lexicon.cues["not"], *lexicon.cues["not near"])
        self.by_owner: dict[str | None, list[int]] = {}
        """By entity that must be met or own the page: the frames that ask for it, or another; None: for none."""
        for n, frame in enumerate(self.frames):
            for key in frame.asked.keys | frame.bases or (None,):
                self.by_owner.setdefault(key, []).append(n)
        self.cue_of = {number: name for name, numbers in lexicon.cues.items() for number in numbers}

    def candidates(self, passage: Passage, side: Side, count: Callable[[int], None], live: Live) -> list[Candidate]:
        """Every frame met on this side of a change, the best wording of each trigger in each statement.

        `live`: the frames that may be met in the change at all, by the class or entity of their event.
        """
        found: list[Candidate] = []
        conceivable: dict[int, bool] = {}
        for place, unit in enumerate(passage.units):
            if not unit.speaks:
                continue
            might = {n for key in live.keys() & unit.sketch.keys for n in live[key]}
            tried = [n for n in might if self._may_meet(n, unit) and self._conceivable(n, passage, side, conceivable)]
            if not tried:
                continue
            best: dict[str, Candidate] = {}
            for number in sorted(tried):
                compiled = self.frames[number]
                if (compiled.frame.rows and unit.piece.kind != "row") or not stands_in(compiled.event, unit.reading):
                    continue
                count(1)
                candidate = self._try(compiled, passage, place)
                if candidate:
                    held = best.get(candidate.trigger.id)
                    if held is None or (candidate.fires, candidate.score) > (held.fires, held.score):
                        best[candidate.trigger.id] = candidate
            found.extend(best.values())
        return found

    def may_meet(self, keys: frozenset[int | str], owner: str | None) -> Live:
        """The frames that may be met where these classes and entities may stand; all others surely lack something.

        Owners come first, so that frames about others cost nothing. `owner`: the entity whose page it is; None:
        nobody's of ours.
        """
        present = self.by_owner.keys() & {*keys, owner, None}
        may_hold = lambda element: not keys.isdisjoint(element.keys)  # noqa: E731
        live: dict[int | str, list[int]] = {}
        for n in {n for key in present for n in self.by_owner[key]}:
            events = self.frames[n].event.keys & keys
            if events and self._possible(self.frames[n], owner, may_hold):
                for key in events:
                    live.setdefault(key, []).append(n)
        return live

    def live(self, trigger: Trigger) -> Live:
        """All frames of one trigger."""
        live: dict[int | str, list[int]] = {}
        for n, frame in enumerate(self.frames):
            for key in frame.event.keys if frame.trigger is trigger else ():
                live.setdefault(key, []).append(n)
        return live

    def _conceivable(self, number: int, passage: Passage, side: Side, known: dict[int, bool]) -> bool:
        """False when a frame surely lacks its owner or a companion, as far as sketches tell."""
        if number not in known:
            compiled = self.frames[number]
            known[number] = compiled.frame.side is side and self._possible(compiled, passage.owner, passage.may_hold)
        return known[number]

    def _may_meet(self, number: int, unit: Unit) -> bool:
        """False when a companion that must stand in the same statement surely does not."""
        return not any(unit.sketch.keys.isdisjoint(keys) for keys in self.frames[number].beside)

    def _possible(self, compiled: Compiled, owner: str | None, holds: Callable[[Element], bool]) -> bool:
        """True when somebody who could own the event, and every companion, stands anywhere in the passage at all."""
        if compiled.bases and owner not in compiled.bases and not holds(compiled.asked):
            return False
        return all(holds(r.element) for r in compiled.roles)

    def _try(self, compiled: Compiled, passage: Passage, place: int) -> Candidate | None:
        unit = passage.units[place]
        events = places_of(compiled.event, unit.reading)
        if not events:
            return None
        elsewise = places_of(compiled.unless, unit.reading)
        if elsewise and not _SIGNS.search(unit.reading.view):
            return None  # neither a list nor a title: it counts wherever it stands
        if self._beside_it(compiled.around, passage, place) or self._anywhere(compiled.never, passage, place):
            return None
        barred = places_of(compiled.without, unit.reading)
        companions = lambda: (s for role in compiled.roles for s in met_in(role.element, unit.reading))  # noqa: E731
        best: Candidate | None = None
        for event in events[:MOST]:
            if (elsewise or barred) and _told_otherwise(unit.reading.view, event, elsewise, barred):
                continue
            if _zero(event, unit.reading) and Assertion.NEGATED not in compiled.frame.fires_on:
                continue
            who, strength = self.owners.owner(compiled.frame, compiled.rivals, passage, place, event, companions)
            if not strength:
                continue
            parts = self._parts(compiled, passage, place, event)
            if parts is None:
                continue
            score = compiled.frame.weight * strength
            for _, _, factor in parts:
                score *= factor
            if best is not None and best.fires and best.score >= score:
                continue  # however this one is said, the other is as good
            key = (place, event, compiled.personal)
            judgement = passage.judged.get(key)
            if judgement is None:
                judgement = passage.judged[key] = self._judge(passage, place, event, compiled.personal)
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

    def _judge(self, passage: Passage, place: int, event: Span, personal: bool) -> Judgement:
        """How the event is said. `personal`: it is a person's, whose opinion may be the event itself."""
        unit = passage.units[place]
        hits = unit.reading.hits
        cues = {self.cue_of[n]: spans for n in self.cue_of.keys() & hits.possible() if (spans := hits.get(n))}
        if personal:
            cues = {name: spans for name, spans in cues.items() if not name.startswith("opinion")}
        said = partial(judge, unit.reading.view, event, cues, asked=unit.piece.asked, baseline=self.baseline)
        judgement = said()
        if judgement.label is Assertion.ASKED:
            answer = self._answer(passage, place)
            if says_no(answer):
                return Judgement(Assertion.NEGATED, answer[:20])
            if not says_yes(answer):
                return judgement
            judgement = said(answered=True)
        if judgement.label not in (Assertion.ASSERTED, Assertion.REPORTED, Assertion.DECIDED):
            return judgement
        if judgement.label is Assertion.DECIDED and judgement.why in FUTURE:
            opinion = opined(unit.reading.text)
            if opinion:
                return Judgement(Assertion.PLANNED, opinion)
        if passage.past:
            return Judgement(Assertion.HISTORICAL, passage.source.text)
        for above in unit.over:
            if judgement.label is Assertion.DECIDED and is_forecast(above.reading.view):
                return Judgement(Assertion.PLANNED, above.piece.text)
            for name in ("scene", "fiction"):
                if words := self._said(name, above):
                    return Judgement(Assertion.CONDITIONAL, words)
        beside = self._beside(passage, place)
        if place + 1 < len(passage.units) and passage.units[place + 1] is (beside[-1] if beside else None):
            after = beside[-1].piece.text
            if calls_false(after):
                return Judgement(Assertion.NEGATED, after[:40])
        for other in beside:
            for name, label in _CARRIED:
                words = self._said(name, other)
                if words and self._bears(name, other, unit):
                    return Judgement(label, words)
        lead = self._lead(passage, place)
        return Judgement(Assertion.CONDITIONAL, lead) if lead else judgement

    def _said(self, name: str, unit: Unit) -> str:
        """The words of a cue in a statement; empty where it has none."""
        numbers = self.lexicon.cues[name]
        if unit.sketch.folded.text and not unit.reading.hits.possible().isdisjoint(numbers):
            shields = [s for n in self.lexicon.cues["shield"] for s in unit.reading.hits.get(n)]
            for a, b in (s for n in numbers for s in unit.reading.hits.get(n)):
                if not any(c <= a and b <= d and d - c > b - a for c, d in shields):
                    return unit.reading.view[a:b]
        return ""

    def _answer(self, passage: Passage, place: int) -> str:
        """The statement right after a question; empty where none follows it."""
        question = passage.units[place]
        answer = passage.units[place + 1] if place + 1 < len(passage.units) else None
        if answer is None or answer.block != question.block or answer.piece.line - question.piece.line not in (0, 1):
            return ""
        return answer.piece.text

    def _bears(self, name: str, other: Unit, unit: Unit) -> bool:
        """True when what a neighbouring statement says of itself holds for this one, too."""
        if name == "rumour" and other.piece.asked:
            return False
        before = (other.piece.line, other.piece.start) < (unit.piece.line, unit.piece.start)
        if name == "fiction":  # a novel or a drill that is news itself makes nothing else unreal
            return before and (announces(other.reading.view) or _share(other.reading, unit.reading))
        return before or name in ("denied", "odds")

    def _lead(self, passage: Passage, place: int) -> str:
        """The words that put a whole paragraph into a scenario; empty where nothing does."""
        unit = passage.units[place]
        for back in range(1, min(place, UNDER) + 1):
            other = passage.units[place - back]
            if other.block != unit.block or unit.piece.line - other.piece.line > 1 or other.piece.kind in APART:
                return ""
            if returns_to_the_world(other.reading.view):
                return ""
            if other.piece.line != unit.piece.line and not is_lead(other.piece.text):
                return ""
            if is_mere_condition(other.reading.view) and (words := self._said("if", other)):
                return words
            if words := self._said("scene", other):
                return words
        return ""

    def _beside(self, passage: Passage, place: int) -> list[Unit]:
        """The sentences around, list items and rows left out."""
        unit = passage.units[place]
        near = [passage.units[k] for k in (place - 1, place - 2, place + 1) if 0 <= k < len(passage.units)]
        return [u for u in near if u.block == unit.block and u.piece.kind == unit.piece.kind == "sentence"]

    def _beside_it(self, element: Element, passage: Passage, place: int) -> bool:
        """True when the element stands in the statement, or in one before or after it that belongs with it."""
        if not element.classes and not element.entities:
            return False
        unit = passage.units[place]
        beside = (passage.units[k] for k in (place - 1, place + 1) if 0 <= k < len(passage.units))
        near = (unit, *(other for other in beside if are_near(other, unit)))
        return any(places_of(element, other.reading) for other in near if may_stand_in(element, other))

    def _anywhere(self, element: Element, passage: Passage, place: int) -> bool:
        if not element.classes and not element.entities:
            return False
        above = (o.reading for o in passage.units[place].over if may_stand_in(element, o))
        if any(places_of(element, r) for r in (passage.source, *above)):
            return True
        return any(places_of(element, passage.units[n].reading) for n in window(passage.places(element), place))

    # ---------------------------------------------------------------- companions

    def _parts(
        self, compiled: Compiled, passage: Passage, place: int, event: Span
    ) -> list[tuple[str, str, float]] | None:
        """(role, words, factor) of each companion; None where one is missing."""
        parts = []
        for role in compiled.roles:
            denied = Assertion.NEGATED not in compiled.frame.fires_on
            met = self._companion(role, passage, place, event, denied)
            if met is None:
                return None
            if role.gone and any(places_of(role.element, u.reading) for u in passage.other):
                return None
            parts.append((role.name, *met))
        return parts

    def _companion(
        self, role: Companion, passage: Passage, place: int, event: Span, denied: bool
    ) -> tuple[str, float] | None:
        """Words and factor of a companion; one that is itself denied ("no results") is none, where `denied` says so."""
        unit, element, reach = passage.units[place], role.element, role.reach
        spans = met_in(element, unit.reading)
        if reach is Reach.CLAUSE and spans:
            start, end = clause(unit.reading.view, event)
            spans = [s for s in spans if start <= s[0] and s[1] <= end]
        for span in sorted(spans, key=lambda s: gap(s, event)):
            if not denied or not (self._denied(span, event, unit.reading) or _zero(span, unit.reading)):
                return words(unit.reading, span), 1.0
        if reach in (Reach.CLAUSE, Reach.SENTENCE):
            return None
        if reach is Reach.TEXT:
            others = [passage.units[n] for n in window(passage.places(element), place) if n != place]
        else:
            beside = (passage.units[k] for k in (place - 1, place + 1) if 0 <= k < len(passage.units))
            others = [other for other in beside if are_near(other, unit)]
        others = [other for other in (*others, *unit.over) if may_stand_in(element, other)]
        for reading in chain((other.reading for other in others), (passage.source,) if role.source else ()):
            spans = met_in(element, reading)
            if spans:
                return words(reading, spans[0]), ELSEWHERE
        return None

    def _denied(self, span: Span, event: Span, reading: Reading) -> bool:
        """True when a negation stands right before the words, outside the event's own."""
        for cue in reading.hits.ending(self.denials, span[0] - DENIES_WORDS, span[0]):
            if cue[1] <= event[0] <= span[0]:
                continue  # it denies the event itself, and its label says so
            between = reading.view[cue[1] : span[0]]
            near = DENIES_WORDS if between.isascii() else DENIES_HAN
            if len(between) <= near and not _within(event, [cue]) and "," not in between:
                shields = [s for n in self.lexicon.cues["shield"] for s in reading.hits.get(n)]
                return not any(a <= cue[0] and cue[1] <= b for a, b in shields)
        return False


def _told_otherwise(view: str, event: Span, anywhere: Sequence[Span], in_clause: Sequence[Span]) -> bool:
    """True where words that mean another event stand in its list item, or in its clause; titles say nothing."""
    quoted = titles(view, event)
    counts = [s for s in (*anywhere, *in_clause) if not any(a <= s[0] and s[1] <= b for a, b in quoted)]
    if _within(item(view, event), [s for s in counts if s in anywhere]):
        return True
    return _within(clause(view, event), [s for s in counts if s in in_clause])


def _share(one: Reading, other: Reading) -> bool:
    """True when two statements name the same thing."""
    return not {m.entity for m in one.mentions}.isdisjoint(m.entity for m in other.mentions)


def _zero(span: Span, reading: Reading) -> bool:
    """True for a figure that says there is none."""
    return _NOTHING.match(reading.view[span[0] : span[1]]) is not None


def _within(outer: Span, spans: Sequence[Span]) -> bool:
    """True when one of the spans reaches into the outer one."""
    return any(a < outer[1] and outer[0] < b for a, b in spans)
