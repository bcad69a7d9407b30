"""What captures said: readings, documents, versions, and the sentence ledger."""

# ruff: noqa: S608 - SQL is put together from names of our own columns; values are always parameters

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from storage import search
from storage.database import ArchiveError, Database
from storage.records import Ask, Capture, Document, Fetch, History, Line, LineSeen, Reading, Variant, Version
from storage.rows import columns_of, from_row, insertion, selected, time_text, to_row

MOST_VARIANTS = 500
"""A page with more texts than that shows a new one at every look; the newest suffice to know a return."""


def record_reading(db: Database, reading: Reading) -> None:
    """Keep what reading a capture came to; a second reading takes the place of the first."""
    columns = columns_of(Reading)
    db.execute(insertion("readings", columns).replace("INSERT", "INSERT OR REPLACE", 1), to_row(reading, columns))


def reading(db: Database, capture_id: int) -> Reading | None:
    row = db.one("SELECT * FROM readings WHERE capture_id = ?", (capture_id,))
    return from_row(Reading, row) if row else None


def read_before(db: Database, ask_id: int | None, capture_id: int) -> bool:
    """Whether an earlier capture of the same ask was read and was good."""
    found = db.one(
        """
        SELECT 1 FROM captures JOIN readings ON readings.capture_id = captures.id
        WHERE ask_id = ? AND captures.id < ? AND health = 'ok' LIMIT 1
        """,
        (ask_id, capture_id),
    )
    return found is not None


def documents_missing(db: Database, capture: Capture, until: datetime, twice: bool) -> list[Document]:
    """Documents that this ask has shown, and neither this capture nor the good look before it shows any more."""
    rows = db.rows(
        """
        SELECT * FROM documents
        WHERE source_id = :source_id AND gone_at IS NULL AND forgotten_at IS NULL AND version_id IS NOT NULL
            AND last_seen_at < :at AND EXISTS (
                SELECT 1 FROM versions JOIN captures ON captures.id = versions.capture_id
                WHERE versions.document_id = documents.id AND captures.ask_id = :ask_id
            ) AND (NOT :twice OR EXISTS (
                SELECT 1 FROM captures JOIN readings ON readings.capture_id = captures.id
                WHERE ask_id = :ask_id AND (captures.id < :id OR (captures.id = :id AND fetched_at < :until))
                    AND health = 'ok' AND captures.fetched_at > documents.last_seen_at
            ))
        ORDER BY id
        """,
        {
            "source_id": capture.source_id,
            "ask_id": capture.ask_id,
            "id": capture.id,
            "at": time_text(capture.fetched_at),
            "until": time_text(until),
            "twice": twice,
        },
    )
    return [from_row(Document, row) for row in rows]


def vouched_with_missing(db: Database, source_ids: Sequence[str]) -> list[tuple[Capture, datetime]]:
    """The newest capture of each ask that a 304 vouched for, with its time, where it left documents out."""
    rows = db.rows(
        f"""
        SELECT {selected(Capture, "captures", "capture_")}, max(fetches.finished_at) AS vouched_at
        FROM captures JOIN fetches ON fetches.capture_id = captures.id AND fetches.outcome = 'unchanged'
        WHERE captures.source_id IN (SELECT value FROM json_each(?))
            AND captures.id = (SELECT max(newest.id) FROM captures AS newest WHERE newest.ask_id = captures.ask_id)
            AND EXISTS (
                SELECT 1 FROM documents JOIN versions ON versions.document_id = documents.id
                JOIN captures AS shown ON shown.id = versions.capture_id
                WHERE documents.source_id = captures.source_id AND shown.ask_id = captures.ask_id
                    AND gone_at IS NULL AND documents.forgotten_at IS NULL
                    AND documents.last_seen_at < captures.fetched_at
            )
        GROUP BY captures.id ORDER BY captures.id
        """,
        (json.dumps(list(source_ids)),),
    )
    return [(from_row(Capture, row, "capture_"), datetime.fromisoformat(row["vouched_at"])) for row in rows]


def document(db: Database, source_id: str, key: str) -> Document | None:
    row = db.one("SELECT * FROM documents WHERE source_id = ? AND key = ? AND forgotten_at IS NULL", (source_id, key))
    return from_row(Document, row) if row else None


