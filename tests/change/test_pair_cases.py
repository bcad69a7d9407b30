"""A case is a folder in tests/cases/change: old.html, new.html, and what their comparison must come to.

To add one: write both pages, run `CRUXWATCH_WRITE_CASES=1 pytest tests/change/test_pair_cases.py`, and read what was
written to expected.json.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.change.visits import Visits

CASES = Path(__file__).parents[1] / "cases" / "change"
FOLDERS = sorted(folder for folder in CASES.iterdir() if (folder / "old.html").exists())


def come_to(folder: Path) -> dict:
    visits = Visits()
    visits.page((folder / "old.html").read_bytes())
    found = visits.page((folder / "new.html").read_bytes())
    hunks = found.change.hunks if found.change else ()
    return {
        "health": found.health.value,
        "news": found.news,
        "outside_main": bool(found.change and found.change.outside_main),
        "hunks": [{"kind": h.kind.value, "noise": h.noise, "old": h.old, "new": h.new} for h in hunks],
    }


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_case(folder: Path) -> None:
    found, path = come_to(folder), folder / "expected.json"
    if os.environ.get("CRUXWATCH_WRITE_CASES"):
        path.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")
    assert found == json.loads(path.read_text("utf-8"))


NEWS = {
    "beside-notice",
    "headline-rolls",
    "member-joined",
    "negation",
    "number",
    "sentence-added",
    "sentence-removed",
    "staff-number",
    "table-cell",
    "table-long-row",
    "team-leaves",
    "team-role",
    "title-only",
    "updated-in-main",
}


def test_the_two_languages_agree() -> None:
    by_name = {folder.name: come_to(folder) for folder in FOLDERS}
    for name, english in by_name.items():
        if name.endswith("-en"):
            chinese = by_name[name.removesuffix("en") + "zh"]
            assert (english["news"], english["health"]) == (chinese["news"], chinese["health"]), name
            assert english["news"] is (name.removesuffix("-en") in NEWS), name
