"""A page that a person found, archived at once: fetched or given as a file, kept with its images, read as evidence.

addresses ─ crawl in a child, the same guard and pace ─▶ captures (by hand) ─ images of each, likewise
files     ─▶ captures (by hand)                         └ process: text · change (new, never a baseline) · matches
          note: the trigger it is evidence for, what was said of it, which image belongs to which page
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from difflib import get_close_matches
from pathlib import Path

from crawler import __version__
from crawler.catalogue import Catalogue, SourceEntry
from crawler.catalogue.model import BY_HAND
from crawler.clock import Clock, starting_at
from crawler.crawling import Progress, crawl_in_child, interval
from crawler.errors import UsageError
from crawler.extract import document, images
from crawler.fetch import Errand
from crawler.kinds import KINDS
from crawler.kinds.urls import canonical, key_of
from crawler.processing import process
from crawler.run import alone, declare, quiet, source_record
from storage.archive import Archive
from storage.records import Ask, AskPurpose, Capture, Fetch, Finding, Note, Outcome, Reading, Version

MOST_IMAGES = 40
"""Images fetched of one page."""
LARGEST_IMAGE = 8 * 1024 * 1024
LARGEST_FILE = 64 * 1024 * 1024
LONGEST_NOTE = 4_000
MEDIA_TYPES = {
    "html": "text/html",
    "mhtml": "multipart/related",
    "pdf": "application/pdf",
    "text": "text/plain",
    "markdown": "text/markdown",
    "csv": "text/csv",
    "json": "application/json",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What became of one address or file."""

    url: str
    fetch: Fetch | None
    """The attempt; None: it was not made, the crawl ended early."""
    capture: Capture | None = None
    """None: nothing came."""
    reading: Reading | None = None
    version: Version | None = None
    """What it says; None: it could not be read."""
    findings: tuple[Finding, ...] = ()
    """Changes that it showed, with their matches; empty: it said so before."""
    images: tuple[Capture, ...] = ()
    images_asked: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a person says of what they give."""

    source_id: str = BY_HAND
    trigger_id: str | None = None
    note: str | None = None
    title: str | None = None
    """Where the page names none."""


def capture(
    catalogue: Catalogue,
    archive_path: Path,
    urls: Sequence[str],
    *,
    about: About | None = None,
    file: Path | None = None,
    with_images: bool = True,
    now: datetime | None = None,
    progress: Progress = quiet,
) -> list[Kept]:
    """Archive pages now, read them, and say what they are evidence of.

    `file`: a saved page or document that came from the one address given; nothing is fetched then. Raises UsageError.
    """
    about = about or About()
    entry = _checked(catalogue, about, urls, file)
    addresses = list(dict.fromkeys(_address(url) for url in urls))
    body = _file(file) if file else None
    clock = starting_at(now)
    with alone(archive_path), Archive.open(archive_path) as archive:
        _declare(archive, catalogue, entry, clock())
        begun = archive.begin_run("capture", __version__, clock())
        state, fault = "failed", None
        try:
            hand = _Hand(archive, archive_path, catalogue, entry, about, begun.id, clock, now, progress)
            pages = [hand.give(addresses[0], body, file.name)] if file and body is not None else hand.fetch(addresses)
            shown = [hand.images(page) if with_images and body is None else page for page in pages]
            hand.note(shown)
            came = [page.capture.id for page in shown if page.capture] + [
                image.id for page in shown for image in page.images
            ]
            process(archive, catalogue, came, progress=progress)
            state, fault = "done", hand.fault
            return [hand.said(page) for page in shown]
        finally:
            archive.end_run(begun.id, state, clock(), fault)


def _checked(catalogue: Catalogue, about: About, urls: Sequence[str], file: Path | None) -> SourceEntry:
    entry = catalogue.source(about.source_id)
    if entry is None:
        near = get_close_matches(about.source_id, [each.id for each in catalogue.sources], 1)
        raise UsageError(f"--source {about.source_id}: no source has this id" + (f"; is it {near[0]}?" if near else ""))
    triggers = [trigger.id for trigger in catalogue.assessment.triggers]
    if about.trigger_id is not None and about.trigger_id not in triggers:
        near = get_close_matches(about.trigger_id, triggers, 1)
        raise UsageError(
            f"--trigger {about.trigger_id}: no trigger has this id" + (f"; is it {near[0]}?" if near else "")
        )
    if about.note and len(about.note) > LONGEST_NOTE:
        raise UsageError(f"--note: {len(about.note)} characters; {LONGEST_NOTE} are kept")
    if file is not None and len(urls) != 1:
        raise UsageError("--file: give the one address that the file came from")
    return entry


def _address(url: str) -> str:
    whole = canonical(url)
    if whole is None:
        raise UsageError(f"{url}: no http or https address; give it as the browser shows it")
    return whole


def _file(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if size > LARGEST_FILE:
            raise UsageError(f"--file {path}: {size} bytes; {LARGEST_FILE} are kept")
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"--file {path}: {error.strerror or error}; name a file that can be read") from None


def _declare(archive: Archive, catalogue: Catalogue, entry: SourceEntry, at: datetime) -> None:
    """Tell the archive what the catalogue says, and of our own source where it is the one."""
    if entry.id == BY_HAND:
        archive.sync_sources([source_record(each, at) for each in (*catalogue.sources, entry)], at)
    # what is not in the catalogue counts as retired: nobody waits for news there, and no report misses it
    declare(archive, catalogue, at)


class _Hand:
    """One command's work on an open archive."""

    def __init__(
        self,
        archive: Archive,
        path: Path,
        catalogue: Catalogue,
        entry: SourceEntry,
        about: About,
        run_id: int,
        clock: Clock,
        now: datetime | None,
        progress: Progress,
    ) -> None:
        self.archive, self.path, self.catalogue, self.entry, self.about = archive, path, catalogue, entry, about
        self.run_id, self.clock, self.now, self.progress = run_id, clock, now, progress
        self.fault: str | None = None

    def ask(self, url: str, title: str | None) -> Ask:
        """The ask for an address: the one that is known, so that its own pace stays, or one for this time only."""
        known = self.archive.ask_at(self.entry.id, url)
        if known is not None:
            return replace(known, title=known.title or title)
        return Ask(
            source_id=self.entry.id,
            url=url,
            key=key_of(url),
            purpose=AskPurpose.ITEM,
            title=title,
            found_at=self.clock(),
            due_at=self.clock(),
        )

    def fetch(self, addresses: Sequence[str]) -> list[Kept]:
        """Fetch pages; each as it came."""
        self._crawl([(self.ask(url, self.about.title), None) for url in addresses])
        return [self._came(url) for url in addresses]

    def give(self, url: str, body: bytes, name: str) -> Kept:
        """Keep a file as what an address answered, by a person's word."""
        at = self.clock()
        form = document.form_of(body, None, f"https://file.invalid/{name}")
        made = Capture(
            source_id=self.entry.id,
            url=url,
            final_url=url,
            fetched_at=at,
            status=200,
            media_type=MEDIA_TYPES.get(form, form if "/" in form else "application/octet-stream"),
            sha256=hashlib.sha256(body).hexdigest(),
            size=len(body),
            by_hand=True,
        )
        fetch = Fetch(
            run_id=self.run_id,
            source_id=self.entry.id,
            url=url,
            final_url=url,
            started_at=at,
            finished_at=at,
            outcome=Outcome.CAPTURED,
            detail="given as a file",
        )
        ask = self.ask(url, self.about.title)
        self.archive.record_fetch(fetch, made, body, ask if ask.id else replace(ask, due_at=None))
        return self._came(url)

    def images(self, page: Kept) -> Kept:
        """Fetch the images of a page that came."""
        if page.capture is None:
            return page
        body = self.archive.body(page.capture)
        if document.form_of(body, page.capture.media_type, page.capture.final_url) != "html":
            return page
        found = images.of(body, charset=page.capture.charset, url=page.capture.final_url, most=MOST_IMAGES)
        wanted = [url for url in dict.fromkeys(map(canonical, found)) if url and url != page.url]
        self._crawl([(self.ask(url, None), LARGEST_IMAGE) for url in wanted])
        came = [self._came(url).capture for url in wanted]
        return replace(page, images=tuple(each for each in came if each), images_asked=len(wanted))

    def note(self, pages: Sequence[Kept]) -> None:
        """Keep what was said, and which image belongs to which page."""
        at = self.clock()
        with self.archive.transaction():
            for page in pages:
                if page.capture is None:
                    continue
                self.archive.record_note(
                    Note(
                        capture_id=page.capture.id,
                        trigger_id=self.about.trigger_id,
                        note=self.about.note,
                        made_at=at,
                    )
                )
                for image in page.images:
                    self.archive.record_note(Note(capture_id=image.id, part_of_id=page.capture.id, made_at=at))

    def said(self, page: Kept) -> Kept:
        """What a page came to once it was read."""
        if page.capture is None:
            return page
        at = page.capture.fetched_at
        found = self.archive.findings(at, at + timedelta(seconds=1))
        shown = self.archive.document(self.entry.id, self.ask(page.url, None).key or key_of(page.url))
        return replace(
            page,
            reading=self.archive.reading(page.capture.id),
            version=self.archive.version(shown.version_id) if shown and shown.version_id else None,
            findings=tuple(each for each in found if each.change.capture_id == page.capture.id),
        )

    def _crawl(self, asks: Sequence[tuple[Ask, int | None]]) -> None:
        errands = []
        for ask, most in asks:
            options = self.catalogue.fetch_options(self.entry)
            errands.append(
                Errand(
                    ask=ask,
                    request=KINDS["page"].request(ask, KINDS["page"].Options(), self.clock()),
                    options=replace(options, max_bytes=min(most, options.max_bytes)) if most else options,
                    interval=interval(ask, self.entry.tolerance) if ask.id else None,
                    language=self.entry.language,
                )
            )
        if errands:
            now = self.clock() if self.now else None
            crawled = crawl_in_child(
                self.path,
                self.run_id,
                errands,
                now=now,
                progress=self.progress,
                limit=timedelta(minutes=10),
                by_hand=True,
            )
            self.fault = self.fault or crawled.fault

    def _came(self, url: str) -> Kept:
        fetch = self.archive.last_fetch(self.entry.id, url)
        if fetch is None or fetch.run_id != self.run_id:
            return Kept(url=url, fetch=None)
        got = self.archive.capture(fetch.capture_id) if fetch.capture_id else None
        return Kept(url=url, fetch=fetch, capture=got)