def upsert_document(db: Database, document: Document) -> Document:
    columns = tuple(name for name in columns_of(Document) if name != "id")
    row = db.one(
        f"""
        {insertion("documents", columns)}
        ON CONFLICT (source_id, key) DO UPDATE SET
            url = excluded.url,
            title = coalesce(excluded.title, title),
            first_seen_at = CASE WHEN forgotten_at IS NULL THEN min(excluded.first_seen_at, first_seen_at)
                                 ELSE excluded.first_seen_at END,
            last_seen_at = excluded.last_seen_at,
            gone_at = excluded.gone_at,
            version_id = coalesce(excluded.version_id, version_id),
            visits = max(excluded.visits, visits),
            memory = coalesce(excluded.memory, memory),
            forgotten_at = NULL
        RETURNING *
        """,
        to_row(document, columns),
    )
    return from_row(Document, row)


def look(
    db: Database, document_id: int, version_id: int | None, at: datetime, title: str | None, memory: str | None
) -> None:
    """A good look at a document: one visit more, and what it shows now."""
    db.execute(
        """
        UPDATE documents SET visits = visits + 1, last_seen_at = max(last_seen_at, ?),
            version_id = coalesce(?, version_id), title = coalesce(?, title), memory = coalesce(?, memory)
        WHERE id = ?
        """,
        (time_text(at), version_id, title, memory, document_id),
    )


def touch_document(db: Database, document_id: int, at: datetime) -> None:
    """It shows what it showed. Not a visit: nothing was read, so the ledger did not count it either."""
    now = time_text(at)
    db.execute("UPDATE documents SET last_seen_at = max(last_seen_at, ?) WHERE id = ?", (now, document_id))
    db.execute(
        "UPDATE versions SET last_seen_at = max(last_seen_at, ?) "
        "WHERE id = (SELECT version_id FROM documents WHERE id = ?)",
        (now, document_id),
    )


def record_version(db: Database, version: Version) -> int:
    """Keep a new text, make it found, and let its document show it."""
    columns = tuple(name for name in columns_of(Version) if name != "id")
    with db.transaction():
        version_id = db.execute(insertion("versions", columns), to_row(version, columns)).lastrowid
        search.index_version(db, version_id, version.title, version.main, version.full)
        _show(db, version_id)
        return version_id


def touch_version(db: Database, version_id: int, at: datetime) -> None:
    """A known text was shown again: its document shows it now."""
    with db.transaction():
        db.execute(
            "UPDATE versions SET seen = seen + 1, last_seen_at = max(last_seen_at, ?) WHERE id = ?",
            (time_text(at), version_id),
        )
        _show(db, version_id)


def _show(db: Database, version_id: int) -> None:
    db.execute(
        "UPDATE documents SET version_id = ? WHERE id = (SELECT document_id FROM versions WHERE id = ?)",
        (version_id, version_id),
    )


def version(db: Database, version_id: int) -> Version:
    row = db.one("SELECT * FROM versions WHERE id = ?", (version_id,))
    if row is None:
        raise ArchiveError(f"{db.name}: has no version {version_id}")
    return from_row(Version, row)


def documents_of(db: Database, source_id: str) -> list[tuple[Document, Version]]:
    """Documents of a source with what each shows now, in the order found."""
    rows = db.rows(
        f"""
        SELECT {selected(Document, "documents", "document_")}, {selected(Version, "versions", "version_")}
        FROM documents JOIN versions ON versions.id = documents.version_id
        WHERE source_id = ? AND documents.forgotten_at IS NULL ORDER BY documents.id
        """,
        (source_id,),
    )
    return [(from_row(Document, row, "document_"), from_row(Version, row, "version_")) for row in rows]


def history(db: Database, source_id: str, key: str, lines: Sequence[Line]) -> History:
    """All that comparing a new text needs to know of the past, in four queries whatever the number of lines."""
    known = document(db, source_id, key)
    ledger = _ledger(db, known.id if known else -1, lines)
    if known is None:
        return History(ledger=ledger)
    variants = db.rows(
        """
        SELECT id AS version_id, sha256, first_seen_at, last_seen_at, seen FROM versions
        WHERE document_id = ? AND forgotten_at IS NULL ORDER BY last_seen_at DESC, id DESC LIMIT ?
        """,
        (known.id, MOST_VARIANTS),
    )
    return History(
        document=known,
        current=version(db, known.version_id) if known.version_id else None,
        variants=tuple(from_row(Variant, row) for row in variants),
        ledger=ledger,
        visits=known.visits,
        memory=known.memory,
    )


def _ledger(db: Database, document_id: int, lines: Iterable[Line]) -> dict[str, LineSeen]:
    rows = db.rows(
        """
        SELECT lines.fold, lines.first_seen_at, first_document_id, document_lines.last_seen_at, document_lines.seen
        FROM json_each(?) AS wanted JOIN lines ON lines.fold = wanted.value
        LEFT JOIN document_lines ON document_lines.document_id = ? AND document_lines.fold = lines.fold
        """,
        (json.dumps(list({line.fold for line in lines})), document_id),
    )
    return {
        row["fold"]: LineSeen(
            first_seen_at=datetime.fromisoformat(row["first_seen_at"]),
            first_document_id=row["first_document_id"],
            here=row["seen"] is not None,
            here_last_seen_at=datetime.fromisoformat(row["last_seen_at"]) if row["seen"] else None,
            here_seen=row["seen"] or 0,
        )
        for row in rows
    }


