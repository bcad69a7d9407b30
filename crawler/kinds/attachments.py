"""Files that a page carries: Chinese authorities say what is decided in a PDF or a workbook below the notice."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from crawler.errors import ReadingError
from crawler.extract import Text, TextOptions, links
from crawler.extract.lines import fold_space
from crawler.kinds.result import NewAsk
from crawler.kinds.urls import canonical, key_of, site
from storage.records import Ask, Capture

MOST = 12
"""Files asked for one page."""
_FILE = re.compile(r"\.(?:pdf|docx?|xlsx?|ods|csv)\b", re.IGNORECASE)
_NAME = re.compile(r"\s*\.(?:pdf|docx?|xlsx?|ods|csv)\s*(?:[(（][^()（）]{0,30}[)）])?\s*$", re.IGNORECASE)
_SAYS_NOTHING = re.compile(
    r"(?:附件|附表|下载|點擊下載|点击下载|查看|全文|原文|attachments?|download|pdf|word|excel|here|view|file|annex|appendix)"
    r"[\s\d一二三四五六七八九十:：.、-]*",
    re.IGNORECASE,
)
_SECOND_LEVEL = frozenset(
    {"ac", "co", "com", "edu", "go", "gov", "govt", "gob", "mil", "ne", "net", "nhs", "or", "org"}
)


def of(
    capture: Capture, body: bytes, ask: Ask, text: Text, options: TextOptions, revisit: timedelta | None
) -> Iterator[NewAsk]:
    """Name the files that a page links by address or by words and that its own site keeps, each to be a document."""
    if is_file(ask.url):
        return  # a file in whose place a page came has none of its own
    try:
        found = links.read(body, charset=capture.charset, url=capture.final_url, ignore=options.ignore)
    except ReadingError:
        return
    taken: set[str] = set()
    for link in found:
        url = canonical(link.url)
        if url is None or not (is_file(url) or _NAME.search(link.text)) or not _own(url, capture.final_url):
            continue
        key = key_of(url)
        if key in taken:
            continue
        taken.add(key)
        yield NewAsk(
            url=url,
            key=key,
            title=_title(link.text, text.title),
            published_raw=text.published_raw or ask.published_raw,
            revisit=revisit,
        )
        if len(taken) >= MOST:
            return


def is_file(url: str) -> bool:
    """Whether an address names a file that we read: in its path, or in what it asks a download for."""
    parts = urlsplit(url)
    name = unquote(parts.path).rpartition("/")[2]
    return bool(_FILE.search(name)) or bool(_FILE.search(unquote(parts.query)))


def _own(url: str, page: str) -> bool:
    """Whether an address belongs to the site of the page: the attachment host of an authority is its own."""
    return _domain(site(url)) == _domain(site(page))


def _domain(host: str) -> str:
    """The domain that one registrant holds, by the usual form of names; an address stands for itself."""
    try:
        return ipaddress.ip_address(host.strip("[]")).compressed
    except ValueError:
        labels = host.split(".")
    deep = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-deep:])


def _title(words: str, page: str | None) -> str | None:
    """The words of the link without the ending; where they say nothing, with the page's title before them."""
    said = _NAME.sub("", fold_space(words))[:200]
    if page and (not said or _SAYS_NOTHING.fullmatch(said)):
        return f"{page[:200]} · {said}" if said else page[:200]
    return said or None
