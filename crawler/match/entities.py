"""Who is meant: names by longest match, confusables, descriptions, products; each masked by one character."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.match.borders import insides
from crawler.match.fold import Folded, fold, fold_text, forms
from crawler.match.lexicon import Lexicon, Name, Pattern, Span
from crawler.match.model import EntityKind
from crawler.match.terms import FIGURE

STRENGTH = {"name": 1.0, "product": 0.97, "description": 0.95}
"""How sure it is that a mention means its entity, by how it names it."""
UNSURE = "unsure"
"""How a bare name is met whose companions are missing, until the descriptions it may be part of have been tried."""
_FOOTNOTE = re.compile(r"\d{1,2}(?:,\d{1,2})*(?![a-z0-9%]|\.\d)")
"""Right after the name of a body: the number of a footnote, glued to it where the page had it raised."""
_FOOTED = 4
"""Letters of the shortest name that may have one: G7 and GPT4 are names of their own."""
_PART_OF = re.compile(
    r"'s (?:[a-z-]+ ){0,3}?(?:department|division|office|team|cent(?:er|re)|unit|lab|laboratory|section|group|branch|"
    r"programme|program|project|desk|bureau|board|council|committee|network|school|library|canteen|secretariat|"
    r"communications|research|evaluation|operations|security|testing)s?\b"
)
"""Right after the name in "head of NAME": what it is the head of is only a part."""
_VERSION = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})?|[ -]?[a-z]\d{1,2}(?:\.\d{1,2})?| \d\.\d)(?![a-z0-9%])")
"""A version right after a product's name: Qwen3, Kimi K2, GLM 4.6; a mere number after a space counts something."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an entity is named; `at` is its one character in the masked text."""

    at: int
    entity: str
    via: str
    """name, product, description or confusable; within: its name is part of another's, at the other's place."""
    words: str
    """As they stand in the original."""


class Hits:
    """Which classes were met where in a statement. A class's pattern runs when somebody first asks for the class."""

    __slots__ = ("_count", "_ends", "_insides", "_known", "_named", "_patterns", "_plain", "_view", "tried")

    def __init__(
        self,
        view: str,
        patterns: Sequence[Pattern],
        plain: dict[int, list[Span]],
        named: dict[int, list[Span]],
        tried: set[int],
        count: Callable[[int], None],
    ) -> None:
        self._view, self._patterns, self._plain, self._named = view, patterns, plain, named
        self._insides = insides(view)
        self.tried = tried
        """Classes whose pattern may be met: an anchor of theirs was."""
        self._count = count
        self._known: dict[int, list[Span]] = {}
        self._ends: dict[tuple[int, ...], list[tuple[int, int, Span]]] = {}

    def get(self, number: int) -> Sequence[Span]:
        """The places of a class: of its plain terms, of its patterns, of the names that are terms of it."""
        spans = self._known.get(number)
        if spans is None:
            spans = list(self._plain.get(number, ()))
            if number in self.tried:
                self._count(1)
                spans += self._patterns[number].spans(self._view)
            if self._insides:  # what begins or ends inside a word of the text is none
                spans = [s for s in spans if self._insides.isdisjoint(s)]
            spans += self._named.get(number, ())
            self._known[number] = spans
        return spans

    def ending(self, numbers: tuple[int, ...], low: int, high: int) -> list[Span]:
        """The places of some classes that end in [low, high], in the order of the classes."""
        ends = self._ends.get(numbers)
        if ends is None:
            spans = (span for number in numbers for span in self.get(number))
            ends = self._ends[numbers] = sorted((span[1], n, span) for n, span in enumerate(spans))
        found = ends[bisect_left(ends, (low,)) : bisect_left(ends, (high + 1,))]
        return [span for _, _, span in sorted(found, key=lambda e: e[1])]

    def __contains__(self, number: int) -> bool:
        return bool(self.get(number))

    def possible(self) -> set[int]:
        """Every class that may have been met."""
        return self.tried.union(self._plain, self._named)


