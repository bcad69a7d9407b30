"""Every column that a person can meet in Datasette says what it means."""

from __future__ import annotations

from importlib import resources

import pytest
from datasette.utils import parse_metadata

from storage.archive import Archive

METADATA = parse_metadata(resources.files("storage").joinpath("metadata.yml").read_text(encoding="utf-8"))
DATABASE = METADATA["databases"]["archive"]
TABLES = DATABASE["tables"]


@pytest.fixture(scope="module")
def schema() -> dict[str, list[str]]:
    with Archive.open(":memory:") as archive:
        names = archive.db.rows(
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') "
            "AND name NOT LIKE '%\\_fts%' ESCAPE '\\' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        )
        return {
            row["name"]: [
                column["name"] for column in archive.db.rows(f"SELECT name FROM pragma_table_info('{row['name']}')")
            ]
            for row in names
        }


def test_every_table_and_view_is_described_and_no_other(schema):
    assert set(TABLES) == set(schema)
    for name, table in TABLES.items():
        assert table["title"], name
        assert "?" in table["title"] or table.get("description"), name


def test_every_column_is_described_in_order_and_no_other(schema):
    for name, columns in schema.items():
        assert list(TABLES[name]["columns"]) == columns, name
        assert all(len(text) > 3 for text in TABLES[name]["columns"].values()), name


def test_what_may_be_empty_says_what_that_means():
    with Archive.open(":memory:") as archive:
        for name, table in TABLES.items():
            sql = archive.db.value("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,))
            for line in (sql or "").splitlines():
                if "NULL:" in line:
                    column = line.split()[0]
                    text = table["columns"][column]
                    assert "empty:" in text, f"{name}.{column}: {text}"


def test_facets_sorts_and_labels_name_columns(schema):
    for name, table in TABLES.items():
        named = [*table.get("facets", []), *table.get("units", {})]
        named += [table[key] for key in ("sort", "sort_desc", "label_column", "fts_pk") if key in table]
        assert set(named) <= set(schema[name]), name


def test_questions_are_questions_and_run_with_empty_and_odd_parameters():
    from storage.search import best_sentence, escape_fts

    with Archive.open(":memory:") as archive:
        archive.db.connection.create_function("escape_fts", 1, escape_fts)
        archive.db.connection.create_function("best_sentence", 2, best_sentence)
        for name, query in DATABASE["queries"].items():
            assert query["title"].endswith("?"), name
            for value in ("", "预算", "2026-11-20", "'; DROP TABLE sources --", '"', "%"):
                archive.db.rows(query["sql"], dict.fromkeys(query["params"], value))


def test_views_are_used_to_answer(schema):
    views = {name for name in schema if TABLES[name]["title"].endswith("?")}
    assert len(views) >= 12
