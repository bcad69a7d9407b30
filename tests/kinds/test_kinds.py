"""The registry of kinds, their options, and real feeds."""

from __future__ import annotations

import gzip
import json
import tarfile
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest

from crawler.extract import TextOptions
from crawler.kinds import KINDS, feed, listing
from storage.records import Ask, Capture, Health

NOW = datetime(2026, 11, 20, tzinfo=UTC)


def feed_of(body: bytes, options: feed.Options | None = None):
    capture = Capture(
        source_id="a",
        url="https://a.test/feed",
        final_url="https://a.test/feed",
        fetched_at=NOW,
        status=200,
        sha256=sha256(body).hexdigest(),
        size=len(body),
    )
    ask = Ask(source_id="a", url=capture.url, found_at=NOW)
    return feed.read(capture, body, ask, options or feed.Options(), TextOptions(), None)


NEEDED = {"json": {"key": "id"}, "mediawiki": {"titles": ("A page",)}}
"""Options without which a kind has nothing to ask or to tell apart."""


def test_registry():
    assert {"page", "listing", "feed", "sitemap", "json", "arxiv", "mediawiki", "github"} == set(KINDS)
    for name, kind in KINDS.items():
        options = kind.Options(**NEEDED.get(name, {}))
        assert list(options.problems()) == []
        assert all(field.metadata["description"].endswith((".", ")")) for field in fields(options))
        if name == "github":
            continue  # its addresses are those of GitHub; tests/kinds/test_github.py
        urls = [
            url.partition("#")[0]
            for url, _ in kind.seeds("https://a.test/", ("https://a.test/2", "https://a.test/"), options)
        ]
        assert urls == ["https://a.test/", "https://a.test/2"]


@pytest.mark.parametrize(
    ("options", "path"),
    [
        (listing.Options(items=("a", "a[")), "items[1]"),
        (listing.Options(items=("xpath://a[",)), "items[0]"),
        (listing.Options(match=("(",)), "match[0]"),
        (listing.Options(skip=("x", "")), "skip[1]"),
        (listing.Options(limit=0), "limit"),
        (listing.Options(max_pages=51, pages="a"), "max_pages"),
        (listing.Options(max_pages=2), "max_pages"),
        (listing.Options(pages="b["), "pages"),
        (listing.Options(revisit=timedelta(minutes=1)), "revisit"),
        (feed.Options(limit=0), "limit"),
        (feed.Options(revisit=timedelta(0)), "revisit"),
    ],
)
def test_options_tell_their_problems(options, path):
    assert [where for where, _ in options.problems()] == [path]


def test_options_may_say_all_there_is():
    assert not list(
        listing.Options(items=(".list li", "//ul/li"), match=("/20",), pages="/p/{page}", max_pages=5).problems()
    )
    assert not list(listing.Options(revisit=None).problems())


def test_real_feeds_are_read_or_told_apart(shared_data):
    good = 0
    for line in (shared_data / "feeds" / "manifest.jsonl").read_text("utf-8").splitlines():
        told = json.loads(line)
        if not told["real_capture"]:
            continue
        path = next(iter((shared_data / "feeds").rglob(told["file"].rsplit("/", 1)[-1])))
        result = feed_of(gzip.decompress(path.read_bytes()))
        keys = [text.key for text in result.texts] + [ask.key for ask in result.asks]
        assert len(keys) == len(set(keys)), path.name
        assert result.health in (Health.OK, Health.EMPTY, Health.MALFORMED), path.name
        good += result.health is Health.OK
    assert good >= 85


def test_an_entry_keeps_its_key_from_version_to_version(shared_data):
    """Successive versions of real feeds: what is new by our keys is what was added."""
    for line in (shared_data / "feeds" / "histories.jsonl").read_text("utf-8").splitlines():
        told = json.loads(line)
        with tarfile.open(shared_data / "feeds" / told["file"]) as archive:
            files = {member.name.rsplit("/", 1)[-1]: member for member in archive if member.isfile()}
            before: set[str] = set()
            for step in told["steps"][:6]:
                body = archive.extractfile(files[step["file"]]).read()
                options = feed.Options(fetch_entries="never", limit=1000)
                keys = {text.key for text in feed_of(body, options).texts}
                if step["i"]:
                    assert len(keys - before) <= len(step["added"]), (told["id"], step["i"])
                before = keys
