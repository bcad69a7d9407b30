"""Changes to be judged, by a person (`review`) or again by rules (`backtest`), and the verdicts."""

# ruff: noqa: S608 - SQL is put together from names of our own columns; values are always parameters

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from storage.database import Database
from storage.records import Change, Fetch, Hunk, Match, Recorded, Review, Variant
from storage.rows import columns_of, from_row, time_text


def change_ids(db: Database, from_at: datetime | None, to_at: datetime | None) -> list[int]:
    """Ids of the changes seen in [from_at, to_at), in the order recorded; those replaced since only where judged."""
    rows = db.rows(
        """
        SELECT id FROM changes
        WHERE (:from_at IS NULL OR seen_at >= :from_at) AND (:to_at IS NULL OR seen_at < :to_at)
            AND (forgotten_at IS NULL OR EXISTS (SELECT 1 FROM reviews WHERE reviews.change_id = changes.id))
        ORDER BY id
        """,
        {"from_at": time_text(from_at) if from_at else None, "to_at": time_text(to_at) if to_at else None},
    )
    return [row["id"] for row in rows]


def recorded(db: Database, ids: Sequence[int]) -> list[Recorded]:
    """These changes as they were recorded, by id, with the text where the whole of it was new."""
    wanted = (json.dumps(list(ids)),)
    hunks, matches = defaultdict(list), defaultdict(list)
    for kind, table, order, into in ((Hunk, "hunks", "position, id", hunks), (Match, "matches", "id", matches)):
        sql = f"SELECT * FROM {table} WHERE change_id IN (SELECT value FROM json_each(?)) ORDER BY {order}"
        for row in db.rows(sql, wanted):
            into[row["change_id"]].append(from_row(kind, row))
    columns = ", ".join(f"changes.{name}" for name in columns_of(Change))
    rows = db.rows(
        f"""
        SELECT {columns}, documents.source_id, documents.url, coalesce(shown.title, documents.title) AS shown_title,
            shown.language AS shown_language, changes.forgotten_at,
            CASE WHEN changes.kind IN ('first', 'new') THEN shown.main END AS main,
            CASE WHEN changes.kind IN ('first', 'new') THEN shown.full END AS full
        FROM changes JOIN documents ON documents.id = changes.document_id
        LEFT JOIN versions AS shown ON shown.id = changes.new_version_id
        WHERE changes.id IN (SELECT value FROM json_each(?)) ORDER BY changes.id
        """,
        wanted,
    )
    return [
        Recorded(
            change=from_row(Change, row, hunks=tuple(hunks[row["id"]]), matches=tuple(matches[row["id"]])),
            source_id=row["source_id"],
            url=row["url"],
            title=row["shown_title"],
            language=row["shown_language"],
            main=row["main"],
            full=row["full"],
            current=row["forgotten_at"] is None,
        )
        for row in rows
    ]


def triggers_of_reviews(db: Database) -> dict[int, str]:
    """The trigger of every match that a person judged, by the match's id."""
    rows = db.rows("SELECT id, trigger_id FROM matches WHERE id IN (SELECT match_id FROM reviews) ORDER BY id")
    return {row["id"]: row["trigger_id"] for row in rows}


def to_review(
    db: Database,
    *,
    every: bool = False,
    trigger: str | None = None,
    source: str | None = None,
    since: datetime | None = None,
) -> list[int]:
    """Ids of alerts and notable changes without a verdict on the whole, newest first.

    `every`: those judged, too. `trigger`: where that trigger was met. `source`: of that source. `since`: seen then or
    later.
    """
    rows = db.rows(
        """
        SELECT changes.id FROM changes JOIN documents ON documents.id = changes.document_id
        WHERE level IN ('alert', 'notable') AND changes.forgotten_at IS NULL
            AND (:every OR NOT EXISTS (
                SELECT 1 FROM reviews WHERE reviews.change_id = changes.id AND match_id IS NULL
            ))
            AND (:trigger IS NULL OR EXISTS (
                SELECT 1 FROM matches WHERE matches.change_id = changes.id AND trigger_id = :trigger
            ))
            AND (:source IS NULL OR documents.source_id = :source)
            AND (:since IS NULL OR seen_at >= :since)
        ORDER BY seen_at DESC, changes.id DESC
        """,
        {"every": every, "trigger": trigger, "source": source, "since": time_text(since) if since else None},
    )
    return [row["id"] for row in rows]


def change_of_match(db: Database, match_id: int) -> int | None:
    """The change that a match was met in; None: there is no such match."""
    return db.value("SELECT change_id FROM matches WHERE id = ?", (match_id,))


def take_back_review(db: Database, review_id: int | None = None) -> Review | None:
    """Delete a verdict, by default the one given last, and return it; None: there is none."""
    row = db.one("SELECT * FROM reviews WHERE ? IS NULL OR id = ? ORDER BY id DESC LIMIT 1", (review_id, review_id))
    if row is None:
        return None
    db.execute("DELETE FROM reviews WHERE id = ?", (row["id"],))
    return from_row(Review, row)


def line_seen(db: Database, line: str) -> dict | None:
    """What the sentence ledger knows of a line (its fold): when and where first, and how many documents showed it."""
    row = db.one(
        """
        SELECT lines.first_seen_at, documents.source_id, documents.url, lines.first_document_id, (
            SELECT count(*) FROM document_lines WHERE document_lines.fold = lines.fold
        ) AS documents
        FROM lines JOIN documents ON documents.id = first_document_id WHERE fold = ?
        """,
        (line,),
    )
    return dict(row) if row else None


def variants(db: Database, document_id: int) -> list[Variant]:
    """Every text that a document is known to have shown, oldest first."""
    rows = db.rows(
        """
        SELECT id AS version_id, sha256, first_seen_at, last_seen_at, seen FROM versions
        WHERE document_id = ? AND forgotten_at IS NULL ORDER BY id
        """,
        (document_id,),
    )
    return [from_row(Variant, row) for row in rows]


def fetch_of(db: Database, capture_id: int) -> Fetch | None:
    """The attempt that made a capture; None: it was not fetched by us."""
    row = db.one(
        "SELECT * FROM fetches WHERE capture_id = ? AND outcome <> 'unchanged' ORDER BY id LIMIT 1", (capture_id,)
    )
    return from_row(Fetch, row) if row else None


def digest_of(db: Database, change_id: int) -> str | None:
    """The date of the digest that told a change; None: none did."""
    return db.value("SELECT digest_date FROM changes WHERE id = ?", (change_id,))
