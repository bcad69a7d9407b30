"""What an assessment is: the schema of `triggers.yml`, one frozen dataclass per part.

A term is a plain phrase; `crawler.match.terms` documents its small grammar. The catalogue fills these classes in,
calls `problems()` where a class has it, and reports each as `file:line:column: path: sentence`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import Any

from crawler.match.terms import PLACEHOLDERS, TermError, parse, references
from storage.records import Assertion, Direction

spec = dataclass(frozen=True, slots=True, kw_only=True)

Problem = tuple[str, str]
"""Relative path such as `frames[0].event[2]`, and a sentence that names the remedy."""

PASSES = (Assertion.ASSERTED, Assertion.DECIDED, Assertion.REPORTED)


def said(description: str, **rest: Any) -> Any:
    """A dataclass field whose description the generated reference and the JSON Schema show."""
    return field(metadata={"description": description}, **rest)


class EntityKind(StrEnum):
    """What an entity is; it decides which pronouns may stand for it."""

    BODY = "body"
    PERSON = "person"
    NETWORK = "network"
    GROUP = "group"
    """A class of bodies or things named one by one, such as all developers; no pronoun stands for it."""


class Side(StrEnum):
    """Which text of a change a frame reads."""

    ADDED = "added"
    REMOVED = "removed"


class Reach(StrEnum):
    """How far from the event a companion may stand."""

    CLAUSE = "clause"
    SENTENCE = "sentence"
    NEIGHBOURS = "neighbours"
    """The sentence before or after it, the heading, the table header, the name of the source."""
    TEXT = "text"
    """Anywhere in the text of the change or the name of the source."""


@spec
class Names:
    """Names of one thing in the languages we read. Traditional names are folded, so zh_hant is for other wordings."""

    en: tuple[str, ...] = said(
        "English names; an all-capitals name of up to five letters is met in capitals only.", default=()
    )
    zh_hans: tuple[str, ...] = said("Names in Simplified Chinese.", default=())
    zh_hant: tuple[str, ...] = said(
        "Names in Traditional Chinese where they differ by more than the script.", default=()
    )

    def all(self) -> tuple[str, ...]:
        return (*self.en, *self.zh_hans, *self.zh_hant)


@spec
class Confusable:
    """Somebody or something else that the entity is easily mistaken for; where it is met, the entity is not."""

    title: str = said("Who or what it is, for the reasons shown to a reader.")
    names: Names = said("Names of its own, longer or other than the entity's.", default_factory=Names)
    near: tuple[str, ...] = said("Terms that show, beside the entity's own name, that this one is meant.", default=())

    def problems(self) -> Iterator[Problem]:
        yield from term_problems("near", self.near)
        yield from name_problems("names", self.names)


@spec
class Entity:
    """A body, a person or a group that the triggers are about."""

    title: str = said("The name shown to a reader.")
    kind: EntityKind = said(
        "body, person, network or group; it decides which pronouns may stand for it.", default=EntityKind.BODY
    )
    names: Names = said("The names it goes by.", default_factory=Names)
    products: tuple[str, ...] = said("Names of things it makes; evidence about them is evidence about it.", default=())
    descriptions: tuple[str, ...] = said(
        "Terms that describe it without naming it, such as {founder}'s institute.", default=()
    )
    pronouns: tuple[str, ...] = said(
        "Terms that stand for it once it has been named, besides the usual ones of its kind.", default=()
    )
    confusables: tuple[Confusable, ...] = said("What it must not be mistaken for.", default=())
    needs: tuple[str, ...] = said(
        "Terms one of which must stand in the text or the source for a bare name to count.", default=()
    )
    voices: tuple[str, ...] = said(
        "Entities that speak for it: where one of them is met, 'we' and 'the institute' mean this one.", default=()
    )
    rival_of: tuple[str, ...] = said(
        "Entities whose deeds are easily taken for this one's: the nearest to an event owns it.", default=()
    )

    def problems(self) -> Iterator[Problem]:
        yield from name_problems("names", self.names)
        for part in ("descriptions", "pronouns", "needs", "products"):
            yield from term_problems(part, getattr(self, part))
        if not (self.names.all() or self.products or self.descriptions):
            yield "names", "has no name, product or description; add one, or the entity is never met"


@spec
class WordClass:
    """A paraphrase class: ways of saying one thing, in each language, for any trigger to use as {its-name}."""

    says: str = said("What all these terms say.", default="")
    en: tuple[str, ...] = said("Terms in English.", default=())
    zh: tuple[str, ...] = said("Terms in Chinese, either script.", default=())

    def all(self) -> tuple[str, ...]:
        return (*self.en, *self.zh)

    def problems(self) -> Iterator[Problem]:
        if not self.all():
            yield "", "has no terms; add some under en or zh"
        for part in ("en", "zh"):
            yield from term_problems(part, getattr(self, part))


@spec
class Role:
    """A companion that the event must have."""

    any: tuple[str, ...] = said("Terms, {classes} or {entities}, one of which must be met.")
    reach: Reach = said("How far from the event it may stand.", default=Reach.SENTENCE)
    source: bool = said("False: that the name of the source says it is not enough; the text must.", default=True)
    gone: bool = said("True, for removed text only: what was met must be nowhere in the added text.", default=False)

    def problems(self) -> Iterator[Problem]:
        yield from term_problems("any", self.any)
        if not self.any:
            yield "any", "has no terms; add some, or leave the role out"


@spec
class Frame:
    """One way in which a text can say that the trigger happened: who, which event, with what."""

    name: str = said("A few words for the reasons shown to a reader.")
    event: tuple[str, ...] = said("Terms or {classes} that name the event; whether it is asserted is judged here.")
    who: tuple[str, ...] = said("Ids of the entities, one of which the event must belong to.", default=())
    rivals: tuple[str, ...] = said("Entities that could have done it instead, besides the usual rivals.", default=())
    carry: bool = said(
        "False: who must be named in the sentence itself, not in a heading, a sentence before, or the source.",
        default=True,
    )
    own_page: bool = said(
        "False: that the page is theirs is not enough; the text must name who it was, or mean them by a word.",
        default=True,
    )
    roles: Mapping[str, Role] = said("Companions that must be there, by the name of their part.", default_factory=dict)
    without: tuple[str, ...] = said(
        "Terms that, in the clause of the event, mean that something else is told.", default=()
    )
    unless: tuple[str, ...] = said(
        "Terms that, anywhere in the sentence, mean that something else is told.", default=()
    )
    around: tuple[str, ...] = said(
        "Terms that, in the sentence or right beside it, mean that something else is told.", default=()
    )
    never: tuple[str, ...] = said(
        "Terms that, anywhere in the text or the source's name, mean that something else is told.", default=()
    )
    rows: bool = said("True: only in rows of a table.", default=False)
    side: Side = said("added or removed text.", default=Side.ADDED)
    fires_on: tuple[Assertion, ...] = said("How the event must be said for the trigger to fire.", default=PASSES)
    weight: float = said("How sure this wording is, 0 to 1.", default=0.9)

    def problems(self) -> Iterator[Problem]:
        yield from term_problems("event", self.event)
        yield from term_problems("without", self.without)
        yield from term_problems("unless", self.unless)
        yield from term_problems("around", self.around)
        yield from term_problems("never", self.never)
        if not self.event:
            yield "event", "has no terms; name the event, or the frame never fires"
        if not 0 < self.weight <= 1:
            yield "weight", f"{self.weight} is not above 0 and at most 1"
        if self.side is Side.ADDED:
            for name, role in self.roles.items():
                if role.gone:
                    yield f"roles.{name}.gone", "is for removed text; set side: removed, or leave it out"


@spec
class Fact:
    """Something the assessment already holds: repeating it is no news."""

    text: str = said("The fact in one sentence.")
    date: str = said("When it was, YYYY, YYYY-MM or YYYY-MM-DD.")
    terms: tuple[str, ...] = said(
        "Terms that must all stand in a sentence for it to be a repeat of this fact.", default=()
    )

    def problems(self) -> Iterator[Problem]:
        yield from term_problems("terms", self.terms)
        if not _is_date(self.date):
            yield "date", f"{self.date!r} is not a date; write YYYY, YYYY-MM or YYYY-MM-DD, in quotes"


@spec
class Example:
    """A text that must, or must not, make the trigger fire; `check` runs it."""

    text: str = said("The added text.")
    removed: str = said("The removed text, where there is any.", default="")
    source: str = said("The name of the source, where it matters.", default="")
    language: str | None = said("BCP 47 tag; left out: read from the text.", default=None)


@spec
class Examples:
    match: tuple[Example, ...] = said("Texts that must make the trigger fire.", default=())
    no_match: tuple[Example, ...] = said("Texts that must not.", default=())


@spec
class Trigger:
    """An indicator of the assessment: what would have to happen for its author to think again."""

    id: str = said("Stable id, small letters and hyphens.")
    title: str = said("A few words for headings.")
    statement: str = said("What happened when it fires, in one sentence.")
    why_it_matters: str = said("What it would change.", default="")
    direction: Direction = said("upward, downward, absence-broken or assumption.")
    priority: int = said("1 (alert at once) to 3.", default=2)
    counts: tuple[str, ...] = said("What counts as evidence, for the reader and for a judge.", default=())
    does_not_count: tuple[str, ...] = said("What looks alike and does not count.", default=())
    frames: tuple[Frame, ...] = said("The ways a text can say it.", default=())
    expected: tuple[str, ...] = said("Ids or tags of the sources where it would be seen first.", default=())
    tolerance: str | None = said(
        "How late we may learn of it, such as 12h, 1d, 2w; left out: the sources' own.", default=None
    )
    threshold: float = said("Score from which it fires.", default=0.5)
    yields_to: tuple[str, ...] = said(
        "Triggers that explain the same words better: where one of them fires, this one does not.", default=()
    )
    baseline: tuple[Fact, ...] = said("What the assessment already holds about it.", default=())
    examples: Examples = said("Texts that must and must not make it fire.", default_factory=Examples)
    not_observable: str | None = said("Why nobody can observe it; then it has no frames.", default=None)

    def problems(self) -> Iterator[Problem]:
        if not 1 <= self.priority <= 3:
            yield "priority", f"{self.priority} is not 1, 2 or 3"
        if not 0 < self.threshold < 1:
            yield "threshold", f"{self.threshold} is not between 0 and 1"
        if self.not_observable and self.frames:
            yield "not_observable", "says that nobody can observe it, yet there are frames; leave out one of the two"
        if not self.not_observable and not self.frames:
            yield "frames", "is empty; add a frame, or say why under not_observable"


@spec
class Unobservable:
    """A part of the assessment that no public source can confirm or break."""

    statement: str = said("What the assessment says.")
    reason: str = said("Why no source would show it.")


@spec
class Assessment:
    """An assessment: its entities, its paraphrase classes, its triggers, and what it already knows."""

    id: str = said("Stable id, small letters and hyphens.")
    title: str = said("The name shown in digests.")
    url: str | None = said("Where the assessment can be read.", default=None)
    baseline_date: str = said("What happened before is known to the assessment, YYYY-MM or YYYY-MM-DD.")
    entities: Mapping[str, Entity] = said("The entities, by id.", default_factory=dict)
    classes: Mapping[str, WordClass] = said("Paraphrase classes, by name.", default_factory=dict)
    triggers: tuple[Trigger, ...] = said("The triggers.", default=())
    not_observable: tuple[Unobservable, ...] = said("What it says that nobody can observe.", default=())

    def problems(self) -> Iterator[Problem]:
        if not _is_date(self.baseline_date):
            yield "baseline_date", f"{self.baseline_date!r} is not a date; write YYYY-MM or YYYY-MM-DD, in quotes"
        ids: dict[str, int] = {}
        for n, trigger in enumerate(self.triggers):
            if trigger.id in ids:
                yield f"triggers[{n}].id", f"{trigger.id} is also the id of triggers[{ids[trigger.id]}]; ids are unique"
            ids.setdefault(trigger.id, n)
        for name in self.classes.keys() & self.entities.keys():
            yield f"classes.{name}", "is also the id of an entity; rename one of them"
        for name in self.classes.keys() & PLACEHOLDERS.keys():
            yield f"classes.{name}", f"{{{name}}} already means {PLACEHOLDERS[name].says}; rename the class"
        yield from self._unknown(ids)
        yield from self._circles()

    def _terms(self) -> Iterator[Problem]:
        """Every (path, term) of the assessment that refers to a class or an entity."""
        for path, terms in self._lists():
            for n, term in enumerate(terms):
                if "{" in term:
                    yield f"{path}[{n}]", term

    def _lists(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Every (path, terms) of the assessment that may refer to a class or an entity."""
        for key, entity in self.entities.items():
            for part in ("descriptions", "pronouns", "needs"):
                yield f"entities.{key}.{part}", getattr(entity, part)
        for key, words in self.classes.items():
            for part in ("en", "zh"):
                yield f"classes.{key}.{part}", getattr(words, part)
        for t, trigger in enumerate(self.triggers):
            for n, fact in enumerate(trigger.baseline):
                yield f"triggers[{t}].baseline[{n}].terms", fact.terms
            for f, frame in enumerate(trigger.frames):
                for part in ("event", "without", "unless", "never"):
                    yield f"triggers[{t}].frames[{f}].{part}", getattr(frame, part)
                for name, role in frame.roles.items():
                    yield f"triggers[{t}].frames[{f}].roles.{name}.any", role.any

    def _unknown(self, ids: Mapping[str, int]) -> Iterator[Problem]:
        known = {*self.classes, *self.entities, *PLACEHOLDERS}
        for path, term in self._terms():
            for name in references(term):
                base = name.removesuffix(".product")
                if base not in known:
                    yield (
                        path,
                        f"{{{name}}} is neither a class nor an entity nor a placeholder{_did_you_mean(base, known)}",
                    )
        for key, entity in self.entities.items():
            for part in ("rival_of", "voices"):
                for n, other in enumerate(getattr(entity, part)):
                    if other not in self.entities:
                        sentence = f"{other} is not an entity{_did_you_mean(other, self.entities)}"
                        yield f"entities.{key}.{part}[{n}]", sentence
        for t, trigger in enumerate(self.triggers):
            for n, other in enumerate(trigger.yields_to):
                if other not in ids:
                    yield f"triggers[{t}].yields_to[{n}]", f"{other} is not a trigger{_did_you_mean(other, ids)}"
            for f, frame in enumerate(trigger.frames):
                for part in ("who", "rivals"):
                    for n, who in enumerate(getattr(frame, part)):
                        if who.removesuffix(".product") not in self.entities:
                            path = f"triggers[{t}].frames[{f}].{part}[{n}]"
                            yield path, f"{who} is not an entity{_did_you_mean(who, self.entities)}"

    def _circles(self) -> Iterator[Problem]:
        """Classes that refer to themselves, directly or by others."""
        calls = {name: {r for term in words.all() for r in references(term)} for name, words in self.classes.items()}
        for name in calls:
            seen: set[str] = set()
            todo = list(calls[name])
            while todo:
                at = todo.pop()
                if at == name:
                    yield f"classes.{name}", "refers to itself, directly or by another class; break the circle"
                    break
                if at not in seen:
                    seen.add(at)
                    todo.extend(calls.get(at, ()))


