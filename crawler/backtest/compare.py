"""What was flagged against what would be, and both against the verdicts of people. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from crawler.backtest.rematch import Found, Judged
from crawler.backtest.verdicts import Verdicts, label
from crawler.match import Assessment
from storage.records import Level


@dataclass(slots=True, kw_only=True)
class Figures:
    """How the flags of one set of rules fare by the verdicts."""

    flagged: int = 0
    right: int = 0
    """Flagged, and a person said relevant."""
    wrong: int = 0
    """Flagged, and a person said noise or wrong trigger."""
    missed: int = 0
    """A person said relevant, and it is not flagged."""

    @property
    def unjudged(self) -> int:
        return self.flagged - self.right - self.wrong

    @property
    def precision(self) -> float | None:
        """Of the judged flags, the share that was right; None: none was judged."""
        judged = self.right + self.wrong
        return self.right / judged if judged else None

    @property
    def recall(self) -> float | None:
        """Of what people called relevant, the share that is flagged; None: they called nothing so."""
        relevant = self.right + self.missed
        return self.right / relevant if relevant else None

    def add(self, flagged: bool, relevant: bool | None) -> None:
        self.flagged += flagged
        self.right += flagged and relevant is True
        self.wrong += flagged and relevant is False
        self.missed += not flagged and relevant is True


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A flag that the rules compared do not share."""

    date: str
    change_id: int
    trigger_id: str
    source_id: str
    url: str
    level: Level
    """Under the rules that flag it."""
    score: float
    score_otherwise: float | None
    """Under the other rules; None: not met at all."""
    excerpt: str
    relevant: bool | None
    """What a person said of it; None: nobody did."""


@dataclass(slots=True, kw_only=True)
class Report:
    """What a backtest came to."""

    changes: int = 0
    now: dict[str, Figures] = field(default_factory=dict)
    """By trigger, in the order of triggers.yml; a trigger that is no more comes last."""
    then: dict[str, Figures] = field(default_factory=dict)
    newly: list[Difference] = field(default_factory=list)
    no_longer: list[Difference] = field(default_factory=list)
    levels_then: Counter[str] = field(default_factory=Counter)
    levels_now: Counter[str] = field(default_factory=Counter)
    unexplained: list[int] = field(default_factory=list)
    """Changes that a person called relevant as a whole, and that no trigger flags today."""
    faults: list[str] = field(default_factory=list)

    def overall(self, figures: dict[str, Figures]) -> Figures:
        """All triggers together."""
        total = Figures()
        for each in figures.values():
            total.flagged += each.flagged
            total.right += each.right
            total.wrong += each.wrong
            total.missed += each.missed
        return total


def compare(judged: Iterable[Judged], verdicts: Verdicts, assessment: Assessment, zone: str) -> Report:
    """The report of changes judged again; dates are those of the zone."""
    report = Report(
        now={t.id: Figures() for t in assessment.triggers if t.frames},
        then={t.id: Figures() for t in assessment.triggers if t.frames},
    )
    days, named = ZoneInfo(zone), triggers_named(verdicts)
    for each in judged:
        if each.fault:
            report.faults.append(f"change {each.change_id}: {each.fault}")
            continue
        report.changes += each.current
        if each.current:
            report.levels_then[each.level_then] += 1
            report.levels_now[each.level_now] += 1
        flags = [flags_of(found.items()) for found in (each.then, each.now)]
        for trigger in sorted({*each.then, *each.now, *named[each.change_id]}):
            said = label_of(verdicts, each, trigger)
            in_then, in_now = (trigger in those for those in flags)
            # what was replaced by a later reading is there for its verdict alone: its flags are counted with that
            if each.current or said is not None:
                report.then.setdefault(trigger, Figures()).add(in_then, said)
                report.now.setdefault(trigger, Figures()).add(in_now, said)
            if each.current and in_now != in_then:
                date = each.seen_at.astimezone(days).date().isoformat()
                if in_now:
                    report.newly.append(_difference(each, trigger, date, said, now=True))
                else:
                    report.no_longer.append(_difference(each, trigger, date, said, now=False))
        if verdicts.get((each.change_id, None)) and not flags[1]:
            report.unexplained.append(each.change_id)
    for those in (report.newly, report.no_longer):
        those.sort(key=lambda d: (d.date, d.change_id, d.trigger_id))
    return report


def triggers_named(verdicts: Verdicts) -> Mapping[int, set[str]]:
    """The triggers that people judged in each change, met or not."""
    named: dict[int, set[str]] = defaultdict(set)
    for change_id, trigger in verdicts:
        if trigger is not None:
            named[change_id].add(trigger)
    return named


def flags_of(found: Iterable[tuple[str, Found]]) -> set[str]:
    return {trigger for trigger, each in found if each.flagged}


def label_of(verdicts: Verdicts, judged: Judged, trigger: str) -> bool | None:
    """The verdict on a trigger in a change; a word on the whole change was said of what was flagged in its day."""
    flagged = flags_of(judged.then.items())
    return label(verdicts, judged.change_id, trigger, flagged=trigger in flagged, alone=len(flagged) == 1)


def _difference(each: Judged, trigger: str, date: str, said: bool | None, *, now: bool) -> Difference:
    flagging, other = (each.now, each.then) if now else (each.then, each.now)
    return Difference(
        date=date,
        change_id=each.change_id,
        trigger_id=trigger,
        source_id=each.source_id,
        url=each.url,
        level=each.level_now if now else each.level_then,
        score=flagging[trigger].score,
        score_otherwise=other[trigger].score if trigger in other else None,
        excerpt=flagging[trigger].excerpt,
        relevant=said,
    )
