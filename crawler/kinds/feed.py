"""A feed: RSS, Atom, RDF or JSON Feed; an entry is a document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from crawler.errors import ReadingError
from crawler.extract import Entry, Text, TextOptions, meta
from crawler.extract import feed as extract
from crawler.extract.lines import normalise
from crawler.kinds import answer
from crawler.kinds.result import NewAsk, Result
from crawler.kinds.urls import canonical, key_of
from crawler.request import plain
from storage.records import Ask, AskPurpose, Capture, Health

VERSION = "feed/1"
LONGEST_SUMMARY = 20_000
"""Characters of what a feed says of an entry that is fetched as a page."""
request = plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What becomes of the entries of a feed."""

    fetch_entries: Literal["never", "short", "always"] = field(
        default="short",
        metadata={
            "description": "Which entries are fetched and read as pages: never; short: those whose text in the feed "
            "is a summary; always."
        },
    )
    limit: int = field(
        default=100, metadata={"description": "Most entries taken from one visit, in the order of the feed."}
    )
    revisit: timedelta | None = field(
        default=timedelta(weeks=4),
        metadata={"description": "How long after reading the page of an entry it is asked again; null: never."},
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        if not 1 <= self.limit <= 1000:
            yield "limit", f"{self.limit} is not between 1 and 1000"
        if self.revisit is not None and self.revisit < timedelta(hours=1):
            yield "revisit", "must be at least 1h, or null"


def seeds(url: str, more: Sequence[str], options: Options) -> tuple[tuple[str, str | None], ...]:
    """Give the addresses to ask; a feed is no document, its entries are."""
    return tuple((each, None) for each in dict.fromkeys((url, *more)))


def read(
    capture: Capture, body: bytes, ask: Ask, options: Options, text_options: TextOptions, language: str | None
) -> Result:
    """Read a feed to its entries, or the page of an entry as a page.

    An entry is a text, or an ask for its page, never both: its summary followed by its page would look like a change.
    The summary goes with the ask, to be read in place of a page that cannot be had (gone, behind a wall, forbidden).
    """
    if ask.purpose is AskPurpose.ITEM:
        return answer.read(capture, body, ask, text_options, language, VERSION)
    reader = f"{VERSION} {extract.VERSION}"
    try:
        feed = extract.read(
            body, charset=capture.charset, media_type=capture.media_type, url=capture.final_url, texts=True
        )
    except ReadingError as bad:
        return Result(health=bad.health, detail=bad.detail, reader=reader)
    texts, asks = [], []
    for key, entry in keyed(feed.entries[: options.limit]):
        url = canonical(entry.url) if entry.url else None
        if url and (options.fetch_entries == "always" or (options.fetch_entries == "short" and not entry.full)):
            raw = entry.published_raw or entry.updated_raw
            said = (entry.text or normalise(entry.title or ""))[:LONGEST_SUMMARY] or None
            asks.append(
                NewAsk(url=url, key=key, title=entry.title, published_raw=raw, summary=said, revisit=options.revisit)
            )
        elif (text := _text(entry, key, capture, feed.language or language)) is not None:
            texts.append(text)
    return Result(health=Health.OK, detail=feed.detail, texts=tuple(texts), asks=tuple(asks), reader=reader)


def keyed(entries: Sequence[Entry]) -> list[tuple[str, Entry]]:
    """Give each entry its key, each key once: its guid, or its address where the guid tells nothing apart.

    A guid that is an address is taken in the form of keys, so that a move to https changes none. A guid that several
    entries share, or that only a counter or a time after '#' sets apart, gives way to the address.
    """
    shared = {guid for guid, times in Counter(entry.guid for entry in entries).items() if times > 1}
    found: dict[str, Entry] = {}
    for entry in entries:
        address = key_of(entry.url) if entry.url and canonical(entry.url) else None
        guid = entry.guid
        if canonical(guid):
            key = address if "#" in guid and address else key_of(guid)
        else:
            key = address if guid in shared and address else guid
        found.setdefault(key, entry)
    return list(found.items())


def _text(entry: Entry, key: str, capture: Capture, language: str | None) -> Text | None:
    main = entry.text or normalise(entry.title or "")
    if not main:
        return None
    published = entry.published_at or entry.updated_at
    return Text(
        key=key,
        url=entry.url or capture.final_url,
        title=entry.title,
        author=entry.author,
        published_raw=entry.published_raw or entry.updated_raw,
        published_at=answer.believed(published, capture),
        language=meta.language(main, language),
        main=main,
        full=main,
        extractor=extract.VERSION,
    )
