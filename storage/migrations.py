"""The schema, as SQL that is only ever appended to, and the questions of `views.sql`.

A migration once released is never edited: archives made by it exist. `migrations` in the archive names those applied.
All pending ones are applied in one transaction, so an archive is never between two versions.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from functools import cache
from importlib import resources

import sqlite_utils
from sqlite_utils.migrations import Migrations

from storage.database import ArchiveError, Database

FIRST = """
CREATE TABLE sources (                -- the catalogue as the archive knew it
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    kind TEXT NOT NULL,
    url TEXT NOT NULL,
    role TEXT NOT NULL,               -- primary, secondary, newsletter or query
    language TEXT,                    -- BCP 47; NULL: not declared
    publisher TEXT,                   -- NULL: not said
    citation INTEGER,                 -- NULL: not a cited source
    tolerance_seconds INTEGER NOT NULL,
    observable INTEGER NOT NULL DEFAULT 1 CHECK (observable IN (0, 1)),
    why_not TEXT,                     -- NULL: observable
    added_at TEXT NOT NULL,
    retired_at TEXT                   -- NULL: still in the catalogue
) STRICT;

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    started_at TEXT NOT NULL,
    finished_at TEXT,                 -- NULL: still running, or killed
    state TEXT NOT NULL,              -- running, done, interrupted or failed
    command TEXT NOT NULL,
    version TEXT NOT NULL,
    note TEXT                         -- NULL: nothing to say
) STRICT;

CREATE TABLE asks (                   -- the frontier: what is due lives here and nowhere else
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources (id),
    url TEXT NOT NULL,
    key TEXT,                         -- NULL: the reading finds the keys of its documents
    purpose TEXT NOT NULL,            -- seed, item or more
    title TEXT,                       -- NULL: not named where it was found
    published_raw TEXT,               -- NULL: not dated where it was found
    baseline INTEGER NOT NULL DEFAULT 0 CHECK (baseline IN (0, 1)),
    found_at TEXT NOT NULL,
    due_at TEXT,                      -- NULL: never again
    failures INTEGER NOT NULL DEFAULT 0,
    misses INTEGER NOT NULL DEFAULT 0,
    revisit_seconds INTEGER,          -- NULL: a seed at its source's pace, an item never
    summary TEXT,                     -- NULL: it said nothing of it
    changed_at TEXT,                  -- as what named it says (a sitemap); NULL: it does not say
    withdrawn_at TEXT,                -- when the catalogue dropped the address; NULL: it did not
    UNIQUE (source_id, url)
) STRICT;
CREATE INDEX asks_due ON asks (due_at) WHERE due_at IS NOT NULL;
CREATE INDEX asks_missed ON asks (misses) WHERE misses >= 2;

CREATE TABLE blobs (                  -- bodies, stored once
    sha256 TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    packed_size INTEGER NOT NULL,
    base_sha256 TEXT REFERENCES blobs (sha256),  -- the body it is compressed against; NULL: stored whole
    depth INTEGER NOT NULL,           -- bodies it builds on
    packed BLOB NOT NULL              -- zstd
) STRICT;
CREATE INDEX blobs_base ON blobs (base_sha256) WHERE base_sha256 IS NOT NULL;

CREATE TABLE captures (
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources (id),
    ask_id INTEGER REFERENCES asks (id),  -- NULL: given by hand
    url TEXT NOT NULL,
    final_url TEXT NOT NULL,
    fetched_at TEXT NOT NULL,
    status INTEGER NOT NULL,
    headers TEXT NOT NULL,            -- JSON: [[name, value], …] in the order received
    media_type TEXT,                  -- NULL: the server did not say
    charset TEXT,                     -- NULL: the server did not say
    sha256 TEXT NOT NULL REFERENCES blobs (sha256),
    size INTEGER NOT NULL,
    etag TEXT,                        -- NULL: not sent
    last_modified TEXT,               -- NULL: not sent
    rendered INTEGER NOT NULL DEFAULT 0 CHECK (rendered IN (0, 1)),
    by_hand INTEGER NOT NULL DEFAULT 0 CHECK (by_hand IN (0, 1))
) STRICT;
CREATE INDEX captures_address ON captures (source_id, url, id);
CREATE INDEX captures_ask ON captures (ask_id, id);
CREATE INDEX captures_body ON captures (sha256);
CREATE INDEX captures_time ON captures (fetched_at);