def touch_lines(db: Database, document_id: int, lines: Iterable[Line], at: datetime, capture_id: int | None) -> None:
    """Note in the ledger that a document shows these lines; one that stands twice counts once."""
    now = time_text(at)
    once = {line.fold: line for line in lines}
    with db.transaction():
        db.many(
            """
            INSERT INTO lines (fold, text, part, first_seen_at, first_document_id, first_capture_id)
            VALUES (?, ?, ?, ?, ?, ?)
            ON CONFLICT (fold) DO UPDATE SET first_seen_at = excluded.first_seen_at,
                first_document_id = excluded.first_document_id, first_capture_id = excluded.first_capture_id
            WHERE excluded.first_seen_at < lines.first_seen_at
            """,
            [(fold, line.text, line.part.value, now, document_id, capture_id) for fold, line in once.items()],
        )
        db.many(
            """
            INSERT INTO document_lines (document_id, fold, first_seen_at, last_seen_at, seen) VALUES (?, ?, ?, ?, 1)
            ON CONFLICT (document_id, fold) DO UPDATE SET seen = seen + 1,
                last_seen_at = max(last_seen_at, excluded.last_seen_at),
                first_seen_at = min(first_seen_at, excluded.first_seen_at)
            """,
            [(document_id, fold, now, now) for fold in once],
        )


def gone_unreported(db: Database) -> list[tuple[Ask, Document, Fetch]]:
    """Asks missed twice in a row whose document still counts as there, with the fetch that confirmed it."""
    rows = db.rows(
        """
        SELECT asks.id AS ask_id, documents.id AS document_id, (
            SELECT max(id) FROM fetches WHERE fetches.ask_id = asks.id AND outcome = 'gone'
        ) AS fetch_id
        FROM asks JOIN documents ON documents.source_id = asks.source_id AND documents.key = asks.key
        WHERE misses >= 2 AND gone_at IS NULL AND forgotten_at IS NULL AND version_id IS NOT NULL
            -- what was never had cannot go: its text is a summary
            AND EXISTS (SELECT 1 FROM captures WHERE captures.ask_id = asks.id)
            AND fetch_id IS NOT NULL
        ORDER BY asks.id
        """
    )
    return [
        (
            from_row(Ask, db.one("SELECT * FROM asks WHERE id = ?", (row["ask_id"],))),
            from_row(Document, db.one("SELECT * FROM documents WHERE id = ?", (row["document_id"],))),
            from_row(Fetch, db.one("SELECT * FROM fetches WHERE id = ?", (row["fetch_id"],))),
        )
        for row in rows
    ]


def items_unreached(db: Database) -> list[tuple[Ask, Capture]]:
    """Items asked in vain, of which nothing is known but a summary, with the capture that named them."""
    rows = db.rows(
        """
        SELECT asks.id AS ask_id, captures.id AS capture_id
        FROM asks JOIN captures ON captures.source_id = asks.source_id AND captures.fetched_at = asks.found_at
        WHERE asks.purpose = 'item' AND asks.key IS NOT NULL AND asks.summary IS NOT NULL
            AND EXISTS (SELECT 1 FROM fetches WHERE fetches.ask_id = asks.id)
            AND NOT EXISTS (
                SELECT 1 FROM captures AS got LEFT JOIN readings ON readings.capture_id = got.id
                WHERE got.ask_id = asks.id AND readings.capture_id IS NULL
            )
            AND NOT EXISTS (
                SELECT 1 FROM documents
                WHERE documents.source_id = asks.source_id AND documents.key = asks.key
                    AND version_id IS NOT NULL AND forgotten_at IS NULL
            )
        GROUP BY asks.id ORDER BY asks.id
        """
    )
    return [
        (
            from_row(Ask, db.one("SELECT * FROM asks WHERE id = ?", (row["ask_id"],))),
            from_row(Capture, db.one("SELECT * FROM captures WHERE id = ?", (row["capture_id"],))),
        )
        for row in rows
    ]


def mark_gone(db: Database, document_id: int, at: datetime) -> None:
    db.execute("UPDATE documents SET gone_at = ? WHERE id = ?", (time_text(at), document_id))


def set_memory(db: Database, document_id: int, memory: str | None) -> None:
    db.execute("UPDATE documents SET memory = ? WHERE id = ?", (memory, document_id))
