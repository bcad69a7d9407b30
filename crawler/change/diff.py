"""Two texts to hunks: sets of sentences first (a move is no change), then pairs of what became of what."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from crawler.change.form import ADDRESS, compact, fold
from crawler.change.similar import likeness
from crawler.change.tokens import words

MOST_PAIRED = 4_000
"""Sentences on one side that are paired by likeness; more are left single."""
SEARCHED = 300_000_000
"""Characters searched for lines that are only cut elsewhere, before the search is given up."""
BARELY = 0.45
"""Likeness below which a common neighbour does not make them one either."""
MOST_RECURRING = 50
"""Differences told of one line that recurs."""
ALIKE = 0.5
"""Likeness from which two sentences are one that was edited."""
APART = 2
"""Unchanged lines between where one went and the other came, from which they are hardly one …"""
FAR_ALIKE = 0.8
"""… unless so alike in their words, numbers aside: an entry that fell off a list is not what came in at its top."""


@dataclass(slots=True)
class Spot:
    """A line of a text and where it stands."""

    text: str
    folded: str
    position: int
    main: bool
    furniture: bool
    heading: str | None = None
    before: str | None = None
    beside: bool = False
    """Furniture that speaks in paragraphs: a notice, a note at the side."""


@dataclass(slots=True)
class Difference:
    """A sentence that came, went, or became another; at least one side is there."""

    old: Spot | None
    new: Spot | None
    recurs: bool = False
    """The line stands on both sides, more or less often."""
    counts: tuple[int, int] = (0, 0)
    """How often it stood and stands, when it recurs."""
    contents: bool = False
    """It recurs because a table of contents repeats a heading."""

    @property
    def main(self) -> bool:
        return bool((self.old and self.old.main) or (self.new and self.new.main))

    @property
    def furniture(self) -> bool:
        return not self.main and (self.new or self.old).furniture


@dataclass(slots=True)
class Side:
    """A text read for comparing."""

    spots: list[Spot]
    folds: dict[str, Spot]
    """The first place of each line."""
    counts: dict[str, int]
    """How often each line stands outside the furniture."""
    stream: str
    """All words without any space: tells whether a line is only cut elsewhere."""
    main: set[str]
    """Folds of the main text."""


def side(main: str, full: str) -> Side:
    """Read a text for comparing."""
    in_main = [fold(line) for line in main.split("\n")]
    main_set = {f for f in in_main if f}
    spots: list[Spot] = []
    folds: dict[str, Spot] = {}
    counts: dict[str, int] = defaultdict(int)
    heading = before = None
    stream = []
    lines = full.split("\n")
    borders = lines.count("")  # one: furniture follows it; two: first what of it speaks, then the rest
    passed = 0
    for position, line in enumerate(lines):
        folded = fold(line)
        if not folded:
            if not line:
                passed, heading, before = passed + 1, None, None
            continue
        furniture = passed > 0
        spot = Spot(
            text=line,
            folded=folded,
            position=position,
            main=folded in main_set,
            furniture=furniture,
            heading=heading,
            before=before,
            beside=furniture and passed < borders,
        )
        spots.append(spot)
        folds.setdefault(folded, spot)
        counts[folded] += not furniture
        stream.append(compact(folded))
        if line.startswith("# "):
            heading = line[2:]
        before = line
    return Side(spots=spots, folds=folds, counts=counts, stream="".join(stream), main=main_set)


def differences(old: Side, new: Side) -> list[Difference]:
    """What came, went or was edited between two texts, in the order of the new text."""
    came = [s for f, s in new.folds.items() if f not in old.folds]
    went = [s for f, s in old.folds.items() if f not in new.folds]
    came, went = _not_elsewhere(came, old), _not_elsewhere(went, new)
    pairs = _pair(went, came, old, new)
    taken = {id(a) for a, _ in pairs} | {id(b) for _, b in pairs}
    found = [Difference(old=a, new=b) for a, b in pairs]
    found += [Difference(old=None, new=s) for s in came if id(s) not in taken]
    found += [Difference(old=s, new=None) for s in went if id(s) not in taken]
    found += _recurring(old, new)
    total_old, total_new = max(1, len(old.spots)), max(1, len(new.spots))

    def place(d: Difference) -> tuple[float, int]:
        return (d.new.position / total_new, 0) if d.new else (d.old.position / total_old, 1)

    return sorted(found, key=place)


def _recurring(old: Side, new: Side) -> list[Difference]:
    """Short lines that many entries of a list share (a party, a committee): one more or one less is a difference."""
    found: list[Difference] = []
    headings = {s.folded for s in [*old.spots, *new.spots] if s.text.startswith("# ")}
    for folded, count in new.counts.items():
        before = old.counts.get(folded, 0)
        if count == before or not count or not before or max(count, before) < 2:
            continue
        more, less = (new, old) if count > before else (old, new)
        known = {s.before for s in less.spots if s.folded == folded}
        places = [s for s in more.spots if s.folded == folded and not s.furniture]
        places.sort(key=lambda s: s.before in known)
        for spot in places[: min(abs(count - before), MOST_RECURRING)]:
            here, there = (None, spot) if more is new else (spot, None)
            contents = folded in headings and not spot.text.startswith("# ")
            found.append(Difference(old=here, new=there, recurs=True, counts=(before, count), contents=contents))
    return found


def _not_elsewhere(spots: list[Spot], other: Side) -> list[Spot]:
    """Leave out lines whose words stand in the other text too, only cut into lines at other places."""
    kept = []
    budget = SEARCHED
    for spot in spots:
        text = compact(spot.folded)
        if budget > 0 and len(text.encode()) >= 24:
            budget -= len(other.stream)
            if text in other.stream:
                continue
        kept.append(spot)
    return kept


def _words(spot: Spot) -> list[str]:
    """The words to compare by; a mail address is one word, hidden from robots or not."""
    if "@" in spot.text or "protected" in spot.text:
        return words(fold(ADDRESS.sub(" mailaddress ", spot.text)))
    return words(spot.folded)


def _numberless(tokens: list[str]) -> list[str]:
    return [token for token in tokens if not token.isdigit()]


def _ranks(side: Side, other: Side) -> dict[int, int]:
    """Position of each line -> how many lines that both texts have stand before it."""
    ranks, shared = {}, 0
    for spot in side.spots:
        ranks[spot.position] = shared
        shared += spot.folded in other.folds
    return ranks


def _pair(went: list[Spot], came: list[Spot], old: Side, new: Side) -> list[tuple[Spot, Spot]]:
    """Match sentences that went with sentences that came, the most alike first."""
    if not went or not came or len(went) > MOST_PAIRED or len(came) > MOST_PAIRED:
        return []
    left = [_words(s) for s in went]
    right = [_words(s) for s in came]
    postings: dict[str, list[int]] = defaultdict(list)
    for index, tokens in enumerate(left):
        for token in set(tokens):
            postings[token].append(index)
    scored: list[tuple[float, int, int]] = []
    ranks = _ranks(old, new), _ranks(new, old)
    for j, tokens in enumerate(right):
        votes: dict[int, int] = defaultdict(int)
        for token in set(tokens):
            where = postings.get(token, ())
            if len(where) <= 200:
                for i in where:
                    votes[i] += 1
        for i in sorted(votes, key=lambda i: (-votes[i], i))[:12]:
            score = likeness(left[i], tokens)
            if score < BARELY:
                continue
            apart = abs(ranks[0][went[i].position] - ranks[1][came[j].position])
            if apart >= APART and likeness(_numberless(left[i]), _numberless(tokens)) < FAR_ALIKE:
                continue
            if went[i].main == came[j].main:
                score += 0.05
            if went[i].before and went[i].before == came[j].before:
                score += 0.1
            if score >= ALIKE:
                scored.append((score, i, j))
    scored.sort(key=lambda s: (-s[0], abs(went[s[1]].position - came[s[2]].position), s[1], s[2]))
    used_left: set[int] = set()
    used_right: set[int] = set()
    pairs = []
    for _, i, j in scored:
        if i not in used_left and j not in used_right:
            used_left.add(i)
            used_right.add(j)
            pairs.append((went[i], came[j]))
    return pairs
