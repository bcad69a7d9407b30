"""Recorded changes judged again, in order, by a pool of processes that each read the archive for themselves."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime

from crawler.evidence import Shown, context, judge
from crawler.match import Assessment, Matcher
from storage.archive import Archive
from storage.records import ChangeKind, Level, Match, Recorded

CHUNK = 100
"""Changes per errand: some tenths of a second, so that the bar moves and the processes end together."""
FEW = 400
"""Changes up to which starting a pool costs more than it saves."""
TELLING = frozenset({Level.ALERT, Level.NOTABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A source, as far as matching needs it (`crawler.evidence.Watched`)."""

    id: str
    title: str
    owner: str | None = None
    publisher: str | None = None
    language: str | None = None
    role: str = "secondary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What every process of the pool needs."""

    archive: str
    assessment: Assessment
    sources: Mapping[str, Known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The best match of one trigger in one change."""

    score: float
    excerpt: str
    flagged: bool
    """It is evidence, in a change that is told (alert or notable)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A change with what was flagged in its day, and what would be today; by trigger."""

    change_id: int
    source_id: str
    url: str
    kind: ChangeKind
    seen_at: datetime
    current: bool
    level_then: Level
    level_now: Level
    then: Mapping[str, Found]
    now: Mapping[str, Found]
    fault: str | None = None
    """The defect that kept it from being judged; None: none."""


class Judge:
    """Judges changes of one archive again by one assessment."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.matcher = Matcher(plan.assessment)
        self.thresholds = {trigger.id: trigger.threshold for trigger in plan.assessment.triggers}

    def chunk(self, archive: Archive, ids: Sequence[int]) -> list[Judged]:
        return [self._judged(each) for each in archive.recorded(ids)]

    def _judged(self, recorded: Recorded) -> Judged:
        change, fault = recorded.change, None
        try:
            again = self._again(recorded)
        except Exception as defect:  # a defect must cost one change, not the report
            again, fault = replace(change, matches=()), f"{type(defect).__name__}: {defect}"
        return Judged(
            change_id=change.id or 0,
            source_id=recorded.source_id,
            url=recorded.url,
            kind=change.kind,
            seen_at=change.seen_at,
            current=recorded.current,
            level_then=change.level,
            level_now=again.level,
            then=self._found(change.matches, change.level),
            now=self._found(again.matches, again.level),
            fault=fault,
        )

    def _again(self, recorded: Recorded):
        known = self.plan.sources.get(recorded.source_id) or Known(id=recorded.source_id, title=recorded.source_id)
        shown = None
        if recorded.main is not None:
            shown = Shown(
                main=recorded.main,
                full=recorded.full or recorded.main,
                title=recorded.title,
                language=recorded.language,
            )
        around = context(known, recorded.url, recorded.title, recorded.language)
        return judge(recorded.change, shown, around, self.matcher)

    def _found(self, matches: Sequence[Match], level: Level) -> dict[str, Found]:
        """The best match of each trigger; what fired goes before what did not, what is known does not count."""
        best: dict[str, Found] = {}
        for match in matches:
            if match.known:
                continue
            flagged = level in TELLING and self._fired(match)
            before = best.get(match.trigger_id)
            if before is None or (flagged, match.score) > (before.flagged, before.score):
                best[match.trigger_id] = Found(score=match.score, excerpt=match.excerpt[:300], flagged=flagged)
        return best

    def _fired(self, match: Match) -> bool:
        """As recorded; by today's threshold where the archive is older than that record."""
        if match.fired is not None:
            return match.fired
        return match.score >= self.thresholds.get(match.trigger_id, 0.5)


def rematched(
    plan: Plan,
    ids: Sequence[int],
    *,
    workers: int | None = None,
    progress=lambda stage, done, total, note: None,
) -> list[Judged]:
    """Judge these changes again, in their order, whatever the number of processes."""
    workers = workers or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    chunks = [ids[at : at + CHUNK] for at in range(0, len(ids), CHUNK)]
    out: list[Judged] = []

    def took(judged: list[Judged]) -> None:
        out.extend(judged)
        progress("backtest", len(out), len(ids), f"{judged[-1].seen_at:%Y-%m-%d}" if judged else "")

    if len(ids) <= FEW or workers == 1:
        judge_here = Judge(plan)
        with Archive.open(plan.archive, create=False, read_only=True) as archive:
            for chunk in chunks:
                took(judge_here.chunk(archive, chunk))
        return out
    # spawned, not forked: we may hold threads (the progress bar) and an open archive
    fresh = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=fresh, initializer=_begin, initargs=(plan,))
    try:
        for judged in pool.map(_chunk, chunks):
            took(judged)
    finally:
        pool.shutdown(cancel_futures=True)
    return out


_JUDGE: Judge | None = None
_ARCHIVE: Archive | None = None


def _begin(plan: Plan) -> None:
    """Make a process of the pool ready: the rules compiled, the archive open for reading."""
    global _JUDGE, _ARCHIVE
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    _JUDGE = Judge(plan)
    _ARCHIVE = Archive.open(plan.archive, create=False, read_only=True)


def _chunk(ids: Sequence[int]) -> list[Judged]:
    return _JUDGE.chunk(_ARCHIVE, ids)
