"""Full text that finds two-character Chinese words, in either script, and English words in any form.

SQLite's tokenizers see a run of Chinese characters as one word, or need three characters. Here each character of
Chinese, Japanese and Korean is a token of its own, Traditional folded to Simplified character by character, and a run
that a person types becomes a phrase: every substring of a text finds it. English words are folded and stemmed.

The fold is by character, never by the words around it: what is typed alone must fold as it did inside its sentence.
"""

# ruff: noqa: S608 - SQL is put together from names of our own tables; values are always parameters

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from functools import cache
from typing import Any

import opencc

from storage.database import Database
from storage.records import record

LONGEST_QUERY = 400
MOST_TERMS = 32
SNIPPET = 90
"""Characters shown on each side of a hit."""


class _Spacing(dict):
    """For str.translate: each character of a script without spaces, simplified, between spaces; learned as met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        simple = _simplified(character) if _is_han(code) else character
        self[code] = spaced = f" {simple} " if _is_unspaced(code) else simple
        return spaced


def _is_han(code: int) -> bool:
    return (
        0x3400 <= code <= 0x4DBF or 0x4E00 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x323AF
    )


def _is_unspaced(code: int) -> bool:
    """Han, kana, 々〆〇, hangul."""
    return _is_han(code) or 0x3005 <= code <= 0x3007 or 0x3041 <= code <= 0x30FF or 0xAC00 <= code <= 0xD7A3


_SPACING = _Spacing()


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def _simplified(character: str) -> str:
    simple = _converter().convert(character)
    return simple if len(simple) == 1 else character


def indexed(text: str | None) -> str:
    """A text as the index takes it."""
    return unicodedata.normalize("NFKC", text).translate(_SPACING).replace("\0", " ") if text else ""


def escape_fts(typed: str | None) -> str:
    """What a person typed, as an FTS5 query that is never a syntax error.

    Words must all occur; "…" and a run of Chinese characters are phrases; OR between two; a last * finds beginnings.
    """
    either: list[list[str]] = [[]]
    for quoted, bare in _TYPED.findall(str(typed or "")[:LONGEST_QUERY].replace("“", '"').replace("”", '"'))[
        :MOST_TERMS
    ]:
        if bare == "OR":
            either.append([])
            continue
        words = " ".join(_words(indexed(quoted or bare)))
        if words:
            either[-1].append(_beginning(words) if bare.endswith("*") and " " not in words else f'"{words}"')
    return " OR ".join(f"({' AND '.join(every)})" for every in either if every) or '""'


def _beginning(word: str) -> str:
    """Stems are indexed: a whole word with * finds by its stem, a long beginning by what is left without an ending."""
    return f'("{word}" OR "{word[: max(5, len(word) - 3)]}"*)'


_TYPED = re.compile(r'"([^"]*)"?|([^\s"]+)')


def _words(text: str) -> list[str]:
    """Runs of letters, digits and marks: what the index's tokenizer keeps."""
    return "".join(
        c if unicodedata.category(c)[0] in "LNM" or unicodedata.category(c) == "Co" else " " for c in text
    ).split()


def index_version(db: Database, version_id: int, title: str | None, main: str, full: str) -> None:
    """Make a version found. `full` is indexed by the lines it has beyond `main`."""
    row = (version_id, *_version_texts(title, main, full))
    db.execute("INSERT INTO versions_fts (rowid, title, main, full) VALUES (?, ?, ?, ?)", row)


def forget_version(db: Database, version_id: int, title: str | None, main: str, full: str) -> None:
    row = (version_id, *_version_texts(title, main, full))
    db.execute("INSERT INTO versions_fts (versions_fts, rowid, title, main, full) VALUES ('delete', ?, ?, ?, ?)", row)


def index_hunks(db: Database, hunks: list[tuple[int, str | None, str | None]]) -> None:
    """Make hunks (id, old, new) found."""
    rows = [(hunk_id, indexed(old), indexed(new)) for hunk_id, old, new in hunks]
    db.many("INSERT INTO hunks_fts (rowid, old, new) VALUES (?, ?, ?)", rows)


def forget_hunks(db: Database, hunks: list[tuple[int, str | None, str | None]]) -> None:
    rows = [(hunk_id, indexed(old), indexed(new)) for hunk_id, old, new in hunks]
    db.many("INSERT INTO hunks_fts (hunks_fts, rowid, old, new) VALUES ('delete', ?, ?, ?)", rows)


def rebuild(db: Database) -> None:
    """Index everything anew, after the fold has changed."""
    with db.transaction():
        db.execute("INSERT INTO versions_fts (versions_fts) VALUES ('delete-all')")
        db.execute("INSERT INTO hunks_fts (hunks_fts) VALUES ('delete-all')")
        for row in db.execute("SELECT id, title, main, full FROM versions"):
            index_version(db, *row)
        index_hunks(db, [tuple(row) for row in db.rows("SELECT id, old, new FROM hunks")])


