"""A small world for tests of the whole path: a loopback website, a catalogue for it, and the real command over both.

with World(tmp_path) as world:
    world.page("news", "http://news.test/", "<h1>…</h1>")
    world.run(day=1)
    world.site.put("http://news.test/", "…")
    world.run(day=2)
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.archive import Archive
from tests.website import Website

CHECKOUT = Path(__file__).resolve().parent.parent
DAY_ONE = datetime(2031, 3, 1, 6, 0, tzinfo=UTC)

TRIGGERS = """\
id: harbour
title: Harbour Institute (invented)
baseline_date: "2031-02"
entities:
  harbour:
    title: Harbour Institute for Machine Prudence (invented)
    kind: body
    names:
      en: [Harbour Institute for Machine Prudence, Harbour Institute]
      zh_hans: [海湾机器审慎研究院]
triggers:
  - id: own-budget
    title: A budget line of its own
    statement: The public budget holds a line for the Harbour Institute.
    why_it_matters: It would make it last.
    direction: upward
    priority: 1
    frames:
      - name: money set aside for it
        event: [dedicated budget, 专项预算]
        who: [harbour]
    examples:
      match:
        - text: The Harbour Institute received a dedicated budget of 42 million yuan.
        - text: 市财政局为海湾机器审慎研究院设立专项预算4200万元。
          language: zh
      no_match:
        - text: The Harbour Institute has no dedicated budget.
        - text: 海湾机器审慎研究院尚未设立专项预算。
          language: zh
"""


class World:
    """A website, a catalogue in `folder`, and an archive there."""

    def __init__(self, folder: Path, *, delay: str = "5ms") -> None:
        self.folder = folder
        self.site = Website()
        self.delay = delay
        self.sources: list[dict] = []
        self.triggers = TRIGGERS
        self.archive = folder / "data" / "archive.db"

    def __enter__(self) -> World:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.site.__enter__()
        return self

    def __exit__(self, *told: object) -> None:
        self.site.__exit__(*told)

    def page(self, source_id: str, url: str, *answers, **more: object) -> None:
        """Declare a source of kind page, and serve it."""
        self.source(source_id, "page", url, *answers, **more)

    def source(self, source_id: str, kind: str, url: str, *answers, **more: object) -> None:
        """Declare a source of a kind, and serve its address when answers are given."""
        given = {"id": source_id, "title": f"{source_id} (invented)", "kind": kind, "url": url}
        self.sources.append(given | {"role": "primary", "tolerance": "1d"} | more)
        if answers:
            self.site.put(url, *answers)

    def write(self) -> None:
        """Write the catalogue as it stands; JSON is YAML."""
        fetch = {
            "delay": self.delay,
            "timeout": "5s",
            "hosts": self.site.hosts,
            "allow_hosts": sorted(self.site.names),
        }
        settings = {"contact": "mailto:test@cruxwatch.example", "timezone": "UTC", "fetch": fetch}
        told = json.dumps({"settings": settings, "sources": self.sources}, ensure_ascii=False, indent=1)
        (self.folder / "sources.yml").write_text(told, encoding="utf-8")
        (self.folder / "triggers.yml").write_text(self.triggers, encoding="utf-8")

    def command(self, *words: str, day: float = 1) -> list[str]:
        """The command line of a cruxwatch command in this world."""
        base = [sys.executable, "-m", "crawler", words[0]]
        if words[0] in ("run", "digest", "reprocess", "capture"):
            base += ["--sources", str(self.folder / "sources.yml")]
        if words[0] in ("run", "digest", "status", "capture"):
            base += ["--now", f"{DAY_ONE + timedelta(days=day - 1):%Y-%m-%dT%H:%M:%S}"]
        return [*base, "--archive", str(self.archive), *words[1:]]

    def start(self, *words: str, day: float = 1) -> subprocess.Popen[str]:
        """Start a command in a process group of its own."""
        return subprocess.Popen(
            self.command(*words, day=day),
            cwd=CHECKOUT,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            env=os.environ | {"NO_COLOR": "1", "COLUMNS": "200"},
        )

    def call(self, *words: str, day: float = 1, code: int = 0) -> str:
        """Run a command to its end; fails unless it ends with `code`."""
        child = self.start(*words, day=day)
        said, _ = child.communicate(timeout=120)
        assert child.returncode == code, f"{words} ended with {child.returncode}, not {code}:\n{said}"
        return said

    def run(self, *words: str, day: float = 1, code: int = 0) -> dict:
        """Run `cruxwatch run` on a day; gives its summary. The catalogue is written anew."""
        self.write()
        return json.loads(self.call("run", "--json", *words, day=day, code=code))

    def digest(self, day: float) -> dict:
        """The digest of a day as its JSON says it."""
        date = (DAY_ONE + timedelta(days=day - 1)).date()
        return json.loads((self.folder / "data" / "digests" / f"{date}.json").read_text(encoding="utf-8"))

    def opened(self) -> Archive:
        """The archive, to look into."""
        return Archive.open(self.archive, create=False, read_only=True)

    def levels(self, day: float) -> dict[str, list[str]]:
        """What the digest of a day holds, as source → 'level kind' of each change."""
        date = (DAY_ONE + timedelta(days=day - 1)).date().isoformat()
        out: dict[str, list[str]] = {}
        with self.opened() as archive:
            for found in archive.findings_of(date):
                out.setdefault(found.source.id, []).append(f"{found.change.level} {found.change.kind}")
        return out
