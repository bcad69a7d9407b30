"""How an event is said, what stands around it taken in: answers, scenarios, denials in the next sentence, the title."""

from __future__ import annotations

from functools import partial

from crawler.match.assertion import Judgement
from crawler.match.assertion import judge as judge_alone
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
from crawler.match.lexicon import Lexicon, Span
from crawler.match.outlook import FUTURE, is_forecast, opined
from crawler.match.passage import APART, Passage, Unit
from storage.records import Assertion

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


class Manner:
    """Judges how the events of one assessment are said."""

    def __init__(self, lexicon: Lexicon, baseline: tuple[int, int]) -> None:
        self.lexicon = lexicon
        self.baseline = baseline
        self.cue_of = {number: name for name, numbers in lexicon.cues.items() for number in numbers}

    def judge(self, passage: Passage, place: int, event: Span, personal: bool) -> Judgement:
        """How the event is said. `personal`: it is a person's, whose opinion may be the event itself."""
        unit = passage.units[place]
        hits = unit.reading.hits
        cues = {self.cue_of[n]: spans for n in self.cue_of.keys() & hits.possible() if (spans := hits.get(n))}
        if personal:
            cues = {name: spans for name, spans in cues.items() if not name.startswith("opinion")}
        said = partial(judge_alone, unit.reading.view, event, cues, asked=unit.piece.asked, baseline=self.baseline)
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


def _share(one: Reading, other: Reading) -> bool:
    """True when two statements name the same thing."""
    return not {m.entity for m in one.mentions}.isdisjoint(m.entity for m in other.mentions)
