"""A sitemap, or an index of sitemaps (sitemaps.org): a way to discover pages, each a document of its own.

An address whose `lastmod` moves forward is asked again; news sitemaps bring title and date along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from crawler.errors import ReadingError
from crawler.extract import TextOptions, meta, xml
from crawler.extract.decode import decode
from crawler.kinds import answer
from crawler.kinds.result import NewAsk, Result
from crawler.kinds.urls import canonical, key_of, pattern, pattern_problem, site
from crawler.request import plain
from storage.records import Ask, AskPurpose, Capture, Health

VERSION = "sitemap/1"
MOST = 50_000
"""Addresses of one sitemap (the protocol's own bound)."""
INDEXED_AGAIN, UNDATED_AGAIN = timedelta(weeks=1), timedelta(hours=18)
"""How long after reading a sitemap of an index it is asked again, where the index does and does not date it."""

request = plain


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Which addresses are items, and what becomes of them."""

    match: tuple[str, ...] = field(
        default=(),
        metadata={"description": "Patterns (RE2); an address must hold one of them. Empty: any will do."},
    )
    skip: tuple[str, ...] = field(
        default=(), metadata={"description": "Patterns (RE2); an address that holds one of them is no item."}
    )
    sitemaps: tuple[str, ...] = field(
        default=(),
        metadata={"description": "Patterns (RE2); of an index, only sitemaps that hold one are read. Empty: all."},
    )
    same_site: bool = field(default=True, metadata={"description": "Whether only the sitemap's own site has items."})
    limit: int = field(
        default=200, metadata={"description": "Most items taken from one sitemap: those that changed last."}
    )
    max_sitemaps: int = field(default=50, metadata={"description": "Most sitemaps read of an index."})
    revisit: timedelta | None = field(
        default=timedelta(weeks=4),
        metadata={"description": "How long after reading an item it is asked again; null: when its lastmod moves."},
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        for name in ("match", "skip", "sitemaps"):
            for position, text in enumerate(getattr(self, name)):
                if problem := pattern_problem(text):
                    yield f"{name}[{position}]", problem
        if not 1 <= self.limit <= 2000:
            yield "limit", f"{self.limit} is not between 1 and 2000"
        if not 1 <= self.max_sitemaps <= 500:
            yield "max_sitemaps", f"{self.max_sitemaps} is not between 1 and 500"
        if self.revisit is not None and self.revisit < timedelta(hours=1):
            yield "revisit", "must be at least 1h, or null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An address of a sitemap."""

    url: str
    title: str | None = None
    published_raw: str | None = None
    changed_at: datetime | None = None


def seeds(url: str, more: Sequence[str], options: Options) -> tuple[tuple[str, str | None], ...]:
    """Give the addresses to ask; a sitemap is no document, its pages are."""
    return tuple((each, None) for each in dict.fromkeys((url, *more)))


def read(
    capture: Capture, body: bytes, ask: Ask, options: Options, text_options: TextOptions, language: str | None
) -> Result:
    """Read a sitemap to its addresses, an index to its sitemaps, or an item as a page."""
    if ask.purpose is AskPurpose.ITEM:
        return answer.read(capture, body, ask, text_options, language, VERSION)
    try:
        index, places = _places(body, capture)
        if index and ask.purpose is AskPurpose.MORE:
            raise ReadingError(Health.MALFORMED, "an index of sitemaps inside an index")
        asks, detail = (_sitemaps if index else _items)(places, capture, ask, options)
    except ReadingError as bad:
        return Result(health=bad.health, detail=bad.detail, reader=VERSION)
    return Result(health=Health.OK, detail=detail, asks=asks, reader=VERSION)


def _places(body: bytes, capture: Capture) -> tuple[bool, list[Place]]:
    """Whether it is an index, and the addresses in it, each once. A text of addresses is a sitemap, too."""
    body = xml.unzipped(body)
    if body[:8].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(b"http"):
        lines = decode(body, capture.charset)[0].split()
        if all(re.match(r"https?://", line) for line in lines[:100]):
            return False, _once(Place(url=line) for line in lines[:MOST])
    root = xml.read(body, charset=capture.charset, what="a sitemap")
    if root.name not in ("urlset", "sitemapindex"):
        raise ReadingError(Health.MALFORMED, f"<{root.name}> in place of a sitemap"[:200])
    index = root.name == "sitemapindex"
    elements = root.children("sitemap" if index else "url")
    return index, _once(_place(element, capture) for _, element in zip(range(MOST), elements, strict=False))


def _once(places: Iterator[Place]) -> list[Place]:
    found: dict[str, Place] = {}
    for place in places:
        if url := canonical(place.url):
            found.setdefault(key_of(url), replace(place, url=url))
    return list(found.values())


def _place(element: xml.Element, capture: Capture) -> Place:
    changed = meta.parse_date(element.text("lastmod"))
    if changed is not None and changed > capture.fetched_at + answer.AHEAD:
        changed = None
    return Place(
        url=element.text("loc") or "",
        title=(element.text("news", "title") or "")[:500] or None,
        published_raw=(element.text("news", "publication_date") or "")[:100] or None,
        changed_at=changed,
    )


def _sitemaps(
    places: Sequence[Place], capture: Capture, ask: Ask, options: Options
) -> tuple[tuple[NewAsk, ...], str | None]:
    """The sitemaps of an index: of its own site, those that changed last first."""
    own = {site(capture.final_url), site(ask.url)}
    chosen = [
        place
        for place in _newest_first(places)
        if site(place.url) in own and (not options.sitemaps or _holds(options.sitemaps, place.url))
    ]
    if places and not chosen:
        raise ReadingError(Health.MALFORMED, f"none of {len(places)} sitemaps is of this site and one by 'sitemaps'")
    asks = tuple(
        NewAsk(
            url=place.url,
            key=None,
            purpose=AskPurpose.MORE,
            title=urlsplit(place.url).path.rpartition("/")[2][:200] or "sitemap",
            revisit=INDEXED_AGAIN if place.changed_at else UNDATED_AGAIN,
            changed_at=place.changed_at,
        )
        for place in chosen[: options.max_sitemaps]
    )
    more = len(chosen) - options.max_sitemaps
    return asks, f"{len(chosen)} sitemaps, of which {options.max_sitemaps} are read" if more > 0 else None


def _items(
    places: Sequence[Place], capture: Capture, ask: Ask, options: Options
) -> tuple[tuple[NewAsk, ...], str | None]:
    own = {site(capture.final_url), site(ask.url)}
    chosen = [place for place in _newest_first(places) if _is_item(place.url, own, options)]
    if places and not chosen:
        detail = f"no item: none of {len(places)} addresses is one by 'match', 'skip' and 'same_site'"
        raise ReadingError(Health.MALFORMED, detail)
    asks = tuple(
        NewAsk(
            url=place.url,
            key=key_of(place.url),
            title=place.title,
            published_raw=place.published_raw,
            revisit=options.revisit,
            changed_at=place.changed_at,
        )
        for place in chosen[: options.limit]
    )
    if not places:
        return asks, "no address in it"
    more = len(chosen) - options.limit
    return asks, f"{len(chosen)} items, of which {options.limit} are taken" if more > 0 else None


def _newest_first(places: Sequence[Place]) -> list[Place]:
    """Those that changed last first; those without a date as they stand, at the end."""
    undated = datetime.min.replace(tzinfo=UTC)
    return sorted(places, key=lambda place: place.changed_at or undated, reverse=True)


def _is_item(url: str, own: set[str], options: Options) -> bool:
    if options.same_site and not any(site(url) == one or site(url).endswith(f".{one}") for one in own):
        return False
    if options.match and not _holds(options.match, url):
        return False
    return not _holds(options.skip, url)


def _holds(patterns: Sequence[str], url: str) -> bool:
    return any(pattern(each).search(url) for each in patterns)