@dataclass(slots=True)
class Reading:
    """A statement read: masked text, who is named in it, which classes were met where."""

    text: str
    view: str
    at: list[int]
    """Offset in `text` of each character of `view`, and the end."""
    mentions: list[Mention]
    hits: Hits

    def original(self, start: int, end: int) -> Span:
        """The stretch of `text` that [start, end) of the view came from; a mask stands for its whole name."""
        return self.at[start], max(self.at[end], self.at[start])

    def of(self, entity: str) -> list[Mention]:
        base = entity.removesuffix(".product")
        kinds = ("product",) if base != entity else ("name", "product", "description")
        return [m for m in self.mentions if m.entity == base and m.via in kinds]


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a statement may hold at most, found in one pass: whatever reading it finds is in here."""

    folded: Folded
    keys: frozenset[int | str]
    """Numbers of classes and ids of entities."""


def sketch(text: str, lexicon: Lexicon, *, to_be_read: bool = True) -> Sketch:
    """Fold a statement and note what it may hold; most statements hold nothing and need no reading.

    `to_be_read`: False for a text that is only looked over: its offsets are not kept.
    """
    if to_be_read:  # the lines of one statement are parted as its words are
        folded = fold(text.replace("\n", ","), lexicon.kept)
    else:
        folded = Folded(fold_text(text, lexicon.kept), range(0))
    keys: set[int | str] = set()
    tried = lexicon.shapeless
    for brings, tries in lexicon.seen(folded.text):
        keys |= brings
        if tries:
            tried = tried | tries
    if FIGURE.search(folded.text):
        keys |= lexicon.loose_asked
    for number in tried - lexicon.speaking_of.keys():
        entity, pattern = lexicon.descriptions[number]
        if entity not in keys and pattern.spans(folded.text):
            keys.add(entity)
    if keys:
        _follow(keys, lexicon)
    return Sketch(folded, frozenset(keys))


def _follow(keys: set[int | str], lexicon: Lexicon) -> None:
    """Add what the entities that may be there bring with them: whom they describe, the classes that hold their mask."""
    before = -1
    while before != len(keys) and not lexicon.spoken_of.isdisjoint(keys):
        before = len(keys)
        keys.update(lexicon.descriptions[n][0] for n, whose in lexicon.speaking_of.items() if whose & keys)
    for entity in lexicon.held.keys() & keys:
        keys |= lexicon.held[entity]


def read(
    text: str,
    lexicon: Lexicon,
    certain: Callable[[str], bool],
    count: Callable[[int], None],
    folded: Folded | None = None,
) -> Reading:
    """Fold, mask and look up one statement.

    `certain(entity)` tells whether a bare name counts (its companions stand somewhere near); `count` is told of each
    step done, so that a test can see how the work grows. `folded`: the text as `fold` gives it, where that is known.
    """
    folded = folded or fold(text, lexicon.kept)
    names, descriptions, classes = lexicon.automata
    found = _names(text, folded, lexicon, names, count)
    view, where, mentions = _mask(text, folded, *found, lexicon, certain)
    if len(descriptions):
        view, where, mentions = _described(text, view, where, mentions, lexicon, count)
        view, mentions = _doubted(view, mentions, lexicon)
    plain: dict[int, list[Span]] = {}
    tried: set[int] = set()
    if len(classes):
        _literals(view, classes, plain, tried, count)
    if FIGURE.search(folded.text):
        tried.update(lexicon.loose)
    named: dict[int, list[Span]] = {}
    for mention in mentions:
        if mention.via != "within":
            for number in _terms_named(mention.words, lexicon):
                named.setdefault(number, []).append((mention.at, mention.at + 1))
    reading = Reading(text, view, where, mentions, Hits(view, lexicon.patterns, plain, named, tried, count))
    _settle(reading, lexicon)
    return reading


def _terms_named(words: str, lexicon: Lexicon) -> set[int]:
    """The classes that hold a name as a plain term."""
    met = forms(words) if lexicon.named else ()
    return {number for form in met for number in lexicon.named.get(form, ())}


def _literals(
    view: str, classes: object, hits: dict[int, list[Span]], tried: set[int], count: Callable[[int], None]
) -> None:
    """One pass over the text: plain terms are met here and now, the others' patterns are noted to be tried."""
    for last, (length, anchored, whole, begun, _) in classes.iter(view):  # type: ignore[attr-defined]
        count(1)
        tried.update(anchored)
        if not whole and not begun:
            continue
        start, end = last + 1 - length, last + 1
        if start and _latin(view[start]) and _latin(view[start - 1]):
            continue
        if whole and not (end < len(view) and _latin(view[end - 1]) and _latin(view[end])):
            for number in whole:
                hits.setdefault(number, []).append((start, end))
        if begun:
            while end < len(view) and _latin(view[end]):
                end += 1
            for number in begun:
                hits.setdefault(number, []).append((start, end))


