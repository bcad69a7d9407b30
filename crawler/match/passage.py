"""The text of one side of a change, statement by statement, and how far a statement reaches into its surroundings."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from crawler.match.assertion import Judgement, dates, is_past
from crawler.match.entities import Reading, Sketch
from crawler.match.fold import Folded
from crawler.match.lexicon import Element, Span
from crawler.match.statements import Piece
from crawler.match.subject import Subject

WIDE = 40
"""Statements either side that "anywhere in the text" reaches, so that a long text costs no more than its length."""
APART = frozenset({"bullet", "row"})
"""Kinds of statement that say nothing about their neighbours of the same kind: headlines, items, rows."""


@dataclass(slots=True)
class Unit:
    """A statement in its place."""

    piece: Piece
    sketch: Sketch
    read: Callable[[str, Folded], Reading]
    block: int
    """Units of one block stood one after the other."""
    speaks: bool = True
    """False: context only (the sentence before a hunk)."""
    tag: object = None
    """Whatever the caller wants back with a match."""
    over: tuple[Unit, ...] = ()
    """Heading, table header and title above it."""
    _reading: Reading | None = None

    @property
    def reading(self) -> Reading:
        """The statement read, when somebody needs it: reading costs ten times the sketch."""
        if self._reading is None:
            self._reading = self.read(self.piece.text, self.sketch.folded)
        return self._reading


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
    judged: dict[tuple[int, Span, bool], Judgement] = field(default_factory=dict)
    """By place, event and whether it is a person's: how it is said, for all frames that ask."""
    names: frozenset[str] | None = None
    """Words used as names in it; None: not looked for yet."""
    subjects: dict[tuple[int, Span], tuple[Subject, str]] = field(default_factory=dict)
    """By place and event: of whom its clause tells."""
    unnamed: dict[str, bool] = field(default_factory=dict)
    """By owner of the page: whether a long text never names it."""
    _places: dict[int | str, list[int]] | None = None
    _keys: frozenset[int | str] | None = None

    def may_hold(self, element: Element) -> bool:
        """False when the element surely stands nowhere in the passage, above it or in the source's name."""
        if self._keys is None:
            self._keys = keys_of(self.units, self.source)
        return not self._keys.isdisjoint(element.keys)

    def neighbours(self, place: int) -> list[Unit]:
        """The units right before and after one, as far as they belong with it."""
        beside = (self.units[k] for k in (place - 1, place + 1) if 0 <= k < len(self.units))
        return [other for other in beside if are_near(other, self.units[place])]

    def places(self, element: Element) -> list[int]:
        """The units that may hold an element, in order; all that do are among them."""
        if self._places is None:
            self._places = {}
            for n, unit in enumerate(self.units):
                for key in unit.sketch.keys:
                    self._places.setdefault(key, []).append(n)
        if len(element.keys) == 1:
            return self._places.get(*element.keys, [])  # type: ignore[call-overload]
        return sorted({n for key in element.keys for n in self._places.get(key, ())})


def keys_of(units: Sequence[Unit], source: Reading) -> frozenset[int | str]:
    """Every class and entity that may stand in statements, above them or in the source's name."""
    over = {id(o): o for u in units for o in u.over}.values()
    sketched = {key for u in (*units, *over) for key in u.sketch.keys}
    sketched |= source.hits.possible()
    sketched.update(m.entity for m in source.mentions)
    return frozenset(sketched)


def may_stand_in(element: Element, unit: Unit) -> bool:
    """False when the element surely does not stand in a statement, which then need not be read."""
    return not unit.sketch.keys.isdisjoint(element.keys)


def stands_in(element: Element, reading: Reading) -> bool:
    """True when any class or entity of the element was met there, in whatever guise."""
    if any(number in reading.hits for number in element.classes):
        return True
    return any(mention.entity in element.keys for mention in reading.mentions)


def source_is_past(source: Reading, baseline: tuple[int, int]) -> bool:
    """True when the source's name itself is dated before the baseline ("Journal page, 2020")."""
    return is_past(dates(source.view), baseline)


def window(places: Sequence[int], place: int) -> Sequence[int]:
    """Those of the places that are not further off than `WIDE`."""
    return places[bisect_left(places, place - WIDE) : bisect_right(places, place + WIDE)]


def are_near(one: Unit, other: Unit) -> bool:
    """True for statements of one block, unless both are items of a list or rows of a table."""
    if one.block != other.block:
        return False
    return not (one.piece.kind in APART and other.piece.kind in APART)


def gap(one: Span, other: Span) -> int:
    return max(0, one[0] - other[1], other[0] - one[1])


def places_of(element: Element, reading: Reading) -> list[Span]:
    spans = [s for n in element.classes for s in reading.hits.get(n)]
    spans.extend((m.at, m.at + 1) for e in element.entities for m in reading.of(e))
    return spans


def met_in(element: Element, reading: Reading) -> list[Span]:
    """Like `places_of`, names inside longer ones included: enough for a companion, though not for a doer."""
    inner = (m for m in reading.mentions if m.via == "within")
    return [*places_of(element, reading), *((m.at, m.at + 1) for m in inner if m.entity in element.entities)]


def words(reading: Reading, span: Span) -> str:
    a, b = reading.original(*span)
    return reading.text[a:b].strip()
