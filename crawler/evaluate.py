"""The real process stage over labelled corpora: predictions, for measuring quality.

Both contracts read and write JSON lines. `changes`: pairs of visits in, what changed out (successive visits of one
page are one document's history). `triggers`: labelled items in, the triggers that fire out.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.catalogue import Catalogue, page_entry
from crawler.errors import UsageError
from crawler.match import Matcher
from crawler.processing import Processor
from crawler.run import declare
from storage.archive import Archive
from storage.records import Ask, Capture, ChangeKind, Fetch, Finding, Health, HunkKind, Level, Outcome, Part

START = datetime(2026, 1, 1, tzinfo=UTC)
"""Visits without a time are taken to be a day apart from here."""
NEWS = frozenset({ChangeKind.CHANGED, ChangeKind.NEW, ChangeKind.BACK})


class Page:
    """One page of the corpus in an archive of its own: it may remember its own earlier visits and no others'."""

    def __init__(self, catalogue: Catalogue, url: str, language: str | None) -> None:
        entry = page_entry(id="page", url=url, language=language)
        self.catalogue = replace(catalogue, sources=(entry,))
        self.archive = Archive.open(":memory:")
        declare(self.archive, self.catalogue, START)
        self.processor = Processor(self.archive, self.catalogue)
        self.run = self.archive.begin_run("evaluate", "0", START)
        self.ask = self.archive.due_asks(START + timedelta(days=1))[0]
        self.at = START

    def visit(self, body: bytes, charset: str | None) -> tuple[Health, list[Finding]]:
        """Record one response and process it; the health of its reading and the changes it made."""
        self.at += timedelta(days=1)
        capture = Capture(
            source_id="page",
            url=self.ask.url,
            final_url=self.ask.url,
            fetched_at=self.at,
            status=200,
            headers=(("Content-Type", f"text/html; charset={charset}" if charset else "text/html"),),
            media_type="text/html",
            charset=charset,
            sha256=hashlib.sha256(body).hexdigest(),
            size=len(body),
        )
        _, capture_id = self.archive.record_fetch(self._fetch(), capture, body, self._asked())
        reading = self.processor.read(self.archive.capture(capture_id))
        return reading.health, self.archive.findings(self.at, self.at + timedelta(seconds=1))

    def _fetch(self) -> Fetch:
        return Fetch(
            run_id=self.run.id,
            ask_id=self.ask.id,
            source_id="page",
            url=self.ask.url,
            final_url=self.ask.url,
            started_at=self.at,
            finished_at=self.at,
            outcome=Outcome.CAPTURED,
            status=200,
        )

    def _asked(self) -> Ask:
        return replace(self.ask, due_at=self.at + timedelta(days=1))

    def close(self) -> None:
        self.archive.close()


def changes(lines: Iterable[str], catalogue: Catalogue) -> Iterator[dict]:
    """One prediction per pair: {"id", "changed", "added", "removed", "status", "ms"}; pairs of a page come in order."""
    page, name = None, None
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        pair = _parsed(line, number, ("id", "page", "old", "new"))
        if pair["page"] != name:
            if page:
                page.close()
            page, name = Page(catalogue, pair.get("url") or "http://page.invalid/", pair.get("lang")), pair["page"]
            page.visit(Path(pair["old"]).read_bytes(), pair.get("encoding"))
        body = Path(pair["new"]).read_bytes()
        began = time.perf_counter()
        health, findings = page.visit(body, pair.get("encoding"))
        yield _prediction(pair["id"], health, findings, (time.perf_counter() - began) * 1000)
    if page:
        page.close()


def _prediction(pair_id: str, health: Health, findings: list[Finding], ms: float) -> dict:
    told = [f.change for f in findings if f.change.kind in NEWS and f.change.level is not Level.NOISE]
    hunks = [h for change in told for h in change.hunks if h.noise is None and h.kind is not HunkKind.MOVED]
    hunks = [h for h in hunks if h.part is not Part.TITLE]
    return {
        "id": pair_id,
        "changed": bool(told),
        "added": [h.new for h in hunks if h.new],
        "removed": [h.old for h in hunks if h.old],
        "status": "ok" if health is Health.OK else "unavailable",
        "health": health,
        "ms": round(ms, 2),
    }


def triggers(lines: Iterable[str], catalogue: Catalogue) -> Iterator[dict]:
    """One prediction per item: {"id", "triggers": fired ids, "scores": candidates with their scores}."""
    matcher = Matcher(catalogue.assessment)
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        item = _parsed(line, number, ("id", "text"))
        found = matcher.match_text(
            item["text"],
            removed=item.get("removed") or "",
            source=item.get("source") or "",
            kind=item.get("kind") or "",
            lang=item.get("lang"),
        )
        yield {"id": item["id"], "triggers": sorted(found.fired), "scores": dict(found.scores)}


def _parsed(line: str, number: int, needed: tuple[str, ...]) -> dict:
    try:
        item = json.loads(line)
        missing = [key for key in needed if key not in item]
    except (ValueError, TypeError) as wrong:
        raise UsageError(f"line {number}: not a JSON object ({wrong}); one object a line is expected") from wrong
    if missing:
        raise UsageError(f"line {number}: has no {', '.join(missing)}; see `cruxwatch evaluate --help`")
    return item
