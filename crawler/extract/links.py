"""The links of a page with their words: what a listing names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urldefrag, urljoin

from lxml import etree

from crawler.extract import html
from crawler.extract.blocks import SKIPPED
from crawler.extract.lines import fold_space
from crawler.extract.options import compile_selector
from crawler.extract.text import Link

MOST_LINKS = 5_000
LONGEST_URL = 2_000
_DATE = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s+\d{1,2}:\d\d)?"
    r"|\b\d{1,2}\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?,?\s+(?:19|20)\d\d"
    r"|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d{1,2},?\s+(?:19|20)\d\d"
)
_ITEMS = frozenset(("li", "tr", "article", "dd", "dt", "p", "section"))


def read(
    body: bytes, *, charset: str | None = None, url: str, select: Sequence[str] = (), ignore: Sequence[str] = ()
) -> tuple[Link, ...]:
    """Every link of a page, each address once, in the order of the page.

    `select`: CSS or XPath of the links themselves or of boxes that hold them; of a box without further choice every
    link is taken. Raises ReadingError(EMPTY) when nothing can be parsed.
    """
    root, _ = html.parse(body, charset)
    for selector in ignore:
        for element in html.elements(root, selector):
            element.drop_tree()
    return of(root, url=url, select=select)


def of(root: etree._Element, *, url: str, select: Sequence[str] = ()) -> tuple[Link, ...]:
    """The same of a parsed page."""
    base = _base(root, url)
    out: dict[str, Link] = {}
    for anchor in _anchors(root, select):
        target = absolute(base, anchor.get("href"))
        if target is None:
            continue
        text = _words(anchor)
        known = out.get(target)
        if known is None:
            context = _context(anchor)
            date = _DATE.search(context)
            out[target] = Link(url=target, text=text, context=context, published_raw=date.group() if date else None)
        elif len(text) > len(known.text):
            # a picture first, the title below it: the longer words name the item
            out[target] = Link(url=target, text=text, context=known.context, published_raw=known.published_raw)
        if len(out) >= MOST_LINKS:
            break
    return tuple(out.values())


def absolute(base: str, href: str | None) -> str | None:
    """An absolute http(s) address without fragment; None: not one."""
    href = (href or "").strip()
    if not href or href.startswith("#") or len(href) > LONGEST_URL:
        return None
    try:
        target = urldefrag(urljoin(base, re.sub(r"[\t\r\n]", "", href))).url
    except ValueError:
        return None
    return target if target.lower().startswith(("http://", "https://")) else None


def _base(root: etree._Element, url: str) -> str:
    element = root.find(".//base[@href]")
    return (absolute(url, element.get("href")) or url) if element is not None else url


def _anchors(root: etree._Element, select: Sequence[str]) -> Iterator[etree._Element]:
    if not select:
        yield from root.iter("a")
        return
    for selector in select:
        found = compile_selector(selector)(root)
        for element in found if isinstance(found, list) else []:
            if isinstance(element, etree._Element):
                yield from [element] if element.tag == "a" else element.iter("a")


def _words(anchor: etree._Element) -> str:
    text = fold_space(_visible(anchor, 2_000))
    if text:
        return text[:1000]
    image = next((i.get("alt") for i in anchor.iter("img") if i.get("alt")), None)
    return fold_space(anchor.get("title") or anchor.get("aria-label") or image or "")[:1000]


def _context(anchor: etree._Element) -> str:
    """The text of the smallest row or item around a link, as long as it is no whole page."""
    best = ""
    for distance, parent in enumerate(anchor.iterancestors()):
        if distance > 6 or parent.tag in {"body", "html", "ul", "ol", "table", "tbody", "main"}:
            break
        if sum(1 for _ in zip(range(4), parent.iter("a"), strict=False)) > 3:
            break
        best = fold_space(_visible(parent, 3_000))[:1000]
        if parent.tag in _ITEMS:
            break
    return best


def _visible(element: etree._Element, most: int) -> str:
    pieces: list[str] = []
    size = 0
    for node in element.iter():
        if node.tag in SKIPPED or not isinstance(node.tag, str):
            text = None
        else:
            text = node.text
        for piece in (text, node.tail if node is not element else None):
            if piece:
                pieces.append(piece)
                size += len(piece)
        pieces.append(" ")
        if size > most:
            break
    return "".join(pieces)
