"""What is to be asked, and what became of asking: sources, asks, fetches, captures."""

# ruff: noqa: S608 - SQL is put together from names of our own columns; values are always parameters

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from storage import blobs
from storage.database import ArchiveError, Database
from storage.records import Ask, Capture, Fetch, Outcome, Reading, Source, Validators
from storage.rows import columns_of, from_row, insertion, selected, time_text, to_row

Seeds = Mapping[str, Sequence[tuple[str, str | None]]]


def sync_sources(db: Database, sources: Iterable[Source], at: datetime) -> None:
    columns = columns_of(Source)
    updated = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in ("id", "added_at"))
    with db.transaction():
        db.execute("UPDATE sources SET retired_at = coalesce(retired_at, ?)", (time_text(at),))
        db.many(
            f"{insertion('sources', columns)} ON CONFLICT (id) DO UPDATE SET {updated}",
            [to_row(source, columns) for source in sources],
        )


def sources(db: Database) -> list[Source]:
    return [from_row(Source, row) for row in db.rows("SELECT * FROM sources ORDER BY id")]


def sync_seeds(db: Database, seeds: Seeds, at: datetime) -> None:
    now = time_text(at)
    declared = [(source, url, key) for source, addresses in seeds.items() for url, key in addresses]
    with db.transaction():
        db.execute("CREATE TEMP TABLE IF NOT EXISTS declared (source_id, url, key, PRIMARY KEY (source_id, url))")
        db.execute("DELETE FROM declared")
        db.many("INSERT OR REPLACE INTO declared VALUES (?, ?, ?)", declared)
        db.execute(
            """
            UPDATE asks SET due_at = NULL, withdrawn_at = ?
            WHERE purpose = 'seed' AND withdrawn_at IS NULL
                AND (source_id, url) NOT IN (SELECT source_id, url FROM declared)
            """,
            (now,),
        )
        db.execute(
            """
            INSERT INTO asks (source_id, url, key, purpose, found_at, due_at)
            SELECT source_id, url, key, 'seed', :now, :now FROM declared WHERE true
            ON CONFLICT (source_id, url) DO UPDATE SET
                key = excluded.key,
                due_at = CASE WHEN withdrawn_at IS NOT NULL OR purpose <> 'seed' THEN :now ELSE due_at END,
                purpose = 'seed',
                withdrawn_at = NULL
            WHERE key IS NOT excluded.key OR purpose <> 'seed' OR withdrawn_at IS NOT NULL
            """,
            {"now": now},
        )
        db.execute("DELETE FROM declared")


def add_asks(db: Database, asks: Sequence[Ask]) -> int:
    columns = tuple(name for name in columns_of(Ask) if name != "id")
    with db.transaction():
        before = db.value("SELECT count(*) FROM asks")
        db.many(
            f"""
            {insertion("asks", columns)} ON CONFLICT (source_id, url) DO UPDATE SET
                revisit_seconds = excluded.revisit_seconds,
                due_at = CASE
                    WHEN excluded.changed_at > coalesce(changed_at, '') THEN min(coalesce(due_at, '~'), excluded.due_at)
                    ELSE coalesce(due_at, CASE WHEN excluded.revisit_seconds IS NOT NULL THEN excluded.due_at END)
                END,
                changed_at = coalesce(max(coalesce(changed_at, ''), excluded.changed_at), changed_at)
            WHERE purpose <> 'seed' AND withdrawn_at IS NULL
            """,
            [to_row(ask, columns) for ask in asks],
        )
        return db.value("SELECT count(*) FROM asks") - before


AHEAD = timedelta(hours=1)
"""What was asked so much later than now was asked by a clock that has been put right since."""
_DUE = """
FROM asks JOIN sources ON sources.id = asks.source_id
WHERE asks.due_at <= :at AND sources.retired_at IS NULL AND sources.observable
"""
_OF_SOURCES = " AND asks.source_id IN (SELECT value FROM json_each(:sources))"


def due_asks(db: Database, at: datetime, source_ids: Sequence[str] | None, limit: int | None) -> list[Ask]:
    rows = db.rows(
        f"SELECT {selected(Ask, 'asks')} {_DUE} {_OF_SOURCES if source_ids is not None else ''} "
        "ORDER BY asks.due_at, asks.id LIMIT :limit",
        {"at": time_text(at), "sources": _json(source_ids), "limit": -1 if limit is None else limit},
    )
    return [from_row(Ask, row) for row in rows]


def pending_count(db: Database, at: datetime) -> int:
    return db.value(f"SELECT count(*) {_DUE}", {"at": time_text(at)})


