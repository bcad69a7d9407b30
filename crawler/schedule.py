"""When things happen: the tick, the digest hour, housekeeping; in the foreground of a container, until told to stop.

    tick ─ facts ─ decide ─▶ run · digest · verify, each a child process with a limit ─▶ one line in the log

What is due lives in the archive and nowhere else, so the scheduler keeps nothing that a restart could lose. A child
of its own for each piece of work: a crash, a leak or a hang in it costs that piece and not the scheduler.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_MISSED, JobExecutionEvent
from apscheduler.schedulers.background import BackgroundScheduler

from crawler import __version__
from crawler import catalogue as catalogues
from crawler.catalogue import Catalogue
from crawler.clock import Clock, system
from crawler.errors import CatalogueError, CruxwatchError
from crawler.run import alone
from storage.archive import Archive, ArchiveError

TICK = timedelta(minutes=5)
PULSE = timedelta(minutes=1)
"""Between two signs of life."""
ALIVE = 2.5 * PULSE
"""A sign of life older than this says that the scheduler is dead or stuck."""
STUCK = timedelta(minutes=10)
"""A tick that neither ended nor looked at its child for so long is stuck; then there are no signs of life."""
GRACE = timedelta(seconds=8)
"""Between SIGTERM and SIGKILL for a child: below the ten seconds that container engines give us."""
LIMITS = {"run": timedelta(hours=2), "digest": timedelta(minutes=15), "verify": timedelta(hours=1)}
PATIENCE = timedelta(minutes=20)
"""So long after the digest hour a run may go on before it is stopped for the digest; what is due stays due."""
POLL = 0.25
"""Seconds between looks at a child."""
CODES = {
    0: "done",
    1: "ended by a defect",
    2: "could not start",
    3: "done, but nothing could be reached",
    4: "interrupted; what was due stays due",
    5: "cannot use the archive",
}
"""What a child's exit code says; the same table as `cruxwatch --help`."""

log = logging.getLogger("cruxwatch")


class Step(StrEnum):
    """A piece of work, named as its command."""

    RUN = "run"
    DIGEST = "digest"
    VERIFY = "verify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a decision is made from."""

    now: datetime
    digest_at: datetime
    """The instant of today's digest hour."""
    due: bool
    """Something is due to be asked, or the catalogue is new."""
    digest_to_at: datetime | None = None
    """Up to when today's digest reaches; None: it is not made yet."""
    verified_on: date | None = None
    """The day of the last housekeeping; None: none since the start."""
    today: date
    """In the catalogue's time zone."""


def decide(facts: Facts) -> tuple[Step, ...]:
    """What to do now, in order: ask first, so that the digest holds what the morning brought.

    The digest is due from its hour on when there is none of today, or only one made before that hour (by hand). So
    one that was missed is made up for at the next start. Housekeeping follows the digest, once a day.
    """
    steps = [Step.RUN] if facts.due else []
    past = facts.now >= facts.digest_at
    if past and (facts.digest_to_at is None or facts.digest_to_at < facts.digest_at):
        steps.append(Step.DIGEST)
    if past and facts.verified_on != facts.today:
        steps.append(Step.VERIFY)
    return tuple(steps)


def digest_at(day: date, catalogue: Catalogue) -> datetime:
    """The one instant of a day's digest hour, in UTC.

    An hour that the clocks skip is taken by the offset before they changed; one that comes twice is its first.
    """
    local = datetime.combine(day, catalogue.settings.digest_hour, ZoneInfo(catalogue.settings.timezone))
    return local.astimezone(UTC)


def run_limit(now: datetime, today_at: datetime, tomorrow_at: datetime) -> timedelta:
    """How long a run that starts now may take: less when the digest waits for it, so that the morning has one."""
    next_at = today_at if today_at + PATIENCE > now else tomorrow_at
    return min(LIMITS["run"], max(next_at + PATIENCE - now, timedelta(minutes=1)))


def healthy(archive: Archive, now: datetime) -> tuple[bool, str]:
    """Whether the scheduler of this archive is alive, and how that is known."""
    last = archive.last_beat()
    if last is None:
        return False, "the scheduler has never run on this archive; start it with `cruxwatch schedule`"
    age = max(0, round((now - last).total_seconds()))
    if now - last > ALIVE:
        return False, f"the scheduler gave its last sign of life {age} s ago, at {last:%Y-%m-%d %H:%M:%S} UTC"
    return True, f"the scheduler is alive; last sign {age} s ago"


