"""What the optional judge said, each question once, and what a change tells of it."""

from __future__ import annotations

import json

from storage.database import Database
from storage.records import Judgement, Level
from storage.rows import columns_of, from_row, insertion, to_row


def judgement(db: Database, key: str) -> Judgement | None:
    row = db.one("SELECT * FROM judgements WHERE key = ?", (key,))
    return from_row(Judgement, row) if row else None


def record_judgement(db: Database, told: Judgement) -> None:
    """Keep what was said; a later attempt takes the place of a failed one."""
    columns = columns_of(Judgement)
    db.execute(insertion("judgements", columns).replace("INSERT", "INSERT OR REPLACE", 1), to_row(told, columns))


def note_opinion(db: Database, change_id: int, reason: str) -> None:
    """Add a reason to a change that no digest has told; what was routine or noise becomes notable, none an alert."""
    row = db.one("SELECT level, reasons, digest_date FROM changes WHERE id = ?", (change_id,))
    if row is None or row["digest_date"] is not None:
        return
    reasons = json.loads(row["reasons"])
    if reason in reasons:
        return
    level = row["level"] if row["level"] in (Level.ALERT, Level.NOTABLE) else Level.NOTABLE.value
    told = json.dumps([*reasons, reason], ensure_ascii=False, separators=(",", ":"))
    db.execute("UPDATE changes SET level = ?, reasons = ? WHERE id = ?", (level, told, change_id))