CREATE TABLE fetches (
    id INTEGER PRIMARY KEY,
    run_id INTEGER REFERENCES runs (id),  -- NULL: made outside a run
    ask_id INTEGER REFERENCES asks (id),  -- NULL: asked by hand
    source_id TEXT NOT NULL REFERENCES sources (id),
    url TEXT NOT NULL,
    final_url TEXT,                   -- NULL: no response
    redirects TEXT NOT NULL,          -- JSON: [[status, target], …]
    started_at TEXT NOT NULL,
    finished_at TEXT NOT NULL,
    outcome TEXT NOT NULL,            -- captured, unchanged, gone, disallowed, blocked, …
    reason TEXT,                      -- NULL: captured or unchanged
    detail TEXT,                      -- NULL: nothing more to say
    status INTEGER,                   -- NULL: no response
    address TEXT,                     -- NULL: unknown, or no connection
    retry_at TEXT,                    -- NULL: at the source's own pace
    capture_id INTEGER REFERENCES captures (id)  -- made, or vouched for by 304; NULL: neither
) STRICT;
CREATE INDEX fetches_ask ON fetches (ask_id, id);
CREATE INDEX fetches_address ON fetches (source_id, url, id);
CREATE INDEX fetches_time ON fetches (source_id, started_at);
CREATE INDEX fetches_run ON fetches (run_id);
CREATE INDEX fetches_capture ON fetches (capture_id);

CREATE TABLE readings (               -- a capture without a reading is unread
    capture_id INTEGER PRIMARY KEY REFERENCES captures (id),
    health TEXT NOT NULL,
    detail TEXT,                      -- NULL: nothing to say
    reader TEXT NOT NULL,
    read_at TEXT NOT NULL
) STRICT;
CREATE INDEX readings_bad ON readings (health) WHERE health <> 'ok';

CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    source_id TEXT NOT NULL REFERENCES sources (id),
    key TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT,                       -- NULL: it has none
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    version_id INTEGER REFERENCES versions (id),  -- shown now; NULL: nothing read yet
    gone_at TEXT,                     -- NULL: there
    visits INTEGER NOT NULL DEFAULT 0,
    memory TEXT,                      -- JSON; NULL: comparing has learned nothing yet
    forgotten_at TEXT,                -- NULL: known; else set aside to be read anew
    UNIQUE (source_id, key)
) STRICT;
CREATE INDEX documents_version ON documents (version_id);

CREATE TABLE versions (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES documents (id),
    capture_id INTEGER REFERENCES captures (id),  -- first read from; NULL: not read from a capture
    sha256 TEXT NOT NULL,
    title TEXT,                       -- NULL: it has none
    author TEXT,                      -- NULL: not given
    published_raw TEXT,               -- NULL: not given
    published_at TEXT,                -- NULL: not given, or not understood
    language TEXT,                    -- NULL: undecided
    main TEXT NOT NULL,
    full TEXT NOT NULL,
    extractor TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    seen INTEGER NOT NULL DEFAULT 1,
    forgotten_at TEXT                 -- NULL: known; else replaced when the archive was read anew, kept as told
) STRICT;
CREATE INDEX versions_document ON versions (document_id, sha256);
CREATE INDEX versions_capture ON versions (capture_id);

CREATE TABLE lines (                  -- the sentence ledger: every line any document has shown
    fold TEXT PRIMARY KEY,            -- first 16 hex digits of the SHA-256 of its comparison form
    text TEXT NOT NULL,
    part TEXT NOT NULL,
    first_seen_at TEXT NOT NULL,
    first_document_id INTEGER NOT NULL REFERENCES documents (id),
    first_capture_id INTEGER REFERENCES captures (id)  -- NULL: not read from a capture
) STRICT, WITHOUT ROWID;
CREATE INDEX lines_document ON lines (first_document_id);
CREATE INDEX lines_time ON lines (first_seen_at);

