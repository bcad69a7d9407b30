"""From a day's findings to its account: sort, group, count, word.

findings ─ apart: baseline · noise ─▶ grouped news ─▶ per trigger: for · against · hints · known
                                                  └▶ notable (redlines) · routine (a line each)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from crawler.digest import board as boards
from crawler.digest import health as healths
from crawler.digest.account import (
    Account,
    Brief,
    Counts,
    Day,
    DayTrigger,
    History,
    Looked,
    More,
    Noise,
    Shelf,
    SourceHealths,
)
from crawler.digest.entry import Met, language_of, more, notes, opinions, quote, title
from crawler.digest.group import News, grouped
from crawler.digest.safe import address, cut, plain
from crawler.digest.sections import OPEN, Shown, clean, in_order, quoted, sections, shelf_of
from crawler.digest.words import KINDS, count
from storage.records import ChangeKind, Direction, Finding, HunkKind, Level, Part


def build(day: Day) -> Account:
    """The account of `day`; the same day gives the same account."""
    first = [f for f in day.findings if f.change.kind is ChangeKind.FIRST]
    later = [f for f in day.findings if f.change.kind is not ChangeKind.FIRST and not f.change.reprocessed]
    noise = [f for f in later if f.change.level is Level.NOISE]
    news = grouped([f for f in later if f.change.level is not Level.NOISE], day.earlier)
    triggers = {trigger.id: trigger for trigger in day.triggers}
    shown = Shown(day.limits, triggers)
    notable = [n for n in news if n.lead.change.level in OPEN and not quoted(n, triggers)]
    routine = [n for n in news if n.lead.change.level is Level.ROUTINE]
    kept = day.limits.notable
    notable_entries = tuple(shown.entry(n, _judged(n)) for n in notable[:kept])  # first: they show their redlines open
    told = sections(day, news, shown)
    counts = _counts(news, triggers, notable, routine, noise)
    looked, sources = healths.looked(day), healths.source_health(day)
    met = {section.id for section in told}
    board = boards.clean(day.board, day.limits) if day.board else None
    return Account(
        date=day.date,
        timezone=day.timezone,
        from_at=day.from_at,
        to_at=day.to_at,
        assessment=cut(plain(day.assessment), day.limits.title),
        assessment_id=plain(day.assessment_id),
        generator=cut(plain(day.generator), 120),
        headline=headline(counts, looked, sources),
        worth=f"{healths.worth(looked)} {boards.silence(board)}".strip(),
        counts=counts,
        triggers=told,
        silent=tuple(clean(t) for t in in_order(day.triggers) if cut(plain(t.id), 120) not in met),
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
        board=board,
    )


def _judged(news: News) -> Met:
    """Matches that the judge would have a person look at: they are quoted with the change that they made notable."""
    return [
        (found, match)
        for found in news.findings
        for match in found.change.matches
        if any(opinion.verdict == "yes" for opinion in opinions(found, match))
    ]


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


def _counts(
    news: list[News], triggers: Mapping[str, DayTrigger], notable: list[News], routine: list[News], noise: list[Finding]
) -> Counts:
    """Each piece of news once for each direction it has evidence in."""
    tally: Counter[str] = Counter()
    for piece in news:
        marks: set[str] = set()
        for finding in piece.findings:
            for match in finding.change.matches:
                shelf = shelf_of(finding, match, triggers)
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
        also_in=_also_in(news),
        notes=tuple(told for f in news.findings for told in notes(f, {t.id: t for t in day.triggers}))[:4],
    )


def _also_in(news: News) -> tuple[str, ...]:
    """Titles of the other sources that have it, each once."""
    others = {f.source.id: cut(plain(f.source.title), 120) or f.source.id for f in news.findings[1:]}
    return tuple(title for source, title in others.items() if source != news.lead.source.id)[:12]


def gist(finding: Finding) -> str:
    """What a change did, in a few words."""
    if finding.change.kind is not ChangeKind.CHANGED:
        return KINDS[finding.change.kind]
    told = [hunk for hunk in finding.change.hunks if not hunk.noise]
    main = [hunk for hunk in told if hunk.part is not Part.REST]
    kinds = Counter(hunk.kind for hunk in main or told)
    names = (
        (HunkKind.ADDED, "added"),
        (HunkKind.REMOVED, "removed"),
        (HunkKind.EDITED, "edited"),
        (HunkKind.MOVED, "moved"),
    )
    counted = ", ".join(f"{kinds[kind]} {name}" for kind, name in names if kinds[kind])
    if not counted:
        return "changed"
    return f"sentences: {counted}" if main else f"outside the main text: {counted}"


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
                quote(m, language_of(f), day.limits, opinions(f, m)),
                title(f, 160),
                address(f.document.url),
            )
            for f, m in kept
        ),
        more=More(count=len(met) - len(kept), changes=left),
    )
