"""Any JSON endpoint: each item of the answer is a document; or the answer as a whole is, where absence is watched."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode, urljoin

from crawler.errors import ReadingError
from crawler.extract import Text, TextOptions, meta
from crawler.extract.lines import normalise
from crawler.kinds import answer, filled
from crawler.kinds import json_values as values
from crawler.kinds.json_options import Absence, Options, Paging
from crawler.kinds.result import NewAsk, Result
from crawler.kinds.urls import canonical, key_of
from crawler.request import Request
from storage.records import Ask, AskPurpose, Capture, Health

VERSION = "json/1"
PAGES_AGAIN, WINDOW_AGAIN = timedelta(weeks=1), timedelta(hours=18)
"""How long after reading a further page it is asked again: in general, and where {since} makes it another page each
day. One found by a cursor is asked once."""
LONGEST_KEY = 400
MOST_LISTED = 100
"""Items that the answer of an absence lists."""

__all__ = ["Options", "read", "request", "seeds"]


def seeds(url: str, more: Sequence[str], options: Options) -> tuple[tuple[str, str | None], ...]:
    """Give the addresses to ask: the answer is a document where absence is watched, else its items are."""
    asks = []
    for base in dict.fromkeys((url, *more)):
        for each in options.each or (None,):
            told = {} if each is None else {"each": each}
            key = filled.identified(key_of(base), told) if options.absence else None
            asks.append((filled.identified(base, told), key))
    return tuple(asks)


def request(ask: Ask, options: Options, now: datetime) -> Request:
    """Ask the endpoint with everything filled in; the page of an item like any page."""
    if ask.purpose is AskPurpose.ITEM:
        return Request(url=ask.url)
    told = {**filled.days(now, options.since), **_first(options.paging), **filled.told_by(ask.url)}
    url = filled.with_query(ask.url, filled.fill(options.query, told))
    body, kind = _body(options, told)
    headers = {"Accept": "application/json"} | ({"Content-Type": kind} if kind else {}) | options.headers
    return Request(
        url=url,
        method=options.method,
        body=body,
        headers=tuple(headers.items()),
        secret=options.secret.to(url) if options.secret else None,
        contact=options.contact_parameter,
        robots=False,
        # a 304 brings no reading, and what an answer leaves out is confirmed by a second reading
        conditional=options.method == "GET"
        and not options.complete
        and not filled.holes(options.query) & {"since", "today"},
    )


def _first(paging: Paging | None) -> dict[str, str]:
    if paging is None:
        return {}
    first = paging.first or {"page": "1", "offset": "0", "cursor": None}[paging.by]
    return {} if first is None else {paging.by: first}


def _body(options: Options, told: Mapping[str, str]) -> tuple[str | None, str | None]:
    """The body to send, and its media type."""
    if options.form:
        form = {name: value or "" for name, value in filled.fill(options.form, told).items()}
        return urlencode(form), "application/x-www-form-urlencoded"
    if isinstance(options.body, str):
        return filled.fill(options.body, told) or "", "application/json"
    if options.body is not None:
        return json.dumps(filled.fill(options.body, told), ensure_ascii=False), "application/json"
    return None, None


def read(
    capture: Capture, body: bytes, ask: Ask, options: Options, text_options: TextOptions, language: str | None
) -> Result:
    """Read an answer to its items, to what it says of an absence, or the page of an item as a page.

    Only a well-formed answer that is no refusal counts as having looked; everything else is MALFORMED, and quoted.
    """
    if ask.purpose is AskPurpose.ITEM:
        return answer.read(capture, body, ask, text_options, language, VERSION)
    try:
        data = values.load(body, capture.charset)
        values.refuse(data, options.refusals)
        if options.absence is not None:
            return _absence(data, options, capture, ask, language)
        items = _items(data, options)
        return _documents(items, data, options, capture, ask, language)
    except ReadingError as bad:
        return Result(health=bad.health, detail=bad.detail, reader=VERSION)


def _items(data: Any, options: Options) -> list[Any]:
    found = values.find(options.items, data)
    if isinstance(found, dict):
        found = [found]
    if isinstance(found, list):
        return found
    if options.nothing is not None and values.find(options.nothing, data) is True:
        return []
    raise ReadingError(Health.MALFORMED, f"no list at '{options.items}': {values.quoted(data)}")


def _documents(
    items: Sequence[Any], data: Any, options: Options, capture: Capture, ask: Ask, language: str | None
) -> Result:
    """Each item is a text, or an ask for its page, never both: the one after the other would look like a change."""
    texts: dict[str, Text] = {}
    asks: dict[str, NewAsk] = {}
    without = 0
    for item in items[: options.limit]:
        key = values.scalar(values.find(options.key or "@", item))
        text = _text(item, _short(key), options, capture, language) if key else None
        if text is None:
            without += 1
        elif options.fetch_items and (url := canonical(text.url)) and text.url != capture.final_url:
            new = NewAsk(
                url=url, key=text.key, title=text.title, published_raw=text.published_raw, revisit=options.revisit
            )
            asks.setdefault(text.key, new)
        else:
            texts.setdefault(text.key, text)
    if items and without == min(len(items), options.limit):
        raise ReadingError(Health.MALFORMED, f"no item has a key at '{options.key}' and a text: {_quoted(items)}")
    told = [f"{without} items without a key or a text"] if without else []
    told += [f"{len(items)} items, of which {options.limit} are taken"] if len(items) > options.limit else []
    return Result(
        health=Health.OK,
        detail="; ".join(told) or None,
        texts=tuple(texts.values()),
        asks=(*asks.values(), *_further(len(items), data, options, ask)),
        complete=options.complete and not told,
        reader=VERSION,
    )


def _quoted(items: Sequence[Any]) -> str:
    return values.quoted(items[0])


def _short(key: str) -> str:
    return key if len(key) <= LONGEST_KEY else "sha256:" + sha256(key.encode()).hexdigest()[:32]


def _text(item: Any, key: str, options: Options, capture: Capture, language: str | None) -> Text | None:
    """The document of an item: its title, then its texts; None: there is nothing to read in it."""
    html = options.text_is == "html"
    title = values.scalar(values.find(options.title, item)) if options.title else None
    if title and html:
        # search results mark the words found
        title = values.text_of(title, html=True).replace("\n", " ") or None
    lines = [normalise(title or "")]
    lines += [values.text_of(values.find(path, item), html=html) for path in options.text]
    main = "\n".join(line for line in lines if line)
    if not main:
        return None
    raw, at = values.time_of(values.find(options.time, item)) if options.time else (None, None)
    author = values.text_of(values.find(options.author, item)).replace("\n", ", ") if options.author else ""
    return Text(
        key=key,
        url=_url(item, options, capture),
        title=title,
        author=author[:300] or None,
        published_raw=raw,
        published_at=answer.believed(at, capture),
        language=meta.language(main, language),
        main=main,
        full=main,
        extractor=VERSION,
    )


def _url(item: Any, options: Options, capture: Capture) -> str:
    told = values.fill(options.url, item) if options.url else None
    try:
        return canonical(urljoin(capture.final_url, told)) or capture.final_url if told else capture.final_url
    except ValueError:
        return capture.final_url


def _further(number: int, data: Any, options: Options, ask: Ask) -> Iterator[NewAsk]:
    """Name the next page, unless this one says that it is the last, or as many were read as may be."""
    paging = options.paging
    if paging is None:
        return
    told = filled.told_by(ask.url)
    page = int(told.get("n", "1")) if told.get("n", "1").isdigit() else paging.max_pages
    if page >= paging.max_pages:
        return
    if paging.by == "cursor":
        value = values.scalar(values.find(paging.next or "@", data))
        if value is None or value == told.get("cursor") or not number:
            return
    elif number < paging.size:
        return
    else:
        step = 1 if paging.by == "page" else paging.size
        value = str(int(_first(paging)[paging.by]) + page * step)
    told |= {paging.by: value, "n": str(page + 1)}
    if paging.by == "cursor":
        again = None
    else:
        again = WINDOW_AGAIN if "since" in filled.holes([options.query, options.form, options.body]) else PAGES_AGAIN
    yield NewAsk(
        url=filled.identified(ask.url, told),
        key=None,
        purpose=AskPurpose.MORE,
        title=f"page {page + 1}",
        revisit=again,
    )


def _absence(data: Any, options: Options, capture: Capture, ask: Ask, language: str | None) -> Result:
    """The answer as a document that says in words what was found."""
    absence = options.absence
    assert absence is not None
    items: list[Any] = []
    if absence.count is None:
        items = _items(data, options)
        count = len(items)
    else:
        count = _count(values.find(absence.count, data), absence.count, data)
        found = values.find(options.items, data) if options.items != "@" else None
        items = found if isinstance(found, list) else []
    listed = [_text(item, "-", options, capture, language) for item in items[:MOST_LISTED]]
    lines = [_sentence(absence, count, filled.told_by(ask.url), language)]
    lines += [line for text in listed if text for line in _listed(text)]
    main = "\n".join(dict.fromkeys(lines))
    text = Text(
        key=ask.key or key_of(ask.url),
        url=capture.final_url,
        title=filled.fill(absence.what, filled.told_by(ask.url)),
        language=meta.language(main, language),
        main=main,
        full=main,
        extractor=VERSION,
    )
    return Result(health=Health.OK, texts=(text,), news=count > absence.baseline, reader=VERSION)


def _listed(text: Text) -> Iterator[str]:
    yield from text.main.split("\n")
    if text.published_at is not None:
        yield f"{text.title or '-'} | {text.published_at:%Y-%m-%d}"


def _count(value: Any, path: str, data: Any) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 18:
        value = int(value)
    if type(value) is not int or value < 0:
        raise ReadingError(Health.MALFORMED, f"no number at '{path}': {values.quoted(data)}")
    return value


def _sentence(absence: Absence, count: int, told: Mapping[str, str], language: str | None) -> str:
    what = filled.fill(absence.what, told).strip().rstrip(".。")
    known = absence.baseline
    if (language or "").startswith("zh"):
        if count > known:
            return f"查到{count}条（已知{known}条）：{what}。"
        return f"没有查到已知{known}条以外的结果：{what}。" if known else f"没有查到：{what}。"
    if count > known:
        return f"Found {count}, of which {known} were known: {what}."
    return f"Nothing found beyond the {known} known: {what}." if known else f"Nothing found: {what}."
