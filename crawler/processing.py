"""Unread captures become texts, versions, changes and evidence: no network, no clock, repeatable.

capture ─ kind.read ─▶ texts ─ change.compare ─▶ change ─ matcher.match ─▶ matches ─ assess ─▶ level
        └ items and further pages become asks

One transaction per capture: after a crash it is read wholly or not at all. A defect of ours is recorded as the
capture's reading and the rest goes on; `reprocess` reads it again.
"""

from __future__ import annotations

import traceback
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from crawler.catalogue import Catalogue, SourceEntry
from crawler.change import compare, lifecycle, lines_of, waiting
from crawler.change.whole import unseen
from crawler.errors import ReadingError
from crawler.evidence import Shown, context, judge
from crawler.extract import Text
from crawler.kinds import KINDS, Result
from crawler.match import Matcher
from storage.archive import Archive, ArchiveError, DamagedBody
from storage.records import (
    Ask,
    AskPurpose,
    Capture,
    Change,
    ChangeKind,
    Document,
    Health,
    Hunk,
    Level,
    Outcome,
    Reading,
    Source,
)

TOGETHER = 20
"""Captures written to disk at once; a killed process reads so many again."""
OLD_NEWS = timedelta(days=30)
"""A document dated so long before its source was added is history, not news, whenever it turns up."""


@dataclass(slots=True)
class Processed:
    """What a round of processing came to."""

    captures: int = 0
    healths: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    asks: int = 0
    faults: list[str] = field(default_factory=list)

    def told(self) -> tuple[Counter[str], Counter[str], int]:
        """What a capture adds to while it is read."""
        return self.changes.copy(), self.levels.copy(), self.asks

    def take_back(self, told: tuple[Counter[str], Counter[str], int]) -> None:
        """Count as before: what the capture came to was undone with it."""
        self.changes, self.levels, self.asks = told


_HERE = Path(__file__).parent
_compiled: list[Matcher] = []
"""The matcher of the assessment processed last; immutable once compiled."""


