"""The standing of each trigger: evidence for, against, none at coverage c, cannot say, not observable. Pure.

    looks at a source ─ share ─▶ observed ─ weighted ─▶ coverage ┐
    sightings of a trigger ─ speaks ─▶ for · against ────────────┴─ standing

Absence of evidence is evidence of absence only as far as somebody looked (Heuer; architecture: "coverage-aware
absence"). A good look at `t` answers for [t − tolerance, t]: what happened then was learned of in time. Time after the
newest look counts neither way as long as the next is not due; once an attempt has failed, or the tolerance has passed,
it counts as missed.

A trigger without evidence stands at `none` unless one of these holds; then we `cannot say`:

1. no source is declared where it would be seen, or none of those can be asked;
2. none of its primary sources is in sight, or more than a tenth of those that can be asked are not: with up to ten,
   each one decides;
3. none of its Chinese sources is in sight, or none of its others;
4. its coverage is below one half;
5. it is new, and nothing has been read by it yet. A new trigger is covered from its first use on: what came before was
   not held against it, until the archive is read again.

A source is in sight as long as each of its addresses was looked at within the tolerance and no attempt since has failed
when a look was due. Primary sources decide and others do not, since a deed is seen first, or only, at the body that
does it; those that write about it stand in for one another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from math import prod
from types import MappingProxyType

from storage.records import Assertion, ChangeKind, Direction, Level, Look, Sighting, Verdict

part = dataclass(frozen=True, slots=True, kw_only=True)

WEIGHTS = {"primary": 3.0, "query": 2.0, "secondary": 1.0, "newsletter": 1.0}
"""By role: a deed is seen first at who does it; a query sees many publishers at once, but at second hand."""
ENOUGH = 0.5
"""Coverage below which silence says nothing."""
SPARE = 0.1
"""Share of the primary sources that may be out of sight before silence says nothing."""
DUE = 0.75
"""Share of the tolerance after which a source is asked again (crawler.crawling.PACE): a failure then is a missed look.
"""
DAYS = 30
"""Period of the board."""
UNSETTLED = (Assertion.PLANNED, Assertion.PROPOSED, Assertion.CONDITIONAL, Assertion.ASKED)
UNUSED = "the trigger is new, and nothing has been read by it yet"
NO_EVENTS: Mapping[int, int] = MappingProxyType({})
ZERO = timedelta()
SHORTEST = timedelta(minutes=1)


class Standing(StrEnum):
    """Where a trigger stands; in the order of the board."""

    FOR = "evidence for"
    AGAINST = "evidence against"
    CANNOT_SAY = "cannot say"
    NONE = "none"
    NOT_OBSERVABLE = "not observable"
    """Declared in the assessment: no public source would show it."""


@part
class Witness:
    """A source where a trigger would be seen, and the looks at it."""

    id: str
    title: str
    role: str
    language: str | None = None
    tolerance: timedelta
    """How late we may learn of it there: the trigger's, else the source's own."""
    why_not: str | None = None
    """Why it is never asked; None: it is."""
    addresses: Sequence[Sequence[Look]] = ()
    """The looks at each of its addresses, oldest first; empty for one never asked."""

    @property
    def weight(self) -> float:
        return WEIGHTS.get(self.role, 1.0)

    @property
    def chinese(self) -> bool:
        return (self.language or "").lower().split("-")[0] == "zh"

    @property
    def primary(self) -> bool:
        return self.role == "primary"


@part
class Indicator:
    """A trigger as far as its standing depends on it."""

    id: str
    title: str
    direction: Direction
    priority: int = 2
    threshold: float = 0.5
    not_observable: str | None = None
    expected: Sequence[Witness] = ()
    since_at: datetime | None = None
    """What came before was not read by it; None: it was."""


@part
class Missed:
    """A source out of sight."""

    id: str
    title: str
    role: str
    language: str | None
    why: str
    """Outcome of the newest attempt, health of its reading, or 'not asked yet', 'overdue', 'never asked'."""
    detail: str | None = None
    since_at: datetime | None = None
    """First failure since the last good look, or that look itself; None: from the beginning."""
    last_looked_at: datetime | None = None
    """None: never seen."""


@part
class Group:
    """Some of the sources of a trigger."""

    sources: int = 0
    in_sight: int = 0
    """Of them, now."""
    coverage: float | None = None
    """0 to 1, over the period; None: there are none."""


@part
class TriggerStanding:
    """Where a trigger stands at the end of a period, and what its silence is worth."""

    id: str
    title: str
    direction: Direction
    priority: int
    standing: Standing
    why: str | None = None
    """Why we cannot say, or nobody can observe it."""
    evidence: int = 0
    """Events in the period that speak for it: the same news from several sources is one."""
    against: int = 0
    new: int = 0
    """Of both, those first seen since the last digest."""
    newest_at: datetime | None = None
    """The newest of both."""
    all: Group = Group()
    chinese: Group = Group()
    others: Group = Group()
    primary: Group = Group()
    chinese_primary: Group = Group()
    chance_day: float | None = None
    """That a signal standing for one day at all of its sources would have been seen at one of them, 0 to 1."""
    chance_week: float | None = None
    missed: tuple[Missed, ...] = ()
    """Sources out of sight, primary ones first."""
    since_at: datetime | None = None
    """A new trigger: nothing that came before was read by it, and its coverage begins there. None: the whole period."""


@part
class Board:
    """The standing of each trigger over [from_at, to_at), most important first."""

    from_at: datetime
    """Not before the watching began."""
    to_at: datetime
    rows: tuple[TriggerStanding, ...] = ()
    beyond: tuple[tuple[str, str], ...] = ()
    """(statement, why) of what the assessment says and no source can show."""

    def standing(self, *kinds: Standing) -> tuple[TriggerStanding, ...]:
        """The rows that stand there."""
        return tuple(row for row in self.rows if row.standing in kinds)


# --- how far a source was observed


def share(looks: Sequence[Look], tolerance: timedelta, from_at: datetime, to_at: datetime) -> float:
    """Share of [from_at, to_at) in which an address was effectively observed, 0 to 1; its looks may be in any order.

    Looks before the period tell what is still waited for at its end; looks at or after `to_at` are passed over.
    """
    looks = [look for look in looks if look.at < to_at]
    good = [look.at for look in looks if look.good]
    if not good:
        return 0.0
    seen = _length([(max(from_at, at - tolerance), at) for at in good if at > from_at])
    last = max(good)
    failed = any(look.at > last and not look.good for look in looks)
    waited = ZERO if failed else max(ZERO, min(last + tolerance, to_at) - max(last, from_at))
    answerable = (to_at - from_at) - waited
    if answerable <= ZERO:
        return 0.0 if failed or last + tolerance < to_at else 1.0
    return min(1.0, seen / answerable)


def _length(spans: Sequence[tuple[datetime, datetime]]) -> timedelta:
    """Of the union."""
    total, end = ZERO, None
    for begins, ends in sorted(spans):
        begins = begins if end is None else max(begins, end)
        if ends > begins:
            total += ends - begins
            end = ends
    return total


def observed(witness: Witness, from_at: datetime, to_at: datetime) -> float:
    """Share of the period in which a source was observed: the mean over its addresses."""
    if witness.why_not is not None or not witness.addresses:
        return 0.0
    return sum(share(looks, witness.tolerance, from_at, to_at) for looks in witness.addresses) / len(witness.addresses)


def coverage(witnesses: Sequence[Witness], from_at: datetime, to_at: datetime) -> float | None:
    """Weighted mean of how far they were observed, 0 to 1; None: there are none."""
    total = sum(witness.weight for witness in witnesses)
    if not total:
        return None
    return min(1.0, sum(witness.weight * observed(witness, from_at, to_at) for witness in witnesses) / total)


def chance(witnesses: Sequence[Witness], days: float) -> float | None:
    """That a signal lasting `days` at all of them would have been seen at one: 1 − Π(1 − min(1, d/interval)·p).

    `interval`: the tolerance, within which we look; p: the share of attempts that were good. Sources failing together
    make it smaller than this. None: there are no sources.
    """
    if not witnesses:
        return None
    lasting = timedelta(days=days)
    return 1.0 - prod(1.0 - min(1.0, lasting / max(w.tolerance, SHORTEST)) * _steady(w) for w in witnesses)


def _steady(witness: Witness) -> float:
    looks = [look for address in witness.addresses for look in address]
    return sum(look.good for look in looks) / len(looks) if looks and witness.why_not is None else 0.0


# --- who is out of sight


def missed(witness: Witness, to_at: datetime) -> Missed | None:
    """Why and since when a source is out of sight at `to_at`; None: it is in sight."""
    told = {"id": witness.id, "title": witness.title, "role": witness.role, "language": witness.language}
    if witness.why_not is not None:
        return Missed(**told, why="never asked", detail=witness.why_not)
    if not witness.addresses:
        return Missed(**told, why="not asked yet")
    out = [gap for looks in witness.addresses if (gap := _gap(looks, witness.tolerance, to_at)) is not None]
    # the address that is out of sight for longest tells
    out.sort(key=lambda gap: (gap["last_looked_at"] is not None, gap["since_at"] or to_at))
    return Missed(**told, **out[0]) if out else None


def _gap(looks: Sequence[Look], tolerance: timedelta, to_at: datetime) -> dict | None:
    looks = sorted((look for look in looks if look.at < to_at), key=lambda look: look.at)
    last = max((look.at for look in looks if look.good), default=None)
    failures = [look for look in looks if last is None or look.at > last]
    if last is not None and to_at - last <= tolerance * (DUE if failures else 1):
        return None
    if not failures:
        why = "not asked yet" if last is None else "overdue"
        return {"why": why, "detail": None, "since_at": last, "last_looked_at": last}
    newest = failures[-1]
    since = failures[0].at
    return {"why": newest.outcome, "detail": newest.detail, "since_at": since, "last_looked_at": last}


# --- what speaks


def speaks(sighting: Sighting, threshold: float) -> str | None:
    """'for', 'against', or None: a first reading, a repeat, a plan, a weak or routine match, or judged wrong."""
    if (
        sighting.kind is ChangeKind.FIRST
        or sighting.known
        or sighting.level not in (Level.ALERT, Level.NOTABLE)
        or sighting.verdict in (Verdict.NOISE, Verdict.WRONG)
    ):
        return None
    if sighting.against:
        return "against"
    return "for" if sighting.assertion not in UNSETTLED and sighting.score >= threshold else None


# --- the board


def standings(
    indicators: Sequence[Indicator],
    sightings: Sequence[Sighting],
    from_at: datetime,
    to_at: datetime,
    *,
    new_since: datetime | None = None,
    events: Mapping[int, int] = NO_EVENTS,
) -> tuple[TriggerStanding, ...]:
    """The standing of each trigger over [from_at, to_at), most important first; the order given decides ties.

    `from_at`: not before the watching began, or its time before that counts as missed.
    `new_since`: what was seen since counts as new.
    `events`: the event that a change tells of, by the change; a change without one is an event of its own.
    """
    met: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        if from_at <= sighting.at < to_at:
            met.setdefault(sighting.trigger_id, []).append(sighting)
    board = [
        standing(each, met.get(each.id, ()), from_at, to_at, new_since=new_since, events=events) for each in indicators
    ]
    order, ways = list(Standing), list(Direction)
    return tuple(sorted(board, key=lambda row: (order.index(row.standing), row.priority, ways.index(row.direction))))


def standing(
    indicator: Indicator,
    sightings: Sequence[Sighting],
    from_at: datetime,
    to_at: datetime,
    *,
    new_since: datetime | None = None,
    events: Mapping[int, int] = NO_EVENTS,
) -> TriggerStanding:
    """Where one trigger stands; `sightings`: its own, of the period."""
    told = {
        "id": indicator.id,
        "title": indicator.title,
        "direction": indicator.direction,
        "priority": indicator.priority,
    }
    if indicator.not_observable is not None:
        return TriggerStanding(**told, standing=Standing.NOT_OBSERVABLE, why=indicator.not_observable)
    spoken: dict[str, dict[int, list[datetime]]] = {"for": {}, "against": {}}
    for sighting in sightings:
        if word := speaks(sighting, indicator.threshold):
            event = events.get(sighting.change_id, sighting.change_id)
            spoken[word].setdefault(event, []).append(sighting.at)
    both = [*spoken["for"].values(), *(at for event, at in spoken["against"].items() if event not in spoken["for"])]
    late = indicator.since_at if indicator.since_at and indicator.since_at > from_at else None
    from_at = min(late, to_at) if late else from_at
    gaps = {witness.id: missed(witness, to_at) for witness in indicator.expected}
    groups = _groups(indicator.expected, gaps, from_at, to_at)
    why = UNUSED if late and late >= to_at else _why_not(groups, indicator.expected)
    return TriggerStanding(
        **told,
        standing=_standing(spoken, why),
        why=why,
        evidence=len(spoken["for"]),
        against=len(spoken["against"]),
        new=sum(min(seen) >= new_since for seen in both) if new_since else 0,
        newest_at=max((max(seen) for seen in both), default=None),
        chance_day=chance(indicator.expected, 1),
        chance_week=chance(indicator.expected, 7),
        missed=tuple(sorted((gap for gap in gaps.values() if gap), key=_first)),
        since_at=late,
        **groups,
    )


def _standing(spoken: Mapping[str, Mapping], why: str | None) -> Standing:
    if spoken["for"]:
        return Standing.FOR
    if spoken["against"]:
        return Standing.AGAINST
    return Standing.CANNOT_SAY if why else Standing.NONE


def _first(gap: Missed) -> tuple:
    """Primary sources first, what may come back before what is never asked, those out of sight longest."""
    since = gap.since_at.timestamp() if gap.since_at else 0.0
    return (gap.role != "primary", gap.why == "never asked", since, gap.id)


def _groups(
    witnesses: Sequence[Witness], gaps: Mapping[str, Missed | None], from_at: datetime, to_at: datetime
) -> dict[str, Group]:
    def group(some: list[Witness]) -> Group:
        return Group(
            sources=len(some),
            in_sight=sum(gaps[witness.id] is None for witness in some),
            coverage=coverage(some, from_at, to_at),
        )

    return {
        "all": group(list(witnesses)),
        "chinese": group([w for w in witnesses if w.chinese]),
        "others": group([w for w in witnesses if not w.chinese]),
        "primary": group([w for w in witnesses if w.primary]),
        "chinese_primary": group([w for w in witnesses if w.primary and w.chinese]),
    }


def _why_not(groups: Mapping[str, Group], witnesses: Sequence[Witness]) -> str | None:
    """Why silence would say nothing, by the rule above; None: it says something."""
    everyone, primary = groups["all"], groups["primary"]
    if not witnesses:
        return "no source is declared where it would be seen"
    if all(witness.why_not is not None for witness in witnesses):
        return "none of its sources can be asked"
    if not everyone.in_sight:
        return "its only source is out of sight" if everyone.sources == 1 else "all its sources are out of sight"
    if primary.sources and not primary.in_sight:
        return "its only primary source is out of sight" if primary.sources == 1 else "no primary source is in sight"
    asked = sum(witness.primary and witness.why_not is None for witness in witnesses)
    if asked - primary.in_sight > SPARE * asked:
        return f"{asked - primary.in_sight} of {asked} primary sources out of sight"
    for name, words in (("chinese", "Chinese source"), ("others", "source in another language")):
        if groups[name].sources and not groups[name].in_sight:
            return f"no {words} is in sight"
    if everyone.coverage is not None and everyone.coverage < ENOUGH:
        return f"watched for less than {ENOUGH:.0%} of the time".replace("50%", "half")
    return None
