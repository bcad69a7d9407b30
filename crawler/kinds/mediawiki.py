"""A page of a MediaWiki by its API: the article's text is the document, the page's number its key.

One request brings the text (TextExtracts: plain, templates resolved) and the newest revision. A page that is moved
keeps its number; a redirect is followed; a page that is missing at two looks is gone. Text that a vandal leaves and
another removes is a return to a known text, which is no news.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from crawler.errors import ReadingError
from crawler.extract import Text, TextOptions, meta
from crawler.extract.lines import normalise
from crawler.kinds import filled
from crawler.kinds import json_values as values
from crawler.kinds.result import NewAsk, Result
from crawler.request import Request
from storage.records import Ask, AskPurpose, Capture, Health

VERSION = "mediawiki/1"
LATER = frozenset({"maxlag", "ratelimited", "readonly"})
MOST_CONTINUED = 3
"""Further requests for the rest of one answer."""
AGAIN = timedelta(hours=18)
"""How long after reading the rest of an answer it is asked again: with the seed of a source asked daily."""
PARAMETERS = {
    "action": "query",
    "format": "json",
    "formatversion": "2",
    "prop": "extracts|revisions",
    "explaintext": "1",
    "exsectionformat": "wiki",
    "rvprop": "ids|timestamp|user",
    "redirects": "1",
    # when replication lags so many seconds, we wait, not the readers (mediawiki.org: Manual:Maxlag parameter)
    "maxlag": "5",
}
_HEADING = re.compile(r"^\s*(={2,6})\s*(.+?)\s*\1\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Which pages; the source's address is the wiki's api.php."""

    titles: tuple[str, ...] = field(
        default=(), metadata={"description": "Titles of pages, as the wiki writes them. At least one."}
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        if not 1 <= len(self.titles) <= 50:
            yield "titles", "must name 1 to 50 pages"
        for position, title in enumerate(self.titles):
            if not title.strip() or re.search(r"[#<>\[\]|{}\n]", title) or len(title.encode()) > 255:
                yield f"titles[{position}]", f"{title!r} is no title of a page"


def seeds(url: str, more: Sequence[str], options: Options) -> tuple[tuple[str, str | None], ...]:
    """Give an address for each page; which document answers is known by its number only."""
    bases = [each.partition("?")[0] for each in dict.fromkeys((url, *more))]
    return tuple((filled.identified(base, {"title": title}), None) for base in bases for title in options.titles)


def request(ask: Ask, options: Options, now: datetime) -> Request:
    """Ask the API for the page that the address names, or for the rest of an answer."""
    told = filled.told_by(ask.url)
    title = told.pop("title", options.titles[0] if options.titles else "")
    told.pop("n", None)
    url = f"{ask.url.partition('#')[0]}?{urlencode({**PARAMETERS, 'titles': title, **told})}"
    # a 304 brings no reading, and a missing page is confirmed by a second reading
    return Request(url=url, headers=(("Accept", "application/json"),), robots=False, conditional=False)


def read(
    capture: Capture, body: bytes, ask: Ask, options: Options, text_options: TextOptions, language: str | None
) -> Result:
    """Read an answer to the page's text; a page that is missing gives none, and that is an answer."""
    try:
        data = values.load(body, capture.charset)
        _refuse(data)
        query = data.get("query") if isinstance(data, dict) else None
        pages = _pages(query)
        if not pages:
            raise ReadingError(Health.MALFORMED, f"no page in the answer: {values.quoted(data)}")
        page = pages[0]
        if page.get("missing") not in (None, False) or page.get("pageid") is None:
            return _missing(page, ask)
        if not isinstance(page.get("extract"), str):
            return _rest(data, ask)
        text = _text(page, capture, language)
    except ReadingError as bad:
        return Result(health=bad.health, detail=bad.detail, reader=VERSION)
    return Result(health=Health.OK, detail=_redirect(query), texts=(text,), complete=_whole(ask), reader=VERSION)


def _whole(ask: Ask) -> bool:
    return ask.purpose is AskPurpose.SEED


def _refuse(data: Any) -> None:
    """Raise ReadingError for an error object; one that asks to come later is maintenance, not malformed.

    Usually the header MediaWiki-API-Error has told the crawl before; a proxy may drop it.
    """
    error = data.get("error") if isinstance(data, dict) else None
    if isinstance(error, dict) and error.get("code") in LATER:
        said = values.quoted(error.get("info") or "")
        raise ReadingError(Health.MAINTENANCE, f"asked to come later: {error['code']}: {said}")
    values.refuse(data, {})


def _pages(query: Any) -> list[dict[str, Any]]:
    """The pages of an answer, in either format version."""
    pages = query.get("pages") if isinstance(query, dict) else None
    pages = list(pages.values()) if isinstance(pages, dict) else pages
    return [page for page in pages if isinstance(page, dict)] if isinstance(pages, list) else []


def _missing(page: dict[str, Any], ask: Ask) -> Result:
    if page.get("invalid") not in (None, False):
        raise ReadingError(
            Health.MALFORMED, f"no title for this wiki: {values.quoted(page.get('invalidreason') or '')}"
        )
    title = values.quoted(str(page.get("title") or "?"))
    return Result(health=Health.OK, detail=f"no page {title}", complete=_whole(ask), reader=VERSION)


def _rest(data: dict[str, Any], ask: Ask) -> Result:
    """The answer goes on in another one: name it; without that, the wiki cannot give texts."""
    told = filled.told_by(ask.url)
    number = int(told.get("n", "0")) if told.get("n", "0").isdigit() else MOST_CONTINUED
    going_on = data.get("continue")
    if not isinstance(going_on, dict) or number >= MOST_CONTINUED:
        said = data.get("warnings") or "the page has no extract"
        raise ReadingError(
            Health.MALFORMED, f"no text of the page (the wiki needs TextExtracts): {values.quoted(said)}"
        )
    names = {str(name)[:50]: str(value)[:500] for name, value in list(going_on.items())[:10] if str(name) != "title"}
    url = filled.identified(ask.url, {**told, **names, "n": str(number + 1)})
    new = NewAsk(url=url, key=None, purpose=AskPurpose.MORE, title=f"rest {number + 1}", revisit=AGAIN)
    return Result(health=Health.OK, detail="the answer goes on", asks=(new,), reader=VERSION)


def _redirect(query: dict[str, Any]) -> str | None:
    redirects = query.get("redirects")
    last = redirects[-1] if isinstance(redirects, list) and redirects else None
    return f"redirected to {values.quoted(str(last.get('to')))}" if isinstance(last, dict) else None


def _text(page: dict[str, Any], capture: Capture, language: str | None) -> Text:
    title = values.scalar(page.get("title"))
    main = normalise(_HEADING.sub(r"# \2", page["extract"][: values.LONGEST_TEXT]))
    if not main:
        raise ReadingError(Health.EMPTY, "the page has no text")
    revisions = page.get("revisions")
    newest = revisions[0] if isinstance(revisions, list) and revisions and isinstance(revisions[0], dict) else {}
    raw, at = values.time_of(newest.get("timestamp"))
    parts = urlsplit(capture.final_url)
    place = f"{parts.scheme}://{parts.netloc}"
    return Text(
        key=f"page {page['pageid']}"[:100],
        # works on every wiki, whatever its pages' addresses look like
        url=f"{place}{parts.path.removesuffix('api.php')}index.php?title={quote((title or '').replace(' ', '_'))}",
        title=title,
        author=values.scalar(newest.get("user")),
        published_raw=raw,
        published_at=at,
        language=meta.language(main, language),
        main=main,
        full=main,
        extractor=VERSION,
    )
