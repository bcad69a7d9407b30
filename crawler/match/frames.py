"""Frames tried on a text: who, event and companions found, the event's owner settled, its assertion judged, a score.

A frame is tried only where a term of its event was met. The owner rule: of all bodies that could have done it, the one
nearest to the event's words has; where the statement names none, the one last spoken of, the heading's or the source's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from crawler.match.assertion import Judgement, clause, item
from crawler.match.companions import Companions, within, zero
from crawler.match.compiled import Compiled, compile_frames
from crawler.match.lexicon import Element, Lexicon, Span
from crawler.match.manner import Manner
from crawler.match.model import Frame, Side, Trigger
from crawler.match.novelty import Known
from crawler.match.owner import Owners
from crawler.match.passage import Passage, Unit, met_in, places_of, stands_in
from crawler.match.titles import titles
from storage.records import Assertion

SAID_OTHERWISE = 0.35
"""What remains of the score of an event that is negated, planned, asked …"""
MOST = 12
"""Places of an event in one statement at most; who says it more often says nothing more."""


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


_SIGNS = re.compile('[;"《]')


Live = Mapping[int | str, Sequence[int]]
"""By class or entity: the frames whose event it may be."""


class Engine:
    """All frames of an assessment, indexed by whose event they tell of."""

    def __init__(self, lexicon: Lexicon, baseline: tuple[int, int]) -> None:
        self.lexicon = lexicon
        self.baseline = baseline
        self.known = Known(lexicon)
        self.owners = Owners(lexicon)
        self.companions = Companions(lexicon)
        self.manner = Manner(lexicon, baseline)
        bodies: dict[str, list[str]] = {}
        for key, entity in lexicon.entities.items():
            for voice in entity.voices:
                bodies.setdefault(voice, []).append(key)
        self.kin = {key: (*e.voices, *bodies.get(key, ())) for key, e in lexicon.entities.items()}
        """By entity: those by which it may be meant, who speak for it, and the bodies that it speaks for."""
        self.frames = compile_frames(lexicon, self.kin)
        lexicon.seeing(e for f in self.frames for e in (f.event, f.around, f.never, *(r.element for r in f.roles)))
        self.by_owner: dict[str | None, list[int]] = {}
        """By entity that must be met or own the page: the frames that ask for it, or another; None: for none."""
        for n, frame in enumerate(self.frames):
            for key in frame.asked.keys | frame.bases or (None,):
                self.by_owner.setdefault(key, []).append(n)

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
        around = self.companions
        if around.beside(compiled.around, passage, place) or around.anywhere(compiled.never, passage, place):
            return None
        barred = places_of(compiled.without, unit.reading)
        companions = lambda: (s for role in compiled.roles for s in met_in(role.element, unit.reading))  # noqa: E731
        best: Candidate | None = None
        for event in events[:MOST]:
            if (elsewise or barred) and _told_otherwise(unit.reading.view, event, elsewise, barred):
                continue
            if zero(event, unit.reading) and Assertion.NEGATED not in compiled.frame.fires_on:
                continue
            who, strength = self.owners.owner(compiled.frame, compiled.rivals, passage, place, event, companions)
            if not strength:
                continue
            parts = self.companions.parts(compiled, passage, place, event)
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
                judgement = passage.judged[key] = self.manner.judge(passage, place, event, compiled.personal)
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


def _told_otherwise(view: str, event: Span, anywhere: Sequence[Span], in_clause: Sequence[Span]) -> bool:
    """True where words that mean another event stand in its list item, or in its clause; titles say nothing."""
    quoted = titles(view, event)
    counts = [s for s in (*anywhere, *in_clause) if not any(a <= s[0] and s[1] <= b for a, b in quoted)]
    if within(item(view, event), [s for s in counts if s in anywhere]):
        return True
    return within(clause(view, event), [s for s in counts if s in in_clause])
