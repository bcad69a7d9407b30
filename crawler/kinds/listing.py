"""A listing: a page that names items, each a document of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import urljoin

from crawler.errors import ReadingError
from crawler.extract import Link, Text, TextOptions, links
from crawler.extract.lines import fold_space
from crawler.extract.options import SelectorProblem, compile_selector
from crawler.kinds import answer
from crawler.kinds.result import NewAsk, Result
from crawler.kinds.urls import canonical, key_of, pattern, pattern_problem, shown, site
from crawler.request import plain
from storage.records import Ask, AskPurpose, Capture, Health

VERSION = "listing/1"
request = plain
SEPARATOR = " · "
"""Between the title of an item and its date."""
MORE_AGAIN = timedelta(weeks=1)
"""How long after reading a further page it is asked again: for what a long outage let slip past the first."""
MOST_REST, MOST_ABOUT = 3_000, 100_000
"""Lines beside the items, and characters about the items, that are compared with each other."""
SHORT = 8
"""Characters; a shorter title says nothing about the line it is found in."""
PAGE = re.compile(r"page ([0-9]{1,3})")
"""How the title of an ask says which further page it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Which links of a listing are its items, and what becomes of them."""

    items: tuple[str, ...] = field(
        default=(),
        metadata={
            "description": "CSS selectors or XPath 1.0 expressions of the items: links, or boxes that hold them. "
            "Empty: every link of the page."
        },
    )
    match: tuple[str, ...] = field(
        default=(),
        metadata={"description": "Patterns (RE2); the address of an item must hold one of them. Empty: any will do."},
    )
    skip: tuple[str, ...] = field(
        default=(), metadata={"description": "Patterns (RE2); an address that holds one of them is no item."}
    )
    same_site: bool = field(
        default=True, metadata={"description": "Whether only links to the site of the listing are items."}
    )
    limit: int = field(
        default=50, metadata={"description": "Most items taken from one visit, in the order of the page."}
    )
    pages: str | None = field(
        default=None,
        metadata={
            "description": "How to find further pages: a selector of the link to the next one, or an address with "
            "{page} in it, which is asked for pages 2, 3 and on. Null: there are none."
        },
    )
    max_pages: int = field(default=1, metadata={"description": "Most pages read, the first included."})
    fetch_items: bool = field(
        default=True,
        metadata={"description": "Whether the items are fetched and read as pages; false: their titles are enough."},
    )
    attachments: bool = field(
        default=True,
        metadata={
            "description": "Whether the files that the page of an item links on its own site (PDF, Word, workbooks) "
            "are documents, too; at most a dozen for one item."
        },
    )
    revisit: timedelta | None = field(
        default=timedelta(weeks=4),
        metadata={"description": "How long after reading an item it is asked again; null: never."},
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        for position, selector in enumerate(self.items):
            if problem := _selector_problem(selector):
                yield f"items[{position}]", problem
        for name in ("match", "skip"):
            for position, text in enumerate(getattr(self, name)):
                if problem := pattern_problem(text):
                    yield f"{name}[{position}]", problem
        if not 1 <= self.limit <= 500:
            yield "limit", f"{self.limit} is not between 1 and 500"
        if not 1 <= self.max_pages <= 50:
            yield "max_pages", f"{self.max_pages} is not between 1 and 50"
        if self.pages is not None and "{page}" not in self.pages and (problem := _selector_problem(self.pages)):
            yield "pages", f"{problem}; or write an address with {{page}} in it"
        if self.max_pages > 1 and self.pages is None:
            yield "max_pages", "needs 'pages', which says how further pages are found"
        if self.revisit is not None and self.revisit < timedelta(hours=1):
            yield "revisit", "must be at least 1h, or null"


def _selector_problem(selector: str) -> str | None:
    try:
        compile_selector(selector)
    except SelectorProblem as problem:
        return str(problem)
    return None


def seeds(url: str, more: Sequence[str], options: Options) -> tuple[tuple[str, str | None], ...]:
    """Give the addresses to ask, each with its document's key: a listing is a document, too."""
    return tuple((each, key_of(each)) for each in dict.fromkeys((url, *more)))