def next_due(db: Database) -> tuple[datetime, str] | None:
    row = db.one(
        "SELECT due_at, source_id FROM asks JOIN sources ON sources.id = source_id "
        "WHERE due_at IS NOT NULL AND retired_at IS NULL AND observable ORDER BY due_at, asks.id LIMIT 1"
    )
    return (datetime.fromisoformat(row["due_at"]), row["source_id"]) if row else None


def wake_from_ahead(db: Database, at: datetime) -> int:
    return db.execute(
        """
        UPDATE asks SET due_at = :at WHERE due_at > :at AND :ahead < (
            SELECT started_at FROM fetches WHERE ask_id = asks.id ORDER BY id DESC LIMIT 1
        )
        """,
        {"at": time_text(at), "ahead": time_text(at + AHEAD)},
    ).rowcount


def failures_of(db: Database, run_id: int, looked: Sequence[str]) -> list[tuple[str, str, int]]:
    rows = db.rows(
        "SELECT outcome, coalesce(detail, reason, '') AS why, count(*) AS times FROM fetches "
        "WHERE run_id = ? AND outcome NOT IN (SELECT value FROM json_each(?)) GROUP BY 1, 2 ORDER BY times DESC, 1, 2",
        (run_id, _json(looked)),
    )
    return [(row["outcome"], row["why"], row["times"]) for row in rows]


def make_due(db: Database, source_ids: Sequence[str], at: datetime) -> None:
    db.execute(
        f"""
        UPDATE asks SET due_at = :at
        WHERE purpose = 'seed' AND withdrawn_at IS NULL AND (due_at > :at OR due_at IS NULL) {_OF_SOURCES}
        """,
        {"at": time_text(at), "sources": _json(source_ids)},
    )


def pending(db: Database, source_id: str) -> list[Ask]:
    """Asks of a source that were never answered, in the order found."""
    rows = db.rows(
        """
        SELECT * FROM asks WHERE source_id = ? AND due_at IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM fetches WHERE fetches.ask_id = asks.id) ORDER BY id
        """,
        (source_id,),
    )
    return [from_row(Ask, row) for row in rows]


def ask(db: Database, ask_id: int | None) -> Ask | None:
    row = db.one("SELECT * FROM asks WHERE id = ?", (ask_id,))
    return from_row(Ask, row) if row else None


def ask_at(db: Database, source_id: str, url: str) -> Ask | None:
    row = db.one("SELECT * FROM asks WHERE source_id = ? AND url = ?", (source_id, url))
    return from_row(Ask, row) if row else None


def record_fetch(
    db: Database, fetch: Fetch, capture: Capture | None, body: bytes | None, ask: Ask | None
) -> tuple[int, int | None]:
    if (capture is None) != (body is None):
        raise ValueError(f"fetch of {fetch.url}: a capture has a body, and a body has a capture")
    with db.transaction():
        ask_id = _updated(db, ask) if ask else fetch.ask_id
        capture_id = fetch.capture_id
        if capture is not None and body is not None:
            capture_id = _record_capture(db, capture, body, ask_id)
        elif fetch.outcome is Outcome.UNCHANGED and capture_id is not None:
            _vouch(db, capture_id, ask_id, fetch.finished_at)
        columns = columns_of(Fetch)
        row = dict(zip(columns, to_row(fetch, columns), strict=True)) | {"ask_id": ask_id, "capture_id": capture_id}
        return db.execute(insertion("fetches", columns), tuple(row.values())).lastrowid, capture_id


def _updated(db: Database, ask: Ask) -> int:
    """Keep what the attempt made of the ask; a withdrawn one stays withdrawn."""
    row = db.one("SELECT id, withdrawn_at FROM asks WHERE source_id = ? AND url = ?", (ask.source_id, ask.url))
    if row is None:
        columns = tuple(name for name in columns_of(Ask) if name != "id")
        return db.execute(insertion("asks", columns), to_row(ask, columns)).lastrowid
    due_at = time_text(ask.due_at) if ask.due_at and not row["withdrawn_at"] else None
    db.execute(
        "UPDATE asks SET due_at = ?, failures = ?, misses = ? WHERE id = ?",
        (due_at, ask.failures, ask.misses, row["id"]),
    )
    return row["id"]


def _record_capture(db: Database, capture: Capture, body: bytes, ask_id: int | None) -> int:
    base = db.value(
        "SELECT sha256 FROM captures WHERE source_id = ? AND url = ? ORDER BY id DESC LIMIT 1",
        (capture.source_id, capture.url),
    )
    name = blobs.store(db, body, base)
    if name != capture.sha256:
        raise ValueError(f"capture of {capture.url}: its body has SHA-256 {name}, not {capture.sha256}")
    columns = columns_of(Capture)
    row = dict(zip(columns, to_row(capture, columns), strict=True)) | {"ask_id": ask_id}
    return db.execute(insertion("captures", columns), tuple(row.values())).lastrowid