class Kept:
    """The catalogue in use, as a copy: a file broken by an edit changes nothing until it is mended."""

    def __init__(self, sources: Path, triggers: Path, folder: Path) -> None:
        """Load both files; raises CatalogueError."""
        self.originals = (sources, triggers)
        self.copies = (folder / "sources.yml", folder / "triggers.yml")
        self._folder = folder
        self._seen: tuple[bytes, ...] = ()
        self.catalogue = self._take(self._read())

    def refresh(self) -> bool:
        """Take over what was edited; True when the catalogue in use is a new one. Problems are logged once."""
        try:
            texts = self._read()
            if texts == self._seen:
                return False
            self.catalogue = self._take(texts)
        except (CatalogueError, OSError) as bad:
            problems = bad.problems if isinstance(bad, CatalogueError) else [str(bad)]
            if getattr(self, "_told", None) != problems:
                log.error("catalogue: %d problem(s), the one before stays in use: %s", len(problems), problems[0])
            self._told = problems
            return False
        self._told = None
        log.info("catalogue: read again, %d sources", len(self.catalogue.sources))
        return True

    def _read(self) -> tuple[bytes, ...]:
        return tuple(path.read_bytes() for path in self.originals)

    def _take(self, texts: tuple[bytes, ...]) -> Catalogue:
        # loaded under their own names first, so that problems name the file that a person can edit
        loaded = catalogues.load(*self.originals)
        if self._read() != texts:
            raise OSError("is being written; it is read at the next tick")
        for path, text in zip(self.copies, texts, strict=True):
            path.write_bytes(text)
        self._seen = texts
        return loaded


class Scheduler:
    """The ticks of one archive."""

    def __init__(self, archive: Path, digests: Path, kept: Kept, *, clock: Clock = system) -> None:
        self.archive, self.digests, self.kept, self.clock = archive, digests, kept, clock
        self.stopping = threading.Event()
        self.verified_on: date | None = None
        self.changed = True
        """The catalogue was not declared to the archive yet."""
        self._busy_since: float | None = None

    def tick(self) -> None:
        """Look at what is due and do it, one after the other."""
        self._busy_since = time.monotonic()
        try:
            self.changed |= self.kept.refresh()
            for step in decide(self.facts()):
                if self.stopping.is_set():
                    return
                self.do(step)
        except ArchiveError as fault:
            log.error("archive: %s", fault)
        finally:
            self._busy_since = None

    def facts(self) -> Facts:
        """What the archive and the clock say now."""
        now, catalogue = self.clock(), self.kept.catalogue
        today = now.astimezone(ZoneInfo(catalogue.settings.timezone)).date()
        askable = [entry.id for entry in catalogue.sources if entry.askable]
        with Archive.open(self.archive) as archive:
            made = archive.digest(today.isoformat())
            due = bool(archive.due_asks(now, source_ids=askable, limit=1))
        return Facts(
            now=now,
            digest_at=digest_at(today, catalogue),
            due=due or self.changed,
            digest_to_at=made.to_at if made else None,
            verified_on=self.verified_on,
            today=today,
        )

    def do(self, step: Step) -> None:
        """Do one piece of work in a child, and say in one line what it came to."""
        facts = self.facts()
        limit = LIMITS[step]
        if step is Step.RUN:
            limit = run_limit(
                facts.now, facts.digest_at, digest_at(facts.today + timedelta(days=1), self.kept.catalogue)
            )
        began = time.monotonic()
        code, said, complaint = self.child(self.command(step), limit)
        log.log(*_line(step, code, said, complaint, time.monotonic() - began))
        if step is Step.RUN and code in (0, 3):
            self.changed = False
        if step is Step.VERIFY and code is not None and code >= 0:
            self.verified_on = facts.today

    def command(self, step: Step) -> list[str]:
        """The arguments of a child; `python -m crawler` is the command line."""
        sources, triggers = (str(path) for path in self.kept.copies)
        common = ["--archive", str(self.archive)]
        told = ["--sources", sources, "--triggers", triggers]
        return {
            Step.RUN: ["run", "--no-digest", "--json", *common, *told],
            Step.DIGEST: ["digest", *common, "--digests", str(self.digests), *told],
            Step.VERIFY: ["verify", *common],
        }[step]

    def child(self, arguments: Sequence[str], limit: timedelta) -> tuple[int | None, str, str]:
        """Run a child to its end, its limit or our stop; gives (exit code or None when cut short, stdout, stderr)."""
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            # a session of its own: a Ctrl-C meant for us does not reach it, and SIGKILL reaches its crawl, too
            process = subprocess.Popen(
                [sys.executable, "-m", "crawler", *arguments],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=True,
            )
            ends = time.monotonic() + limit.total_seconds()
            while process.poll() is None and time.monotonic() < ends and not self.stopping.wait(POLL):
                self._busy_since = time.monotonic()
            cut = process.poll() is None
            if cut:
                end(process, GRACE)
            return (None if cut else process.returncode), _text(out), _text(err)

    def pulse(self) -> None:
        """Give a sign of life, unless a tick is stuck."""
        since = self._busy_since
        if since is not None and time.monotonic() - since > STUCK.total_seconds():
            log.error("the tick is stuck for %d s; no sign of life", time.monotonic() - since)
            return
        with Archive.open(self.archive) as archive:
            archive.beat(self.clock())

    def on_event(self, event: JobExecutionEvent) -> None:
        """Log and record that the scheduler itself missed or failed a piece of work."""
        what = f"{event.job_id} missed" if event.code == EVENT_JOB_MISSED else f"{event.job_id}: {event.exception!r}"
        log.error("scheduler: %s", what)
        try:
            with alone(self.archive), Archive.open(self.archive) as archive:
                run = archive.begin_run("schedule", __version__, self.clock())
                archive.end_run(run.id, "failed", self.clock(), what[:500])
        except (CruxwatchError, ArchiveError) as fault:
            log.error("scheduler: could not record it: %s", fault)


