"""What reading a capture yields: a text with its lines, a feed with its entries, links with their words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link as it stands in a page."""

    url: str
    """Absolute, http or https, without fragment."""
    text: str
    """Anchor text, white space folded; the title attribute or an image's alt text where there is none."""
    context: str = ""
    """Text of the row, item or paragraph around it: where a listing keeps the date."""
    published_raw: str | None = None
    """Date beside the link, as it stands there; None: none found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A document as it was read."""

    key: str
    """Of the document inside its source; the reader of HTML gives the address, the kind may replace it."""
    url: str
    title: str | None = None
    author: str | None = None
    published_raw: str | None = None
    """As the page claims it."""
    published_at: datetime | None = None
    """As we understand the claim, aware, UTC; None: not given or not understood."""
    language: str | None = None
    """BCP 47: en, zh-Hans, zh-Hant …; None: undecided."""
    main: str
    """Main text in the one text form (`lines`)."""
    full: str
    """All visible text in the same form; holds every line of `main`. Furniture (navigation, footer, dialogs, boxes
    about other pages) stands last, after the only empty line."""
    extractor: str
    """Name and version of what read it."""
    detail: str | None = None
    """What was left out (a file too long to be read whole); None: nothing."""
    links: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of a feed."""

    guid: str
    """Stable inside the feed: id or guid, else the address, else a hash of the title and date."""
    url: str | None = None
    """Absolute; None: the entry names none."""
    title: str | None = None
    author: str | None = None
    published_raw: str | None = None
    published_at: datetime | None = None
    updated_raw: str | None = None
    updated_at: datetime | None = None
    html: str = ""
    """The longest text the entry gives, as HTML (plain text is escaped); '' : none."""
    text: str = ""
    """The same in the one text form."""
    full: bool = False
    """True: the feed carries the whole text, not a summary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed as it was read."""

    title: str | None = None
    url: str | None = None
    """Of the site the feed belongs to."""
    language: str | None = None
    format: str = ""
    """rss20, atom10, rdf, json1 …, as the parser names it."""
    entries: tuple[Entry, ...] = ()
    next_url: str | None = None
    """Further page of the feed (RFC 5005, JSON Feed next_url)."""
    detail: str | None = None
    """What was wrong with it and did not prevent reading; None: well-formed."""
