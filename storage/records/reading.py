"""What captures say: readings, documents and their versions, the ledger of lines."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime

from storage.records.form import record
from storage.records.words import Health, Part


@record
class Reading:
    """What reading one capture came to. A capture without a reading is unread."""

    capture_id: int
    health: Health
    detail: str | None = None
    """The sign by which a bad page was known, or the error."""
    reader: str
    """Name and version of what read it, e.g. 'page/1 trafilatura/2.3.1'."""
    read_at: datetime


@record
class Document:
    """The thing that has versions."""

    id: int | None = None
    source_id: str
    key: str
    """Stable inside its source: canonical URL, guid, arXiv id, tag; never a title."""
    url: str
    title: str | None = None
    """Of the newest version."""
    first_seen_at: datetime
    last_seen_at: datetime
    version_id: int | None = None
    """The version shown now; None: nothing read yet."""
    gone_at: datetime | None = None
    """Confirmed gone; None: there."""
    visits: int = 0
    """Good looks so far."""
    memory: str | None = None
    """JSON of what comparing learned about this document; None: nothing yet."""


@record
class Version:
    """Normalised text of a document, recorded only when different."""

    id: int | None = None
    document_id: int | None = None
    capture_id: int | None = None
    """The capture it was first read from."""
    sha256: str
    """Of `main` in comparison form: the identity of a variant."""
    title: str | None = None
    author: str | None = None
    published_raw: str | None = None
    published_at: datetime | None = None
    """None: not given, or not understood."""
    language: str | None = None
    """BCP 47 primary tag as read: en, zh-Hans, zh-Hant …; None: undecided."""
    main: str
    """Main text in the one text form: NFC, one sentence, row or bullet a line; headings start with '# '."""
    full: str
    """All visible text in the same form; holds every line of `main`."""
    extractor: str
    first_seen_at: datetime
    last_seen_at: datetime
    seen: int = 1
    """Number of visits that showed it."""


@record
class Line:
    """A line of a text, as the sentence ledger keeps it."""

    fold: str
    """First 16 hex digits of the SHA-256 of the line in comparison form."""
    text: str
    part: Part


@record
class LineSeen:
    """What the ledger knows of a line."""

    first_seen_at: datetime
    """First in the archive, anywhere."""
    first_document_id: int
    here: bool
    """This document has shown it before."""
    here_last_seen_at: datetime | None = None
    here_seen: int = 0
    """Visits of this document that showed it."""


@record
class Variant:
    """A text that a document is known to have shown."""

    version_id: int
    sha256: str
    first_seen_at: datetime
    last_seen_at: datetime
    seen: int


@record
class History:
    """All that comparing a new text of a document needs to know of the past."""

    document: Document | None = None
    """None: never seen."""
    current: Version | None = None
    """What the document showed at the last good look."""
    variants: tuple[Variant, ...] = ()
    """Every text it has shown, newest first."""
    ledger: dict[str, LineSeen] = field(default_factory=dict)
    """By fold, for those lines of the new text that the archive has seen anywhere."""
    visits: int = 0
    """Good looks at this document so far."""
    memory: str | None = None
    """JSON that comparing wrote last time (learned noise); None: nothing yet. Rebuilt by `reprocess`."""