class Processor:
    """Reads captures of one archive by one catalogue."""

    def __init__(self, archive: Archive, catalogue: Catalogue, *, reprocessed: bool = False) -> None:
        self.archive = archive
        self.catalogue = catalogue
        self.reprocessed = reprocessed
        self.sources = {source.id: source for source in archive.sources()}
        self.came = Processed()

    @property
    def matcher(self) -> Matcher:
        """The triggers: compiled when first needed, which takes a third of a second, and kept for the next round."""
        assessment = self.catalogue.assessment
        if not _compiled or _compiled[0].assessment is not assessment:
            _compiled[:] = [Matcher(assessment)]
        return _compiled[0]

    def read(self, capture: Capture) -> Reading | None:
        """Read one capture and record all that follows, in one transaction; None: its source left the catalogue."""
        entry = self.catalogue.entry_of(capture)
        if entry is None or entry.kind not in KINDS:
            return None
        ask = self.archive.ask(capture.ask_id)
        with self.archive.transaction():
            reading = self._as_before(capture, ask) or self._afresh(capture, ask, entry)
            self.archive.record_reading(reading)
        self.came.captures += 1
        self.came.healths[reading.health] += 1
        return reading

    def _as_before(self, capture: Capture, ask: Ask) -> Reading | None:
        """The same bytes as at the last look need no reading: most looks end here."""
        if self.reprocessed or ask.key is None:
            return None
        before = self.archive.capture_before(capture)
        if before is None or before.sha256 != capture.sha256 or before.final_url != capture.final_url:
            return None
        read = self.archive.reading(before.id)
        document = self.archive.document(capture.source_id, ask.key)
        if read is None or read.health is not Health.OK or document is None or document.gone_at:
            return None
        if waiting(document.memory):  # a return that stays is news: it must be counted
            return None
        self.archive.touch_document(document.id, capture.fetched_at)
        return replace(
            read, capture_id=capture.id, detail="same bytes as the capture before", read_at=capture.fetched_at
        )

    def _afresh(self, capture: Capture, ask: Ask, entry: SourceEntry) -> Reading:
        reader, told = entry.kind, self.came.told()
        try:
            with self.archive.transaction():
                result = KINDS[entry.kind].read(
                    capture, self.archive.body(capture), ask, entry.options, entry.text, entry.language
                )
                reader = result.reader
                health, detail = result.health, result.detail
                if health is Health.OK:
                    health, detail = self._record(capture, ask, entry, result)
        except ReadingError as bad:
            health, detail = bad.health, bad.detail
        except Exception as defect:  # a defect must cost one capture, not the run
            if isinstance(defect, ArchiveError) and not isinstance(defect, DamagedBody):
                raise  # a full disk is no defect of the page: it stays unread
            health, detail = Health.ERROR, _defect(defect)
            self.came.faults.append(f"capture {capture.id} of {entry.id}: {detail}")
            self.came.take_back(told)
        return Reading(capture_id=capture.id, health=health, detail=detail, reader=reader, read_at=capture.fetched_at)

    def _record(self, capture: Capture, ask: Ask, entry: SourceEntry, result: Result) -> tuple[Health, str | None]:
        """Record the texts and asks of a good answer; the health may still fall when history says so."""
        first_look = not self.archive.read_before(ask.id, capture.id)
        health, detail = result.health, result.detail
        dated = first_look and not self._missed_before(ask)
        for position, text in enumerate(result.texts):
            baseline = not result.news and _is_baseline(text, ask, dated, self.sources[entry.id])
            # an answer that moved is told once, not with each of its documents
            text_health, text_detail = self._compare(capture, entry, text, baseline, moved=position == 0)
            if len(result.texts) == 1:
                health, detail = text_health, text_detail or detail
        if health is Health.OK:
            # a further page named by the first look is history at its own first look, and never again
            baseline = first_look and (ask.baseline or ask.purpose is AskPurpose.SEED)
            if ask.purpose is AskPurpose.ITEM:
                # a file that the list of files names at a later look is new in the repository
                baseline = ask.baseline and first_look
            asks = [_ask(new, entry, capture, baseline) for new in result.asks]
            self.came.asks += self.archive.add_asks(asks)
            if result.complete:
                self._unlisted(capture, entry, result, capture.fetched_at)
        return health, detail

    def _missed_before(self, ask: Ask) -> bool:
        """Whether an item was looked for and not there: when it comes, it is news, whoever named it first."""
        if ask.purpose is not AskPurpose.ITEM:
            return False
        return bool(self.archive.fetches(source_id=ask.source_id, url=ask.url, outcome=Outcome.GONE, limit=1))

    def _unlisted(self, capture: Capture, entry: SourceEntry, result: Result, at: datetime) -> None:
        """Report documents that a complete answer leaves out for the second time."""
        shown = {text.key for text in result.texts}
        # what also shows something new is no old copy of the answer: one look is enough
        fresh = result.together is not None and any(
            (known := self.archive.document(entry.id, key)) and known.first_seen_at == at for key in shown
        )
        missing = []
        for document in self.archive.documents_missing(capture, until=at, twice=not fresh):
            published = self.archive.version(document.version_id).published_at
            if document.key not in shown and (result.since is None or (published and published > result.since)):
                missing.append((published or document.first_seen_at, document))
        missing.sort(key=lambda pair: pair[0], reverse=True)
        told = missing[:1] if result.together else missing
        for _, document in told:
            why = result.together
            if why and len(missing) > 1:
                why = f"{why}; with it {len(missing) - 1} other known documents"
            self._judge(lifecycle.unlisted(document, capture, at, why), entry, None, document)
        for _, document in missing:
            self.archive.mark_gone(document.id, at)

    def _compare(
        self, capture: Capture, entry: SourceEntry, text: Text, baseline: bool, *, moved: bool = True
    ) -> tuple[Health, str | None]:
        """Compare one text with what its document has shown, and record what is new."""
        lines = lines_of(text.main, text.full, text.title)
        history = self.archive.history(entry.id, text.key, lines)
        found = compare(text, history, seen_at=capture.fetched_at, capture_id=capture.id, baseline=baseline)
        if found.health is not Health.OK:
            if history.document is not None and found.memory is not None:
                # a doubted page is believed when a second look agrees with the first
                self.archive.set_memory(history.document.id, found.memory)
            return found.health, found.detail
        document = self._document(capture, text, history.document, entry)
        old = history.current
        new_id = found.known_version_id
        if found.version is not None:
            new_id = self.archive.record_version(replace(found.version, document_id=document.id))
        elif new_id is not None:
            self.archive.touch_version(new_id, capture.fetched_at)
        self.archive.look(document.id, new_id, capture.fetched_at, title=text.title, memory=found.memory)
        self.archive.touch_lines(document.id, found.lines, capture.fetched_at, capture.id)
        change = lifecycle.returned(history.document, found.change, capture)
        about = Change(
            document_id=document.id,
            capture_id=capture.id,
            kind=ChangeKind.CHANGED,
            old_version_id=old.id if old else None,
            new_version_id=new_id,
            seen_at=capture.fetched_at,
            outside_main=True,
        )
        judged = change and self._judged(
            replace(change, document_id=about.document_id, old_version_id=about.old_version_id, new_version_id=new_id),
            entry,
            text,
        )
        if history.document is not None and (judged is None or judged.level is Level.NOISE):
            judged = (
                self._beside(unseen(text.main, text.full, text.title, lines, history.ledger), about, entry, text)
                or judged
            )
        if judged is not None:
            self._record_change(judged)
        if moved:
            self._moved(capture, document, entry, text)
        return Health.OK, None

    def _beside(self, hunks: tuple[Hunk, ...], about: Change, entry: SourceEntry, text: Text) -> Change | None:
        """The safety net: what a trigger fires on outside the main text, never shown before; None: it fires on none."""
        if not hunks:
            return None
        judged = self._judged(replace(about, hunks=hunks), entry, text)
        met = {match.excerpt for match in judged.matches if match.fired}
        told = tuple(hunk for hunk in hunks if any(excerpt in hunk.new for excerpt in met))
        return replace(judged, hunks=told) if met else None

    def _document(self, capture: Capture, text: Text, known: Document | None, entry: SourceEntry) -> Document:
        at = capture.fetched_at
        if known is None:
            known = Document(source_id=entry.id, key=text.key, url=text.url, first_seen_at=at, last_seen_at=at)
        return self.archive.upsert_document(
            replace(known, url=text.url, title=text.title, last_seen_at=at, gone_at=None)
        )

    def _moved(self, capture: Capture, document: Document, entry: SourceEntry, text: Text) -> None:
        """Report a redirect target never seen before for this address: the target can be the news."""
        change = lifecycle.moved(capture, self.archive.targets_before(capture))
        if change is not None:
            self._judge(replace(change, document_id=document.id), entry, text)

    def _judge(self, change: Change, entry: SourceEntry, text: Text | None, document: Document | None = None) -> None:
        """Match, assess and record one change; `text`: what the document shows now, None when it shows nothing."""
        self._record_change(self._judged(change, entry, text, document))

    def _judged(
        self, change: Change, entry: SourceEntry, text: Text | None, document: Document | None = None
    ) -> Change:
        about = text or document
        shown = text and Shown(main=text.main, full=text.full, title=text.title, language=text.language)
        around = context(entry, about.url, about.title, text.language if text else None)
        return judge(replace(change, reprocessed=self.reprocessed), shown, around, self.matcher)

    def _record_change(self, change: Change) -> None:
        self.archive.record_change(change)
        self.came.changes[change.kind] += 1
        self.came.levels[change.level] += 1

    def unreached(self) -> None:
        """Read what a feed said of an entry whose page could not be had: a wall must not hide the news."""
        for ask, capture in self.archive.items_unreached():
            entry = self.catalogue.source(ask.source_id)
            if entry is None or entry.kind not in KINDS:
                continue
            text = Text(
                key=ask.key,
                url=ask.url,
                title=ask.title,
                published_raw=ask.published_raw,
                language=entry.language,
                main=ask.summary,
                full=ask.summary,
                extractor="summary/1",
            )
            with self.archive.transaction():
                self._compare(capture, entry, text, ask.baseline)

    def still_missing(self) -> None:
        """Report documents that a complete answer leaves out, when the second look at it is a 304.

        A 304 brings no reading, but vouches for the one before.
        """
        complete = [each.id for each in self.catalogue.sources if getattr(each.options, "complete", False)]
        for capture, at in self.archive.vouched_with_missing(complete):
            entry = self.catalogue.source(capture.source_id)
            ask = self.archive.ask(capture.ask_id)
            with self.archive.transaction():
                result = KINDS[entry.kind].read(
                    capture, self.archive.body(capture), ask, entry.options, entry.text, entry.language
                )
                if result.health is Health.OK and result.complete:
                    self._unlisted(capture, entry, result, at)

    def gone(self) -> None:
        """Report documents whose address answered 404 or 410 twice in a row."""
        for ask, document, fetch in self.archive.gone_unreported():
            entry = self.catalogue.source(ask.source_id)
            if entry is None:
                continue
            with self.archive.transaction():
                self._judge(lifecycle.gone(document, fetch), entry, None, document)
                self.archive.mark_gone(document.id, fetch.finished_at)


