"""Real captured pages and feeds, served on loopback under many names: the second digest holds the true changes."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import pytest

from storage.records import Health
from tests.website import Answer
from tests.world import World

PAIRS = 60
FEEDS = 20
FOUND = 0.92
"""Share of the true changes that the second digest must tell."""
FALSE = 0.08
"""Share of the untouched pages that it may."""

pytestmark = pytest.mark.corpus


def _lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _spread(rows: list[dict], count: int) -> list[dict]:
    return sorted(rows, key=lambda row: hashlib.sha256(row["id"].encode()).digest())[:count]


def test_the_second_digest_holds_the_changes_and_not_the_noise(shared_data: Path, tmp_path: Path) -> None:
    changes = shared_data / "changes"
    rows = _lines(changes / "manifest.jsonl")
    changed = _spread([row for row in rows if row["changed"]], PAIRS // 2)
    still = _spread([row for row in rows if not row["changed"]], PAIRS // 2)
    feeds = _lines(shared_data / "feeds" / "manifest.jsonl")
    feeds = _spread([row for row in feeds if row["real_capture"] and row.get("group") != "encoding"], FEEDS)

    with World(tmp_path) as world:
        for row in changed + still:
            bodies = [gzip.decompress((changes / row[side]).read_bytes()) for side in ("old", "new")]
            kind = f"text/html; charset={row['encoding']}" if row["encoding"] else "text/html"
            host = hashlib.sha256(row["id"].encode()).hexdigest()[:12]
            world.page(row["id"], f"http://{host}.test/page", *(Answer(body, media_type=kind) for body in bodies))
        for row in feeds:
            body = gzip.decompress((shared_data / "feeds" / row["file"]).read_bytes())
            host = hashlib.sha256(row["id"].encode()).hexdigest()[:12]
            answer = Answer(body, media_type="application/xml")
            world.source(f"feed-{host}", "feed", f"http://{host}.test/feed", answer, options={"fetch_entries": "never"})
        first = world.run(day=1)
        assert not first["faults"]
        assert set(first["changes"]) == {"first"}
        world.run(day=2)
        told = {
            source
            for source, levels in world.levels(2).items()
            if any(not level.startswith("noise") for level in levels)
        }
        with world.opened() as archive:
            unread = {
                row["id"]
                for row in changed
                if any(reading and reading.health is not Health.OK for _, reading in archive.fetches_of(row["id"]))
            }
    hits = {row["id"] for row in changed} & told
    false = {row["id"] for row in still} & told
    assert len(hits) >= FOUND * len(changed), f"missed {sorted({row['id'] for row in changed} - told)}; unread {unread}"
    assert len(false) <= FALSE * len(still), f"false alarms {sorted(false)}"
    assert not [source for source in told if source.startswith("feed-")], "the feeds did not change"
