"""The archive: every read and write of what Cruxwatch keeps, in terms of records.

One SQLite file. Each method is a transaction or part of the caller's (`with archive.transaction():`); what a method
recorded survives a kill and a power cut. Two processes may write at once; each waits for the other.

    frontier   sources, asks, fetches, captures     what is to be asked, and what came
    texts      readings, documents, versions, lines what captures said
    findings   changes, matches, reviews, digests   what was found, judged and told
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

from storage import findings, frontier, health, judged, judgements, looks, migrations, reprocess, search, texts
from storage.database import ArchiveError, DamagedBody, Database, connect
from storage.frontier import Seeds
from storage.records import (
    LOOKED,
    Ask,
    Capture,
    Change,
    Digest,
    Document,
    Fetch,
    Finding,
    History,
    Judgement,
    Line,
    Look,
    Note,
    Reading,
    Recorded,
    Review,
    Run,
    Sighting,
    Source,
    SourceHealth,
    Validators,
    Variant,
    Version,
)
from storage.rows import columns_of, from_row, insertion, time_text, to_row
from storage.search import Found

__all__ = ["Archive", "ArchiveError", "DamagedBody", "Found"]

TICKS = 1000
"""Signs of life kept."""


class Archive:
    """An open archive; a context manager that closes it. Not to be shared between threads."""

    def __init__(self, db: Database) -> None:
        self.db = db

    @classmethod
    def open(cls, path: Path | str, *, create: bool = True, read_only: bool = False) -> Archive:
        """Open (and bring up to date) the archive at `path`, or one in memory for ":memory:".

        `create`: make it where there is none. Raises ArchiveError, which says what to do.
        """
        db = connect(path, create=create, read_only=read_only)
        try:
            migrations.refuse_what_we_cannot_read(db) if read_only else migrations.migrate(db)
        except BaseException:
            db.close()
            raise
        return cls(db)

    def close(self) -> None:
        self.db.close()

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; nested ones are undone alone."""
        return self.db.transaction()

    # --- runs and signs of life

    def begin_run(self, command: str, version: str, at: datetime) -> Run:
        """Note that a run begins; one that was never ended was interrupted."""
        with self.transaction():
            self.db.execute(
                "UPDATE runs SET state = 'interrupted', finished_at = ? WHERE state = 'running'", (time_text(at),)
            )
            run = Run(started_at=at, command=command, version=version)
            columns = columns_of(Run)
            run_id = self.db.execute(insertion("runs", columns), to_row(run, columns)).lastrowid
            return self.run(run_id)

    def end_run(self, run_id: int, state: str, at: datetime, note: str | None = None) -> None:
        self.db.execute(
            "UPDATE runs SET state = ?, finished_at = ?, note = ? WHERE id = ?", (state, time_text(at), note, run_id)
        )

    def run(self, run_id: int) -> Run:
        row = self.db.one("SELECT * FROM runs WHERE id = ?", (run_id,))
        if row is None:
            raise ArchiveError(f"{self.db.name}: has no run {run_id}")
        return from_row(Run, row)

    def runs(self, limit: int = 20) -> list[Run]:
        """Newest first."""
        return [from_row(Run, row) for row in self.db.rows("SELECT * FROM runs ORDER BY id DESC LIMIT ?", (limit,))]

    def beat(self, at: datetime) -> None:
        """The scheduler is alive."""
        with self.transaction():
            self.db.execute("INSERT OR IGNORE INTO ticks VALUES (?)", (time_text(at),))
            self.db.execute(
                "DELETE FROM ticks WHERE ticked_at < (SELECT ticked_at FROM ticks ORDER BY 1 DESC LIMIT 1 OFFSET ?)",
                (TICKS - 1,),
            )

    def last_beat(self) -> datetime | None:
        text = self.db.value("SELECT max(ticked_at) FROM ticks")
        return datetime.fromisoformat(text) if text else None

    # --- sources and asks

    def sync_sources(self, sources: Iterable[Source], at: datetime) -> None:
        """Take over the catalogue's sources; those it no longer names are retired, none is deleted."""
        frontier.sync_sources(self.db, sources, at)

    def sources(self) -> list[Source]:
        """All sources ever watched, the retired too, by id."""
        return frontier.sources(self.db)

    def sync_seeds(self, seeds: Seeds, at: datetime) -> None:
        """Take over the catalogue's addresses, (url, key) by source; a new one is due at once, a dropped one never."""
        frontier.sync_seeds(self.db, seeds, at)

    def add_asks(self, asks: Sequence[Ask]) -> int:
        """Add those whose address is new for their source; returns their number.

        A known item that was never to be asked again is due again when the new ask has a `revisit_seconds`; one that
        is said to have changed since is due at once.
        """
        return frontier.add_asks(self.db, asks)

    def due_asks(self, at: datetime, *, source_ids: Sequence[str] | None = None, limit: int | None = None) -> list[Ask]:
        """What is due at that time, longest due first; of sources in the catalogue and observable."""
        return frontier.due_asks(self.db, at, source_ids, limit)

    def pending_count(self, at: datetime) -> int:
        """Number of asks due at that time."""
        return frontier.pending_count(self.db, at)

    def waiting(self, at: datetime) -> dict[str, int]:
        """What is not done yet: asks due, captures unread."""
        return {"due": self.pending_count(at), "unread": self.db.value("SELECT count(*) FROM unread_captures")}

    def next_due(self) -> tuple[datetime, str] | None:
        """When which source is due next; None: none ever."""
        return frontier.next_due(self.db)

    def wake_from_ahead(self, at: datetime) -> int:
        """Let be due what a clock that ran ahead put off: asked last well after `at`; returns their number."""
        return frontier.wake_from_ahead(self.db, at)

    def failures_of(self, run_id: int) -> list[tuple[str, str, int]]:
        """Why attempts of a run showed nothing: (outcome, detail, how often), the most frequent first."""
        return frontier.failures_of(self.db, run_id, LOOKED)

    def make_due(self, source_ids: Sequence[str], at: datetime) -> None:
        """Let the catalogue's addresses of these sources be due now, whatever their pace."""
        frontier.make_due(self.db, source_ids, at)

    def pending(self, source_id: str) -> list[Ask]:
        """Asks of a source that were never tried, in the order found."""
        return frontier.pending(self.db, source_id)

    def ask(self, ask_id: int | None) -> Ask | None:
        return frontier.ask(self.db, ask_id)

    def ask_at(self, source_id: str, url: str) -> Ask | None:
        """The ask for an address; None: it was never asked for that source."""
        return frontier.ask_at(self.db, source_id, url)

    # --- triggers

    def sync_triggers(self, ids: Iterable[str], at: datetime, *, anew: bool = False) -> None:
        """Take over the catalogue's triggers: a new one is used from `at` on, one that left is forgotten.

        `anew`: the whole archive is read again by them. The first ever count as used from the beginning.
        """
        looks.sync_triggers(self.db, ids, at, anew)

    def triggers_used(self) -> dict[str, datetime]:
        """Since when what came has been held against each trigger; empty: nobody said."""
        return looks.triggers_used(self.db)

    # --- fetches and captures

    def record_fetch(
        self, fetch: Fetch, capture: Capture | None, body: bytes | None, ask: Ask | None
    ) -> tuple[int, int | None]:
        """Keep an attempt, its response, and what it made of the ask, in one transaction: (fetch id, capture id).

        `ask`: with `due_at`, `failures` and `misses` as they are now; None: none (by hand).
        """
        return frontier.record_fetch(self.db, fetch, capture, body, ask)

    def validators(self, source_id: str, url: str) -> Validators | None:
        """What a conditional request may send; None: ask without condition."""
        return frontier.validators(self.db, source_id, url)

    def fetches(
        self,
        *,
        source_id: str | None = None,
        url: str | None = None,
        outcome: str | None = None,
        limit: int | None = None,
    ) -> list[Fetch]:
        """Attempts, newest first."""
        where = {"source_id": source_id, "url": url, "outcome": outcome}
        where = {column: value for column, value in where.items() if value is not None}
        return [fetch for fetch, _ in frontier.fetches(self.db, where, limit)]

    def fetches_of(self, source_id: str, limit: int | None = None) -> list[tuple[Fetch, Reading | None]]:
        """Attempts at a source, newest first, with the reading of what each brought."""
        return frontier.fetches(self.db, {"source_id": source_id}, limit)

    def last_fetch(self, source_id: str, url: str) -> Fetch | None:
        return next(iter(self.fetches(source_id=source_id, url=url, limit=1)), None)

    def unread_captures(self, limit: int | None = None) -> list[int]:
        """Ids of captures without a reading, in the order they were made."""
        return frontier.unread_captures(self.db, limit)

    def capture(self, capture_id: int) -> Capture:
        return frontier.capture(self.db, capture_id)

    def capture_before(self, capture: Capture) -> Capture | None:
        """The capture of the same address before this one."""
        return frontier.capture_before(self.db, capture)

    def targets_before(self, capture: Capture) -> set[str]:
        """Where this address led at earlier captures."""
        return frontier.targets_before(self.db, capture)

    def body(self, what: Capture | str) -> bytes:
        """The body of a capture, or of a SHA-256; proved, DamagedBody (naming the capture) when it is not."""
        return frontier.body(self.db, what)

    # --- readings, documents, versions, lines

    def record_reading(self, reading: Reading) -> None:
        texts.record_reading(self.db, reading)

    def reading(self, capture_id: int) -> Reading | None:
        """None: unread."""
        return texts.reading(self.db, capture_id)

    def read_before(self, ask_id: int | None, capture_id: int) -> bool:
        """Whether an earlier capture of the same ask was read and was good."""
        return texts.read_before(self.db, ask_id, capture_id)

    def documents_missing(
        self, capture: Capture, *, until: datetime | None = None, twice: bool = True
    ) -> list[Document]:
        """Documents that this ask has shown, and neither this capture nor the good look before it shows any more.

        `until`: when this capture was vouched for last, by a 304, which is a look after it. `twice`: False, for those
        that only this capture leaves out.
        """
        return texts.documents_missing(self.db, capture, until or capture.fetched_at, twice)

    def vouched_with_missing(self, source_ids: Sequence[str]) -> list[tuple[Capture, datetime]]:
        """The newest capture of each ask that a 304 vouched for, with its time, where it left documents out."""
        return texts.vouched_with_missing(self.db, source_ids)

    def document(self, source_id: str, key: str) -> Document | None:
        return texts.document(self.db, source_id, key)

    def documents_of(self, source_id: str) -> list[tuple[Document, Version]]:
        """Documents of a source with what each shows now, in the order found."""
        return texts.documents_of(self.db, source_id)

    def upsert_document(self, document: Document) -> Document:
        """Keep a document by its source and key; None in `title`, `version_id`, `memory` leaves what is there."""
        return texts.upsert_document(self.db, document)

    def look(
        self,
        document_id: int,
        version_id: int | None,
        at: datetime,
        *,
        title: str | None = None,
        memory: str | None = None,
    ) -> None:
        """A good look at a document: one visit more, and what it shows now; None leaves what is there."""
        texts.look(self.db, document_id, version_id, at, title, memory)

    def touch_document(self, document_id: int, at: datetime) -> None:
        """The same bytes again: seen, but no visit, since nothing was read."""
        texts.touch_document(self.db, document_id, at)

    def set_memory(self, document_id: int, memory: str | None) -> None:
        texts.set_memory(self.db, document_id, memory)

    def history(self, source_id: str, key: str, lines: Sequence[Line]) -> History:
        """All that comparing a new text with these lines needs to know of the past."""
        return texts.history(self.db, source_id, key, lines)

    def record_version(self, version: Version) -> int:
        """Keep a new text; its document shows it now, and searching finds it."""
        return texts.record_version(self.db, version)

    def touch_version(self, version_id: int, at: datetime) -> None:
        """A known text was shown again; its document shows it now."""
        texts.touch_version(self.db, version_id, at)

    def version(self, version_id: int) -> Version:
        return texts.version(self.db, version_id)

    def touch_lines(self, document_id: int, lines: Iterable[Line], at: datetime, capture_id: int | None = None) -> None:
        """Note in the sentence ledger that a document shows these lines."""
        texts.touch_lines(self.db, document_id, lines, at, capture_id)

    def items_unreached(self) -> list[tuple[Ask, Capture]]:
        """Items asked in vain of which nothing is known but a summary, each with the capture that named it."""
        return texts.items_unreached(self.db)

    def gone_unreported(self) -> list[tuple[Ask, Document, Fetch]]:
        """Documents missed twice in a row that still count as there, with the fetch that confirmed it."""
        return texts.gone_unreported(self.db)

    def mark_gone(self, document_id: int, at: datetime) -> None:
        texts.mark_gone(self.db, document_id, at)

    @contextmanager
    def repeatable(self) -> Iterator[None]:
        """Commit without waiting for the disk: what is written inside can be read out of the captures again.

        A killed process loses nothing all the same; a power cut may take the newest readings, which are then unread.
        """
        self.db.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
        finally:
            self.db.execute("PRAGMA synchronous = FULL")

    # --- changes, reviews, digests

    def record_change(self, change: Change) -> int:
        """Keep a change with its hunks and matches."""
        return findings.record_change(self.db, change)

    def findings(self, from_at: datetime, to_at: datetime, *, include_reprocessed: bool = False) -> list[Finding]:
        """Changes seen in [from_at, to_at), by level, source and order of recording.

        `include_reprocessed`: what reading the archive again found, in place of what it replaced.
        """
        kept = "changes.forgotten_at IS NULL" if include_reprocessed else "NOT reprocessed"
        return findings.findings(
            self.db,
            f"seen_at >= :from_at AND seen_at < :to_at AND {kept}",
            {"from_at": time_text(from_at), "to_at": time_text(to_at)},
        )

    def findings_among(self, ids: Sequence[int]) -> list[Finding]:
        """These changes, by level, source and order of recording."""
        return findings.findings(
            self.db, "changes.id IN (SELECT value FROM json_each(:ids))", {"ids": json.dumps(list(ids))}
        )

    def findings_of(self, date: str) -> list[Finding]:
        """Changes that the digest of this date tells, by level, source and order of recording."""
        return findings.findings(self.db, "digest_date = :date", {"date": date})

    def told_before(self, date: str, from_at: datetime) -> list[Finding]:
        """Alerts and notable changes seen from then on that digests before this date told: who had it first."""
        return findings.findings(
            self.db,
            "digest_date < :date AND seen_at >= :from_at AND level IN ('alert', 'notable') AND kind <> 'first'",
            {"date": date, "from_at": time_text(from_at)},
        )

    def finding(self, change_id: int) -> Finding:
        return findings.finding(self.db, change_id)

    def record_review(self, review: Review) -> int:
        return findings.record_review(self.db, review)

    def reviews(self, change_id: int | None = None) -> list[Review]:
        """Verdicts in the order given; of all changes, or of one."""
        return findings.reviews(self.db, change_id)

    def record_note(self, note: Note) -> int:
        """Keep what a person said of a capture."""
        return findings.record_note(self.db, note)

    def notes(self, capture_id: int) -> list[Note]:
        """What was said of a capture, and of its images, in the order given."""
        return findings.notes(self.db, capture_id)

    def take_back_review(self, review_id: int | None = None) -> Review | None:
        """Delete a verdict, by default the one given last, and return it; None: there is none."""
        with self.transaction():
            return judged.take_back_review(self.db, review_id)

    def to_review(
        self,
        *,
        every: bool = False,
        trigger: str | None = None,
        source: str | None = None,
        since: datetime | None = None,
    ) -> list[int]:
        """Ids of alerts and notable changes without a verdict on the whole, newest first; `every`: judged ones too."""
        return judged.to_review(self.db, every=every, trigger=trigger, source=source, since=since)

    def judgement(self, key: str) -> Judgement | None:
        """What the optional judge said of a question; None: it was not asked."""
        return judgements.judgement(self.db, key)

    def record_judgement(self, judgement: Judgement) -> None:
        judgements.record_judgement(self.db, judgement)

    def note_opinion(self, change_id: int, reason: str) -> None:
        """Give a change that no digest has told one reason more; routine becomes notable, nothing an alert."""
        with self.transaction():
            judgements.note_opinion(self.db, change_id, reason)

    def triggers_of_reviews(self) -> dict[int, str]:
        """The trigger of every match that a person judged, by the match's id."""
        return judged.triggers_of_reviews(self.db)

    def change_of_match(self, match_id: int) -> int | None:
        """The change that a match was met in; None: there is no such match."""
        return judged.change_of_match(self.db, match_id)

    def digest_of(self, change_id: int) -> str | None:
        """The date of the digest that told a change; None: none did."""
        return judged.digest_of(self.db, change_id)

    def fetch_of(self, capture_id: int) -> Fetch | None:
        """The attempt that made a capture; None: it was not fetched by us."""
        return judged.fetch_of(self.db, capture_id)

    def line_seen(self, fold: str) -> dict | None:
        """Where and when the sentence ledger first saw a line, and in how many documents; None: never."""
        return judged.line_seen(self.db, fold)

    def variants(self, document_id: int) -> list[Variant]:
        """Every text that a document is known to have shown, oldest first."""
        return judged.variants(self.db, document_id)

    def change_ids(self, from_at: datetime | None = None, to_at: datetime | None = None) -> list[int]:
        """Ids of changes seen in [from_at, to_at), in order; those replaced by a later reading only where judged."""
        return judged.change_ids(self.db, from_at, to_at)

    def recorded(self, ids: Sequence[int]) -> list[Recorded]:
        """These changes with what judging them again needs, by id."""
        return judged.recorded(self.db, ids)

    def assign_to_digest(self, date: str, to_at: datetime) -> int:
        """Put what was seen before `to_at` and is in no digest yet into the digest of this date; returns the number."""
        return findings.assign_to_digest(self.db, date, to_at)

    def digest(self, date: str) -> Digest | None:
        return findings.digest(self.db, "date = ?", (date,))

    def digest_before(self, date: str) -> Digest | None:
        """The newest digest of an earlier date."""
        return findings.digest(self.db, "date < ?", (date,))

    last_digest = digest_before

    def record_digest(self, digest: Digest) -> None:
        findings.record_digest(self.db, digest)

    # --- health, search, reading again, checking

    def source_health(self, from_at: datetime, to_at: datetime) -> list[SourceHealth]:
        """How well each source of the catalogue could be watched, as of `to_at`; counts are of [from_at, to_at)."""
        return health.source_health(self.db, from_at, to_at)

    def outcome_counts(self, from_at: datetime, to_at: datetime) -> dict[str, dict[str, int]]:
        """Attempts of [from_at, to_at) by source and outcome."""
        return health.outcome_counts(self.db, from_at, to_at)

    def looks(self, from_at: datetime, to_at: datetime) -> dict[str, dict[str, list[Look]]]:
        """Looks at the catalogue's addresses in [from_at, to_at) by source and address, and what was known before."""
        return looks.looks(self.db, from_at, to_at)

    def first_attempt(self) -> datetime | None:
        """When the watching began; None: it has not."""
        return looks.first_attempt(self.db)

    def sightings(self, from_at: datetime, to_at: datetime) -> list[Sighting]:
        """Matches in changes seen in [from_at, to_at), by the newest reading, with the verdict of people."""
        return looks.sightings(self.db, from_at, to_at)

    def search(self, typed: str, limit: int = 20) -> list[Found]:
        """Texts that hold what was typed, in either Chinese script and any form of an English word, best first."""
        return search.search(self.db, typed, limit)

    def rebuild_search(self) -> None:
        """Index every text anew: after the fold has changed, or when `check` says that texts are not found."""
        search.rebuild(self.db)

    def prepare_reprocess(
        self, *, source_ids: Sequence[str] | None = None, failed: bool = False, at: datetime | None = None
    ) -> list[int]:
        """Forget what was read, keep what was told and judged; returns the captures to read again, in order.

        `failed`: only captures that a defect kept from being read (with their source, where later ones were read).
        """
        return reprocess.prepare(self.db, source_ids, failed, at or datetime.now(UTC))

    def check(self) -> list[str]:
        """Problems of the file, of references, and of every body's hash; empty: all is well."""
        problems = [row[0] for row in self.db.rows("PRAGMA integrity_check") if row[0] != "ok"]
        for row in self.db.rows("PRAGMA foreign_key_check"):
            problems.append(f"{row['table']} {row['rowid']}: names a row of {row['parent']} that is not there")
        problems += search.missing(self.db)
        newest = self.db.rows(
            "SELECT * FROM captures WHERE id IN (SELECT max(id) FROM captures GROUP BY sha256) ORDER BY id"
        )
        for row in newest:
            try:
                self.body(from_row(Capture, row))
            except ArchiveError as error:
                problems.append(str(error))
        return problems
