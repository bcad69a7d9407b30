"""The day by trigger: evidence, against, not a fact yet; weak hints and repeats apart; each redline shown once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from crawler.digest.account import Day, DayTrigger, Entry, Limits, Redline, Shelf, TriggerSection
from crawler.digest.entry import Met, entry, leading, more
from crawler.digest.group import UNSETTLED, News, fold
from crawler.digest.redline import redline
from crawler.digest.safe import cut, plain
from crawler.digest.words import DIRECTIONS
from storage.records import Finding, HunkKind, Level, Match

OPEN = (Level.ALERT, Level.NOTABLE)
_SHELVES = ("evidence", "against", "unsettled", "hints", "known")
_THRESHOLD = 0.5


def shelf_of(finding: Finding, match: Match, triggers: Mapping[str, DayTrigger]) -> str:
    """Where a match is told: evidence, against, unsettled, hints or known."""
    if match.known:
        return "known"
    if finding.change.level not in OPEN:
        return "hints"
    if match.against:
        return "against"
    if match.assertion in UNSETTLED:
        return "unsettled"
    trigger = triggers.get(match.trigger_id)
    return "evidence" if match.score >= (trigger.threshold if trigger else _THRESHOLD) else "hints"


def quoted(news: News, triggers: Mapping[str, DayTrigger]) -> bool:
    """A trigger's section quotes it openly."""
    shelves = (shelf_of(f, m, triggers) for f in news.findings for m in f.change.matches)
    return any(shelf in ("evidence", "against", "unsettled") for shelf in shelves)


class Shown:
    """What one digest has shown so far: names for its entries, and each change's redline once."""

    def __init__(self, limits: Limits, triggers: Mapping[str, DayTrigger]) -> None:
        self.limits = limits
        self.triggers = triggers
        self.used: Counter[int | None] = Counter()

    def entry(self, news: News, met: Met = ()) -> Entry:
        change = leading(news, met).change
        matches = [match for _, match in met]
        self.used[change.id] += 1
        nth = self.used[change.id]
        if nth > 1:
            changed = Redline(at=f"c{change.id}")
        elif len(self.used) > self.limits.redlines:
            changed = Redline(more=sum(not hunk.noise for hunk in change.hunks))
        else:
            changed = redline(change.hunks, self.limits, [match.excerpt for match in matches])
            if _says_no_more(changed, matches):
                changed = Redline()
        anchor = f"c{change.id}" if nth == 1 else f"c{change.id}-{nth}"
        return entry(news, met, anchor, self.limits, changed=changed, triggers=self.triggers)


def _says_no_more(changed: Redline, matches: Sequence[Match]) -> bool:
    """The one difference is the sentence quoted above it."""
    if (
        len(changed.rows) != 1
        or changed.more
        or changed.outside
        or changed.noise
        or changed.rows[0].kind == HunkKind.EDITED
    ):
        return False
    text = "".join(piece.text for piece in changed.rows[0].old + changed.rows[0].new)
    return any(fold(match.excerpt) == fold(text) for match in matches)


def clean(trigger: DayTrigger) -> DayTrigger:
    return DayTrigger(
        id=plain(trigger.id),
        title=plain(trigger.title),
        direction=trigger.direction,
        priority=trigger.priority,
        statement=plain(trigger.statement),
        not_observable=plain(trigger.not_observable) or None,
    )


def sections(day: Day, news: list[News], shown: Shown) -> tuple[TriggerSection, ...]:
    """A section for each trigger that was met, by direction, then priority, then the order of the assessment."""
    declared = {trigger.id: trigger for trigger in day.triggers}
    met = _met(news, declared)
    for (trigger_id, _), pieces in met.items():
        direction = pieces[0][1][0][1].direction
        declared.setdefault(trigger_id, DayTrigger(id=trigger_id, title=trigger_id, direction=direction, priority=99))
    room = max(5, min(day.limits.evidence, day.limits.entries // max(1, len(met))))
    told = []
    for trigger in in_order(tuple(declared.values())):
        shelves = {name: _shelf(met[trigger.id, name], room, shown) for name in _SHELVES if (trigger.id, name) in met}
        if shelves:
            told.append(
                TriggerSection(
                    id=cut(plain(trigger.id), 120),
                    title=cut(plain(trigger.title), day.limits.title),
                    direction=str(trigger.direction),
                    priority=trigger.priority,
                    statement=cut(plain(trigger.statement), 600),
                    **shelves,
                )
            )
    return tuple(told)


def _met(news: list[News], triggers: Mapping[str, DayTrigger]) -> dict[tuple[str, str], list[tuple[News, Met]]]:
    """By trigger and shelf: the news, weightiest first, with those of its matches that belong there."""
    met: dict[tuple[str, str], list[tuple[News, Met]]] = {}
    for piece in news:
        mine: dict[tuple[str, str], list[tuple[Finding, Match]]] = {}
        for finding in piece.findings:
            for match in finding.change.matches:
                mine.setdefault((match.trigger_id, shelf_of(finding, match, triggers)), []).append((finding, match))
        for place, matches in mine.items():
            met.setdefault(place, []).append((piece, matches))
    return met


def _shelf(met: list[tuple[News, Met]], room: int, shown: Shown) -> Shelf:
    entries = tuple(shown.entry(piece, matches) for piece, matches in met[:room])
    return Shelf(entries=entries, more=more([finding for piece, _ in met[room:] for finding in piece.findings]))


def in_order(triggers: Sequence[DayTrigger]) -> list[DayTrigger]:
    directions = list(DIRECTIONS)
    return sorted(triggers, key=lambda trigger: (directions.index(trigger.direction), trigger.priority))