def missing(db: Database) -> list[str]:
    """What the index does not hold, or holds too much, in words."""
    problems = []
    for table in ("versions", "hunks"):
        off = db.value(
            f"SELECT (SELECT count(*) FROM {table} WHERE id NOT IN (SELECT id FROM {table}_fts_docsize))"
            f" + (SELECT count(*) FROM {table}_fts_docsize WHERE id NOT IN (SELECT id FROM {table}))"
        )
        if off:
            problems.append(f"{off} of {table} are not in the search index as they are in the archive; index them anew")
    return problems


def _version_texts(title: str | None, main: str, full: str) -> tuple[str, str, str]:
    known = set(main.splitlines())
    rest = "\n".join(line for line in full.splitlines() if line not in known)
    return indexed(title), indexed(main), indexed(rest)


@record
class Found:
    """A version that a search found."""

    version_id: int
    document_id: int
    source_id: str
    source_title: str
    url: str
    title: str | None
    first_seen_at: datetime
    snippet: str
    """The sentence that fits best, in the text's own words and script."""
    marks: tuple[tuple[int, int], ...]
    """Where the words stand in `snippet`: (start, end), in characters."""


def search(db: Database, typed: str, limit: int = 20) -> list[Found]:
    """Versions that hold what was typed, best first; of a document only its best version."""
    query = escape_fts(typed)
    if query == '""':
        return []
    rows = db.rows(_SEARCH, {"query": query, "limit": max(0, min(limit, 1000))})
    return [_found(row, _needles(typed)) for row in rows]


_SEARCH = """
WITH hits AS MATERIALIZED (
    SELECT rowid AS version_id, bm25(versions_fts, 4.0, 2.0, 1.0) AS rank
    FROM versions_fts WHERE versions_fts MATCH :query
), best AS (
    SELECT versions.*, min(rank) AS rank
    FROM hits JOIN versions ON versions.id = hits.version_id
    WHERE versions.forgotten_at IS NULL
    GROUP BY document_id ORDER BY rank, versions.id LIMIT :limit
)
SELECT best.id AS version_id, document_id, source_id, sources.title AS source_title, documents.url, best.title,
       best.main, best.full, best.first_seen_at
FROM best JOIN documents ON documents.id = document_id JOIN sources ON sources.id = source_id
ORDER BY rank, best.id
"""


def _found(row: Any, needles: list[str]) -> Found:
    snippet, marks = _snippet(row["title"], row["full"] or row["main"], needles)
    return Found(
        **{name: row[name] for name in ("version_id", "document_id", "source_id", "source_title", "url", "title")},
        first_seen_at=datetime.fromisoformat(row["first_seen_at"]),
        snippet=snippet,
        marks=marks,
    )


def _needles(typed: str) -> list[str]:
    """The words and phrases of a query in folded form, for showing where they stand."""
    found = [
        _fold(quoted or bare)[0].strip("*") for quoted, bare in _TYPED.findall(typed[:LONGEST_QUERY]) if bare != "OR"
    ]
    return [needle for needle in found if needle.strip()][:MOST_TERMS]


def _fold(text: str) -> tuple[str, list[int]]:
    """The text as compared, and for each of its characters the offset it came from."""
    out: list[str] = []
    offsets: list[int] = []
    for offset, character in enumerate(text):
        for part in unicodedata.normalize("NFKC", character).casefold():
            out.append(_simplified(part) if _is_han(ord(part)) else part)
            offsets.append(offset)
    return "".join(out), offsets


def _snippet(title: str | None, text: str, needles: list[str]) -> tuple[str, tuple[tuple[int, int], ...]]:
    best, best_marks = "", ()
    for line in [*text.splitlines()[:20_000], title or ""]:
        marks = _marks(line, needles)
        if len(marks) > len(best_marks):
            best, best_marks = line, marks
            if len({start for start, _ in marks}) >= len(needles):
                break
    if not best_marks:
        first = next((line for line in text.splitlines() if line.strip()), title or "")
        return (first[: 2 * SNIPPET] + "…" if len(first) > 2 * SNIPPET else first), ()
    start, end = max(0, best_marks[0][0] - SNIPPET), min(len(best), best_marks[0][1] + SNIPPET)
    before, after = "…" if start else "", "…" if end < len(best) else ""
    shift = len(before) - start
    inside = tuple((a + shift, b + shift) for a, b in best_marks if a >= start and b <= end)
    return before + best[start:end] + after, inside


def _marks(line: str, needles: list[str]) -> tuple[tuple[int, int], ...]:
    folded, offsets = _fold(line)
    marks = []
    for needle in needles:
        at = folded.find(needle)
        if at < 0 and needle.isascii() and len(needle) > 4:  # another form of the word: budgets, budgeting
            at = folded.find(needle[: max(4, len(needle) - 3)])
        if at >= 0:
            last = min(at + len(needle), len(offsets)) - 1
            marks.append((offsets[at], offsets[last] + 1))
    return tuple(sorted(marks))


def best_sentence(text: str | None, typed: str | None) -> str:
    """The line of a text that fits what was typed best, cut about the hit; for SQL."""
    return _snippet(None, text or "", _needles(typed or ""))[0]