CREATE TABLE document_lines (         -- which document showed which line, from when to when
    document_id INTEGER NOT NULL REFERENCES documents (id),
    fold TEXT NOT NULL REFERENCES lines (fold),
    first_seen_at TEXT NOT NULL,
    last_seen_at TEXT NOT NULL,
    seen INTEGER NOT NULL,            -- looks that showed it
    PRIMARY KEY (document_id, fold)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_lines_fold ON document_lines (fold);

CREATE TABLE changes (
    id INTEGER PRIMARY KEY,
    document_id INTEGER NOT NULL REFERENCES documents (id),
    capture_id INTEGER REFERENCES captures (id),  -- NULL: told by fetches alone (gone)
    kind TEXT NOT NULL,               -- first, new, changed, returned, gone, back or moved
    old_version_id INTEGER REFERENCES versions (id),  -- NULL: there was none
    new_version_id INTEGER REFERENCES versions (id),  -- NULL: there is none
    seen_at TEXT NOT NULL,
    significance REAL NOT NULL,
    parts TEXT NOT NULL,              -- JSON: [[name, share], …] of the significance
    level TEXT NOT NULL,              -- alert, notable, routine or noise
    reasons TEXT NOT NULL,            -- JSON: why this level, in words
    outside_main INTEGER NOT NULL DEFAULT 0 CHECK (outside_main IN (0, 1)),
    reprocessed INTEGER NOT NULL DEFAULT 0 CHECK (reprocessed IN (0, 1)),
    digest_date TEXT,                 -- NULL: in no digest yet, or never to be
    forgotten_at TEXT                 -- NULL: current; else replaced when the archive was read anew, kept as told
) STRICT;
CREATE INDEX changes_time ON changes (seen_at);
CREATE INDEX changes_document ON changes (document_id, seen_at);
CREATE INDEX changes_digest ON changes (digest_date);
CREATE INDEX changes_capture ON changes (capture_id);
CREATE INDEX changes_old ON changes (old_version_id);
CREATE INDEX changes_new ON changes (new_version_id);
CREATE INDEX changes_level ON changes (level, seen_at);

CREATE TABLE hunks (
    id INTEGER PRIMARY KEY,
    change_id INTEGER NOT NULL REFERENCES changes (id),
    position INTEGER NOT NULL,
    kind TEXT NOT NULL,               -- added, removed, edited or moved
    part TEXT NOT NULL,               -- main, rest or title
    old TEXT,                         -- NULL: an addition
    new TEXT,                         -- NULL: a removal
    heading TEXT,                     -- NULL: no heading above
    before TEXT,                      -- NULL: no sentence before
    noise TEXT,                       -- the rule that calls it noise; NULL: not noise
    first_seen_at TEXT                -- when the archive first saw the new sentence; NULL: here and now
) STRICT;
CREATE INDEX hunks_change ON hunks (change_id, position);

CREATE TABLE matches (
    id INTEGER PRIMARY KEY,
    change_id INTEGER NOT NULL REFERENCES changes (id),
    trigger_id TEXT NOT NULL,
    direction TEXT NOT NULL,          -- upward, downward, absence-broken or assumption
    side TEXT NOT NULL,
    part TEXT NOT NULL,
    excerpt TEXT NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER NOT NULL,
    score REAL NOT NULL,
    assertion TEXT NOT NULL,          -- asserted, decided, reported, negated, planned, …
    against INTEGER NOT NULL DEFAULT 0 CHECK (against IN (0, 1)),
    known INTEGER NOT NULL DEFAULT 0 CHECK (known IN (0, 1)),
    reasons TEXT NOT NULL,            -- JSON: most decisive first
    language TEXT,                    -- NULL: undecided
    fired INTEGER CHECK (fired IN (0, 1))  -- evidence by the rules of its day; NULL: not recorded
) STRICT;
CREATE INDEX matches_change ON matches (change_id);
CREATE INDEX matches_trigger ON matches (trigger_id);

CREATE TABLE reviews (
    id INTEGER PRIMARY KEY,
    change_id INTEGER NOT NULL REFERENCES changes (id),
    match_id INTEGER REFERENCES matches (id),  -- NULL: the verdict is on the whole change
    verdict TEXT NOT NULL,            -- relevant, noise or wrong trigger
    note TEXT,                        -- NULL: none
    reviewer TEXT,                    -- NULL: not said
    reviewed_at TEXT NOT NULL
) STRICT;
CREATE INDEX reviews_change ON reviews (change_id);
CREATE INDEX reviews_match ON reviews (match_id);

CREATE TABLE digests (
    date TEXT PRIMARY KEY,            -- YYYY-MM-DD in the catalogue's time zone
    from_at TEXT NOT NULL,
    to_at TEXT NOT NULL,
    sha256 TEXT,                      -- of its JSON form; NULL: not written yet
    delivered_at TEXT                 -- NULL: not delivered
) STRICT;

CREATE TABLE ticks (                  -- signs of life of the scheduler
    ticked_at TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

-- Double quotes: Datasette finds the index of a table by them.
-- The indexed text is folded and spaced (storage/search.py); `full` is indexed by the lines it has beyond `main`.
CREATE VIRTUAL TABLE versions_fts USING fts5 (
    title, main, full, content="versions", content_rowid="id", tokenize="porter unicode61 remove_diacritics 2"
);
CREATE VIRTUAL TABLE hunks_fts USING fts5 (
    old, new, content="hunks", content_rowid="id", tokenize="porter unicode61 remove_diacritics 2"
);
"""

NOTES = """
CREATE TABLE notes (                  -- what a person said of a capture given by hand
    id INTEGER PRIMARY KEY,
    capture_id INTEGER NOT NULL REFERENCES captures (id),
    part_of_id INTEGER REFERENCES captures (id),  -- NULL: it stands for itself; else the page whose image it is
    trigger_id TEXT,                  -- NULL: attached to no trigger
    note TEXT,                        -- NULL: nothing was said
    made_at TEXT NOT NULL
) STRICT;
CREATE INDEX notes_capture ON notes (capture_id);
CREATE INDEX notes_page ON notes (part_of_id) WHERE part_of_id IS NOT NULL;
"""

JUDGEMENTS = """
CREATE TABLE judgements (             -- what the optional judge said, each question once
    key TEXT PRIMARY KEY,             -- SHA-256 of the question and the model
    trigger_id TEXT NOT NULL,
    model TEXT NOT NULL,
    sentence TEXT NOT NULL,
    outcome TEXT NOT NULL,            -- yes, no, unclear, discarded or failed
    quotation TEXT,                   -- NULL: no opinion
    detail TEXT,                      -- NULL: neither discarded nor failed
    attempts INTEGER NOT NULL,
    tokens_in INTEGER NOT NULL,
    tokens_out INTEGER NOT NULL,
    cost REAL NOT NULL,
    asked_at TEXT NOT NULL
) STRICT;
CREATE INDEX judgements_trigger ON judgements (trigger_id, asked_at);
"""

TRIGGERS = """
CREATE TABLE triggers_used (          -- since when what came has been held against each trigger of the catalogue
    trigger_id TEXT PRIMARY KEY,
    since_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;
"""

MIGRATIONS: tuple[tuple[str, str], ...] = (
    ("1 first form", FIRST),
    ("2 notes", NOTES),
    ("3 judgements", JUDGEMENTS),
    ("4 triggers", TRIGGERS),
)
"""(name, SQL), oldest first. Append; never edit, never take out, never reorder."""


class _Named(Migrations):
    migrations_table = "migrations"


def migrate(db: Database) -> None:
    """Bring an archive to the newest form; ArchiveError when it is from the future. Two processes may do so at once."""
    views = _views()
    if not _pending(db) and _have_views(db) == views:
        return
    with db.transaction(), db.translated():
        _refuse_the_future(db)
        _registered().apply(db.utils)
        _renew_views(db, views)


def refuse_what_we_cannot_read(db: Database) -> None:
    """For a reader, who cannot migrate: ArchiveError unless the archive has today's form."""
    _refuse_the_future(db)
    if _pending(db):
        raise ArchiveError(f"{db.name}: is of an older form (or no archive); bring it up to date with `cruxwatch run`")


def _applied(db: Database) -> set[str]:
    if not db.one("SELECT 1 FROM sqlite_master WHERE name = 'migrations'"):
        return set()
    return {row["name"] for row in db.rows("SELECT name FROM migrations")}


def _pending(db: Database) -> bool:
    return _applied(db) != {name for name, _ in MIGRATIONS}


def _refuse_the_future(db: Database) -> None:
    unknown = sorted(_applied(db) - {name for name, _ in MIGRATIONS})
    if unknown:
        raise ArchiveError(
            f"{db.name}: was written by a newer Cruxwatch (it has the migration {unknown[-1]!r}); "
            "install that version or a newer one, or name another archive with --archive"
        )


def _registered() -> _Named:
    named = _Named("cruxwatch")
    for name, sql in MIGRATIONS:
        named(name=name)(_applying(sql))
    return named


def _applying(sql: str):
    def apply(db: sqlite_utils.Database) -> None:
        for statement in statements(sql):
            db.conn.execute(statement)

    return apply


def statements(sql: str) -> Iterator[str]:
    """Single statements of a script: executescript would commit, and a migration is all or nothing."""
    statement = ""
    for line in sql.splitlines(keepends=True):
        statement += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(statement):
            yield statement.strip().rstrip(";")
            statement = ""
    if statement.strip():
        raise ValueError(f"no semicolon at the end of a line ends this statement: {statement.strip()[:80]!r}")


@cache
def _views() -> dict[str, str]:
    """Name and SQL of each view of `views.sql`, in its order."""
    script = resources.files("storage").joinpath("views.sql").read_text(encoding="utf-8")
    views = {}
    for statement in statements(script):
        create = statement[statement.index("CREATE VIEW") :]
        views[create.split()[2]] = create
    return views


def _have_views(db: Database) -> dict[str, str]:
    return {row["name"]: row["sql"] for row in db.rows("SELECT name, sql FROM sqlite_master WHERE type = 'view'")}


def _renew_views(db: Database, views: dict[str, str]) -> None:
    for name in _have_views(db):
        db.execute(f'DROP VIEW "{name}"')
    for sql in views.values():
        db.execute(sql)
