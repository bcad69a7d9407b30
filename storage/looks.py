"""What the standing of a trigger rests on: every look at the addresses of the catalogue, every match."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from storage.database import Database
from storage.records import Look, Sighting
from storage.rows import from_row, time_text


def looks(db: Database, from_at: datetime, to_at: datetime) -> dict[str, dict[str, list[Look]]]:
    """Looks of [from_at, to_at) by source and address, oldest first; an address never asked has none.

    Before them, of each address: the newest good look before the period, and the first failure after that.
    """
    period = {"from": time_text(from_at), "to": time_text(to_at)}
    found: dict[str, dict[str, list[Look]]] = {}
    for row in db.rows("SELECT source_id, url FROM asks WHERE purpose = 'seed' AND withdrawn_at IS NULL ORDER BY 1, 2"):
        found.setdefault(row["source_id"], {})[row["url"]] = []
    for row in (*db.rows(_GOOD_BEFORE, period), *db.rows(_FAILED_BEFORE, period), *db.rows(_LOOKS, period)):
        found[row["source_id"]][row["url"]].append(_look(row))
    return found


def _look(row: Any) -> Look:
    return Look(
        source_id=row["source_id"],
        url=row["url"],
        at=datetime.fromisoformat(row["started_at"]),
        good=bool(row["good"]) and row["outcome"] != "gone",
        outcome=row["outcome"],
        detail=row["detail"],
    )


def first_attempt(db: Database) -> datetime | None:
    """When the watching began; None: it has not."""
    text = db.value("SELECT started_at FROM fetches ORDER BY id LIMIT 1")
    return datetime.fromisoformat(text) if text else None


def sightings(db: Database, from_at: datetime, to_at: datetime) -> list[Sighting]:
    """Matches in changes seen in [from_at, to_at), by the newest reading of each capture, in the order seen."""
    rows = db.rows(_SIGHTINGS, {"from": time_text(from_at), "to": time_text(to_at)})
    return [from_row(Sighting, row) for row in rows]


def sync_triggers(db: Database, ids: Iterable[str], at: datetime, anew: bool) -> None:
    with db.transaction():
        if anew:
            db.execute("DELETE FROM triggers_used")
        known = set(triggers_used(db))
        began = first_attempt(db) if not known else None
        since = time_text(min(began, at) if began else at)
        wanted = set(ids)
        db.many("DELETE FROM triggers_used WHERE trigger_id = ?", [(gone,) for gone in sorted(known - wanted)])
        db.many("INSERT INTO triggers_used VALUES (?, ?)", [(new, since) for new in sorted(wanted - known)])


def triggers_used(db: Database) -> dict[str, datetime]:
    rows = db.rows("SELECT trigger_id, since_at FROM triggers_used")
    return {row["trigger_id"]: datetime.fromisoformat(row["since_at"]) for row in rows}


_COLUMNS = "asks.source_id, asks.url, looks.started_at, looks.good, looks.outcome, looks.detail"
_SEEDS = "asks.purpose = 'seed' AND asks.withdrawn_at IS NULL"
_SHOWN = "looks.good AND looks.outcome <> 'gone'"

# ruff: noqa: S608 - put together from the lines above alone
_LOOKS = f"""
SELECT {_COLUMNS} FROM asks JOIN looks ON looks.ask_id = asks.id
WHERE {_SEEDS} AND looks.started_at >= :from AND looks.started_at < :to
ORDER BY looks.started_at, looks.id
"""

# each is found through the index on (ask_id, id), whatever the number of attempts
_GOOD_ID = f"""
(
    SELECT looks.id FROM looks WHERE looks.ask_id = asks.id AND {_SHOWN} AND looks.started_at < :from
    ORDER BY looks.id DESC LIMIT 1
)
"""
_GOOD_BEFORE = f"SELECT {_COLUMNS} FROM asks JOIN looks ON looks.id = {_GOOD_ID} WHERE {_SEEDS}"
_FAILED_BEFORE = f"""
SELECT {_COLUMNS} FROM asks JOIN looks ON looks.id = (
    SELECT looks.id FROM looks
    WHERE looks.ask_id = asks.id AND looks.id > coalesce({_GOOD_ID}, 0) AND looks.started_at < :from
    ORDER BY looks.id LIMIT 1
)
WHERE {_SEEDS}
"""

_SIGHTINGS = """
SELECT matches.id AS match_id, matches.change_id, matches.trigger_id, documents.source_id, changes.seen_at AS at,
    changes.kind, changes.level, matches.assertion, matches.score, matches.against, matches.known,
    (
        SELECT reviews.verdict FROM reviews
        WHERE reviews.change_id = changes.id AND (reviews.match_id = matches.id OR reviews.match_id IS NULL)
        ORDER BY reviews.id DESC LIMIT 1
    ) AS verdict
FROM changes
JOIN matches ON matches.change_id = changes.id
JOIN documents ON documents.id = changes.document_id
WHERE changes.seen_at >= :from AND changes.seen_at < :to AND changes.forgotten_at IS NULL
ORDER BY changes.seen_at, matches.id
"""
