"""The whole path on one page.

sources.yml, triggers.yml ─ catalogue.load ─▶ Catalogue
    crawl    what is due ─ fetch.crawl in a child ─▶ fetches + captures
    process  unread captures ─ read · compare · match · assess ─▶ changes + asks for items found
             …both again until nothing is due
    digest   what was found since the last digest ─ build ─▶ HTML · Markdown · JSON · Atom
"""

from __future__ import annotations

import fcntl
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from crawler import __version__, digest
from crawler.catalogue import Catalogue
from crawler.clock import Clock, starting_at, system
from crawler.consulting import consult
from crawler.crawling import Crawled, Progress, crawl_in_child, errands
from crawler.errors import UsageError
from crawler.processing import Processed, process
from crawler.standings import board
from storage.archive import Archive
from storage.records import LOOKED, Digest, Outcome, Source

ROUNDS = 6
"""A listing, its further pages and their items are asked in turn; more would be a loop."""


@dataclass(slots=True)
class Summary:
    """What a run came to."""

    fetched: Counter[str] = field(default_factory=Counter)
    processed: Processed = field(default_factory=Processed)
    faults: list[str] = field(default_factory=list)
    failures: list[tuple[str, str, int]] = field(default_factory=list)
    """Why attempts showed nothing: (outcome, detail, how often)."""
    next_due: tuple[datetime, str] | None = None
    """When which source is asked next; None: none ever."""
    judged: Counter[str] = field(default_factory=Counter)
    """What the optional judge said of candidates; empty: there is none."""
    account: digest.Account | None = None
    files: tuple[Path, ...] = ()

    @property
    def looked(self) -> int:
        """Attempts after which we know what the source says."""
        return sum(self.fetched[outcome] for outcome in LOOKED)

    @property
    def exit_code(self) -> int:
        """0: looked somewhere, or nothing was due; 3: asked, and nothing could be reached."""
        return 3 if self.fetched.total() and not self.looked else 0


def quiet(stage: str, done: int, total: int, note: str) -> None:
    """Progress told to nobody."""


def run(
    catalogue: Catalogue,
    archive_path: Path,
    *,
    now: datetime | None = None,
    only: Sequence[str] | None = None,
    digest_folder: Path | None = None,
    progress: Progress = quiet,
    rounds: int = ROUNDS,
) -> Summary:
    """Crawl what is due, process it, and write today's digest.

    `now`: the time it is meant to be (demo, tests); None: the machine's clock.
    `only`: ids of the sources to ask, due or not; None: all that are due.
    `digest_folder`: where the digest goes; None: no digest.
    `rounds`: how often what a reading found is asked in turn.
    """
    clock = starting_at(now)
    with alone(archive_path), Archive.open(archive_path) as archive:
        came = Summary(faults=renamed(archive.sources(), catalogue))
        declare(archive, catalogue, clock())
        begun = archive.begin_run("run", __version__, clock())
        state = "failed"
        known = archive.change_ids() if catalogue.settings.judge.url else []
        try:
            _rounds(archive, archive_path, catalogue, begun.id, clock, now, only, progress, came, rounds)
            came.failures, came.next_due = archive.failures_of(begun.id), archive.next_due()
            came.judged = consult(archive, catalogue, max(known, default=0), clock, progress=progress)
            if digest_folder is not None:
                write_digest(archive, catalogue, digest_folder, clock, came=came)
            state = "done"
        except KeyboardInterrupt:
            state = "interrupted"
            raise
        finally:
            archive.end_run(begun.id, state, clock(), "; ".join(came.faults) or None)
        return came


def _rounds(archive, archive_path, catalogue, run_id, clock: Clock, now, only, progress, came: Summary, rounds) -> None:
    came.processed = process(archive, catalogue, progress=progress)
    if woken := archive.wake_from_ahead(clock()):
        came.faults.append(f"the clock was ahead when {woken} address(es) were asked last; they are due now")
    if only:
        archive.make_due(only, clock())
    crashes = 0
    for _ in range(rounds):
        due = errands(archive, catalogue, clock(), only)
        if not due:
            return
        crawled = crawl_in_child(archive_path, run_id, due, now=clock() if now else None, progress=progress)
        _add(came, crawled, process(archive, catalogue, progress=progress))
        crashes += crawled.fault is not None
        if crashes > 1:
            return


def _add(came: Summary, crawled: Crawled, processed: Processed) -> None:
    came.fetched += crawled.outcomes
    came.faults += [crawled.fault] if crawled.fault else []
    came.faults += processed.faults
    came.processed.captures += processed.captures
    for name in ("healths", "changes", "levels"):
        getattr(came.processed, name).update(getattr(processed, name))


def declare(archive: Archive, catalogue: Catalogue, at: datetime, *, anew: bool = False) -> None:
    """Tell the archive what the catalogue says now; `anew`: all that it holds is about to be read by it."""
    archive.sync_triggers((trigger.id for trigger in catalogue.assessment.triggers), at, anew=anew)
    archive.sync_sources([source_record(entry, at) for entry in catalogue.sources], at)
    archive.sync_seeds({entry.id: entry.seeds() for entry in catalogue.sources if entry.askable}, at)


