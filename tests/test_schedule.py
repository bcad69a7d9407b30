"""When things happen: decided purely, over a whole year of clocks; then the real command over a loopback website."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from crawler import schedule
from crawler.errors import CatalogueError
from crawler.schedule import (
    ALIVE,
    LIMITS,
    PATIENCE,
    Facts,
    Kept,
    Scheduler,
    Step,
    decide,
    digest_at,
    healthy,
    run_limit,
)
from storage.archive import Archive
from tests.website import Answer
from tests.world import CHECKOUT, World

PROSE = "<h1>Harbour</h1><p>The harbour office opened a reading room, and its keepers answer questions on weekdays.</p>"
SEVEN = datetime(2026, 5, 11, 7, tzinfo=UTC)
DAY = Facts(now=SEVEN, digest_at=SEVEN, due=False, today=date(2026, 5, 11))


def settings(zone: str, hour: str):
    return SimpleNamespace(
        settings=SimpleNamespace(timezone=zone, digest_hour=datetime.strptime(hour, "%H:%M").time())  # noqa: DTZ007
    )


@pytest.mark.parametrize(
    ("facts", "steps"),
    [
        ({"now": SEVEN - timedelta(hours=1)}, ()),
        ({"now": SEVEN - timedelta(hours=1), "due": True}, (Step.RUN,)),
        ({}, (Step.DIGEST, Step.VERIFY)),
        ({"due": True}, (Step.RUN, Step.DIGEST, Step.VERIFY)),
        ({"now": SEVEN + timedelta(hours=15)}, (Step.DIGEST, Step.VERIFY)),
        ({"digest_to_at": SEVEN}, (Step.VERIFY,)),
        ({"digest_to_at": SEVEN, "verified_on": date(2026, 5, 11)}, ()),
        ({"digest_to_at": SEVEN, "verified_on": date(2026, 5, 10)}, (Step.VERIFY,)),
        ({"digest_to_at": SEVEN - timedelta(minutes=1), "verified_on": date(2026, 5, 11)}, (Step.DIGEST,)),
    ],
    ids=[
        "before the hour",
        "something due",
        "at the hour",
        "ask first, then tell",
        "made up for in the evening",
        "made already",
        "all done",
        "housekeeping of yesterday",
        "a digest made by hand before the hour is made anew",
    ],
)
def test_what_to_do(facts, steps):
    assert decide(replace(DAY, **facts)) == steps


@pytest.mark.parametrize(
    ("zone", "hour", "day", "instant"),
    [
        ("UTC", "07:00", "2026-05-11", "2026-05-11T07:00"),
        ("Asia/Shanghai", "07:00", "2026-05-11", "2026-05-10T23:00"),
        ("Europe/London", "07:00", "2026-03-28", "2026-03-28T07:00"),
        ("Europe/London", "07:00", "2026-03-29", "2026-03-29T06:00"),
        ("Europe/London", "01:30", "2026-03-29", "2026-03-29T01:30"),  # skipped: 02:30 by the clock on the wall
        ("Europe/London", "01:30", "2026-10-25", "2026-10-25T00:30"),  # comes twice: the first
        ("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29T01:30"),
        ("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T00:30"),
        ("America/New_York", "02:30", "2026-03-08", "2026-03-08T07:30"),
        ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03T15:45"),  # half an hour is skipped
        ("Pacific/Apia", "00:00", "2026-05-11", "2026-05-10T11:00"),
    ],
)
def test_a_day_has_one_digest_instant(zone, hour, day, instant):
    assert digest_at(date.fromisoformat(day), settings(zone, hour)) == datetime.fromisoformat(instant + "+00:00")


@pytest.mark.parametrize("zone", ["UTC", "Europe/London", "Asia/Shanghai", "America/New_York", "Australia/Lord_Howe"])
@pytest.mark.parametrize("hour", ["00:00", "01:30", "02:30", "07:00", "23:45"])
def test_every_day_of_a_year_gets_one_digest(zone, hour):
    catalogue, made, digests = settings(zone, hour), {}, []
    now, end = datetime(2026, 1, 2, tzinfo=UTC), datetime(2026, 12, 30, tzinfo=UTC)
    while now < end:
        today = now.astimezone(ZoneInfo(zone)).date()
        at = digest_at(today, catalogue)
        steps = decide(Facts(now=now, digest_at=at, due=False, digest_to_at=made.get(today), today=today))
        if Step.DIGEST in steps:
            made[today] = now
            digests.append(today)
        now += timedelta(minutes=15)
    assert len(digests) == len(set(digests))
    first, last = digests[0], digests[-1]
    assert len(digests) == (last - first).days + 1 >= 361


def test_a_restart_makes_up_for_the_digest_it_missed():
    at = digest_at(date(2026, 5, 11), settings("UTC", "07:00"))
    late = replace(DAY, now=at + timedelta(hours=9), verified_on=DAY.today)
    assert decide(late) == (Step.DIGEST,)
    assert decide(replace(late, digest_to_at=late.now)) == ()


@pytest.mark.parametrize(
    ("hour", "minutes"),
    [(0, 120), (5, 120), (6, 80), (6.9, 26), (7.1, 14), (7.4, 120), (23, 120)],
    ids=lambda value: str(value),
)
def test_a_run_does_not_hold_up_the_digest(hour, minutes):
    now = SEVEN.replace(hour=0) + timedelta(hours=hour)
    limit = run_limit(now, SEVEN, SEVEN + timedelta(days=1))
    assert limit == timedelta(minutes=minutes)
    assert limit <= LIMITS["run"]
    if now < SEVEN + PATIENCE:
        assert now + limit <= SEVEN + PATIENCE


def test_alive_by_the_last_sign_of_life(tmp_path):
    with Archive.open(tmp_path / "archive.db") as archive:
        assert healthy(archive, SEVEN) == (
            False,
            "the scheduler has never run on this archive; start it with `cruxwatch schedule`",
        )
        archive.beat(SEVEN)
        assert healthy(archive, SEVEN + ALIVE)[0]
        alive, why = healthy(archive, SEVEN + ALIVE + timedelta(seconds=1))
    assert not alive
    assert why == "the scheduler gave its last sign of life 151 s ago, at 2026-05-11 07:00:00 UTC"


@pytest.fixture
def world(tmp_path):
    with World(tmp_path / "world") as made:
        made.page("harbour", "http://harbour.test/", PROSE)
        made.write()
        yield made


def kept(world: World, folder: Path) -> Kept:
    folder.mkdir(exist_ok=True)
    return Kept(world.folder / "sources.yml", world.folder / "triggers.yml", folder)


def test_a_broken_catalogue_keeps_the_one_before(world, tmp_path, caplog):
    keeper = kept(world, tmp_path / "copies")
    before, sources = keeper.catalogue, world.folder / "sources.yml"
    good = sources.read_text(encoding="utf-8")
    assert not keeper.refresh()
    sources.write_text(good.replace('"kind": "page"', '"kind": "pagee"'), encoding="utf-8")
    assert not keeper.refresh()
    assert not keeper.refresh()
    assert keeper.catalogue is before
    assert keeper.copies[0].read_text(encoding="utf-8") == good
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 1, "said once, not at every tick"
    assert re.match(r"catalogue: 1 problem\(s\), the one before stays in use: .*sources\.yml:\d+:\d+: ", told[0])
    sources.write_text(good.replace("harbour (invented)", "mended (invented)"), encoding="utf-8")
    assert keeper.refresh()
    assert keeper.catalogue.sources[0].title == "mended (invented)"
    assert "mended" in keeper.copies[0].read_text(encoding="utf-8")
    sources.unlink()
    assert not keeper.refresh()
    assert keeper.catalogue.sources[0].title == "mended (invented)"


def test_a_broken_catalogue_does_not_start(world, tmp_path):
    (world.folder / "sources.yml").write_text("sources: [", encoding="utf-8")
    with pytest.raises(CatalogueError):
        kept(world, tmp_path / "copies")


def test_a_child_that_hangs_is_ended_with_all_it_started(world, tmp_path, monkeypatch):
    told = tmp_path / "grandchild"
    stubborn = f"""
