"""Every term of an assessment compiled once: names, descriptions and classes, behind three Aho-Corasick automata.

Named things are masked in the text by one private-use character each, so that a name's own words ("safety institute")
are never taken for an event, and a term may speak of `{institute}` in any of its names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ahocorasick
import re2

from crawler.match.cues import CUES
from crawler.match.fold import fold_term, forms
from crawler.match.model import Assessment, Entity, EntityKind
from crawler.match.shapes import Span
from crawler.match.statements import SELF_WORDS
from crawler.match.terms import PLACEHOLDERS, Literal, Reference, compile_term, parse

Hits = tuple[int, tuple[int, ...], tuple[int, ...], tuple[int, ...], frozenset[int]]
"""Of a word: its length; the classes that it anchors, is a term of, begins a term of; all of them."""
Sight = tuple[frozenset[int | str], frozenset[int]]
"""Of a word: the keys that it brings, the descriptions whose patterns are to be tried."""
_NONE: frozenset[Any] = frozenset()
_OPTIONS = re2.Options()
_OPTIONS.max_mem = 64 << 20
_OPTIONS.log_errors = False
_POINTED = "的(?:[那这][所家个座])?"
"""In a description one may point at what is described: 门头沟的那所研究院."""
_SHOUTED = 5
"""An all-capitals name of up to so many letters is met in capitals only: US is not us."""


@dataclass(frozen=True, slots=True)
class Name:
    """One way to meet an entity or one of its confusables."""

    entity: str
    folded: str
    exact: str | None
    """Not None: the original must be written so."""
    product: bool = False
    confusable: str | None = None
    """Title of the confusable whose own name this is; None: the entity's own."""


@dataclass(slots=True)
class Pattern:
    """A class, a placeholder or a description; RE2 takes it when it is first to run, since most never are."""

    text: str
    """Empty: it has no pattern, its literals are all."""
    anchors: frozenset[str] | None
    literals: tuple[tuple[str, bool], ...] = ()
    """Plain words, and whether any ending may follow; the automaton itself finds them, no pattern runs."""
    _compiled: Any = None

    def spans(self, view: str) -> list[Span]:
        if not self.text:
            return []
        if self._compiled is None:
            self._compiled = re2.compile(self.text, _OPTIONS)
        return [hit.span() for hit in self._compiled.finditer(view) if hit.end() > hit.start()]


@dataclass(frozen=True, slots=True)
class Element:
    """A list of terms of a frame, reduced to what can be looked up: classes by number, entities by id."""

    classes: tuple[int, ...] = ()
    entities: tuple[str, ...] = ()
    keys: frozenset[int | str] = frozenset()
    """What of it a sketch tells: the classes' numbers and the entities' ids, products under their maker's."""


def elements(classes: Iterable[int], entities: Iterable[str]) -> Element:
    numbers, ids = tuple(dict.fromkeys(classes)), tuple(dict.fromkeys(entities))
    return Element(numbers, ids, frozenset((*numbers, *(e.removesuffix(".product") for e in ids))))