def term_problems(path: str, terms: tuple[str, ...]) -> Iterator[Problem]:
    """What is wrong with a list of terms: empty, twice, or not readable as a term."""
    seen: dict[str, int] = {}
    for n, term in enumerate(terms):
        key = " ".join(term.split()).casefold()
        if not key:
            yield f"{path}[{n}]", "is empty; write a phrase, or delete the line"
            continue
        if key in seen:
            yield f"{path}[{n}]", f"{term!r} stands already at {path}[{seen[key]}]; delete one"
        seen.setdefault(key, n)
        try:
            parse(term)
        except TermError as error:
            yield f"{path}[{n}]", f"{term!r}: {error}"


def name_problems(path: str, names: Names) -> Iterator[Problem]:
    for part in ("en", "zh_hans", "zh_hant"):
        yield from term_problems(f"{path}.{part}", getattr(names, part))


def _did_you_mean(name: str, known: Any) -> str:
    close = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]}?" if close else ""


def _is_date(value: str) -> bool:
    parts = value.split("-")
    shape = [len(p) for p in parts] in ([4], [4, 2], [4, 2, 2]) and all(p.isascii() and p.isdigit() for p in parts)
    return shape and (len(parts) < 2 or 1 <= int(parts[1]) <= 12) and (len(parts) < 3 or 1 <= int(parts[2]) <= 31)
