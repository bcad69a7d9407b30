"""Frames ready to be tried: their terms looked up, their rivals gathered, what they ask for known by its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crawler.match.lexicon import Element, Lexicon, elements
from crawler.match.model import EntityKind, Frame, Reach, Trigger

WITHIN = frozenset({Reach.CLAUSE, Reach.SENTENCE})
"""Reaches that end with the statement."""


@dataclass(frozen=True, slots=True)
class Companion:
    """What must stand with the event, ready to be looked for."""

    name: str
    element: Element
    reach: Reach
    source: bool
    """The source's name may say it."""
    gone: bool
    """It must be nowhere on the other side of the change."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A frame ready to be tried."""

    trigger: Trigger
    frame: Frame
    event: Element
    rivals: frozenset[str]
    roles: tuple[Companion, ...]
    without: Element
    unless: Element
    around: Element
    never: Element
    asked: Element
    """Whoever could own the event, or speak for its owner."""
    bases: frozenset[str]
    """Ids of the owners, products under their maker's."""
    personal: bool
    """True when the event must be a person's."""
    beside: tuple[frozenset[int | str], ...]
    """Keys of the companions that must stand in the event's own statement."""


def compile_frames(lexicon: Lexicon, kin: Mapping[str, tuple[str, ...]]) -> tuple[Compiled, ...]:
    rivals: dict[str, set[str]] = {}
    for key, entity in lexicon.entities.items():
        for other in entity.rival_of:
            rivals.setdefault(other, set()).add(key)
    return tuple(
        _compiled(trigger, frame, lexicon, rivals, kin)
        for trigger in lexicon.assessment.triggers
        for frame in trigger.frames
    )


def _compiled(
    trigger: Trigger,
    frame: Frame,
    lexicon: Lexicon,
    rivals: Mapping[str, set[str]],
    kin: Mapping[str, tuple[str, ...]],
) -> Compiled:
    bases = frozenset(w.removesuffix(".product") for w in frame.who)
    against = {r for who in bases for r in rivals.get(who, ())} | {*frame.rivals}
    roles = tuple(Companion(n, lexicon.element(r.any), r.reach, r.source, r.gone) for n, r in frame.roles.items())
    return Compiled(
        trigger,
        frame,
        lexicon.element(frame.event),
        frozenset(against - set(frame.who)),
        roles,
        lexicon.element(frame.without),
        lexicon.element(frame.unless),
        lexicon.element(frame.around),
        lexicon.element(frame.never),
        elements((), (*frame.who, *(v for who in bases for v in kin[who]))),
        bases,
        any(lexicon.entities[base].kind is EntityKind.PERSON for base in bases),
        tuple(r.element.keys for r in roles if r.reach in WITHIN),
    )
