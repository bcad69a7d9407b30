"""From a day's findings to its account: sort, group, count, word.

findings ─ apart: baseline · noise ─▶ grouped news ─▶ per trigger: for · against · hints · known
                                                  └▶ notable (redlines) · routine (a line each)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crawler.digest import health as healths
from crawler.digest.account import (
    Account,
    Brief,
    Counts,
    Day,
    DayTrigger,
    Entry,
    History,
    Limits,
    Looked,
    More,
    Noise,
    Redline,
    Shelf,
    SourceHealths,
    TriggerSection,
)
from crawler.digest.entry import entry, language_of, more, quote, title
from crawler.digest.group import News, fold, grouped
from crawler.digest.redline import redline
from crawler.digest.safe import address, cut, plain
from crawler.digest.words import DIRECTIONS, KINDS, count
from storage.records import Assertion, ChangeKind, Direction, Finding, HunkKind, Level, Match

_OPEN = (Level.ALERT, Level.NOTABLE)
_SHELVES = ("evidence", "against", "unsettled", "hints", "known")
_UNSETTLED = (Assertion.PLANNED, Assertion.PROPOSED, Assertion.CONDITIONAL, Assertion.ASKED)


def build(day: Day) -> Account:
    """The account of `day`; the same day gives the same account."""
    first = [f for f in day.findings if f.change.kind is ChangeKind.FIRST]
    later = [f for f in day.findings if f.change.kind is not ChangeKind.FIRST and not f.change.reprocessed]
    noise = [f for f in later if f.change.level is Level.NOISE]
    news = grouped([f for f in later if f.change.level is not Level.NOISE])
    shown = _Shown(day.limits)
    notable = [n for n in news if n.lead.change.level in _OPEN and not _quoted(n)]
    routine = [n for n in news if n.lead.change.level is Level.ROUTINE]
    kept = day.limits.notable
    notable_entries = tuple(shown.entry(n) for n in notable[:kept])  # first: they show their redlines open
    sections = _sections(day, news, shown)
    counts = _counts(news, notable, routine, noise)
    looked, sources = healths.looked(day), healths.source_health(day)
    met = {section.id for section in sections}
    return Account(
        date=day.date,
        timezone=day.timezone,
        from_at=day.from_at,
        to_at=day.to_at,
        assessment=cut(plain(day.assessment), day.limits.title),
        assessment_id=plain(day.assessment_id),
        generator=cut(plain(day.generator), 120),
        headline=headline(counts, looked, sources),
        worth=healths.worth(looked),
        counts=counts,
        triggers=sections,
        silent=tuple(_clean(t) for t in _in_order(day.triggers) if cut(plain(t.id), 120) not in met),
        notable=Shelf(
            entries=notable_entries,
            more=more([f for n in notable[kept:] for f in n.findings]),
        ),
        routine=tuple(_brief(n, day) for n in routine[: day.limits.routine]),
        routine_more=more([f for n in routine[day.limits.routine :] for f in n.findings]),
        noise=_noise(noise),
        history=_history(first, day),
        looked=looked,
        health=sources,
    )


def headline(counts: Counts, looked: Looked, sources: SourceHealths) -> str:
    """The day in one sentence."""
    moved = [
        (counts.upward, "upward"),
        (counts.downward, "downward"),
        (counts.absence_broken, "absence broken" if counts.absence_broken == 1 else "absences broken"),
        (counts.assumption, "on an assumption"),
        (counts.against, "against"),
        (counts.unsettled, "not a fact yet"),
    ]
    told = ", ".join(f"{number} {words}" for number, words in moved if number)
    missed = len(sources.not_reached) + len(sources.not_asked)
    if not told:
        told = "Nothing that bears on the assessment"
        if not looked.reached:
            told = "No source could be read"
        elif missed or sources.broken:
            told += " in what could be read"
    parts = [told]
    if counts.notable:
        parts.append(count(counts.notable, "notable change"))
    if missed:
        parts.append(f"{missed} of {count(looked.sources, 'source')} not reached")
    if sources.broken:
        parts.append(f"{len(sources.broken)} not readable")
    if looked.sources and not missed and not sources.broken:
        parts.append("the one source in reach" if looked.sources == 1 else f"all {looked.sources} sources in reach")
    return "; ".join(parts) + "."


class _Shown:
    """What one digest has shown so far: names for its entries, and each change's redline once."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.used: Counter[int | None] = Counter()

    def entry(self, news: News, matches: Sequence[Match] = ()) -> Entry:
        change = news.lead.change
        self.used[change.id] += 1
        nth = self.used[change.id]
        if nth > 1:
            changed = Redline(at=f"c{change.id}")
        elif len(self.used) > self.limits.redlines:
            changed = Redline(more=sum(not hunk.noise for hunk in change.hunks))
        else:
            changed = redline(change.hunks, self.limits)
            if _says_no_more(changed, matches):
                changed = Redline()
        anchor = f"c{change.id}" if nth == 1 else f"c{change.id}-{nth}"
        return entry(news, matches, anchor, self.limits, changed=changed)