class Lexicon:
    """The compiled terms of one assessment; immutable once made."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.entities: Mapping[str, Entity] = assessment.entities
        self.groups = frozenset(key for key, e in self.entities.items() if e.kind is EntityKind.GROUP)
        self.marks: dict[tuple[str, bool], str] = {}
        for n, key in enumerate(self.entities):
            self.marks[key, False] = _mark(2 * n + 1)
            self.marks[key, True] = _mark(2 * n + 2)
        self.other = _mark(0)
        """Stands for a confusable: something named, but nobody of ours."""
        self.meaning = {mark: key for key, mark in self.marks.items()}
        self._sources: dict[str, tuple[str, frozenset[str] | None]] = {}
        self.patterns: list[Pattern] = []
        self._numbers: dict[tuple[str, ...], int] = {}
        self.named: dict[str, list[int]] = {}
        """Classes that hold a name as a plain term: the name is masked in the text, so it is looked up by itself."""
        self.names = self._names()
        self.cues = {cue.name: self.element(cue.terms).classes for cue in CUES}
        self.selves = {key: self.element(terms).classes for key, terms in SELF_WORDS.items()}
        self.pronouns = {key: self.element(e.pronouns).classes for key, e in self.entities.items() if e.pronouns}
        self.needs = {key: self._needs(e.needs) for key, e in self.entities.items() if e.needs}
        self.near = {
            (key, c.title): self.element(c.near) for key, e in self.entities.items() for c in e.confusables if c.near
        }
        self.descriptions: list[tuple[str, Pattern]] = []
        self.speaking_of: dict[int, frozenset[str]] = {}
        """By description that holds the mask of somebody else ("{founder}'s institute"): whose."""
        self._describe()

    def element(self, terms: Iterable[str]) -> Element:
        """What a list of terms comes to; equal lists share their class."""
        classes: list[int] = []
        entities: list[str] = []
        own: list[str] = []
        for term in terms:
            name = _only_reference(term)
            if name is None:
                own.append(term)
            elif name.removesuffix(".product") in self.entities:
                entities.append(name)
            elif name in self.assessment.classes:
                classes.append(self._number(self.assessment.classes[name].all()))
            else:
                classes.append(self._number((term,)))
        if own:
            classes.append(self._number(tuple(own)))
        return elements(classes, entities)

    def _needs(self, terms: Sequence[str]) -> tuple[Pattern, frozenset[str]]:
        """A pattern over plain folded text, and the names of the entities among the companions."""
        who = [name for t in terms if (name := _only_reference(t)) in self.entities]
        words = [t for t in terms if _only_reference(t) not in self.entities]
        names = frozenset(w for w, known in self.names.items() for n in known if n.entity in who and not n.confusable)
        return self._pattern(words), names

    def _number(self, terms: tuple[str, ...]) -> int:
        if terms not in self._numbers:
            self._numbers[terms] = len(self.patterns)
            plain = {t: lit for t in terms if (lit := _plain(t))}
            self.patterns.append(self._pattern([t for t in terms if t not in plain], tuple(plain.values())))
            for term in terms:
                for folded in forms(term):
                    if folded in self.names:
                        self.named.setdefault(folded, []).append(self._numbers[terms])
        return self._numbers[terms]

    def _pattern(self, terms: Sequence[str], literals: tuple[tuple[str, bool], ...] = ()) -> Pattern:
        if not terms:
            return Pattern("", frozenset(), literals)
        text, anchors = self._either(terms)
        return Pattern(text, anchors, literals)

    def _either(self, terms: Iterable[str]) -> tuple[str, frozenset[str] | None]:
        """Longest first, since RE2 takes the first alternative that fits."""
        compiled = [compile_term(t, self._resolve) for t in sorted(terms, key=len, reverse=True)]
        anchors = [a for _, a in compiled]
        return "|".join(p for p, _ in compiled), frozenset().union(*anchors) if all(anchors) else None  # type: ignore[arg-type]

    def _resolve(self, name: str) -> tuple[str, frozenset[str] | None]:
        if name not in self._sources:
            self._sources[name] = self._resolved(name)
        return self._sources[name]

    def _resolved(self, name: str) -> tuple[str, frozenset[str] | None]:
        base = name.removesuffix(".product")
        if base in self.entities:
            marks = [self.marks[base, True]] if name != base else [self.marks[base, False], self.marks[base, True]]
            return f"[{''.join(marks)}]", frozenset(marks)
        if name in self.assessment.classes:
            text, anchors = self._either(self.assessment.classes[name].all())
            return f"(?:{text})", anchors
        if name in PLACEHOLDERS:
            return PLACEHOLDERS[name].pattern, None
        raise KeyError(f"{{{name}}} is neither a class nor an entity nor a placeholder")

    def _names(self) -> dict[str, list[Name]]:
        names: dict[str, list[Name]] = {}

        def add(entity: str, name: str, product: bool = False, confusable: str | None = None) -> None:
            shouted = name.isascii() and name.isalpha() and name.isupper() and len(name) <= _SHOUTED
            for folded in forms(name) - {""}:
                known = Name(entity, folded, name if shouted else None, product, confusable)
                names.setdefault(folded, []).append(known)

        for key, entity in self.entities.items():
            for name in entity.names.all():
                add(key, name)
                if handle := _handle(name):
                    add(key, handle)
            for name in entity.products:
                add(key, name, product=True)
            for other in entity.confusables:
                for name in other.names.all():
                    add(key, name, confusable=other.title)
        return names

    def _describe(self) -> None:
        for key, entity in self.entities.items():
            parted: dict[bool, list[str]] = {False: [], True: []}
            for term in entity.descriptions:
                parted[bool(self._masks(compile_term(term, self._resolve)[0]))].append(term)
            for masked, terms in parted.items():
                if terms:
                    pattern = self._pattern(terms)
                    pattern.text = pattern.text.replace("的", _POINTED)
                    if masked:
                        self.speaking_of[len(self.descriptions)] = self._masks(pattern.text)
                    self.descriptions.append((key, pattern))

    def _masks(self, text: str) -> frozenset[str]:
        return frozenset(self.meaning[sign][0] for sign in text if sign in self.meaning)

    def _by_mask(self, patterns: Iterable[tuple[int, Pattern]]) -> dict[str, set[int]]:
        found: dict[str, set[int]] = {}
        for number, pattern in patterns:
            for entity in self._masks("".join(pattern.anchors or ())):
                found.setdefault(entity, set()).add(number)
        return found

    def kept(self, plain: str) -> Iterator[Span]:
        """Where a text in Simplified script holds a name, whose words no vocabulary changes."""
        names = self.automata[0]
        for last, word in names.iter(plain) if len(names) else ():
            yield last + 1 - len(word), last + 1

    def seeing(self, frames: Iterable[Element]) -> None:
        """Build the automata, now that every frame is compiled: what is read, and what is seen before anything is.

        Read are names over folded text, descriptions and classes over masked text. The automaton of sketches sees what
        these elements ask for, and nothing else; by word: the keys that it brings with it, and the descriptions whose
        patterns are to be tried.
        """
        described = _by_anchor(enumerate(p for _, p in self.descriptions))
        classes = _by_anchor(enumerate(self.patterns))
        self.automata = (_automaton({name: name for name in self.names}), _automaton(described), _automaton(classes))
        asked = frozenset(number for element in frames for number in element.classes)
        seen = self._seen(asked, described, classes)
        self.sights = list(dict.fromkeys(seen.values()))
        """What the words seen bring, each once; the automaton tells its number."""
        numbers = {sight: number for number, sight in enumerate(self.sights)}
        self._sight = _automaton({_in_bytes(word): numbers[sight] for word, sight in seen.items()})
        self.loose = [n for n, p in enumerate(self.patterns) if p.anchors is None]
        """Classes with no fixed words; tried wherever there is a figure."""
        self.loose_asked = asked.intersection(self.loose)
        self.shapeless = {n for n, (_, p) in enumerate(self.descriptions) if p.anchors is None}
        """Descriptions with no fixed words: they may stand anywhere."""
        self.spoken_of = frozenset().union(*self.speaking_of.values())
        self.held = {entity: asked & held for entity, held in self._by_mask(enumerate(self.patterns)).items()}
        """By entity: the classes that are asked for and whose patterns hold its mask."""

    def seen(self, text: str) -> Iterator[Sight]:
        """What stands in a folded text, each once."""
        numbers = {number for _, number in self._sight.iter(_in_bytes(text))} if len(self._sight) else ()
        return (self.sights[number] for number in numbers)

    def _seen(
        self, asked: frozenset[int], described: Mapping[str, Hits], classes: Mapping[str, Hits]
    ) -> dict[str, Sight]:
        keys: dict[str, frozenset[int | str]] = {w: hits[4] & asked for w, hits in classes.items()}
        for word, names in self.names.items():
            named = asked.intersection(self.named.get(word, ()))
            keys[word] = keys.get(word, _NONE) | named | {name.entity for name in names}
        seen: dict[str, Sight] = {}
        for word in keys.keys() | described.keys():
            sight = keys.get(word, _NONE), frozenset(described[word][1]) if word in described else _NONE
            if sight != (_NONE, _NONE):
                seen[word] = sight
        return seen


def _mark(number: int) -> str:
    """A private-use character: 6,400 near ones, then the plane that holds 65,000 more."""
    return chr(0xE000 + number) if number < 0x1900 else chr(0xF0000 + number - 0x1900)


def _handle(name: str) -> str:
    """The name that somebody goes by on social media: @AdaQuell; empty for a name of one word, or of odd signs."""
    words = name.replace("-", " ").split()
    return "@" + "".join(words) if len(words) > 1 and name.isascii() and "".join(words).isalpha() else ""


def _plain(term: str) -> tuple[str, bool] | None:
    """(words, whether any ending may follow) of a term that is words alone; None for any other."""
    parts = parse(term).parts
    if len(parts) != 1 or not isinstance(parts[0], Literal):
        return None
    words = parts[0].text
    if "*" in words.removesuffix("*"):
        return None
    folded = fold_term(words.removesuffix("*"))
    return (folded, words.endswith("*")) if folded else None


def _only_reference(term: str) -> str | None:
    if "{" not in term:
        return None
    parts = parse(term).parts
    return parts[0].name if len(parts) == 1 and isinstance(parts[0], Reference) else None


def _by_anchor(patterns: Iterable[tuple[int, Pattern]]) -> dict[str, Hits]:
    """By word: the classes whose pattern it anchors, those that it is a term of, and those that it begins a term of.

    Words of equal length that belong to the same classes share what is told of them.
    """
    words: dict[str, list[int]] = {}
    for number, pattern in patterns:
        for anchor in pattern.anchors or ():
            words.setdefault(anchor, []).append(3 * number)
        for word, open_ended in pattern.literals:
            words.setdefault(word, []).append(3 * number + (2 if open_ended else 1))
    shared: dict[tuple[int, ...], Hits] = {}
    told: dict[str, Hits] = {}
    for word, coded in words.items():
        key = (len(word), *coded)
        if key not in shared:
            parts = [tuple(code // 3 for code in coded if code % 3 == part) for part in range(3)]
            shared[key] = (len(word), *parts, frozenset(code // 3 for code in coded))  # type: ignore[assignment]
        told[word] = shared[key]
    return told


def _in_bytes(text: str) -> str:
    """A text with one character for each byte of its UTF-8, where offsets do not matter.

    The automaton looks for its next step among those of a node one by one: of bytes there are at most some sixty, of
    Chinese characters more than a thousand.
    """
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("latin-1")


def _automaton(words: Mapping[str, object]) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for word, value in words.items():
        automaton.add_word(word, value)
    if words:
        automaton.make_automaton()
    return automaton
