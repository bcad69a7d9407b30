"""What reading one capture yields: texts of documents, and addresses to ask next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.extract.text import Text
from storage.records import AskPurpose, Health


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAsk:
    """An address that a listing or a feed named."""

    url: str
    """Absolute, canonical."""
    key: str | None
    """Key of the document that its answer is; None: reading the answer finds the keys (further pages)."""
    purpose: AskPurpose = AskPurpose.ITEM
    title: str | None = None
    """As it was named."""
    published_raw: str | None = None
    """As it was dated."""
    summary: str | None = None
    """What was said of it, in the one text form: read in its place while its page cannot be."""
    revisit: timedelta | None = None
    """Ask again after this long; None: once is enough."""
    changed_at: datetime | None = None
    """When it changed last, as what named it says (a sitemap's lastmod): a later time than before makes it due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What one capture came to; `texts` and `asks` are empty unless `health` is OK."""

    health: Health
    detail: str | None = None
    """The sign by which a bad answer was known, or what a good one left out."""
    texts: tuple[Text, ...] = ()
    """One per document, each with its key."""
    complete: bool = False
    """The texts are all that this address has to show: a document that it showed before and not now is gone, once a
    second look has confirmed it."""
    since: datetime | None = None
    """Of a complete answer: only documents published later are held against it; None: all."""
    together: str | None = None
    """What it means, in words, that documents are left out: one event, told of the newest of them, at the first look
    when the answer also shows something new. None: each is an event of its own."""
    news: bool = False
    """What is new here is news even at the first look, since the catalogue says what was there before."""
    asks: tuple[NewAsk, ...] = ()
    reader: str
    """Name and version of the kind, then of the extractor: 'listing/1 links/1'."""