def _names(
    text: str, folded: Folded, lexicon: Lexicon, automaton: object, count: Callable[[int], None]
) -> tuple[list[tuple[Span, Name]], list[tuple[Span, Name]]]:
    """Non-overlapping names, longest first, and those inside them; of equal length a confusable's own name takes it."""
    found: list[tuple[Span, Name]] = []
    if not len(automaton):  # type: ignore[arg-type]
        return [], []
    for last, word in automaton.iter(folded.text):  # type: ignore[attr-defined]
        count(1)
        start, end = last + 1 - len(word), last + 1
        versioned = _VERSION.match(folded.text, end) if _latin(word[-1]) else None
        for name in lexicon.names[word]:
            whole = end
            if versioned and (name.product or name.entity in lexicon.groups):
                whole = versioned.end()
            elif _may_have_footnote(name, lexicon) and (footed := _FOOTNOTE.match(folded.text, end)):
                whole = footed.end()
            if _bounded(folded.text, start, whole) and (
                name.exact is None or text[slice(*folded.original(start, end))] == name.exact
            ):
                found.append(((start, whole), name))
    found.sort(key=lambda f: (f[0][0] - f[0][1], f[1].confusable is None, f[0][0]))
    taken: list[tuple[Span, Name]] = []
    inner: list[tuple[Span, Name]] = []
    covered = bytearray(len(folded.text))
    for span, name in found:
        if not any(covered[span[0] : span[1]]):
            covered[span[0] : span[1]] = b"\1" * (span[1] - span[0])
            taken.append((span, name))
        elif name.confusable is None:
            inner.append((span, name))
    return sorted(taken, key=lambda f: f[0]), inner


def _may_have_footnote(name: Name, lexicon: Lexicon) -> bool:
    body = lexicon.entities[name.entity].kind in (EntityKind.BODY, EntityKind.NETWORK)
    return body and not name.product and len(name.folded) >= _FOOTED and name.folded[-1:].isalpha()


