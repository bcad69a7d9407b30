"""A threshold is written at its place; comments, order and line ends stay."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.catalogue.edit import with_thresholds, write_thresholds
from crawler.errors import UsageError


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("triggers:\n  - id: a  # 第一\n    x: 1\n", "triggers:\n  - id: a  # 第一\n    threshold: 0.61\n    x: 1\n"),
        ("triggers:\n- threshold:  0.5 # why\n  id: a\n", "triggers:\n- threshold:  0.61 # why\n  id: a\n"),
        ("triggers: [{id: a, x: 1}, {id: b}]\n", "triggers: [{id: a, threshold: 0.61, x: 1}, {id: b}]\n"),
        ("triggers:\r\n- id: 'a'\r\n  x: 1\r\n", "triggers:\r\n- id: 'a'\r\n  threshold: 0.61\r\n  x: 1\r\n"),
        ("\ufefftriggers:\n- x: 1\n  id: a", "\ufefftriggers:\n- x: 1\n  id: a\n  threshold: 0.61"),
    ],
)
def test_only_the_threshold_changes(before: str, after: str):
    assert with_thresholds(before.encode(), {"a": 0.61}).decode() == after


@pytest.mark.parametrize(
    "text", ["triggers:\n- &one {id: a}\n- *one\n", "triggers:\n- id: b\n", "triggers: [\n", "id: x\n"]
)
def test_what_cannot_be_edited_safely_is_left(text: str):
    with pytest.raises(ValueError, match=r"by hand|problems"):
        with_thresholds(text.encode(), {"a": 0.61})


def test_the_file_is_replaced_at_once_and_keeps_its_rights(tmp_path: Path):
    path = tmp_path / "triggers.yml"
    path.write_text("triggers:\n- id: a\n", encoding="utf-8")
    path.chmod(0o640)
    write_thresholds(path, {"a": 0.7})
    assert path.read_text(encoding="utf-8") == "triggers:\n- id: a\n  threshold: 0.7\n"
    assert path.stat().st_mode & 0o777 == 0o640
    assert [each.name for each in tmp_path.iterdir()] == ["triggers.yml"]


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path):
    with pytest.raises(UsageError, match="--triggers"):
        write_thresholds(tmp_path / "none.yml", {"a": 0.7})
