"""How well each source could be watched: looks, failures and since when, silence longer than usual."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from storage.database import Database
from storage.records import Source, SourceHealth
from storage.rows import columns_of, from_row, time_text

FEWEST_GAPS = 3
QUIET = 3
"""Silent for so many times its usual gap: quiet."""


def source_health(db: Database, from_at: datetime, to_at: datetime) -> list[SourceHealth]:
    """One for each source of the catalogue, as of `to_at`; counts of attempts are of [from_at, to_at).

    Attempts count for all addresses of a source; whether it fails is told by the addresses of the catalogue alone:
    an item that has gone is no failure of its source.
    """
    period = {"from": time_text(from_at), "to": time_text(to_at)}
    counts = {row["source_id"]: row for row in db.rows(_COUNTS, period)}
    seeds: dict[str, list[Any]] = {}
    for row in db.rows(_SEEDS, period):
        seeds.setdefault(row["source_id"], []).append(row)
    news = _moments(db, _NEWS, period)
    dated = _moments(db, _DATED, period)
    rows = db.rows("SELECT * FROM sources WHERE retired_at IS NULL ORDER BY id")
    return [
        _health(
            from_row(Source, {name: row[name] for name in columns_of(Source)}),
            counts.get(row["id"]),
            seeds.get(row["id"], []),
            news.get(row["id"], []),
            dated.get(row["id"], []),
            to_at,
        )
        for row in rows
    ]


def _health(source: Source, counts: Any, seeds: list[Any], news: list, dated: list, at: datetime) -> SourceHealth:
    failing = [seed for seed in seeds if seed["failing_since"]]
    asked = [seed for seed in seeds if seed["outcome"]]
    telling = max(failing or asked, key=lambda seed: seed["asked_at"], default=None)
    gap = _usual_gap(news + dated)
    newest = max(news + dated, default=None)
    return SourceHealth(
        source=source,
        asked=counts["asked"] if counts else 0,
        looked=counts["looked"] if counts else 0,
        last_asked_at=_time(max((seed["asked_at"] for seed in asked), default=None)),
        last_looked_at=_time(max((seed["looked_at"] for seed in seeds if seed["looked_at"]), default=None)),
        failing_since=_time(min((seed["failing_since"] for seed in failing), default=None)),
        outcome=telling["outcome"] if telling else None,
        detail=telling["detail"] if telling else None,
        last_news_at=max(news, default=None),
        usual_gap_seconds=gap,
        quiet=gap is not None and newest is not None and (at - newest).total_seconds() > QUIET * gap,
        due_at=_time(min((seed["due_at"] for seed in seeds if seed["due_at"]), default=None)),
    )


def _usual_gap(moments: list[datetime]) -> float | None:
    """Median of the days between days with news, in seconds: ten items at once are one day's news."""
    days = sorted({moment.astimezone(UTC).date() for moment in moments})
    gaps = [(late - early) / timedelta(seconds=1) for early, late in itertools.pairwise(days)]
    return median(gaps) if len(gaps) >= FEWEST_GAPS else None


def _moments(db: Database, sql: str, period: dict[str, str]) -> dict[str, list[datetime]]:
    found: dict[str, list[datetime]] = {}
    for row in db.rows(sql, period):
        found.setdefault(row["source_id"], []).append(datetime.fromisoformat(row["moment"]))
    return found


def _time(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def outcome_counts(db: Database, from_at: datetime, to_at: datetime) -> dict[str, dict[str, int]]:
    """Attempts of [from_at, to_at) by source and outcome."""
    counts: dict[str, dict[str, int]] = {}
    for row in db.rows(
        "SELECT source_id, outcome, count(*) AS n FROM fetches WHERE started_at >= ? AND started_at < ? "
        "GROUP BY 1, 2 ORDER BY 1, 2",
        (time_text(from_at), time_text(to_at)),
    ):
        counts.setdefault(row["source_id"], {})[row["outcome"]] = row["n"]
    return counts


# `looks` (views.sql) says what is good: we know what the source says. A capture not read yet counts: its bytes are here
_COUNTS = """
SELECT source_id, count(*) AS asked, sum(good) AS looked FROM looks
WHERE started_at >= :from AND started_at < :to
GROUP BY source_id
"""

# for each address of the catalogue: its newest attempt, its newest good look, and the first failure after that;
# each is found through the index on (ask_id, id), whatever the number of attempts
_SEEDS = """
SELECT seeds.source_id, seeds.due_at, newest.started_at AS asked_at, newest.outcome, newest.detail,
    (SELECT started_at FROM looks WHERE looks.id = good_id) AS looked_at,
    (
        SELECT started_at FROM looks
        WHERE looks.ask_id = seeds.id AND looks.id > coalesce(good_id, 0) AND started_at < :to
        ORDER BY looks.id LIMIT 1
    ) AS failing_since
FROM (
    SELECT asks.*, (
        SELECT looks.id FROM looks WHERE looks.ask_id = asks.id AND good AND started_at < :to
        ORDER BY looks.id DESC LIMIT 1
    ) AS good_id
    FROM asks WHERE purpose = 'seed' AND withdrawn_at IS NULL
) AS seeds
LEFT JOIN looks AS newest ON newest.id = (
    SELECT fetches.id FROM fetches WHERE fetches.ask_id = seeds.id AND started_at < :to
    ORDER BY fetches.id DESC LIMIT 1
)
"""

_NEWS = """
SELECT source_id, seen_at AS moment FROM changes JOIN documents ON documents.id = document_id
WHERE kind IN ('new', 'changed') AND level <> 'noise' AND changes.forgotten_at IS NULL AND seen_at < :to
"""

# what a source dated before we watched it tells its usual gap from the first day on
_DATED = """
SELECT source_id, published_at AS moment FROM versions JOIN documents ON documents.id = document_id
WHERE published_at < :to AND versions.forgotten_at IS NULL
"""
