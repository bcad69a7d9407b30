"""What happens on the invented website (story.toml), and whether the digests said it: pure.

A digest's word on a source is one of: `for TRIGGER`, `against TRIGGER`, `unsettled TRIGGER`, `hint TRIGGER`,
`known TRIGGER`; `notable KIND` or `routine KIND` of a change; `not reached`, `broken`, `quiet`, `recovered`.
Its word on a trigger: `standing …`, as on its board.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from importlib.resources import files

from crawler.digest.account import Account, Entry, Shelf

HOUR = time(5, tzinfo=UTC)
"""When each of the days is run."""
SHELVES = {"evidence": "for", "against": "against", "unsettled": "unsettled", "hints": "hint", "known": "known"}
HEALTHS = {
    "not_reached": "not reached",
    "broken": "broken",
    "unsteady": "unsteady",
    "not_asked": "not asked",
    "quiet": "quiet",
    "recovered": "recovered",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happens at one source on one day."""

    source: str
    what: str
    says: frozenset[str]
    """What the digest is to say of it; empty: rightly nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    number: int
    now: datetime
    title: str
    events: tuple[Event, ...]
    standings: Mapping[str, str]
    """Where each trigger stands at the end of the day."""


def story() -> tuple[Day, ...]:
    """The days, in order."""
    told = tomllib.loads((files("crawler.demo") / "story.toml").read_text(encoding="utf-8"))
    return tuple(
        Day(
            number=number,
            now=datetime.combine(day["date"], HOUR),
            title=day["title"],
            events=tuple(
                Event(source=event["source"], what=event["what"], says=frozenset(event["says"]))
                for event in day["events"]
            ),
            standings=day["standings"],
        )
        for number, day in enumerate(told["days"], 1)
    )


def said(account: Account, ids: Mapping[str, str]) -> dict[str, frozenset[str]]:
    """What a digest says of each source it names, and of each trigger; `ids`: the source's id by its title."""
    found: dict[str, set[str]] = {}

    def note(source: str, word: str) -> None:
        found.setdefault(ids.get(source, source), set()).add(word)

    for section in account.triggers:
        for shelf, word in SHELVES.items():
            for source, _ in named(getattr(section, shelf)):
                note(source, f"{word} {section.id}")
    for source, entry in named(account.notable):
        note(source, f"notable {entry.kind}")
    for brief in account.routine:
        note(brief.source, f"routine {brief.kind}")
    for shelf, word in HEALTHS.items():
        for line in getattr(account.health, shelf):
            note(line.id, word)
    for row in account.board.rows if account.board else ():
        note(row.id, f"standing {row.standing}")
    return {source: frozenset(words) for source, words in found.items()}


def named(shelf: Shelf) -> Iterator[tuple[str, Entry]]:
    """Every source that a shelf names, by its title, with the entry that names it."""
    for entry in shelf.entries:
        yield entry.source, entry
        for mention in entry.mentions:
            yield mention.source, entry


def amiss(day: Day, words: Mapping[str, frozenset[str]]) -> list[str]:
    """Where a digest says other than the story: one sentence each, none when all is as told."""
    expected = {event.source: event.says for event in day.events}
    expected |= {trigger: frozenset({f"standing {word}"}) for trigger, word in day.standings.items()}
    out = []
    for source in sorted({*expected, *words}):
        want, got = expected.get(source, frozenset()), words.get(source, frozenset())
        if want != got:
            missing, extra = sorted(want - got), sorted(got - want)
            parts = [f"does not say {', '.join(missing)}"] if missing else []
            parts += [f"says {', '.join(extra)}"] if extra else []
            out.append(f"day {day.number}, {source}: the digest {' and '.join(parts)}")
    return out
