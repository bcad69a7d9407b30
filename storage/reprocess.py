"""Forgetting what was read from captures, so that they can be read again with today's extractors and rules.

What was told to people stays told: changes that a digest holds or a person judged are kept as they were, with their
texts, and only set aside (`forgotten_at`); what nobody was told goes. Captures and fetches are never touched.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from storage import search
from storage.database import Database
from storage.rows import time_text


def prepare(db: Database, source_ids: Sequence[str] | None, failed: bool, at: datetime) -> list[int]:
    """Forget, and return the captures to read again, in their order.

    A text is compared with what its source showed before, so whole sources are forgotten. `failed`: captures whose
    reading met a defect; those with nothing good after them are read again alone, else their source is.
    """
    with db.transaction():
        chosen = _chosen(db, source_ids)
        alone: list[int] = []
        if failed:
            alone, chosen = _failed(db, chosen)
            db.many("DELETE FROM readings WHERE capture_id = ?", [(capture_id,) for capture_id in alone])
        whole = _forget(db, chosen, time_text(at))
        return sorted({*alone, *whole})


def _chosen(db: Database, source_ids: Sequence[str] | None) -> list[str]:
    """Sources in the catalogue: the captures of one that left it could not be read again."""
    rows = db.rows("SELECT id FROM sources WHERE retired_at IS NULL ORDER BY id")
    return [row["id"] for row in rows if source_ids is None or row["id"] in set(source_ids)]


def _failed(db: Database, chosen: list[str]) -> tuple[list[int], list[str]]:
    rows = db.rows(
        """
        SELECT captures.id, source_id, EXISTS (
            SELECT 1 FROM captures AS later JOIN readings AS good ON good.capture_id = later.id
            WHERE later.source_id = captures.source_id AND later.url = captures.url
                AND later.id > captures.id AND good.health = 'ok'
        ) AS overtaken
        FROM readings JOIN captures ON captures.id = capture_id
        WHERE health = 'could not be read' AND source_id IN (SELECT value FROM json_each(?)) ORDER BY captures.id
        """,
        (json.dumps(chosen),),
    )
    whole = sorted({row["source_id"] for row in rows if row["overtaken"]})
    return [row["id"] for row in rows if row["source_id"] not in whole], whole


def _forget(db: Database, sources: list[str], now: str) -> list[int]:
    db.execute("CREATE TEMP TABLE IF NOT EXISTS anew (document_id INTEGER PRIMARY KEY)")
    db.execute("DELETE FROM anew")
    db.execute(
        "INSERT INTO anew SELECT id FROM documents WHERE source_id IN (SELECT value FROM json_each(?))",
        (json.dumps(sources),),
    )
    captures = db.rows(
        "SELECT capture_id FROM readings JOIN captures ON captures.id = capture_id "
        "WHERE source_id IN (SELECT value FROM json_each(?)) ORDER BY capture_id",
        (json.dumps(sources),),
    )
    db.many("DELETE FROM readings WHERE capture_id = ?", [(row["capture_id"],) for row in captures])
    db.execute(
        "UPDATE documents SET version_id = NULL, gone_at = NULL, visits = 0, memory = NULL, forgotten_at = ? "
        "WHERE id IN (SELECT document_id FROM anew)",
        (now,),
    )
    _forget_changes(db, now)
    _forget_versions(db, now)
    _forget_lines(db)
    db.execute("DELETE FROM anew")
    return [row["capture_id"] for row in captures]


def _forget_changes(db: Database, now: str) -> None:
    """Changes found by an earlier reprocess were told to nobody: they go, unless a person judged them."""
    untold = db.rows(
        """
        SELECT id FROM changes WHERE document_id IN (SELECT document_id FROM anew) AND reprocessed
        AND NOT EXISTS (SELECT 1 FROM reviews WHERE reviews.change_id = changes.id)
        """
    )
    ids = [(row["id"],) for row in untold]
    hunks = db.rows(
        "SELECT id, old, new FROM hunks WHERE change_id IN (SELECT value FROM json_each(?))",
        (json.dumps([id for (id,) in ids]),),
    )
    search.forget_hunks(db, [tuple(row) for row in hunks])
    db.many("DELETE FROM hunks WHERE change_id = ?", ids)
    db.many("DELETE FROM matches WHERE change_id = ?", ids)
    db.many("DELETE FROM changes WHERE id = ?", ids)
    db.execute(
        "UPDATE changes SET forgotten_at = coalesce(forgotten_at, ?) "
        "WHERE document_id IN (SELECT document_id FROM anew)",
        (now,),
    )


def _forget_versions(db: Database, now: str) -> None:
    """Texts that a kept change shows stay beside it; the others go."""
    loose = db.rows(
        """
        SELECT id, title, main, full FROM versions WHERE document_id IN (SELECT document_id FROM anew)
        AND NOT EXISTS (SELECT 1 FROM changes WHERE versions.id = old_version_id)
        AND NOT EXISTS (SELECT 1 FROM changes WHERE versions.id = new_version_id)
        """
    )
    for row in loose:
        search.forget_version(db, *row)
        db.execute("DELETE FROM versions WHERE id = ?", (row["id"],))
    db.execute(
        "UPDATE versions SET forgotten_at = coalesce(forgotten_at, ?) "
        "WHERE document_id IN (SELECT document_id FROM anew)",
        (now,),
    )


def _forget_lines(db: Database) -> None:
    """The ledger without these documents: lines that others showed too are theirs now."""
    db.execute("DELETE FROM document_lines WHERE document_id IN (SELECT document_id FROM anew)")
    db.execute(
        "DELETE FROM lines WHERE first_document_id IN (SELECT document_id FROM anew) "
        "AND NOT EXISTS (SELECT 1 FROM document_lines WHERE document_lines.fold = lines.fold)"
    )
    db.execute(
        """
        UPDATE lines SET (first_document_id, first_seen_at, first_capture_id) = (
            SELECT document_id, first_seen_at, NULL FROM document_lines
            WHERE document_lines.fold = lines.fold ORDER BY first_seen_at, document_id LIMIT 1
        )
        WHERE first_document_id IN (SELECT document_id FROM anew)
        """
    )