def renamed(known: Sequence[Source], catalogue: Catalogue) -> list[str]:
    """Sources that go on at their address under a new id, a sentence each: what they showed last is forgotten so."""
    ids = {source.id for source in known}
    left = {(s.kind, s.url): s.id for s in known if s.retired_at is None and catalogue.source(s.id) is None}
    return [
        f"{entry.id} is a new source at the address of {left[entry.kind, entry.url]}, which left sources.yml: it "
        "begins anew, with a baseline, and what changed there since the last look is not told; the old id would go on"
        for entry in catalogue.sources
        if entry.id not in ids and (entry.kind, entry.url) in left
    ]


def source_record(entry, at: datetime) -> Source:
    """A source of the catalogue as the archive keeps it."""
    return Source(
        id=entry.id,
        title=entry.title,
        kind=entry.kind,
        url=entry.url,
        role=entry.role,
        language=entry.language,
        publisher=entry.publisher,
        citation=entry.citation,
        tolerance_seconds=int(entry.tolerance.total_seconds()),
        observable=entry.askable,
        why_not=entry.why,
        added_at=at,
    )


def write_digest(
    archive: Archive,
    catalogue: Catalogue,
    folder: Path,
    clock: Clock = system,
    *,
    day: date | None = None,
    came: Summary | None = None,
) -> Summary:
    """Build a day's digest, write its files, and remember what it covered. The same archive gives the same bytes.

    `day`: None: today in the catalogue's time zone.
    """
    came = came or Summary()
    zone = ZoneInfo(catalogue.settings.timezone)
    today = clock().astimezone(zone).date()
    day = day or today
    if day > today:
        raise UsageError(f"digest: {day} is in the future (today is {today} in {zone.key}); give a day up to today")
    before = archive.digest_before(day.isoformat())
    period = digest.period(day, today, zone, archive.digest(day.isoformat()), before, clock())
    archive.assign_to_digest(day.isoformat(), period.to_at)
    account = digest.build(
        digest.Day(
            date=day.isoformat(),
            timezone=zone.key,
            from_at=period.from_at,
            to_at=period.to_at,
            assessment=catalogue.assessment.title,
            triggers=_triggers(catalogue),
            assessment_id=catalogue.assessment.id,
            findings=archive.findings_of(day.isoformat()),
            earlier=archive.told_before(day.isoformat(), period.to_at - digest.MEMORY),
            health=archive.source_health(period.from_at, period.to_at),
            health_before=archive.source_health(before.from_at, before.to_at) if before else (),
            captures=_captured(archive, period),
            board=board(archive, catalogue, period.to_at, new_since=period.from_at),
            generator=f"cruxwatch {__version__}",
        )
    )
    came.account = account
    came.files = tuple(digest.deliver.write(account, folder))
    archive.record_digest(
        Digest(date=day.isoformat(), from_at=period.from_at, to_at=period.to_at, sha256=account.sha256)
    )
    return came


def reprocess(
    catalogue: Catalogue,
    archive_path: Path,
    *,
    only: Sequence[str] | None = None,
    failed: bool = False,
    progress: Progress = quiet,
) -> Processed:
    """Read captures again with today's extractors and rules; what is found is marked and alerts nobody.

    `only`: ids of sources; None: all. `failed`: only captures that a defect of ours kept from being read.
    """
    with alone(archive_path), Archive.open(archive_path, create=False) as archive:
        at = system()
        declare(archive, catalogue, at, anew=only is None and not failed)
        captures = archive.prepare_reprocess(source_ids=only, failed=failed, at=at)
        return process(archive, catalogue, captures, reprocessed=True, progress=progress)


def _captured(archive: Archive, period: digest.Period) -> int:
    counts = archive.outcome_counts(period.from_at, period.to_at)
    return sum(by_outcome.get(Outcome.CAPTURED, 0) for by_outcome in counts.values())


def _triggers(catalogue: Catalogue) -> tuple[digest.DayTrigger, ...]:
    return tuple(
        digest.DayTrigger(
            id=trigger.id,
            title=trigger.title,
            direction=trigger.direction,
            priority=trigger.priority,
            statement=trigger.statement,
            threshold=trigger.threshold,
            not_observable=trigger.not_observable,
        )
        for trigger in catalogue.assessment.triggers
    )


@contextmanager
def alone(archive_path: Path) -> Iterator[None]:
    """Hold the archive against a second run; the lock ends with the process, however it ends."""
    if str(archive_path) == ":memory:":
        yield
        return
    archive_path.parent.mkdir(parents=True, exist_ok=True)
    lock = archive_path.with_name(archive_path.name + ".lock")
    with lock.open("a+") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as busy:
            held.seek(0)
            who = held.read().strip() or "unknown"
            raise UsageError(f"{archive_path}: another run holds this archive (process {who}); let it end") from busy
        held.truncate(0)
        held.write(str(os.getpid()))
        held.flush()
        yield
