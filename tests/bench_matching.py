"""What matching costs: its share of processing, and how it grows with the number of triggers. Part of `make bench`.

The share is taken of reading again, in one process, what a first cycle has captured: all of `Matcher`'s work against
the CPU time of the whole (decode, extract, compare, match, assess, store), with the shipped triggers and aliases. A
tenth of real pages is topical at most; so the bench pages are measured as they are, and with a fifth of their sentences
taken from the triggers' own examples.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from crawler import catalogue
from crawler.match import Context, Matcher
from crawler.match.model import Assessment, Entity, Frame, Names, Trigger
from crawler.run import reprocess
from storage.records import Change, ChangeKind, Hunk, HunkKind
from tests.match.reading import SHIPPED, assessment, invented

COUNTS = (20, 200, 2000)
REPEATS = 3
LINES = 400
FIRST = ("amber", "birch", "cedar", "dove", "elder", "flint", "gorse", "heron", "iris", "juniper", "kestrel", "linnet")
HAN = "安宝成德恩方光海嘉康兰明宁平清荣山泰文新"


def sentences() -> list[str]:
    """Topical sentences: the examples of the shipped triggers, those that match and those that do not."""
    examples = [e for t in assessment(SHIPPED).triggers for e in (*t.examples.match, *t.examples.no_match)]
    return [line for e in examples for line in e.text.splitlines() if line.strip()]


def share(archive: Path, folder: Path) -> float:
    """Matching's part of the CPU time of reading an archive again, whose sources stand in a folder."""
    taken = 0.0

    def timed(name: str) -> Callable[..., Any]:
        plain = getattr(Matcher, name)

        def call(*given: Any, **named: Any) -> Any:
            nonlocal taken
            began = time.process_time()
            try:
                return plain(*given, **named)
            finally:
                taken += time.process_time() - began

        return call

    loaded = catalogue.load(folder / "sources.yml", folder / "triggers.yml")
    loaded = replace(loaded, assessment=assessment(SHIPPED))
    kept = {name: getattr(Matcher, name) for name in ("match", "may_meet")}
    try:
        for name in kept:
            setattr(Matcher, name, timed(name))
        began = time.process_time()
        reprocess(loaded, archive)
        whole = time.process_time() - began
    finally:
        for name, plain in kept.items():
            setattr(Matcher, name, plain)
    return taken / whole


def renamed(count: int, *, bodies: bool = True) -> Assessment:
    """The invented assessment in so many copies, each with words of its own for each event.

    `bodies`: True, each copy is about bodies of its own; False, all are about the same, and differ by the events.
    """
    base = invented()
    watched = [t for t in base.triggers if t.frames]
    entities: dict[str, Entity] = dict(base.entities)
    triggers: list[Trigger] = []
    for n in range(count):
        trigger, copy = watched[n % len(watched)], n // len(watched)
        if copy:
            frames = tuple(_about(frame, copy) if bodies else _other(frame, copy) for frame in trigger.frames)
            trigger = replace(trigger, id=f"{trigger.id}-{copy}", frames=frames, baseline=())
        if copy and bodies:
            entities |= {f"{key}_{copy}": _as(entity, copy) for key, entity in base.entities.items()}
        triggers.append(trigger)
    return replace(base, entities=entities, triggers=tuple(triggers))


def _as(entity: Entity, copy: int) -> Entity:
    """The same entity under other names."""
    latin = f"{FIRST[copy % 12].title()}{FIRST[copy // 12 % 12]}{FIRST[copy // 144]} "
    han = HAN[copy % 20] + HAN[copy // 20 % 20] + HAN[copy // 400 % 20]
    names = Names(
        en=tuple(latin + name for name in entity.names.en if len(name) > 5),
        zh_hans=tuple(han + name for name in entity.names.zh_hans),
    )
    renamed = {"voices": tuple(f"{v}_{copy}" for v in entity.voices), "descriptions": (), "confusables": ()}
    rivals = tuple(f"{r}_{copy}" for r in entity.rival_of)
    return replace(entity, names=names, products=tuple(latin + p for p in entity.products), rival_of=rivals, **renamed)


def _about(frame: Frame, copy: int) -> Frame:
    who = tuple(f"{w}_{copy}" for w in frame.who)
    event = tuple(f"{{quell_{copy}}}" if e == "{quell}" else e for e in frame.event)
    swap = {f"{{{key}}}": f"{{{key}_{copy}}}" for key in ("quell", "harrow")}
    roles = {name: replace(r, any=tuple(swap.get(a, a) for a in r.any)) for name, r in frame.roles.items()}
    return replace(frame, who=who, event=(*event, *_words(copy)), roles=roles)


def _other(frame: Frame, copy: int) -> Frame:
    return replace(frame, event=_words(copy))


def _words(copy: int) -> tuple[str, ...]:
    latin = f"{FIRST[copy // 12 % 12]}{FIRST[copy % 12]}{FIRST[copy // 144 % 12]}"
    return f"{latin}ed", f"{latin} (the|a) deal", f"{HAN[copy % 20]}{HAN[copy // 20 % 20]}{HAN[copy // 400]}约"


def text() -> list[str]:
    """Lines of which a fifth tells of the invented bodies of the first copies."""
    chance = random.Random(5)
    told = [e.text for t in invented().triggers for e in (*t.examples.match, *t.examples.no_match)]
    dull = ["The council met on Monday about roads and a hall.", "理事会周一讨论道路和会堂。", "The weather was fine."]
    return [chance.choice(told if n % 5 == 0 else dull) for n in range(LINES)]


def seconds(matcher: Matcher, lines: list[str]) -> float:
    """CPU time of one match of a change that adds these lines, the best of a few."""
    hunks = tuple(Hunk(position=n, kind=HunkKind.ADDED, new=line) for n, line in enumerate(lines))
    change = Change(kind=ChangeKind.NEW, seen_at=None, hunks=hunks)
    best = float("inf")
    for _ in range(REPEATS):
        began = time.process_time()
        matcher.match(change, Context())
        best = min(best, time.process_time() - began)
    return best


def growth(*, bodies: bool) -> list[tuple[int, float]]:
    """(triggers, time as a multiple of the first) on the same text."""
    lines = text()
    taken = [(count, seconds(Matcher(renamed(count, bodies=bodies)), lines)) for count in COUNTS]
    return [(count, spent / taken[0][1]) for count, spent in taken]