def _says_no_more(changed: Redline, matches: Sequence[Match]) -> bool:
    """The one difference is the sentence quoted above it."""
    if len(changed.rows) != 1 or changed.more or changed.noise or changed.rows[0].kind == HunkKind.EDITED:
        return False
    text = "".join(piece.text for piece in changed.rows[0].old + changed.rows[0].new)
    return any(fold(match.excerpt) == fold(text) for match in matches)


def _is_open(finding: Finding, match: Match) -> bool:
    return finding.change.level in _OPEN and not match.known


def _clean(trigger: DayTrigger) -> DayTrigger:
    return DayTrigger(
        id=plain(trigger.id),
        title=plain(trigger.title),
        direction=trigger.direction,
        priority=trigger.priority,
        statement=plain(trigger.statement),
        not_observable=plain(trigger.not_observable) or None,
    )


def _quoted(news: News) -> bool:
    """A trigger's section shows it already."""
    return any(_is_open(f, m) for f in news.findings for m in f.change.matches)


def _sections(day: Day, news: list[News], shown: _Shown) -> tuple[TriggerSection, ...]:
    """A section for each trigger that was met, by direction, then priority, then the order of the assessment."""
    met = _met(news)
    declared = {trigger.id: trigger for trigger in day.triggers}
    for (trigger_id, _), pieces in met.items():
        direction = pieces[0][1][0].direction
        declared.setdefault(trigger_id, DayTrigger(id=trigger_id, title=trigger_id, direction=direction, priority=99))
    room = max(5, min(day.limits.evidence, day.limits.entries // max(1, len(met))))
    sections = []
    for trigger in _in_order(tuple(declared.values())):
        shelves = {name: _shelf(met[trigger.id, name], room, shown) for name in _SHELVES if (trigger.id, name) in met}
        if shelves:
            sections.append(
                TriggerSection(
                    id=cut(plain(trigger.id), 120),
                    title=cut(plain(trigger.title), day.limits.title),
                    direction=str(trigger.direction),
                    priority=trigger.priority,
                    statement=cut(plain(trigger.statement), 600),
                    **shelves,
                )
            )
    return tuple(sections)


def _met(news: list[News]) -> dict[tuple[str, str], list[tuple[News, list[Match]]]]:
    """By trigger and shelf: the news, weightiest first, with those of its matches that belong there."""
    met: dict[tuple[str, str], list[tuple[News, list[Match]]]] = {}
    for piece in news:
        mine: dict[tuple[str, str], list[Match]] = {}
        for finding in piece.findings:
            for match in finding.change.matches:
                mine.setdefault((match.trigger_id, _shelf_of(finding, match)), []).append(match)
        for place, matches in mine.items():
            met.setdefault(place, []).append((piece, matches))
    return met


def _shelf_of(finding: Finding, match: Match) -> str:
    if match.known:
        return "known"
    if not _is_open(finding, match):
        return "hints"
    if match.against:
        return "against"
    return "unsettled" if match.assertion in _UNSETTLED else "evidence"


def _shelf(met: list[tuple[News, list[Match]]], room: int, shown: _Shown) -> Shelf:
    entries = tuple(shown.entry(piece, matches) for piece, matches in met[:room])
    return Shelf(entries=entries, more=more([finding for piece, _ in met[room:] for finding in piece.findings]))


def _in_order(triggers: Sequence[DayTrigger]) -> list[DayTrigger]:
    directions = list(DIRECTIONS)
    return sorted(triggers, key=lambda trigger: (directions.index(trigger.direction), trigger.priority))


def _counts(news: list[News], notable: list[News], routine: list[News], noise: list[Finding]) -> Counts:
    """Each piece of news once for each direction it has evidence in."""
    tally: Counter[str] = Counter()
    for piece in news:
        marks: set[str] = set()
        for finding in piece.findings:
            for match in finding.change.matches:
                shelf = _shelf_of(finding, match)
                marks.add(match.direction if shelf == "evidence" else shelf)
        tally.update(marks)
    return Counts(
        upward=tally[Direction.UPWARD],
        downward=tally[Direction.DOWNWARD],
        absence_broken=tally[Direction.ABSENCE],
        assumption=tally[Direction.ASSUMPTION],
        against=tally["against"],
        unsettled=tally["unsettled"],
        known=tally["known"],
        hints=tally["hints"],
        notable=len(notable),
        routine=len(routine),
        noise=len(noise),
    )


def _brief(news: News, day: Day) -> Brief:
    finding = news.lead
    return Brief(
        title=title(finding, 160),
        url=address(finding.document.url),
        source=cut(plain(finding.source.title), 120) or finding.source.id,
        language=language_of(finding),
        kind=str(finding.change.kind),
        gist=gist(finding),
        seen_at=finding.change.seen_at,
        change=finding.change.id,
        also=tuple(f.change.id for f in news.findings[1:] if f.change.id is not None),
    )


def gist(finding: Finding) -> str:
    """What a change did, in a few words."""
    if finding.change.kind is not ChangeKind.CHANGED:
        return KINDS[finding.change.kind]
    kinds = Counter(hunk.kind for hunk in finding.change.hunks if not hunk.noise)
    names = (
        (HunkKind.ADDED, "added"),
        (HunkKind.REMOVED, "removed"),
        (HunkKind.EDITED, "edited"),
        (HunkKind.MOVED, "moved"),
    )
    told = ", ".join(f"{kinds[kind]} {name}" for kind, name in names if kinds[kind])
    return f"sentences: {told}" if told else "changed"


def _noise(findings: list[Finding]) -> Noise:
    rules: Counter[str] = Counter()
    for finding in findings:
        rules.update(cut(plain(hunk.noise), 80) for hunk in finding.change.hunks if hunk.noise)
    return Noise(
        count=len(findings),
        returned=sum(f.change.kind is ChangeKind.RETURNED for f in findings),
        with_match=sum(bool(f.change.matches) for f in findings),
        rules=tuple(sorted(rules.items(), key=lambda pair: (-pair[1], pair[0]))[:40]),
    )


def _history(first: list[Finding], day: Day) -> History:
    """First readings: counted, with the strongest quotes for whoever wants to look back."""
    met = [(f, m) for f in first for m in f.change.matches]
    met.sort(key=lambda pair: (-pair[1].score, pair[0].source.id, pair[0].document.key, pair[1].trigger_id))
    kept = met[: day.limits.history]
    left = tuple(sorted({f.change.id for f, _ in met[day.limits.history :] if f.change.id is not None}))
    return History(
        sources=len({f.source.id for f in first}),
        documents=len({(f.source.id, f.document.key) for f in first}),
        met=len(met),
        quotes=tuple(
            (
                cut(plain(m.trigger_id), 120),
                quote(m, language_of(f), day.limits),
                title(f, 160),
                address(f.document.url),
            )
            for f, m in kept
        ),
        more=More(count=len(met) - len(kept), changes=left),
    )
