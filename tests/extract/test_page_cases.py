"""A case is a folder in tests/cases/extract: page.html, told.json (what the reader is told), expected.json.

To add one: write page.html and told.json ({} will do), run
`CRUXWATCH_WRITE_CASES=1 pytest tests/extract/test_page_cases.py`, and read what was written to expected.json.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from crawler.errors import ReadingError
from crawler.extract import TextOptions, html

CASES = Path(__file__).parents[1] / "cases" / "extract"
FOLDERS = sorted(folder for folder in CASES.iterdir() if (folder / "page.html").exists())


def read(folder: Path) -> dict:
    told = json.loads((folder / "told.json").read_text("utf-8"))
    options = TextOptions(**{k: tuple(v) if isinstance(v, list) else v for k, v in told.get("options", {}).items()})
    assert list(options.problems()) == []
    url = told.get("url", "https://harbour.example/notice")
    try:
        text = html.read(
            (folder / "page.html").read_bytes(),
            charset=told.get("charset", "utf-8"),
            url=url,
            final_url=told.get("final_url"),
            options=options,
            rendered=told.get("rendered", False),
        )
    except ReadingError as bad:
        return {"health": bad.health.value, "detail": bad.detail}
    found = {name: getattr(text, name) for name in ("title", "author", "published_raw", "language")}
    found["published_at"] = text.published_at.isoformat() if text.published_at else None
    return {"health": "ok", **found, "main": text.main.split("\n"), "full": text.full.split("\n")}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_case(folder: Path) -> None:
    found, path = read(folder), folder / "expected.json"
    if os.environ.get("CRUXWATCH_WRITE_CASES"):
        path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")
    assert found == json.loads(path.read_text("utf-8"))


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_line_of_the_main_text_is_in_the_full_text(folder: Path) -> None:
    found = read(folder)
    assert set(found.get("main", [])) <= set(found.get("full", []))
    # one border before the furniture; a second one where some of it speaks in paragraphs
    assert found.get("full", []).count("") <= 2
