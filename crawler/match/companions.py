"""What must stand with an event, and what must not: found in its clause, its sentence, beside it or anywhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from crawler.match.assertion import clause
from crawler.match.compiled import Companion, Compiled
from crawler.match.entities import Reading
from crawler.match.lexicon import Element, Lexicon, Span
from crawler.match.model import Reach
from crawler.match.passage import Passage, gap, may_stand_in, met_in, places_of, window, words
from storage.records import Assertion

DENIES_WORDS, DENIES_HAN = 12, 2
"""Characters between a negation and the companion it denies, in Latin and in Chinese."""
ELSEWHERE = 0.92
"""For a companion outside the event's own statement."""
_NOTHING = re.compile(r" *(?:0(?:[.,]0+)?|zero|零)(?= |$|[千百万亿]*元|人|名|个)")
"""A figure that says there is none."""


class Companions:
    """Looks for the companions of the frames of one assessment."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.denials = (*lexicon.cues["not"], *lexicon.cues["not near"])

    def beside(self, element: Element, passage: Passage, place: int) -> bool:
        """True when the element stands in the statement, or in one before or after it that belongs with it."""
        if not element.classes and not element.entities:
            return False
        near = (passage.units[place], *passage.neighbours(place))
        return any(places_of(element, other.reading) for other in near if may_stand_in(element, other))

    def anywhere(self, element: Element, passage: Passage, place: int) -> bool:
        """True when the element stands anywhere near in the text, above the statement, or in the source's name."""
        if not element.classes and not element.entities:
            return False
        above = (o.reading for o in passage.units[place].over if may_stand_in(element, o))
        if any(places_of(element, r) for r in (passage.source, *above)):
            return True
        return any(places_of(element, passage.units[n].reading) for n in window(passage.places(element), place))

    def parts(
        self, compiled: Compiled, passage: Passage, place: int, event: Span
    ) -> list[tuple[str, str, float]] | None:
        """(role, words, factor) of each companion; None where one is missing."""
        found = []
        for role in compiled.roles:
            denied = Assertion.NEGATED not in compiled.frame.fires_on
            met = self._companion(role, passage, place, event, denied)
            if met is None:
                return None
            if role.gone and any(places_of(role.element, u.reading) for u in passage.other):
                return None
            found.append((role.name, *met))
        return found

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
            if not denied or not (self._denied(span, event, unit.reading) or zero(span, unit.reading)):
                return words(unit.reading, span), 1.0
        if reach in (Reach.CLAUSE, Reach.SENTENCE):
            return None
        if reach is Reach.TEXT:
            others = [passage.units[n] for n in window(passage.places(element), place) if n != place]
        else:
            others = passage.neighbours(place)
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
            if len(between) <= near and not within(event, [cue]) and "," not in between:
                shields = [s for n in self.lexicon.cues["shield"] for s in reading.hits.get(n)]
                return not any(a <= cue[0] and cue[1] <= b for a, b in shields)
        return False


def zero(span: Span, reading: Reading) -> bool:
    """True for a figure that says there is none."""
    return _NOTHING.match(reading.view[span[0] : span[1]]) is not None


def within(outer: Span, spans: Sequence[Span]) -> bool:
    """True when one of the spans reaches into the outer one."""
    return any(a < outer[1] and outer[0] < b for a, b in spans)
