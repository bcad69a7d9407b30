"""SIGKILL at any moment: the archive stays whole, no capture is lost, and the end is that of an undisturbed run."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

from tests.website import Answer
from tests.world import World

KILLS = 50
MOST_DAYS = 40
PAGES = 8


class Turning:
    """Pages that depend on the day and on nothing else, so that how often they are asked makes no difference."""

    def __init__(self) -> None:
        self.day = 1

    def page(self, number: int):
        """A page whose last sentence changes every other day."""

        def answer(visit, asked) -> Answer:
            said = f"Reading room {number} was opened on day {(self.day + number) // 2} of the harbour festival."
            budget = "海湾机器审慎研究院设立专项预算4200万元。" if (number, self.day) == (3, 4) else "潮汐表照常张贴。"
            body = f"<html><body><main><h1>Room {number}</h1><p>{said}</p><p>{budget}</p></main></body></html>"
            return Answer(body.encode(), delay=0.02)

        return answer

    def listing(self, visit, asked) -> Answer:
        """One item more every day."""
        links = "".join(f'<li><a href="/n/{n}">Notice number {n} of the harbour</a></li>' for n in range(self.day + 1))
        return Answer(f"<main><ul>{links}</ul></main>".encode(), delay=0.02)

    @staticmethod
    def item(number: int) -> Answer:
        return Answer(
            f"<html><body><main><h1>Notice number {number} of the harbour</h1>"
            f"<p>Notice {number} says that the pier is closed at high water.</p></main></body></html>".encode(),
            delay=0.02,
        )


def world_in(folder: Path, turning: Turning) -> World:
    world = World(folder, delay="60ms")
    for number in range(PAGES):
        world.page(f"room-{number}", f"http://rooms.test/{number}", turning.page(number))
    world.source("list", "listing", "http://list.test/", turning.listing, options={"match": ["/n/"]})
    for number in range(MOST_DAYS + 1):
        world.site.put(f"http://list.test/n/{number}", turning.item(number))
    return world


def told(archive: Path) -> dict[str, list[tuple]]:
    """All that an archive says, but for the moments and the numbers it was said under."""
    with sqlite3.connect(archive) as db:
        ask = db.execute
        return {
            "documents": ask(
                "SELECT d.source_id, d.key, d.title, v.sha256, d.visits FROM documents d "
                "JOIN versions v ON v.id = d.version_id ORDER BY 1, 2"
            ).fetchall(),
            "versions": ask(
                "SELECT d.source_id, d.key, v.sha256, v.main, v.full FROM versions v "
                "JOIN documents d ON d.id = document_id ORDER BY 1, 2, 3"
            ).fetchall(),
            "changes": ask(
                "SELECT d.source_id, d.key, date(c.seen_at), c.kind, c.level, c.reasons FROM changes c "
                "JOIN documents d ON d.id = c.document_id ORDER BY 1, 2, 3, 4"
            ).fetchall(),
            "matches": ask(
                "SELECT d.source_id, d.key, m.trigger_id, m.excerpt, m.assertion FROM matches m "
                "JOIN changes c ON c.id = m.change_id JOIN documents d ON d.id = c.document_id ORDER BY 1, 2, 3, 4"
            ).fetchall(),
            "captures": ask(
                "SELECT source_id, url, date(fetched_at), sha256 FROM captures ORDER BY 1, 2, 3"
            ).fetchall(),
            "unread": ask(
                "SELECT c.id FROM captures c LEFT JOIN readings r ON r.capture_id = c.id WHERE r.capture_id IS NULL"
            ).fetchall(),
            "lines": ask("SELECT count(*), count(DISTINCT fold) FROM lines").fetchall(),
        }


def captures(archive: Path) -> set[int]:
    if not archive.exists():
        return set()
    with sqlite3.connect(archive) as db, contextlib.suppress(sqlite3.OperationalError):
        return {row[0] for row in db.execute("SELECT id FROM captures")}
    return set()


def whole(archive: Path) -> None:
    if archive.exists():
        with sqlite3.connect(archive) as db:
            assert db.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert db.execute("PRAGMA foreign_key_check").fetchall() == []


def kill_group(child: subprocess.Popen) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)
    child.communicate()


def test_fifty_kills_change_nothing(tmp_path: Path) -> None:
    chance = random.Random(20311)
    turning = Turning()
    day = hits = 0
    with world_in(tmp_path / "disturbed", turning) as world:
        world.write()
        while hits < KILLS:
            day = turning.day = day + 1
            assert day <= MOST_DAYS, f"only {hits} kills met a run in progress in {day} days; the test must disturb"
            for attempt in range(9):
                before = captures(world.archive)
                # time goes on between attempts, as it does
                child = world.start("run", "--no-digest", "-q", day=day + attempt / 1000)
                time.sleep(chance.uniform(0.35, 1.7))
                done = child.poll() is not None
                kill_group(child)
                hits += not done
                whole(world.archive)
                assert captures(world.archive) >= before, "a recorded capture is lost"
                if done:
                    break
            world.call("run", "--no-digest", "-q", day=day + 0.1)
        disturbed = told(world.archive)
        world.call("verify")

    with world_in(tmp_path / "undisturbed", turning) as calm:
        calm.write()
        for turning.day in range(1, day + 1):
            calm.call("run", "--no-digest", "-q", day=turning.day)
        assert disturbed == told(calm.archive)
