"""The files of a day: whole or not at all, the same bytes for the same account."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import digest_days as days
import pytest

from crawler.digest import build
from crawler.digest.deliver import write


def test_four_files_the_same_twice_and_nothing_else(tmp_path: Path) -> None:
    account = build(days.busy())
    paths = write(account, tmp_path / "digests")
    assert [path.name for path in paths] == ["2026-11-20.html", "2026-11-20.md", "2026-11-20.json", "atom.xml"]
    before = {path.name: path.read_bytes() for path in paths}
    write(account, tmp_path / "digests")
    assert {path.name: path.read_bytes() for path in (tmp_path / "digests").iterdir()} == before


def test_the_feed_holds_the_earlier_days_of_the_same_assessment(tmp_path: Path) -> None:
    account = build(days.busy())
    write(replace(account, date="2026-11-18"), tmp_path)
    write(replace(account, date="2026-11-19", assessment_id="another"), tmp_path)
    (tmp_path / "2026-11-17.json").write_text('{"format": "something else"}', "utf-8")
    (tmp_path / "2026-11-16.json").write_bytes(b"\xff\xfe not text")
    (tmp_path / "2026-11-15.json").mkdir()
    write(account, tmp_path)
    feed = (tmp_path / "atom.xml").read_text("utf-8")
    assert "digest:2026-11-18" in feed and "digest:2026-11-20" in feed
    assert "digest:2026-11-19" not in feed


def test_a_reader_never_meets_half_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = build(days.quiet())
    write(account, tmp_path)
    whole = (tmp_path / "2026-11-20.html").read_bytes()

    def full(_number: int) -> None:
        raise OSError(28, "no space left on the device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write(build(days.busy()), tmp_path)
    assert (tmp_path / "2026-11-20.html").read_bytes() == whole
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize("date", ["../../etc/passwd", "2026-11-2", "", "2026-11-20\n"])
def test_the_date_is_a_date(tmp_path: Path, date: str) -> None:
    with pytest.raises(ValueError, match="YYYY-MM-DD"):
        write(replace(build(days.quiet()), date=date), tmp_path)