def read(
    capture: Capture, body: bytes, ask: Ask, options: Options, text_options: TextOptions, language: str | None
) -> Result:
    """Read a listing to its items, a further page to its items, or an item as a page.

    A listing's text is its items, one a line, as 'title · date', so that a headline is news by itself.
    A further page has no text: items move from page to page, which is not news.
    """
    if ask.purpose is AskPurpose.ITEM:
        return answer.read(
            capture,
            body,
            ask,
            text_options,
            language,
            VERSION,
            attached=options.attachments,
            revisit=options.revisit,
        )
    try:
        # `select` and `min_length` are about the items' pages, which the listing is none of
        own = replace(text_options, select=(), min_length=0)
        text = answer.text_of(capture, body, ask, own, language)
        found = links.read(
            body, charset=capture.charset, url=capture.final_url, select=options.items, ignore=text_options.ignore
        )
    except ReadingError as bad:
        return Result(health=bad.health, detail=bad.detail, reader=VERSION)
    items = _items(found, capture, ask, options)
    reader = f"{VERSION} {text.extractor}"
    if not items and ask.purpose is AskPurpose.SEED:
        detail = f"no item: none of {len(found)} links is one by 'items', 'match', 'skip' and 'same_site'"
        return Result(health=Health.MALFORMED, detail=detail, reader=reader)
    taken = items[: options.limit]
    detail = f"{len(items)} items, of which {options.limit} are taken" if len(items) > options.limit else None
    asks = tuple(_ask(url, link, options) for url, link in taken) if options.fetch_items else ()
    further = tuple(_further(capture, body, ask, options))
    texts = (_listed(text, [link for _, link in taken]),) if ask.purpose is AskPurpose.SEED else ()
    return Result(health=Health.OK, detail=detail, texts=texts, asks=asks + further, reader=reader)


def _items(found: Sequence[Link], capture: Capture, ask: Ask, options: Options) -> list[tuple[str, Link]]:
    """The links that are items, each document once, in the order of the page."""
    own = {key_of(capture.final_url), key_of(ask.url)}
    sites = {site(capture.final_url), site(ask.url)}
    items: dict[str, tuple[str, Link]] = {}
    for link in found:
        url = canonical(link.url)
        if url is None or key_of(url) in own:
            continue
        if options.same_site and not any(_inside(site(url), one) for one in sites):
            continue
        if options.match and not any(pattern(each).search(url) for each in options.match):
            continue
        if any(pattern(each).search(url) for each in options.skip):
            continue
        items.setdefault(key_of(url), (url, link))
    return list(items.values())


def _inside(host: str, of: str) -> bool:
    return host == of or host.endswith(f".{of}")


def _ask(url: str, link: Link, options: Options) -> NewAsk:
    return NewAsk(
        url=url,
        key=key_of(url),
        title=link.text or None,
        published_raw=_date(link),
        revisit=options.revisit,
    )


def _further(capture: Capture, body: bytes, ask: Ask, options: Options) -> Iterator[NewAsk]:
    """Name further pages: all at once by an address with {page}, one after the other by a link."""
    if options.pages is None or options.max_pages < 2:
        return
    if "{page}" in options.pages:
        numbers = range(2, options.max_pages + 1) if ask.purpose is AskPurpose.SEED else ()
        targets = [
            (number, urljoin(capture.final_url, options.pages.replace("{page}", str(number)))) for number in numbers
        ]
    else:
        told = PAGE.fullmatch(ask.title or "") if ask.purpose is AskPurpose.MORE else None
        number = int(told.group(1)) + 1 if told else 2
        found = links.read(body, charset=capture.charset, url=capture.final_url, select=[options.pages])
        targets = [(number, link.url) for link in found[:1]] if number <= options.max_pages else []
    for number, target in targets:
        url = canonical(target)
        # a stranger names this address: it stays on the site whatever the options say
        if url and site(url) == site(capture.final_url) and key_of(url) != key_of(capture.final_url):
            yield NewAsk(url=url, key=None, purpose=AskPurpose.MORE, title=f"page {number}", revisit=MORE_AGAIN)


def _listed(text: Text, items: Sequence[Link]) -> Text:
    """The text of a listing: its items, then what else is on the page and is not about them."""
    lines = list(dict.fromkeys(_line(link) for link in items))
    about = "\n".join(fold_space(f"{link.text} {link.context}") for link in items)[:MOST_ABOUT]
    titles = {title for link in items if len(title := fold_space(link.text)) > SHORT}
    visible = text.full.splitlines()[:MOST_REST]
    rest = [line for line in visible if line.strip("# ") not in about and not any(title in line for title in titles)]
    main = "\n".join(lines)
    # a date on a listing is the date of some item
    return replace(
        text,
        published_raw=None,
        published_at=None,
        author=None,
        main=main,
        full="\n".join([*lines, *rest]),
        extractor=f"links/1 {text.extractor}",
    )


def _line(link: Link) -> str:
    title = fold_space(link.text) or shown(link.url)
    date = _date(link)
    return f"{title}{SEPARATOR}{date}" if date and date not in title else title


def _date(link: Link) -> str | None:
    return fold_space(link.published_raw or "") or None
