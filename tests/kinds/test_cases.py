"""A case is a folder in tests/cases/kinds: ask.json, the body, and what reading it must yield.

To add one: write ask.json (kind, url, options …) and body.*, run
`CRUXWATCH_WRITE_CASES=1 pytest tests/kinds/test_cases.py`, and read what was written to expected.json.
"""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest

from crawler.extract import TextOptions
from crawler.kinds import KINDS, Result
from storage.records import Ask, AskPurpose, Capture

CASES = Path(__file__).parents[1] / "cases" / "kinds"
NOW = datetime(2031, 3, 1, 6, 0, tzinfo=UTC)
MEDIA_TYPES = {".html": "text/html", ".xml": "application/xml", ".txt": "text/plain", ".json": "application/json"}


def read(folder: Path) -> Result:
    """Read the body of a case as its ask says."""
    told = json.loads((folder / "ask.json").read_text("utf-8"))
    (path,) = folder.glob("body.*")
    body = path.read_bytes()
    kind = KINDS[told["kind"]]
    options = {name: tuple(each) if isinstance(each, list) else each for name, each in told["options"].items()}
    capture = Capture(
        source_id="harbour",
        url=told["url"],
        final_url=told.get("final_url", told["url"]),
        fetched_at=NOW,
        status=200,
        media_type=told.get("media_type", MEDIA_TYPES.get(path.suffix, "text/html")),
        charset=told.get("charset", "utf-8"),
        sha256=sha256(body).hexdigest(),
        size=len(body),
    )
    ask = Ask(
        source_id="harbour",
        url=told["url"],
        key=told.get("key", dict(kind.seeds(told["url"], (), kind.Options()))[told["url"]]),
        purpose=AskPurpose(told.get("purpose", "seed")),
        title=told.get("title"),
        published_raw=told.get("published_raw"),
        found_at=NOW,
    )
    return kind.read(capture, body, ask, kind.Options(**options), TextOptions(), told.get("language"))


def plain(result: Result) -> dict:
    """Give what a case pins down: not the names of readers, which change with every release."""
    return {
        "health": result.health.value,
        "detail": result.detail,
        "texts": [
            {
                "key": text.key,
                "url": text.url,
                "title": text.title,
                "published_raw": text.published_raw,
                "published_at": text.published_at and text.published_at.isoformat(),
                "language": text.language,
                "main": text.main.splitlines()[:6],
                # in no order: where the extractor puts what is beside the main text is its own business
                "rest": sorted({line for line in text.full.splitlines() if line} - set(text.main.splitlines())),
            }
            for text in result.texts
        ],
        "asks": [
            {
                "url": ask.url,
                "key": ask.key,
                "purpose": ask.purpose.value,
                "title": ask.title,
                "published_raw": ask.published_raw,
                "revisit_days": ask.revisit and ask.revisit.days,
            }
            for ask in result.asks
        ],
    }


@pytest.mark.parametrize("folder", sorted(CASES.iterdir()), ids=lambda folder: folder.name)
def test_case(folder: Path):
    result = read(folder)
    assert result.health.value == "ok" or not (result.texts or result.asks)
    assert result.reader.startswith(json.loads((folder / "ask.json").read_text("utf-8"))["kind"])
    for text in result.texts:
        assert set(text.main.splitlines()) <= set(text.full.splitlines())
    expected = folder / "expected.json"
    if os.environ.get("CRUXWATCH_WRITE_CASES"):
        expected.write_text(json.dumps(plain(result), ensure_ascii=False, indent=1) + "\n", "utf-8")
    assert plain(result) == json.loads(expected.read_text("utf-8"))
    assert plain(read(folder)) == plain(result)
