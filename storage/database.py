"""One SQLite file, opened with care: settings each with its reason, transactions, and errors a person can act on.

sqlite-utils holds the connection (`Database.utils`); SQL that must be one statement for many rows is written here
and in the modules beside this one as SQL.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlite_utils

Parameters = Sequence[Any] | Mapping[str, Any]

PRAGMAS = (
    # a reader (Datasette) never waits for the writer, nor the writer for a reader
    "PRAGMA journal_mode = WAL",
    # each commit is on the disk before we go on: no mode loses anything to a kill, this one nothing to a power cut
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    # the crawl (a child process) and the process phase write at once: wait for each other's short transactions
    "PRAGMA busy_timeout = 30000",
    # pages kept in memory, in KiB (negative): the ledger of a large site fits
    "PRAGMA cache_size = -32768",
    # a WAL that grew in a long run is given back to the disk
    "PRAGMA journal_size_limit = 67108864",
)


class ArchiveError(Exception):
    """The archive cannot be opened, is locked, broken or from the future; the only fault that stops a run."""

    exit_code = 5


class DamagedBody(ArchiveError):
    """The body of one capture is not what was received; the rest of the archive is as good as ever."""


class Database:
    """A connection to the archive's file; every statement goes through it, every SQLite error leaves it translated."""

    def __init__(self, name: str, connection: sqlite3.Connection) -> None:
        self.name = name
        self.utils = sqlite_utils.Database(connection, recursive_triggers=False)
        self.connection = connection

    def execute(self, sql: str, parameters: Parameters = ()) -> sqlite3.Cursor:
        with self.translated():
            try:
                return self._cursor().execute(sql, parameters)
            except UnicodeEncodeError:
                return self._cursor().execute(sql, _without_surrogates(parameters))

    def many(self, sql: str, rows: Iterable[Parameters]) -> None:
        """Run one statement for many rows, in one call into SQLite."""
        rows = list(rows)
        with self.translated():
            try:
                with self.utils.atomic():  # rows taken before one that cannot be encoded are undone
                    self._cursor().executemany(sql, rows)
            except UnicodeEncodeError:
                self._cursor().executemany(sql, [_without_surrogates(row) for row in rows])

    def rows(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        with self.translated():
            return self.execute(sql, parameters).fetchall()

    def one(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        with self.translated():
            return self.execute(sql, parameters).fetchone()

    def value(self, sql: str, parameters: Parameters = ()) -> Any:
        """First column of the first row; None where there is no row."""
        row = self.one(sql, parameters)
        return None if row is None else row[0]

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Inside another transaction: a savepoint.

        BEGIN IMMEDIATE takes the write lock at the start, where SQLite waits `busy_timeout` for it; a transaction that
        starts reading and writes later is refused at once when another connection wrote in between.
        """
        if self.connection.in_transaction:
            with self.utils.atomic():
                yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self.connection.in_transaction:  # some errors (disk full) have already rolled back
                self.connection.execute("ROLLBACK")
            raise
        try:
            self.execute("COMMIT")
        except BaseException:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
            raise

    @contextmanager
    def translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise ArchiveError(explain(self.name, error)) from error

    def close(self) -> None:
        self.connection.close()

    def _cursor(self) -> sqlite3.Cursor:
        cursor = self.connection.cursor()
        cursor.row_factory = sqlite3.Row
        return cursor


def connect(path: Path | str, *, create: bool, read_only: bool) -> Database:
    """Open the file; ArchiveError when that cannot be, with what to do about it."""
    if str(path) == ":memory:":
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.execute("PRAGMA foreign_keys = ON")
        return Database(":memory:", connection)
    path = Path(path)
    name = str(path)
    if not path.exists():
        if read_only or not create:
            raise ArchiveError(
                f"{name}: there is no archive here; make one with `cruxwatch run`, or name another with --archive"
            )
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ArchiveError(
                f"{name}: its folder cannot be made ({error.strerror}); name another with --archive"
            ) from error
    elif path.is_dir():
        raise ArchiveError(f"{name}: is a folder; name a file in it with --archive")
    mode = "ro" if read_only else "rwc" if create else "rw"
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, timeout=30
        )
        try:
            for pragma in PRAGMAS:
                if not (read_only and ("journal" in pragma)):
                    connection.execute(pragma)
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error as error:
        raise ArchiveError(explain(name, error)) from error
    return Database(name, connection)


_REMEDIES = (
    ("not a database", "is not an SQLite file; name another with --archive, or move it away"),
    ("malformed", "is damaged; restore it from a backup, or rescue what is left with `sqlite3 FILE .recover`"),
    ("locked", "is locked by another process; wait for it to end (`fuser FILE` names it)"),
    ("readonly", "cannot be written; give this user the right to write the file and its folder"),
    ("unable to open", "cannot be opened; see that the folder exists and this user may read and write it"),
    ("is full", "has no room: the disk is full; free some and run again, nothing recorded is lost"),
    ("disk I/O", "cannot be read or written: the disk reports a fault"),
)


def explain(name: str, error: sqlite3.Error) -> str:
    """What went wrong with the archive and what to do about it, in a sentence."""
    text = str(error)
    for sign, remedy in _REMEDIES:
        if sign in text:
            return f"{name}: {remedy} ({text})"
    return f"{name}: {type(error).__name__}: {text}"


_SURROGATE = re.compile("[\ud800-\udfff]")


def _without_surrogates(parameters: Parameters) -> Parameters:
    """Half surrogate pairs (a JSON feed may hold them) are no text that UTF-8 can store: each becomes U+FFFD."""

    def clean(value: Any) -> Any:
        return _SURROGATE.sub("\ufffd", value) if isinstance(value, str) else value

    if isinstance(parameters, Mapping):
        return {key: clean(value) for key, value in parameters.items()}
    return tuple(clean(value) for value in parameters)
