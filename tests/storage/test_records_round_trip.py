"""Every record survives storage unchanged: any text, any time (to the millisecond), any of its values."""

from __future__ import annotations

import typing
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import records
from storage.archive import Archive
from storage.rows import columns_of, from_row, insertion, time_text, to_row

TABLES = {
    records.Source: "sources",
    records.Run: "runs",
    records.Ask: "asks",
    records.Fetch: "fetches",
    records.Capture: "captures",
    records.Reading: "readings",
    records.Document: "documents",
    records.Version: "versions",
    records.Hunk: "hunks",
    records.Match: "matches",
    records.Change: "changes",
    records.Review: "reviews",
    records.Digest: "digests",
}

texts = st.text(max_size=60)
whole = st.integers(min_value=0, max_value=2**62)
times = st.datetimes(min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30)).map(
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000, tzinfo=UTC)
)


def _strategy(hint) -> st.SearchStrategy:
    plain = {str: texts, int: whole, bool: st.booleans(), datetime: times}
    if hint in plain:
        return plain[hint]
    if hint is float:
        return st.floats(0, 1)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return st.sampled_from(list(hint))
    args = typing.get_args(hint)
    if typing.get_origin(hint) is tuple:
        if args[-1] is Ellipsis:
            return st.lists(_strategy(args[0]), max_size=3).map(tuple)
        return st.tuples(*(_strategy(arg) for arg in args))
    return st.none() | _strategy(next(arg for arg in args if arg is not type(None)))


def anything(kind: type) -> st.SearchStrategy:
    hints = typing.get_type_hints(kind)
    return st.builds(kind, **{name: _strategy(hints[name]) for name in columns_of(kind)})


@pytest.fixture(scope="module")
def unbound():
    """An archive that lets any row in: references are another test's matter."""
    with Archive.open(":memory:") as archive:
        archive.db.execute("PRAGMA foreign_keys = OFF")
        yield archive.db


@pytest.mark.parametrize("kind", TABLES, ids=lambda kind: kind.__name__)
def test_a_record_survives(kind: type, unbound):
    columns = columns_of(kind)
    needed = {column: "" for column in ("document_id", "change_id") if column in columns and kind is not records.Review}

    @given(record=anything(kind))
    @settings(max_examples=40, deadline=None)
    def survives(record):
        record = replace(record, **{name: getattr(record, name) or 1 for name in needed})
        table = TABLES[kind]
        unbound.execute("SAVEPOINT one")
        try:
            row_id = unbound.execute(insertion(table, columns), to_row(record, columns)).lastrowid
            row = unbound.one(f"SELECT * FROM {table} WHERE rowid = ?", (row_id,))
        finally:
            unbound.execute("ROLLBACK TO one")
            unbound.execute("RELEASE one")
        back = from_row(kind, row)
        if "id" in columns and record.__getattribute__("id") is None:
            back = replace(back, id=None)
        assert back == record

    survives()


def test_every_field_has_a_column(unbound):
    """A field appended to a record needs a migration: `ALTER TABLE … ADD COLUMN …`."""
    for kind, table in TABLES.items():
        present = {row["name"] for row in unbound.rows(f"SELECT name FROM pragma_table_info('{table}')")}
        assert set(columns_of(kind)) <= present, f"{kind.__name__}: {set(columns_of(kind)) - present} not in {table}"


def test_fields_that_may_be_none_may_be_null(unbound):
    """…and the schema says beside the column what NULL means."""
    for kind, table in TABLES.items():
        schema = unbound.value("SELECT sql FROM sqlite_master WHERE name = ?", (table,))
        info = {row["name"]: row for row in unbound.rows(f"SELECT * FROM pragma_table_info('{table}')")}
        hints = typing.get_type_hints(kind)
        for field in fields(kind):
            if field.name in info and type(None) in typing.get_args(hints[field.name]):
                if info[field.name]["pk"] or field.name in ("document_id", "change_id"):
                    continue
                assert not info[field.name]["notnull"], f"{table}.{field.name}"
                line = next(each for each in schema.splitlines() if each.strip().startswith(f"{field.name} "))
                assert "NULL:" in line, f"{table}.{field.name}: say what NULL means"


@given(moment=times, hours=st.integers(-14, 14))
def test_times_sort_as_text_whatever_their_zone(moment, hours):
    zone = timezone(timedelta(hours=hours))
    assert time_text(moment.astimezone(zone)) == time_text(moment)
    later = moment + timedelta(milliseconds=1)
    assert time_text(moment) < time_text(later)


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        time_text(datetime(2026, 11, 20))


def test_half_a_surrogate_pair_becomes_the_replacement_character(archive):
    """A JSON feed may hold one; UTF-8 cannot."""
    run = archive.begin_run("run \ud800", "0", datetime(2026, 11, 20, tzinfo=UTC))
    assert run.command == "run �"
    archive.db.execute("CREATE TABLE loose (text)")
    with archive.transaction():
        archive.db.many("INSERT INTO loose VALUES (?)", [("a",), ("b\udfff",), ("c",)])
    assert [row[0] for row in archive.db.rows("SELECT text FROM loose")] == ["a", "b�", "c"]