def end(process: subprocess.Popen[bytes], grace: timedelta) -> None:
    """End a child and all it started: politely, then not."""
    process.terminate()
    try:
        process.wait(grace.total_seconds())
    except subprocess.TimeoutExpired:
        log.error(
            "process %d did not end in %d s; killed, nothing recorded is lost", process.pid, grace.total_seconds()
        )
    # what it started is in its session; it may outlive it
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def serve(archive: Path, digests: Path, sources: Path, triggers: Path, *, tick: timedelta = TICK) -> int:
    """Tick until SIGTERM or SIGINT; then stop the child, let it finish its transaction, and return 0."""
    with _logging(), tempfile.TemporaryDirectory(prefix="cruxwatch-schedule-") as folder:
        kept = Kept(sources, triggers, Path(folder))
        with Archive.open(archive) as opened:
            opened.beat(system())
        ticks = Scheduler(archive, digests, kept)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: ticks.stopping.set())
        clockwork = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        clockwork.add_listener(ticks.on_event, EVENT_JOB_MISSED | EVENT_JOB_ERROR)
        now = system()
        clockwork.add_job(ticks.pulse, "interval", seconds=PULSE.total_seconds(), id="pulse", next_run_time=now)
        clockwork.add_job(ticks.tick, "interval", seconds=tick.total_seconds(), id="tick", next_run_time=now)
        clockwork.start()
        settings = kept.catalogue.settings
        log.info(
            "started: %d sources, a tick every %d s, the digest at %s %s",
            len(kept.catalogue.sources),
            tick.total_seconds(),
            settings.digest_hour.strftime("%H:%M"),
            settings.timezone,
        )
        ticks.stopping.wait()
        log.info("stopping")
        clockwork.shutdown(wait=True)
        log.info("stopped")
    return 0


@contextmanager
def _logging() -> Iterator[None]:
    """One line per event on stderr, times in UTC."""
    out = logging.StreamHandler()
    form = logging.Formatter("%(asctime)s %(levelname)-5s %(message)s", "%Y-%m-%dT%H:%M:%SZ")
    form.converter = time.gmtime
    out.setFormatter(form)
    log.addHandler(out)
    log.setLevel(logging.INFO)
    # a tick that waits for the one before is the plan, not a warning
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.removeHandler(out)


def _line(step: Step, code: int | None, said: str, complaint: str, seconds: float) -> tuple[int, str]:
    """Level and text of the log line about a piece of work."""
    if code is None:
        return logging.WARNING, f"{step}: stopped after {seconds:.0f} s; what was due stays due"
    words = CODES.get(code, f"exit code {code}") if code >= 0 else f"ended by signal {-code}"
    told = _summary(said) if step is Step.RUN else next(iter(said.splitlines()), "")
    last = next(reversed([line for line in complaint.splitlines() if line.strip()]), "")
    parts = [f"{step}: {words} in {seconds:.0f} s", told, last.strip() if code else ""]
    return (logging.ERROR if code else logging.INFO), "; ".join(part for part in parts if part)[:1000]


def _summary(said: str) -> str:
    """The numbers of `run --json` in a few words."""
    try:
        came = json.loads(said)
        named = (("asked", came["fetched"]), ("changes", came["levels"]))
    except (ValueError, KeyError, TypeError):
        return ""
    parts = []
    for word, counts in named:
        listed = ", ".join(f"{n} {name}" for name, n in sorted(counts.items(), key=lambda item: -item[1]))
        parts.append(f"{word}: {listed or 'none'}")
    return "; ".join(parts)


def _text(stream) -> str:
    """The last of what a child wrote."""
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - 100_000))
    return stream.read().decode("utf-8", "replace")
