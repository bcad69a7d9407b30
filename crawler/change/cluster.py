"""The same news from several tellers is one event: who tells it, who told it first, who in words of their own.

tellings ─ near-identical texts ─▶ wordings ─ same page · sentence · passage · own words ─▶ events, copies marked

An event gathers around its weightiest telling and never by way of a third one: a letter that quotes two pieces of
news does not make one of them. Translations stay apart. Shingles are of characters for Chinese and Japanese, of words
else; they are hashed (CRC-32), so that the same tellings give the same events in every process.
Source of the measures: Broder, "On the resemblance and containment of documents", 1997.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from zlib import crc32

from crawler.change.likewise import at_odds, own_words
from crawler.change.similar import containment, jaccard, shingles

LONGEST = 4_000
"""Characters of a text that are compared."""
ALIKE = 0.7
"""Resemblance from which two texts are one wording."""
WITHIN = 0.6
"""Share of the shorter text in the longer from which they tell the same; of a text in an earlier one: it is a copy."""
FEWEST = 10
"""Shingles below which likeness may be chance; such texts are the same only letter for letter."""
_SKETCH = 16
_HOLDERS = 32
"""Tellings that a shingle may lead to; what more of them share says nothing."""
_TRIES = 48
"""Comparisons one telling is worth."""
_POSTINGS = 400_000
"""Shingles in the index of passages; of more, a sample is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A decisive sentence of a telling."""

    topic: str
    """What it bears on: the trigger."""
    stance: str
    """How it bears on it: for, against, a plan; what differs here is never the same news in other words."""
    text: str
    """In comparison form."""
    gone: bool = False
    """It stood there and does not any more."""
    names: frozenset[str] = frozenset()
    """Names in it (`likewise.names`), which the comparison form does not show."""


@dataclass(frozen=True, kw_only=True)  # no slots: what is worked out of the text is kept beside it
class Telling:
    """One change, as far as being the same news goes."""

    rank: int
    """Unique; the smallest of an event leads it."""
    source: str
    party: str
    """Who speaks: two sources of one publisher are one party."""
    title: str
    page: str
    """Address without what does not tell pages apart; '': none."""
    text: str
    """What came, in comparison form; where nothing came, what went."""
    removed: bool = False
    """`text` is what went."""
    points: tuple[Point, ...] = ()
    told_at: datetime
    """By when it was told at the latest."""

    @cached_property
    def bare(self) -> str:
        return bare(self.text)

    @cached_property
    def shingles(self) -> frozenset[int]:
        return frozenset(crc32(run.encode("utf-8", "surrogatepass")) for run in shingles(self.text[:LONGEST]))

    @cached_property
    def sketch(self) -> tuple[int, ...]:
        """The smallest shingles: texts that are alike have some of them in common."""
        return tuple(sorted(self.shingles)[:_SKETCH])

    @cached_property
    def keys(self) -> frozenset[str]:
        """Decisive sentences that are long enough not to be the same by chance."""
        return frozenset(f"{p.gone}:{bare(p.text)}" for p in self.points if tells(bare(p.text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A telling in its event."""

    telling: Telling
    copy_of: Telling | None = None
    """An earlier one that it repeats; None: its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One piece of news with all who tell it."""

    told: tuple[Told, ...]
    """By rank: the first leads."""
    first: Telling
    """Told earliest."""
    independent: int
    """Parties that tell it in words of their own."""


@dataclass(slots=True)
class _Group:
    """Tellings of one event so far; the core, one wording, decides what else belongs here."""

    core: list[Telling]
    tellings: list[Telling] = field(default_factory=list)


