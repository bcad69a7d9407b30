"""Invented bodies, pages and days for tests of the archive; no real one is named."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from storage.archive import Archive
from storage.records import (
    Ask,
    Assertion,
    Capture,
    Change,
    ChangeKind,
    Direction,
    Document,
    Fetch,
    Health,
    Hunk,
    HunkKind,
    Level,
    Line,
    Match,
    Outcome,
    Part,
    Reading,
    Source,
    Version,
)

T0 = datetime(2026, 11, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://veldhoven.example/news"


def at(days: float) -> datetime:
    return T0 + timedelta(days=days)


def source(id: str = "veldhoven-news", **more) -> Source:
    given = {
        "title": "Veldhoven Bureau of Testing: news",
        "kind": "page",
        "url": URL,
        "role": "primary",
        "tolerance_seconds": 86400,
        "added_at": T0,
    }
    return Source(id=id, **(given | more))


def begin(archive: Archive, *sources: Source, when: datetime = T0) -> None:
    sources = sources or (source(),)
    archive.sync_sources(sources, when)
    archive.sync_seeds({each.id: [(each.url, each.url)] for each in sources}, when)


def ask_of(archive: Archive, source_id: str = "veldhoven-news", url: str = URL) -> Ask:
    row = archive.db.one("SELECT id FROM asks WHERE source_id = ? AND url = ?", (source_id, url))
    return archive.ask(row["id"])


def attempt(
    archive: Archive,
    when: datetime,
    body: bytes | None = b"<p>Nothing yet.</p>",
    *,
    outcome: Outcome = Outcome.CAPTURED,
    source_id: str = "veldhoven-news",
    url: str = URL,
    misses: int = 0,
    capture_id: int | None = None,
    etag: str | None = '"v1"',
    **more,
) -> int | None:
    """One attempt, recorded as the crawl would; the id of its capture."""
    ask = replace(ask_of(archive, source_id, url), due_at=when + DAY, misses=misses)
    fetch = Fetch(
        source_id=source_id, url=url, started_at=when, finished_at=when, outcome=outcome, capture_id=capture_id, **more
    )
    capture = None
    if outcome is Outcome.CAPTURED:
        capture = Capture(
            source_id=source_id,
            url=url,
            final_url=url,
            fetched_at=when,
            status=200,
            headers=(("Content-Type", "text/html"),),
            media_type="text/html",
            sha256=hashlib.sha256(body).hexdigest(),
            size=len(body),
            etag=etag,
        )
    return archive.record_fetch(fetch, capture, body if capture else None, ask)[1]


def line(text: str, part: Part = Part.MAIN) -> Line:
    return Line(fold=hashlib.sha256(text.encode()).hexdigest()[:16], text=text, part=part)


def read(
    archive: Archive,
    capture_id: int,
    text: str,
    *,
    key: str | None = None,
    title: str | None = "News",
    level: Level = Level.NOTABLE,
    kind: ChangeKind | None = None,
    health: Health = Health.OK,
    matches: tuple[Match, ...] = (),
    full: str | None = None,
    reprocessed: bool = False,
    **version,
) -> int | None:
    """Read a capture as the process phase would: every line that was not there is a hunk; the id of the change."""
    capture = archive.capture(capture_id)
    seen_at, change_id = capture.fetched_at, None
    with archive.transaction():
        if health is Health.OK:
            lines = [line(each) for each in text.splitlines()]
            history = archive.history(capture.source_id, key or capture.url, lines)
            document = archive.upsert_document(
                history.document
                or Document(
                    source_id=capture.source_id,
                    key=key or capture.url,
                    url=capture.url,
                    first_seen_at=seen_at,
                    last_seen_at=seen_at,
                )
            )
            version_id = archive.record_version(
                Version(
                    document_id=document.id,
                    capture_id=capture_id,
                    sha256=hashlib.sha256(text.encode()).hexdigest(),
                    title=title,
                    main=text,
                    full=full or text,
                    extractor="test/1",
                    first_seen_at=seen_at,
                    last_seen_at=seen_at,
                    **version,
                )
            )
            archive.look(document.id, version_id, seen_at, title=title)
            archive.touch_lines(document.id, lines, seen_at, capture_id)
            old = history.current
            before = old.main.splitlines() if old else []
            hunks = [
                Hunk(position=n, kind=HunkKind.ADDED, new=each)
                for n, each in enumerate(text.splitlines())
                if each not in before
            ]
            change_id = archive.record_change(
                Change(
                    document_id=document.id,
                    capture_id=capture_id,
                    kind=kind or (ChangeKind.CHANGED if old else ChangeKind.NEW),
                    old_version_id=old.id if old else None,
                    new_version_id=version_id,
                    seen_at=seen_at,
                    significance=0.5,
                    parts=(("words", 0.5),),
                    level=level,
                    reasons=("a test says so",),
                    hunks=tuple(hunks),
                    matches=matches,
                    reprocessed=reprocessed,
                )
            )
        archive.record_reading(
            Reading(
                capture_id=capture_id,
                health=health,
                detail=None if health is Health.OK else "a sign of it",
                reader="test/1",
                read_at=seen_at,
            )
        )
    return change_id


def visit(archive: Archive, when: datetime, text: str, **more) -> int | None:
    """Capture a page that says this, and read it."""
    to = {name: more.pop(name) for name in ("source_id", "url") if name in more}
    return read(archive, attempt(archive, when, f"<p>{text}</p>".encode(), **to), text, **more)


def match(excerpt: str, trigger_id: str = "budget", **more) -> Match:
    given = {
        "direction": Direction.UPWARD,
        "side": HunkKind.ADDED,
        "part": Part.MAIN,
        "start": 0,
        "end": min(4, len(excerpt)),
        "score": 0.8,
        "assertion": Assertion.ASSERTED,
    }
    return Match(trigger_id=trigger_id, excerpt=excerpt, **(given | more))