def _is_baseline(text: Text, ask: Ask, first_look: bool, source: Source) -> bool:
    """Whether a document new to us is dated history: named by the first look at its source, or older than it."""
    if first_look and (ask.baseline or ask.purpose is AskPurpose.SEED):
        return True
    return text.published_at is not None and text.published_at < source.added_at - OLD_NEWS


def _defect(defect: Exception) -> str:
    """What went wrong and where in our code, in one line."""
    frames = traceback.extract_tb(defect.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).is_relative_to(_HERE)] or frames
    where = f"{'/'.join(Path(ours[-1].filename).parts[-2:])}:{ours[-1].lineno}" if ours else "nowhere"
    return f"{type(defect).__name__} in {where}: {defect}"[:2000]


def _ask(new, entry: SourceEntry, capture: Capture, baseline: bool) -> Ask:
    return Ask(
        source_id=entry.id,
        url=new.url,
        key=new.key,
        purpose=new.purpose,
        title=new.title,
        published_raw=new.published_raw,
        summary=new.summary,
        baseline=baseline,
        revisit_seconds=int(new.revisit.total_seconds()) if new.revisit else None,
        changed_at=new.changed_at,
        found_at=capture.fetched_at,
        due_at=capture.fetched_at,
    )


def process(
    archive: Archive,
    catalogue: Catalogue,
    captures: Iterable[int] | None = None,
    *,
    reprocessed: bool = False,
    progress=lambda stage, done, total, note: None,
) -> Processed:
    """Read every unread capture, oldest first, and report what is confirmed gone."""
    processor = Processor(archive, catalogue, reprocessed=reprocessed)
    unread = list(captures if captures is not None else archive.unread_captures())
    with archive.repeatable():
        for begun in range(0, len(unread), TOGETHER):
            # each capture is recorded wholly or not at all; only the writing to disk is shared
            with archive.transaction():
                for done, capture_id in enumerate(unread[begun : begun + TOGETHER], begun + 1):
                    capture = archive.capture(capture_id)
                    reading = processor.read(capture)
                    note = f"{capture.source_id}: {reading.health if reading else 'not in the catalogue any more'}"
                    progress("read", done, len(unread), note)
    processor.unreached()
    if captures is None:
        processor.still_missing()
    processor.gone()
    return processor.came
