"""What was found: changes with their hunks and matches, the verdicts of people, the daily accounts."""

# ruff: noqa: S608 - SQL is put together from names of our own columns; values are always parameters

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar

from storage import search
from storage.database import ArchiveError, Database
from storage.records import (
    Capture,
    Change,
    Digest,
    Document,
    Finding,
    Hunk,
    Judgement,
    Match,
    Note,
    Review,
    Source,
    Version,
)
from storage.rows import columns_of, from_row, insertion, time_text, to_row

R = TypeVar("R")

ORDER = """
CASE level WHEN 'alert' THEN 0 WHEN 'notable' THEN 1 WHEN 'routine' THEN 2 ELSE 3 END, documents.source_id, changes.id
"""


def record_change(db: Database, change: Change) -> int:
    """Keep a change with its hunks and matches, and make its sentences found."""
    columns = tuple(name for name in columns_of(Change) if name != "id")
    with db.transaction():
        change_id = db.execute(insertion("changes", columns), to_row(change, columns)).lastrowid
        first = (db.value("SELECT max(id) FROM hunks") or 0) + 1
        hunks = [replace(hunk, id=first + n, change_id=change_id) for n, hunk in enumerate(change.hunks)]
        columns = columns_of(Hunk)
        db.many(insertion("hunks", columns), [to_row(hunk, columns) for hunk in hunks])
        search.index_hunks(db, [(hunk.id or 0, hunk.old, hunk.new) for hunk in hunks])
        columns = tuple(name for name in columns_of(Match) if name != "id")
        matches = [replace(match, change_id=change_id) for match in change.matches]
        db.many(insertion("matches", columns), [to_row(match, columns) for match in matches])
        return change_id


def findings(db: Database, where: str, parameters: Mapping[str, Any]) -> list[Finding]:
    """Changes that meet a condition, each with what a reader needs beside it, in a fixed order."""
    rows = db.rows(
        f"SELECT changes.*, documents.source_id FROM changes JOIN documents ON documents.id = changes.document_id "
        f"WHERE {where} ORDER BY {ORDER}",
        parameters,
    )
    changes = [row["id"] for row in rows]
    hunks = _several(db, Hunk, "hunks", "change_id", changes, "change_id, position, id")
    matches = _several(db, Match, "matches", "change_id", changes, "change_id, id")
    reviews = _several(db, Review, "reviews", "change_id", changes, "change_id, id")
    held = sorted({row["capture_id"] for row in rows if row["capture_id"] is not None})
    said = _several(db, Note, "notes", "capture_id", held, "capture_id, id")
    judgements = _judgements(db, changes)
    documents = _each(db, Document, "documents", (row["document_id"] for row in rows))
    sources = _each(db, Source, "sources", (row["source_id"] for row in rows))
    captures = _each(db, Capture, "captures", (row["capture_id"] for row in rows))
    versions = _each(
        db, Version, "versions", (row[side] for row in rows for side in ("old_version_id", "new_version_id"))
    )
    return [
        Finding(
            change=from_row(Change, row, hunks=tuple(hunks[row["id"]]), matches=tuple(matches[row["id"]])),
            document=documents[row["document_id"]],
            source=sources[row["source_id"]],
            old=versions.get(row["old_version_id"]),
            new=versions.get(row["new_version_id"]),
            capture=captures.get(row["capture_id"]),
            reviews=tuple(reviews[row["id"]]),
            notes=tuple(
                n for n in said.get(row["capture_id"], ()) if n.part_of_id is None and (n.note or n.trigger_id)
            ),
            judgements=tuple(judgements[row["id"]]),
        )
        for row in rows
    ]


def finding(db: Database, change_id: int) -> Finding:
    found = findings(db, "changes.id = :id", {"id": change_id})
    if not found:
        raise ArchiveError(f"{db.name}: has no change {change_id}")
    return found[0]


def _judgements(db: Database, changes: list[int]) -> dict[int, list[Judgement]]:
    """What the judge thinks of the matches of these changes, by change."""
    out: dict[int, list[Judgement]] = defaultdict(list)
    rows = db.rows(
        """
        SELECT DISTINCT judgements.*, matches.change_id FROM matches JOIN judgements
            ON judgements.trigger_id = matches.trigger_id AND judgements.sentence = matches.excerpt
        WHERE matches.change_id IN (SELECT value FROM json_each(?)) AND judgements.outcome IN ('yes', 'no', 'unclear')
        ORDER BY matches.change_id, judgements.asked_at, judgements.key
        """,
        (json.dumps(changes),),
    )
    for row in rows:
        out[row["change_id"]].append(from_row(Judgement, row))
    return out


def _each(db: Database, kind: type[R], table: str, ids: Iterable[int | str | None]) -> dict[Any, R]:
    """The records with these ids, by id."""
    wanted = json.dumps(sorted({value for value in ids if value is not None}))
    rows = db.rows(f"SELECT * FROM {table} WHERE id IN (SELECT value FROM json_each(?))", (wanted,))
    return {row["id"]: from_row(kind, row) for row in rows}


def _several(db: Database, kind: type[R], table: str, column: str, ids: list[int], order: str) -> dict[int, list[R]]:
    """The records that belong to these ids, by id."""
    out: dict[int, list[R]] = defaultdict(list)
    rows = db.rows(
        f"SELECT * FROM {table} WHERE {column} IN (SELECT value FROM json_each(?)) ORDER BY {order}", (json.dumps(ids),)
    )
    for row in rows:
        out[row[column]].append(from_row(kind, row))
    return out


def record_review(db: Database, review: Review) -> int:
    columns = tuple(name for name in columns_of(Review) if name != "id")
    return db.execute(insertion("reviews", columns), to_row(review, columns)).lastrowid


def reviews(db: Database, change_id: int | None) -> list[Review]:
    rows = db.rows("SELECT * FROM reviews WHERE change_id = ? OR ? IS NULL ORDER BY id", (change_id, change_id))
    return [from_row(Review, row) for row in rows]


def record_note(db: Database, note: Note) -> int:
    columns = tuple(name for name in columns_of(Note) if name != "id")
    return db.execute(insertion("notes", columns), to_row(note, columns)).lastrowid


def notes(db: Database, capture_id: int) -> list[Note]:
    rows = db.rows("SELECT * FROM notes WHERE capture_id = ? OR part_of_id = ? ORDER BY id", (capture_id, capture_id))
    return [from_row(Note, row) for row in rows]


def assign_to_digest(db: Database, date: str, to_at: datetime) -> int:
    """Put every change seen before `to_at` that no digest has told into this one; none is told twice, none never.

    A capture read late (the process was killed before) is told in the next digest, not in none.
    """
    return db.execute(
        "UPDATE changes SET digest_date = ? WHERE digest_date IS NULL AND NOT reprocessed AND seen_at < ?",
        (date, time_text(to_at)),
    ).rowcount


def digest(db: Database, where: str, parameters: tuple[Any, ...]) -> Digest | None:
    row = db.one(f"SELECT * FROM digests WHERE {where} ORDER BY date DESC LIMIT 1", parameters)
    return from_row(Digest, row) if row else None


def record_digest(db: Database, digest: Digest) -> None:
    columns = columns_of(Digest)
    db.execute(insertion("digests", columns).replace("INSERT", "INSERT OR REPLACE", 1), to_row(digest, columns))