def cluster(tellings: Iterable[Telling]) -> list[Event]:
    """Every telling in exactly one event, the weightiest event first; the order they are given in does not matter."""
    ranked = sorted(tellings, key=lambda telling: telling.rank)
    known = _Known(1 + sum(len(telling.shingles) for telling in ranked) // _POSTINGS)
    groups: list[_Group] = []
    for wording in _wordings(ranked):
        group = next((g for g in known.candidates(wording) if _belongs(wording, g)), None)
        if group is None:
            group = _Group(core=wording)
            groups.append(group)
            known.add(group)
        group.tellings += wording
    return [_event(group.tellings) for group in groups]


def bare(text: str) -> str:
    """A sentence without what reprints alter: blanks and punctuation."""
    return re.sub(r"[\W_]+", "", text)


def tells(folded: str) -> bool:
    """Long enough not to be the same by chance."""
    wide = sum(character > "\u2e7f" for character in folded[:200])
    return wide >= 10 or len(folded) >= 24


def _wordings(ranked: Sequence[Telling]) -> list[list[Telling]]:
    """Tellings whose texts are one text, gathered; by rank."""
    parent = list(range(len(ranked)))

    def root(place: int) -> int:
        while parent[place] != place:
            parent[place] = place = parent[parent[place]]
        return place

    for one, other in _near(ranked):
        a, b = sorted((root(one), root(other)))
        parent[b] = a
    out: dict[int, list[Telling]] = defaultdict(list)
    for place, telling in enumerate(ranked):
        out[root(place)].append(telling)
    return list(out.values())


def _near(ranked: Sequence[Telling]) -> Iterator[tuple[int, int]]:
    """Pairs of places with one wording."""
    whole: dict[tuple[bool, str], list[int]] = defaultdict(list)
    holders: dict[tuple[bool, int], list[int]] = defaultdict(list)
    for place, telling in enumerate(ranked):
        same = whole[telling.removed, telling.bare] if tells(telling.bare) else []
        yield from ((other, place) for other in same[:_TRIES] if _same_text(ranked[other], telling))
        same.append(place)
        if len(telling.shingles) < FEWEST:
            continue
        seen = Counter(other for run in telling.sketch for other in holders[telling.removed, run][:_HOLDERS])
        for other, _ in sorted(seen.items(), key=lambda pair: (-pair[1], pair[0]))[:_TRIES]:
            there = ranked[other]
            apart = there.source == telling.source or _at_odds(there, telling)
            if not apart and jaccard(there.shingles, telling.shingles) >= ALIKE:
                yield other, place
        for run in telling.sketch:
            holders[telling.removed, run].append(place)


def _same_text(a: Telling, b: Telling) -> bool:
    """Equal texts are one wording; those of one source under two titles may be equal because they say too little."""
    return a.source != b.source or (bare(a.title) == bare(b.title) and not a.points and not b.points)


class _Known:
    """The events so far, to be found by what a wording has in common with them."""

    def __init__(self, sample: int) -> None:
        self.sample = sample
        self.groups: list[_Group] = []
        self.by: dict[object, list[int]] = defaultdict(list)

    def add(self, group: _Group) -> None:
        place = len(self.groups)
        self.groups.append(group)
        for mark in {mark for telling in group.core[:8] for mark in self._marks(telling)}:
            self.by[mark].append(place)

    def candidates(self, wording: list[Telling]) -> Iterator[_Group]:
        """Events that may be this one, the weightiest first."""
        seen: Counter[int] = Counter()
        for mark in {mark for telling in wording[:8] for mark in self._marks(telling)}:
            seen.update(self.by.get(mark, ())[:_HOLDERS])
        likely = sorted(seen, key=lambda place: (-seen[place], place))[:_TRIES]
        return (self.groups[place] for place in sorted(likely))

    def _marks(self, telling: Telling) -> Iterator[object]:
        yield from telling.keys
        yield from (("topic", point.topic, point.stance) for point in telling.points)
        if telling.page:
            yield "page", telling.page
        if len(telling.shingles) >= FEWEST:
            yield from (run for run in telling.shingles if run % self.sample == 0)


def _belongs(wording: list[Telling], group: _Group) -> bool:
    return any(_same_news(a, b, group) for a in group.core[:8] for b in wording[:8])


def _same_news(lead: Telling, other: Telling, group: _Group) -> bool:
    if lead.keys & other.keys:
        return True
    held = any(telling.source == other.source for telling in group.tellings)
    if lead.page and lead.page == other.page and not held:
        # one source names one address for many items at times, and changes a page twice a day: these are news apart
        return True
    if lead.source == other.source or _at_odds(lead, other):
        return False
    small, large = sorted((lead.shingles, other.shingles), key=len)
    if lead.removed == other.removed and len(small) >= FEWEST and containment(small, large) >= WITHIN:
        return True
    return any(
        p.topic == q.topic and p.stance == q.stance and own_words(p.text, q.text, p.names, q.names)
        for p in lead.points[:8]
        for q in other.points[:8]
    )


def _at_odds(a: Telling, b: Telling) -> bool:
    """They bear on one thing and say other things of it: a denial, another number, another name between quotes."""
    for topic in {p.topic for p in a.points} & {q.topic for q in b.points}:
        mine, yours = ([p for p in each.points if p.topic == topic] for each in (a, b))
        if not {p.stance for p in mine} & {q.stance for q in yours}:
            return True
        if all(at_odds(p.text, q.text) for p in mine[:8] for q in yours[:8]):
            return True
    return False


def _event(tellings: list[Telling]) -> Event:
    """The event of these tellings: in the order of time, each held against those before it."""
    copies: dict[int, Telling] = {}
    before: list[Telling] = []
    for telling in sorted(tellings, key=lambda each: (each.told_at, each.rank)):
        of = max(before[:64], key=lambda earlier: (_repeats(telling, earlier), -earlier.rank), default=None)
        if of is not None and _repeats(telling, of) >= WITHIN:
            copies[telling.rank] = of
        before.append(telling)
    ranked = sorted(tellings, key=lambda each: each.rank)
    return Event(
        told=tuple(Told(telling=each, copy_of=copies.get(each.rank)) for each in ranked),
        first=before[0],
        independent=len({each.party for each in ranked if each.rank not in copies}),
    )


def _repeats(telling: Telling, earlier: Telling) -> float:
    """How much of a telling an earlier one had said; 1 for the same page, and for one that says nothing."""
    if (telling.page and telling.page == earlier.page) or telling.bare == earlier.bare:
        return 1.0
    if len(telling.shingles) < FEWEST:
        return 1.0 if telling.bare in earlier.bare else 0.0
    return containment(telling.shingles, earlier.shingles)