def _bounded(text: str, start: int, end: int) -> bool:
    """Latin names end where the word ends."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not ((_latin(before) and _latin(text[start])) or (_latin(after) and _latin(text[end - 1])))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _mask(
    text: str,
    folded: Folded,
    found: list[tuple[Span, Name]],
    inner: list[tuple[Span, Name]],
    lexicon: Lexicon,
    certain: Callable[[str], bool],
) -> tuple[str, list[int], list[Mention]]:
    out: list[str] = []
    where: array[int] = array("l")
    mentions: list[Mention] = []
    done = length = 0
    for (start, end), name in found:
        out.append(folded.text[done:start])
        where.extend(folded.at[done:start])
        length += start - done
        a, b = folded.original(start, start + len(name.folded))
        own = name.confusable is None and (name.product or certain(name.entity))
        unsure = name.confusable is None and not own and name.entity in lexicon.spoken_of
        mark = lexicon.marks[name.entity, name.product] if own or unsure else lexicon.other
        via = UNSURE if unsure else ("product" if name.product else "name") if own else "confusable"
        mentions.append(Mention(length, name.entity, via, text[a:b]))
        for (low, high), part in inner:
            if start <= low and high <= end and part.entity != name.entity and (part.product or certain(part.entity)):
                whole = own and high - low >= len(name.folded)  # a name of two entities is a mention of both
                whose = ("product" if part.product else "name") if whole else "within"
                mentions.append(Mention(length, part.entity, whose, text[slice(*folded.original(low, high))]))
        out.append(mark)
        where.append(a)
        length += 1
        done = end
    out.append(folded.text[done:])
    where.extend(folded.at[done:])
    return "".join(out), list(where), mentions


def _doubted(view: str, mentions: list[Mention], lexicon: Lexicon) -> tuple[str, list[Mention]]:
    """Names whose companions are missing taken away, unless a description has taken them in."""
    if not any(mention.via == UNSURE for mention in mentions):
        return view, mentions
    signs = list(view)
    for n, mention in enumerate(mentions):
        if mention.via == UNSURE:
            signs[mention.at] = lexicon.other
            mentions[n] = Mention(mention.at, mention.entity, "confusable", mention.words)
    return "".join(signs), mentions


def _described(
    text: str, view: str, where: list[int], mentions: list[Mention], lexicon: Lexicon, count: Callable[[int], None]
) -> tuple[str, list[int], list[Mention]]:
    """Mask descriptions too; they may hold masks ("{founder}'s institute"), which are then part of them."""
    _, descriptions, _ = lexicon.automata
    tried: set[int] = set()
    for _, (_, numbers, *_) in descriptions.iter(view):
        tried.update(numbers)
    found: list[tuple[Span, str]] = []
    for number in sorted(tried):
        count(1)
        entity, pattern = lexicon.descriptions[number]
        found.extend((span, entity) for span in pattern.spans(view) if not of_part(view, span[1]))
    if not found:
        return view, where, mentions
    found.sort(key=lambda f: (f[0][0] - f[0][1], f[0][0]))
    covered = bytearray(len(view))
    kept = []
    for span, entity in found:
        if not any(covered[span[0] : span[1]]):
            covered[span[0] : span[1]] = b"\1" * (span[1] - span[0])
            kept.append((span, entity))
    out, at, shift = [], [], {}
    done = length = 0
    new: list[Mention] = []
    for (start, end), entity in sorted(kept):
        for k in range(done, start):
            shift[k] = length + k - done
        out.append(view[done:start])
        at.extend(where[done:start])
        length += start - done
        new.append(Mention(length, entity, "description", text[where[start] : where[end]].strip()))
        new.extend(
            Mention(length, m.entity, "within", m.words) for m in mentions if start <= m.at < end and m.entity != entity
        )
        out.append(lexicon.marks[entity, False])
        at.append(where[start])
        length += 1
        done = end
    for k in range(done, len(view)):
        shift[k] = length + k - done
    out.append(view[done:])
    at.extend(where[done:])
    kept_mentions = [Mention(shift[m.at], m.entity, m.via, m.words) for m in mentions if m.at in shift]
    return "".join(out), at, sorted(kept_mentions + new, key=lambda m: m.at)


def of_part(view: str, end: int) -> bool:
    """True where a description ends in a name that only owns what follows: "head of NAME's department"."""
    return not view[end - 1].isascii() and _PART_OF.match(view, end) is not None


def _settle(reading: Reading, lexicon: Lexicon) -> None:
    """Take a name away where the companions of a confusable stand in the same statement."""
    for n, mention in enumerate(reading.mentions):
        for confusable in lexicon.entities[mention.entity].confusables if mention.via == "name" else ():
            element = lexicon.near.get((mention.entity, confusable.title))
            if element and (
                any(number in reading.hits for number in element.classes)
                or any(reading.of(e) for e in element.entities)
            ):
                reading.mentions[n] = Mention(mention.at, mention.entity, "confusable", mention.words)
                break
