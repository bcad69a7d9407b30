"""Bad catalogues: a case is a folder, and every message is exact."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from crawler.catalogue import load
from crawler.errors import CatalogueError

CASES = Path(__file__).resolve().parents[1] / "cases" / "catalogue"
GOOD = CASES / "_good"
BAD = sorted(folder for folder in CASES.iterdir() if not folder.name.startswith("_"))


def laid_out(case: Path, folder: Path) -> None:
    """Both files of a case; what it does not have is the minimal good one."""
    for name in ("sources.yml", "triggers.yml"):
        source = case / name if (case / name).exists() else GOOD / name
        if not (case / f"no-{name}").exists():
            shutil.copy(source, folder / name)


@pytest.mark.parametrize("case", BAD, ids=lambda folder: folder.name)
def test_every_problem_is_told_in_these_words(case, tmp_path, monkeypatch):
    laid_out(case, tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(CatalogueError) as bad:
        load("sources.yml", "triggers.yml", examples=True)
    told = "\n".join(bad.value.problems) + "\n"
    if os.environ.get("CRUXWATCH_WRITE_CASES"):
        (case / "expected.txt").write_text(told, encoding="utf-8")
    assert told == (case / "expected.txt").read_text(encoding="utf-8")
    assert bad.value.exit_code == 2


def test_there_are_as_many_cases_as_promised():
    assert len(BAD) >= 45
