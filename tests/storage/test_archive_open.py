"""Opening an archive: made, migrated, refused with what to do about it."""

from __future__ import annotations

import hashlib
import sqlite3
from pathlib import Path

import pytest

from storage import migrations
from storage.archive import Archive, ArchiveError
from storage.migrations import MIGRATIONS
from tests.storage.invented import T0, begin, visit

RELEASED = {"1 first form": "@", "2 notes": "@", "3 judgements": "@", "4 triggers": "@"}
"""SHA-256 of every migration that archives were made by: an edit would leave them behind. "@": not released yet."""


def test_a_new_archive_is_made_with_its_folder(tmp_path):
    with Archive.open(tmp_path / "deep" / "archive.db") as archive:
        assert archive.db.value("PRAGMA journal_mode") == "wal"
        assert archive.db.value("PRAGMA foreign_keys") == 1
        assert archive.check() == []


@pytest.mark.parametrize(
    ("how", "says"),
    [
        ("absent", "there is no archive here; make one with `cruxwatch run`"),
        ("folder", "is a folder; name a file in it"),
        ("text", "is not an SQLite file"),
        ("future", "written by a newer Cruxwatch (it has the migration '999 flying cars')"),
    ],
)
def test_what_is_no_archive_of_ours_is_refused_with_a_remedy(path: Path, how: str, says: str):
    if how == "folder":
        path.mkdir()
    elif how == "text":
        path.write_text("dear diary, " * 100)
    elif how == "future":
        with Archive.open(path) as archive:
            archive.db.execute("INSERT INTO migrations (migration_set, name) VALUES ('cruxwatch', '999 flying cars')")
    for read_only in (False, True):
        with pytest.raises(ArchiveError) as error:
            Archive.open(path, create=False, read_only=read_only)
        assert says in str(error.value)
        assert str(path) in str(error.value)
        assert error.value.exit_code == 5


def test_an_archive_of_another_program_is_left_as_it_is(path: Path):
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE sources (mine)")
    other.close()
    with pytest.raises(ArchiveError):
        Archive.open(path)
    again = sqlite3.connect(path)
    assert again.execute("SELECT group_concat(name) FROM sqlite_master").fetchone() == ("sources",)
    again.close()


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_every_old_form_is_brought_up_to_date_with_its_rows(path: Path, version: int, monkeypatch):
    monkeypatch.setattr(migrations, "MIGRATIONS", MIGRATIONS[:version])
    with Archive.open(path) as archive:
        begin(archive)
        visit(archive, T0, "今年的预算为三亿元。\nThe budget is 300 million.")
        before = _counts(archive)
    monkeypatch.setattr(migrations, "MIGRATIONS", MIGRATIONS)
    with Archive.open(path) as archive:
        after = _counts(archive)
        assert {table: after[table] for table in before if table != "migrations"} == {
            table: n for table, n in before.items() if table != "migrations"
        }
        assert archive.search("預算")
        assert archive.check() == []


def test_a_migration_that_fails_changes_nothing(path: Path, monkeypatch):
    with Archive.open(path) as archive:
        begin(archive)
    bad = (*MIGRATIONS, ("2 bad", "CREATE TABLE half (id);\nINSERT INTO nowhere VALUES (1);\n"))
    monkeypatch.setattr(migrations, "MIGRATIONS", bad)
    with pytest.raises(ArchiveError, match="nowhere"):
        Archive.open(path)
    monkeypatch.setattr(migrations, "MIGRATIONS", MIGRATIONS)
    with Archive.open(path) as archive:
        assert archive.db.one("SELECT 1 FROM sqlite_master WHERE name = 'half'") is None
        assert len(archive.sources()) == 1


def test_a_reader_does_not_migrate(path: Path, monkeypatch):
    with Archive.open(path):
        pass
    monkeypatch.setattr(migrations, "MIGRATIONS", (*MIGRATIONS, ("2 more", "CREATE TABLE more (id);\n")))
    with pytest.raises(ArchiveError, match="bring it up to date"):
        Archive.open(path, read_only=True)


def test_no_migration_was_edited():
    for name, sql in MIGRATIONS:
        assert RELEASED.get(name) in ("@", hashlib.sha256(sql.encode()).hexdigest()), (
            f"{name!r} was edited or is new; archives made by it exist: append another migration"
        )


def test_views_are_renewed_when_the_questions_change(path: Path):
    with Archive.open(path) as archive:
        archive.db.execute("DROP VIEW unread_captures")
        archive.db.execute("CREATE VIEW old_question AS SELECT 1 AS one")
    with Archive.open(path) as archive:
        names = {row["name"] for row in archive.db.rows("SELECT name FROM sqlite_master WHERE type = 'view'")}
        assert "unread_captures" in names
        assert "old_question" not in names


def _counts(archive: Archive) -> dict[str, int]:
    tables = archive.db.rows("SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE '%VIRTUAL%'")
    return {row["name"]: archive.db.value(f'SELECT count(*) FROM "{row["name"]}"') for row in tables}
