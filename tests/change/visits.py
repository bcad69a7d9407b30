"""Successive visits of one page through the real readers and a real archive in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from crawler.change import Comparison, compare, lines_of
from crawler.errors import ReadingError
from crawler.extract import Text, html
from storage.archive import Archive
from storage.records import Ask, Capture, Document, Fetch, Health, Outcome, Source

START = datetime(2031, 3, 1, 6, 0, tzinfo=UTC)
URL = "https://harbour.example/notice"


class Visits:
    """One document's history: give it what the page shows, visit by visit."""

    def __init__(self) -> None:
        self.archive = Archive.open(":memory:")
        source = Source(
            id="harbour", title="Harbour", kind="page", url=URL, role="primary", tolerance_seconds=86400, added_at=START
        )
        self.archive.sync_sources([source], START)
        self.archive.sync_seeds({"harbour": [(URL, URL)]}, START)
        self.run = self.archive.begin_run("test", "0", START)
        self.ask: Ask = self.archive.due_asks(START + timedelta(days=1))[0]
        self.at = START

    def page(self, markup: str | bytes, *, charset: str | None = "utf-8", language: str | None = None) -> Comparison:
        """The page as HTML; a page that is none gives a comparison with its health."""
        body = markup.encode() if isinstance(markup, str) else markup
        try:
            return self.text(html.read(body, charset=charset, url=URL, declared_language=language), body)
        except ReadingError as bad:
            self.at += timedelta(days=1)
            return Comparison(health=bad.health, detail=bad.detail)

    def lines(self, main: str, rest: str = "", title: str = "A notice") -> Comparison:
        """The page as the lines of its main text and of the rest of its body."""
        full = "\n".join(filter(None, [main, rest]))
        text = Text(key=URL, url=URL, title=title, language="en", main=main, full=full, extractor="test")
        return self.text(text, full.encode())

    def text(self, text: Text, body: bytes) -> Comparison:
        """Compare and record as processing does."""
        self.at += timedelta(days=1)
        capture_id = self._captured(body)
        lines = lines_of(text.main, text.full, text.title)
        history = self.archive.history("harbour", URL, lines)
        found = compare(text, history, seen_at=self.at, capture_id=capture_id, baseline=history.document is None)
        if found.health is not Health.OK:
            self.archive.set_memory(history.document.id, found.memory)
            return found
        known = history.document or Document(
            source_id="harbour", key=URL, url=URL, first_seen_at=self.at, last_seen_at=self.at
        )
        document = self.archive.upsert_document(replace(known, last_seen_at=self.at))
        shown = found.known_version_id
        if found.version is not None:
            shown = self.archive.record_version(replace(found.version, document_id=document.id))
        else:
            self.archive.touch_version(shown, self.at)
        self.archive.look(document.id, shown, self.at, title=text.title, memory=found.memory)
        self.archive.touch_lines(document.id, found.lines, self.at, capture_id)
        return found

    def _captured(self, body: bytes) -> int:
        capture = Capture(
            source_id="harbour",
            url=URL,
            final_url=URL,
            fetched_at=self.at,
            status=200,
            sha256=sha256(body).hexdigest(),
            size=len(body),
        )
        fetch = Fetch(
            run_id=self.run.id,
            ask_id=self.ask.id,
            source_id="harbour",
            url=URL,
            started_at=self.at,
            finished_at=self.at,
            outcome=Outcome.CAPTURED,
        )
        return self.archive.record_fetch(fetch, capture, body, replace(self.ask, due_at=self.at))[1]