import pathlib, signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
pathlib.Path({str(told)!r}).write_text(str(grandchild.pid))
time.sleep(600)
"""
    child = subprocess.Popen([sys.executable, "-c", stubborn], start_new_session=True)
    until(lambda: told.exists() and told.read_text())
    schedule.end(child, timedelta(milliseconds=100))
    assert child.returncode == -signal.SIGKILL
    until(lambda: not alive(int(told.read_text())))


def alive(pid: int) -> bool:
    """Whether a process runs; one that ended and waits to be reaped does not."""
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(")")[2].split()[0] != "Z"


def until(condition, seconds: float = 30) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


def test_a_stuck_tick_gives_no_sign_of_life(world, tmp_path, caplog):
    ticks = Scheduler(tmp_path / "archive.db", tmp_path, kept(world, tmp_path / "copies"), clock=lambda: SEVEN)
    ticks._busy_since = time.monotonic() - schedule.STUCK.total_seconds() - 1
    ticks.pulse()
    with Archive.open(tmp_path / "archive.db") as archive:
        assert archive.last_beat() is None
    ticks._busy_since = time.monotonic()
    ticks.pulse()
    with Archive.open(tmp_path / "archive.db") as archive:
        assert archive.last_beat() == SEVEN


def test_what_the_scheduler_itself_fails_at_is_recorded(world, tmp_path):
    ticks = Scheduler(tmp_path / "archive.db", tmp_path, kept(world, tmp_path / "copies"), clock=lambda: SEVEN)
    event = SimpleNamespace(code=schedule.EVENT_JOB_ERROR, job_id="tick", exception=ZeroDivisionError("invented"))
    ticks.on_event(event)
    with Archive.open(tmp_path / "archive.db") as archive:
        run = archive.runs()[0]
    assert (run.command, run.state, run.note) == ("schedule", "failed", "tick: ZeroDivisionError('invented')")


class Running:
    """`cruxwatch schedule` as a process of its own."""

    def __init__(self, world: World, log: Path) -> None:
        self.log = log
        told = (world.folder / "sources.yml").read_text(encoding="utf-8")
        # every moment of the day is past this hour
        told = told.replace('"timezone": "UTC"', '"timezone": "UTC", "digest_hour": "00:00"')
        (world.folder / "sources.yml").write_text(told, encoding="utf-8")
        command = [sys.executable, "-m", "crawler", "schedule", "--archive", str(world.archive), "--tick", "1"]
        with log.open("w") as out:
            self.process = subprocess.Popen(
                [*command, "--sources", str(world.folder / "sources.yml")], cwd=CHECKOUT, stdout=out, stderr=out
            )

    def __enter__(self) -> Running:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()

    def says(self, words: str) -> bool:
        assert self.process.poll() is None or words in self.text, self.text
        return words in self.text

    @property
    def text(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def stop(self, number: signal.Signals) -> int:
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


def test_the_real_command_runs_what_is_due_and_writes_the_digest(world, tmp_path):
    with Running(world, tmp_path / "log") as running:
        until(lambda: running.says("verify: done"))
        health = subprocess.run(
            [sys.executable, "-m", "crawler", "status", "--health", "--archive", str(world.archive)],
            cwd=CHECKOUT,
            capture_output=True,
            text=True,
        )
        assert health.returncode == 0, health.stdout + health.stderr
        assert "the scheduler is alive" in health.stdout
        # a catalogue that changes is declared and asked at the next tick
        world.page("pier", "http://pier.test/", PROSE.replace("office", "pier"))
        told = (world.folder / "sources.yml").read_text(encoding="utf-8")
        world.write()
        (world.folder / "sources.yml").write_text(
            (world.folder / "sources.yml").read_text().replace('"UTC"', '"UTC", "digest_hour": "00:00"'),
            encoding="utf-8",
        )
        assert told != (world.folder / "sources.yml").read_text(encoding="utf-8")
        until(lambda: running.text.count("run: done") == 2)
        assert running.stop(signal.SIGTERM) == 0
    steps = re.findall(r"(run|digest|verify|catalogue): ", running.text)
    assert steps == ["run", "digest", "verify", "catalogue", "run"], running.text
    for line in running.text.splitlines():
        assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (INFO|WARNING|ERROR) +\S", line), line
    assert running.text.rstrip().endswith("stopped")
    today = datetime.now(UTC).date()
    assert list((world.archive.parent / "digests").glob("*.json")) == [
        world.archive.parent / "digests" / f"{today}.json"
    ]
    assert [len(world.site.asked(f"http://{name}.test/")) for name in ("harbour", "pier")] == [1, 1]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_stop_during_a_crawl_is_quick_and_loses_nothing(world, tmp_path, number):
    world.page("slow", "http://slow.test/", Answer(PROSE.encode(), delay=60))
    world.write()
    with Running(world, tmp_path / "log") as running:
        until(lambda: world.site.asked("http://slow.test/"))
        until(lambda: _fetched(world))
        assert running.stop(number) == 0
    assert "run: stopped after" in running.text
    with world.opened() as archive:
        assert archive.check() == []
        assert [fetch.outcome for fetch, _ in archive.fetches_of("harbour")] == ["captured"]
        assert [ask.source_id for ask in archive.due_asks(datetime.now(UTC))] == ["slow"]
        assert archive.runs()[0].state == "interrupted"


def _fetched(world: World) -> bool:
    with world.opened() as archive:
        return bool(archive.fetches_of("harbour"))
