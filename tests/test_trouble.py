"""What a stranger or the machine can do to a run: a clear outcome each time, and nothing lost."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
import threading

import pytest

from storage.records import Health
from tests.test_cli import cruxwatch
from tests.website import Answer
from tests.world import CHECKOUT, World

PROSE = "The harbour office opened a reading room for visitors who want to see the old signal books."


@pytest.fixture
def world(tmp_path):
    with World(tmp_path) as made:
        yield made


def as_feed(*items: dict) -> Answer:
    told = {"version": "https://jsonfeed.org/version/1.1", "title": "Invented", "items": list(items)}
    return Answer(json.dumps(told).encode(), media_type="application/feed+json")


HOSTILE = [
    "a'b\"c",
    "two\nlines",
    "nul\x00nul",
    "\u202egpj.exe",
    "<script>alert(1)</script>",
    "'); DROP TABLE asks;--",
    "[bold]rich[/] [/nope]",
    "\x1b[31mred",
    "\ud800",
    "海" * 3000,
    "a" * 5000,
]


def test_hostile_ids_and_titles_cost_nobody_the_news_beside_them(world: World) -> None:
    old = [
        {"id": name, "title": name, "url": f"http://feed.test/{n}", "content_text": f"{PROSE} {name} {n}"}
        for n, name in enumerate(HOSTILE)
    ]
    news = "The Harbour Institute for Machine Prudence received a dedicated budget of 42 million yuan."
    new = {"id": "\udfff'\"<b>", "title": f"News {HOSTILE[4]} {HOSTILE[8]}", "content_text": f"{news} {HOSTILE[4]}"}
    options = {"fetch_entries": "never"}
    world.source("feed", "feed", "http://feed.test/feed.json", as_feed(*old), as_feed(new, *old), options=options)
    first = world.run(day=1)
    assert first["read"] == {"ok": 1}
    assert first["changes"] == {"first": len(HOSTILE)}
    second = world.run(day=2)
    assert second["levels"] == {"alert": 1}
    assert world.call("verify")
    page = (world.folder / "data" / "digests" / "2031-03-02.html").read_text(encoding="utf-8")
    assert "<script>alert" not in page
    assert "dedicated budget" in page


def test_a_defect_is_told_in_a_line_and_counts_for_nothing(world: World, monkeypatch) -> None:
    """What a capture came to before a defect met it is undone, and is not counted."""
    from crawler import catalogue, processing
    from storage.archive import Archive

    items = ({"id": str(n), "title": f"T{n}", "content_text": f"{PROSE} {n}"} for n in range(3))
    world.source("feed", "feed", "http://feed.test/feed.json", as_feed(*items), options={"fetch_entries": "never"})
    world.run("--no-digest", day=1)
    loaded = catalogue.load(world.folder / "sources.yml", world.folder / "triggers.yml")
    compared = processing.compare

    def breaks(text, *rest, **more):
        if text.title == "T2":
            raise ZeroDivisionError("invented")
        return compared(text, *rest, **more)

    monkeypatch.setattr(processing, "compare", breaks)
    with Archive.open(world.archive) as archive:
        captures = archive.prepare_reprocess(at=archive.runs()[0].started_at)
        came = processing.process(archive, loaded, captures, reprocessed=True)
        detail = archive.reading(captures[0]).detail
    assert (came.changes.total(), came.levels.total()) == (0, 0)
    assert detail.startswith("ZeroDivisionError in ")
    assert "\n" not in detail
    assert str(CHECKOUT) not in detail


def test_what_the_archive_refuses_is_no_fault_of_the_page(world: World, monkeypatch) -> None:
    """A disk that is full while a page is read leaves it unread; a damaged body costs its own page alone."""
    from crawler import catalogue, processing
    from storage.archive import Archive, ArchiveError

    for name in ("one", "two"):
        world.page(name, f"http://{name}.test/", f"<main><p>{PROSE} {name}</p></main>")
    world.run("--no-digest", day=1)
    loaded = catalogue.load(world.folder / "sources.yml", world.folder / "triggers.yml")

    def full(*given):
        raise ArchiveError("has no room: the disk is full")

    with Archive.open(world.archive) as archive:
        captures = archive.prepare_reprocess(at=archive.runs()[0].started_at)
        with monkeypatch.context() as broken:
            broken.setattr(archive, "record_version", full)
            with pytest.raises(ArchiveError, match="no room"):
                processing.process(archive, loaded, captures, reprocessed=True)
        assert archive.unread_captures() == captures
        sha256 = archive.capture(captures[0]).sha256
        archive.db.execute("UPDATE blobs SET packed = x'00' WHERE sha256 = ?", (sha256,))
        came = processing.process(archive, loaded, captures, reprocessed=True)
        assert came.healths == {Health.ERROR: 1, Health.OK: 1}
        assert archive.reading(captures[0]).detail.startswith("DamagedBody in ")


@pytest.mark.parametrize("words", [("run",), ("digest",), ("reprocess",), ("capture", "http://page.test/")])
def test_a_folder_that_cannot_be_used_is_named(words, world: World) -> None:
    world.page("page", "http://page.test/", PROSE)
    world.write()
    (world.folder / "data").write_text("a file where the folder should be", encoding="utf-8")
    said = world.call(*words, code=5)
    assert str(world.folder / "data") in said
    assert "Traceback" not in said


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "gbk"])
def test_a_terminal_of_another_encoding_shows_what_it_can(encoding: str, world: World) -> None:
    world.page("page", "http://page.test/", PROSE, title="海湾 ☂ 𠮷")
    world.run(day=1)

    def said(*words: str) -> str:
        done = subprocess.run(
            world.command(*words),
            cwd=CHECKOUT,
            capture_output=True,
            timeout=60,
            check=False,
            env=os.environ | {"PYTHONIOENCODING": encoding},
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.decode(encoding)

    assert said("status", "--all")
    told = json.loads(said("explain", "--json", "1"))
    assert told["source"]["title"] == "海湾 ☂ 𠮷"
    assert "\\u2602" in said("explain", "1")


def test_a_line_in_a_pipe_stays_a_line(tmp_path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "capture", "http://127.0.0.1:9/" + "a" * 200, "--archive", tmp_path / "a.db"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env=os.environ | {"COLUMNS": "40"},
    )
    assert "Save the page in a browser, then: cruxwatch capture --file FILE URL" in done.stdout
    assert cruxwatch("--version").returncode == 0


def test_a_clock_that_ran_ahead_stops_no_source(world: World) -> None:
    """Asked by a clock three years ahead, a source would next be asked in three years."""
    world.page("page", "http://page.test/", PROSE)
    world.run(day=1)
    world.run(day=1000)
    told = world.run(day=3)
    assert told["fetched"] == {"captured": 1}
    assert any("clock was ahead" in fault for fault in told["faults"])
    again = world.run(day=3.1)
    assert (again["fetched"], again["faults"]) == ({}, []), "woken once"
    assert world.run(day=4)["fetched"] == {"captured": 1}


def test_a_run_says_why_nothing_came_and_when_it_asks_again(world: World) -> None:
    world.page("page", "http://page.test/", Answer(b"no", status=500))
    world.write()
    said = world.call("run", code=3)
    assert "1 × failed: " in said
    assert "cruxwatch run SOURCE" in said
    said = world.call("run", day=1.001)
    assert "asked    0" in said
    assert "nothing is due before 2031-03-01 06:" in said
    assert "(page); `cruxwatch run page` asks at once" in said


def test_a_source_under_a_new_id_says_that_it_begins_anew(world: World) -> None:
    world.page("page", "http://page.test/", f"<main><p>{PROSE}</p></main>")
    world.run(day=1)
    world.sources[0]["id"] = "paper"
    told = world.run(day=2)
    assert told["changes"] == {"first": 1}
    assert [fault for fault in told["faults"] if fault.startswith("paper is a new source at the address of page")]
    assert world.run(day=3)["faults"] == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
def test_a_run_that_is_stopped_says_so_and_goes_on_where_it_was(number: int, world: World) -> None:
    asked = threading.Event()

    def slow(visit, request) -> Answer:
        asked.set()
        return Answer(PROSE.encode(), delay=4 if visit == 0 else 0)

    world.page("page", "http://page.test/", slow)
    world.write()
    running = world.start("run", day=1)
    assert asked.wait(60)
    running.send_signal(number)
    said, _ = running.communicate(timeout=60)
    assert (running.returncode, "Traceback" in said) == (4, False), said
    assert "interrupted; nothing recorded is lost" in said
    with world.opened() as archive:
        assert archive.runs()[0].state == "interrupted"
    assert world.run(day=1.001)["fetched"] == {"captured": 1}


def test_a_reader_who_has_seen_enough_is_no_defect(world: World) -> None:
    world.page("page", "http://page.test/", PROSE)
    world.run(day=1)
    told = " ".join(["exec", *map(shlex.quote, world.command("explain", "--json", "1"))])
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; (sleep 3; {told}) | true"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
