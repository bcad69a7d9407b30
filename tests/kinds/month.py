"""A simulated month of services on loopback, read by the real run: one world for all kinds, since a run costs seconds.

A service is a function of the day and the request; what became of each source is asked afterwards:

    month.told("works")     {1: "captured ok", 2: "limited asked to come later", …}: what was asked first each day
    month.changes("works")  {1: ["first W1"], 3: ["new W3"], …}: kind and document, with ' alert' where it is one
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from crawler.catalogue import load
from crawler.run import run
from storage.archive import Archive
from storage.records import AskPurpose, Capture, Fetch, Finding, Level, Reading
from tests.website import Answer, Asked
from tests.world import DAY_ONE, World

DAYS = (1, 2, 3, 4, 5, 6, 7, 30)
BY_COMMAND = frozenset({1, 4})
"""Days of the command itself, whose words are kept; the others call what it calls: a process less to start."""
Service = Callable[[int, Asked], Answer]
SLOW = Answer(b" " * 40, drip=(1, 0.2))
"""Takes longer than a source with TIGHT options waits."""
TIGHT = {"timeout": "2s", "max_bytes": 60_000}
HUGE = b'{"results": [' + b'"x",' * 30_000 + b'"x"]}'
LIMITED = Answer(b"Rate limit exceeded", 429, headers=[("Retry-After", "3600")])
PDF = Answer(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", media_type="application/pdf")
HTML = "<!doctype html><html><head><title>Sign in</title></head><body><h1>Please sign in</h1></body></html>"


def as_json(value: object, **more: object) -> Answer:
    """An answer of JSON."""
    return Answer(json.dumps(value, ensure_ascii=False).encode(), **{"media_type": "application/json"} | more)


def page(title: str, *more: str) -> str:
    """A page with enough text to be one."""
    told = (
        "The harbour office opened a reading room for visitors who want to see the old signal books.",
        "Its keepers answer questions on weekdays, and the catalogue of the books can be read at the desk.",
        "A second room will hold the charts that were found in the cellar when the roof was mended last spring.",
        "阅览室每逢工作日开放,读者可以在服务台查阅信号簿目录。",
        *more,
    )
    words = "".join(f"<p>{each}</p>" for each in told)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head><body>"
        f"<main><article><h1>{title}</h1>{words}</article></main></body></html>"
    )


class Month:
    """The world, the day it is, and what came of it."""

    def __init__(self, folder: Path) -> None:
        self.world = World(folder)
        self.day = 0
        self.output: list[str] = []
        """What each run said on standard output and error."""

    def source(self, source_id: str, kind: str, url: str, service: Service | None = None, **more: object) -> None:
        """Declare a source and serve its address."""
        self.world.source(source_id, kind, url, **more)
        if service is not None:
            self.serve(url, service)

    def serve(self, url: str, service: Service) -> None:
        """Serve an address, whatever its query."""
        self.world.site.serve(url.partition("#")[0].partition("?")[0], lambda _, asked: service(self.day, asked))

    def pass_(self) -> None:
        """Let the month pass."""
        for self.day in DAYS:
            self.world.write()
            if self.day in BY_COMMAND:
                self.output.append(self.world.call("run", "--json", day=self.day))
            else:
                self._run()

    def _run(self) -> None:
        folder = self.world.folder
        catalogue = load(folder / "sources.yml", folder / "triggers.yml")
        now = DAY_ONE + timedelta(days=self.day - 1)
        came = run(catalogue, self.world.archive, now=now, digest_folder=folder / "data" / "digests")
        assert came.faults == []

    def asked(self, host: str) -> list[Asked]:
        """What a host was asked, robots.txt aside."""
        return [each for each in self.world.site.log if each.host == host and each.path != "/robots.txt"]

    def fetches(self, source_id: str, purpose: AskPurpose | None = None) -> list[tuple[Fetch, Reading | None]]:
        """Every attempt at a source, oldest first."""
        with self.world.opened() as archive:
            found = archive.fetches_of(source_id)[::-1]
            asks = {fetch.ask_id: archive.ask(fetch.ask_id).purpose for fetch, _ in found}
        return [each for each in found if purpose in (None, asks[each[0].ask_id])]

    def told(self, source_id: str, purpose: AskPurpose = AskPurpose.SEED) -> dict[int, str]:
        """What each day's first attempt at the source's own address came to."""
        out: dict[int, str] = {}
        for fetch, reading in self.fetches(source_id, purpose):
            why = reading.health if reading is not None else fetch.reason
            out.setdefault(day_of(fetch.started_at), f"{fetch.outcome} {why}" if why else str(fetch.outcome))
        return out

    def details(self, source_id: str) -> dict[int, str]:
        """The details of each day's reading, or of the attempt where there is none."""
        out: dict[int, str] = {}
        for fetch, reading in self.fetches(source_id, AskPurpose.SEED):
            out.setdefault(day_of(fetch.started_at), (reading.detail if reading else fetch.detail) or "")
        return out

    def findings(self, source_id: str) -> list[Finding]:
        """Every change of a source."""
        with self.world.opened() as archive:
            found = archive.findings(DAY_ONE, DAY_ONE + timedelta(days=60))
        return sorted((each for each in found if each.source.id == source_id), key=lambda each: each.change.id)

    def changes(self, source_id: str) -> dict[int, list[str]]:
        """Kind and key of each change by day; 'alert' or 'noise' after it where it is one."""
        out: dict[int, list[str]] = defaultdict(list)
        for each in self.findings(source_id):
            level = each.change.level
            mark = f" {level}" if level in (Level.ALERT, Level.NOISE) else ""
            out[day_of(each.change.seen_at)].append(f"{each.change.kind} {each.document.key}{mark}")
        return dict(out)

    def text(self, source_id: str, key: str) -> str:
        """What a document shows now."""
        with self.world.opened() as archive:
            return next(version.main for each, version in archive.documents_of(source_id) if each.key == key)

    def captures(self, archive: Archive) -> list[Capture]:
        """Every capture of every source."""
        ids = [row["id"] for row in archive.db.rows("SELECT id FROM captures ORDER BY id")]
        return [archive.capture(each) for each in ids]


def day_of(at: datetime) -> int:
    """The day of the month that a moment is in."""
    return (at - DAY_ONE).days + 1
