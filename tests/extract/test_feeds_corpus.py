"""Every feed of the corpus: as many entries as feedparser finds, the same titles, no crash, no hang."""

from __future__ import annotations

import gzip
import io
import json
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import feedparser
import pytest

from crawler.errors import ReadingError
from crawler.extract import feed
from storage.records import Health

pytestmark = pytest.mark.corpus
URL = "https://harbour.example/feed"
PATIENCE = 20
"""Seconds for one feed, of which the slowest takes less than one: beyond is a hang."""


@contextmanager
def patience(name: str) -> Iterator[None]:
    """Fail, with the name of the feed, where its reading does not end."""

    def ring(*_: object) -> None:
        raise TimeoutError(name)

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(PATIENCE)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def titles_of(body: bytes) -> list[str | None] | None:
    """The titles as feedparser has them, or as a JSON Feed says them; None: JSON that is no feed."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        try:
            told = json.loads(body.decode("utf-8-sig"))
        except ValueError:
            return None
        items = told.get("items") if "jsonfeed.org" in str(told.get("version")) else None
        titles = [each.get("title") for each in items or () if isinstance(each, dict)]
        return [feed.plain(str(title) if isinstance(title, int) else title) for title in titles]
    found = feedparser.parse(io.BytesIO(body), response_headers={"content-type": "application/xml"})
    return [feed.plain(entry.get("title")) for entry in found.entries]


def test_every_feed_of_the_corpus_agrees_with_feedparser(shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shared_data / "feeds"
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    seen: Counter[str] = Counter()
    faults = []
    for row in rows:
        body = gzip.decompress((folder / row["file"]).read_bytes())
        with patience(row["id"]):
            try:
                ours = [entry.title for entry in feed.read(body, url=URL).entries]
                seen["with entries"] += 1
            except ReadingError as bad:
                assert bad.health in {Health.EMPTY, Health.MALFORMED}, row["id"]
                ours = []
                seen[f"none: {bad.health}"] += 1
            theirs = titles_of(body) or []
        seen["files"] += 1
        seen["real captures"] += row["real_capture"]
        seen["entries"] += len(ours)
        if ours != theirs:
            faults.append((row["id"], len(ours), len(theirs)))
    with capsys.disabled():
        print("\nfeeds of the corpus:", ", ".join(f"{count} {name}" for name, count in seen.items()))
    assert faults == []
    assert seen["files"] == len(rows) == len(list((folder / "files").iterdir())) >= 530
    # floors that only rise
    assert seen["entries"] >= 2000