def _vouch(db: Database, capture_id: int, ask_id: int | None, at: datetime) -> None:
    """304: what the vouched capture's document shows, it shows still. Not a visit: nothing was read."""
    db.execute(
        """
        UPDATE documents SET last_seen_at = max(last_seen_at, ?)
        WHERE forgotten_at IS NULL AND (source_id, key) = (SELECT source_id, key FROM asks WHERE id = ?)
        """,
        (time_text(at), ask_id),
    )
    db.execute(
        """
        UPDATE versions SET last_seen_at = max(last_seen_at, ?) WHERE id = (
            SELECT version_id FROM documents
            WHERE forgotten_at IS NULL AND (source_id, key) = (SELECT source_id, key FROM asks WHERE id = ?)
        )
        """,
        (time_text(at), ask_id),
    )


REJECTIONS = (Outcome.GONE, Outcome.BLOCKED, Outcome.CHALLENGED)
"""Answers that are no body of the document: what a later 304 would vouch for is uncertain."""


def validators(db: Database, source_id: str, url: str) -> Validators | None:
    """Validators belong to a body that was accepted: the newest, unless it or anything after it was rejected."""
    row = db.one(
        """
        SELECT captures.id, etag, last_modified, rendered, health FROM captures
        LEFT JOIN readings ON readings.capture_id = captures.id
        WHERE source_id = ? AND url = ? AND NOT by_hand ORDER BY captures.id DESC LIMIT 1
        """,
        (source_id, url),
    )
    if row is None or row["rendered"] or row["health"] not in (None, "ok") or not (row["etag"] or row["last_modified"]):
        return None
    rejected = db.one(
        """
        SELECT 1 FROM fetches WHERE source_id = ? AND url = ? AND outcome IN (?, ?, ?)
        AND id > (SELECT min(id) FROM fetches WHERE capture_id = ?) LIMIT 1
        """,
        (source_id, url, *REJECTIONS, row["id"]),
    )
    if rejected:
        return None
    return Validators(capture_id=row["id"], etag=row["etag"], last_modified=row["last_modified"])


def fetches(db: Database, where: Mapping[str, Any], limit: int | None) -> list[tuple[Fetch, Reading | None]]:
    """Newest first, with the reading of what each brought. `where`: equal values of columns."""
    conditions = " AND ".join(f"fetches.{column} = :{column}" for column in where) or "true"
    rows = db.rows(
        f"""
        SELECT {selected(Fetch, "fetches")}, {selected(Reading, "readings", "reading_")}
        FROM fetches LEFT JOIN readings ON readings.capture_id = fetches.capture_id
        WHERE {conditions} ORDER BY fetches.id DESC LIMIT :limit
        """,
        {**where, "limit": -1 if limit is None else limit},
    )
    return [
        (from_row(Fetch, row), from_row(Reading, row, "reading_") if row["reading_capture_id"] else None)
        for row in rows
    ]


def unread_captures(db: Database, limit: int | None) -> list[int]:
    rows = db.rows("SELECT id FROM unread_captures LIMIT ?", (-1 if limit is None else limit,))
    return [row["id"] for row in rows]


def capture(db: Database, capture_id: int) -> Capture:
    row = db.one("SELECT * FROM captures WHERE id = ?", (capture_id,))
    if row is None:
        raise ArchiveError(f"{db.name}: has no capture {capture_id}")
    return from_row(Capture, row)


def capture_before(db: Database, capture: Capture) -> Capture | None:
    """The capture of the same address before this one."""
    row = db.one(
        "SELECT * FROM captures WHERE source_id = ? AND url = ? AND id < ? ORDER BY id DESC LIMIT 1",
        (capture.source_id, capture.url, capture.id),
    )
    return from_row(Capture, row) if row else None


def targets_before(db: Database, capture: Capture) -> set[str]:
    rows = db.rows(
        "SELECT DISTINCT final_url FROM captures WHERE source_id = ? AND url = ? AND id < ?",
        (capture.source_id, capture.url, capture.id),
    )
    return {row["final_url"] for row in rows}


def body(db: Database, what: Capture | str) -> bytes:
    if isinstance(what, str):
        return blobs.load(db, what)
    return blobs.load(db, what.sha256, f"capture {what.id} ({what.url}, {time_text(what.fetched_at)})")


def _json(values: Sequence[str] | None) -> str:
    return json.dumps(list(values or ()))
