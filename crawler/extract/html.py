"""A page of HTML to its two texts, its title, author, date and language.

decode -> parse -> ignore (options) -> blocks (all visible text) -> main_text (select, or vote and structure) -> Text
"""

from __future__ import annotations

import re

from lxml import etree, html

from crawler.errors import ReadingError
from crawler.extract import health, meta
from crawler.extract.blocks import Block, walk
from crawler.extract.decode import decode
from crawler.extract.main_text import Choice, choose
from crawler.extract.options import TextOptions, compile_selector
from crawler.extract.text import Text
from storage.records import Health

VERSION = "html/1 trafilatura/2.3.1"
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_GIANT_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]{0,15})\b[^<>]{20000,}>")
"""libxml2 takes quadratic time over the attributes of one element; nobody reads 20,000 characters of them."""
LARGEST_MARKUP = 6_000_000
_ENDS = re.compile(r"</(?:body|html)\s*>", re.I)
"""No browser ends a page there (HTML, 13.2.6.4.19); libxml2 does, and drops what templates append after it."""
_OF_HEAD = frozenset(
    ("base", "basefont", "bgsound", "link", "meta", "noscript", "object", "script", "style", "template", "title")
)
"""What may stand in a head; any other element begins the body, whether <body> is written or not (HTML, 13.2.6.4.4)."""


def parse(body: bytes, charset: str | None = None) -> tuple[etree._Element, str]:
    """Parse bytes to a tree and the markup it was read from; raises ReadingError(EMPTY)."""
    markup, _ = decode(body, charset)
    markup = _DECLARATION.sub("", markup.replace("\x00", ""))[:LARGEST_MARKUP]
    if not markup.strip():
        raise ReadingError(Health.EMPTY, "the body is empty")
    markup = _GIANT_TAG.sub(r"<\1>", markup)
    # a parser of its own for each page: no state, no network, no entities of the document's making
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = html.document_fromstring(_ENDS.sub("", markup).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError) as error:
        raise ReadingError(Health.EMPTY, f"no HTML could be read: {error}") from None
    _end_head(root)
    return root, markup


def _end_head(root: etree._Element) -> None:
    """Move to the body what libxml2 leaves in the head or after the body: it knows no <main>, <article>, <section>."""
    head, body = root.find("head"), root.find("body")
    inside = list(head) if head is not None else []
    first = next((n for n, e in enumerate(inside) if isinstance(e.tag, str) and e.tag not in _OF_HEAD), len(inside))
    before = inside[first:]
    after = [e for e in root if e is not head and e is not body and e.tag != "frameset"] if body is not None else []
    if not before and not after:
        return
    if body is None:
        body = root.makeelement("body")
        root.append(body)
    text, body.text = body.text, None
    for element in reversed(before):
        body.insert(0, element)
    if text and before:
        before[-1].tail = (before[-1].tail or "") + text
    elif text:
        body.text = text
    body.extend(after)


def read(
    body: bytes,
    *,
    charset: str | None = None,
    url: str = "",
    options: TextOptions | None = None,
    declared_language: str | None = None,
    final_url: str | None = None,
    status: int = 200,
    rendered: bool = False,
) -> Text:
    """Read a page; `rendered`: a browser has made it already.

    `charset` as declared by Content-Type; `url` as asked, `final_url` where redirects led. Raises ReadingError with
    the health of a page that is none: challenge, wall, soft 404, shell …
    """
    options = options or TextOptions()
    root, markup = parse(body, charset)
    held = list(root.iter())  # while they are held, lxml need not make them anew for each of the looks below
    about = meta.read(root, url=final_url or url)
    for selector in options.ignore:
        for element in elements(root, selector):
            element.drop_tree()
    held = list(root.iter()) if options.ignore else held
    body_of = root.find("body")
    blocks = walk(root if body_of is None else body_of)
    health.check(
        health.Page(
            root=root,
            markup=markup,
            blocks=blocks,
            title=about.title,
            url=url,
            final_url=final_url,
            status=status,
            rendered=rendered,
        )
    )
    choice = _chosen(root, blocks, options, len(markup), len(held))
    main = "\n".join(line for block, chosen in zip(blocks, choice.main, strict=True) if chosen for line in block.lines)
    full = _full(blocks, choice)
    if len(full) < options.min_length:
        raise ReadingError(Health.EMPTY, f"{len(full)} characters of text, fewer than min_length {options.min_length}")
    language = about.language_of(main or full, declared_language)
    if options.language and language and language.split("-")[0] != options.language.split("-")[0]:
        raise ReadingError(Health.LANGUAGE, f"the page is in '{language}', not in '{options.language}'")
    return Text(
        key=url,
        url=final_url or url,
        title=about.title,
        author=about.author,
        published_raw=about.published_raw,
        published_at=about.published_at,
        language=language,
        main=main,
        full=full,
        extractor=f"{VERSION} {choice.how}",
    )


def _chosen(root: etree._Element, blocks: list[Block], options: TextOptions, size: int, count: int) -> Choice:
    if options.select:
        return _selected(root, blocks, options)
    return choose(root, blocks, markup_size=size, elements=count)


def _full(blocks: list[Block], choice: Choice) -> str:
    """All lines; furniture last, after an empty line: compare and the reader of a text know it by that.

    Where furniture speaks in paragraphs, these come first, and a second empty line before the rest.
    """
    body, beside, last = [], [], []
    for block, furniture, speaks in zip(blocks, choice.furniture, choice.beside, strict=True):
        (beside if speaks else last if furniture else body).extend(block.lines)
    if beside:
        return "\n".join([*body, "", *beside, "", *last])
    return "\n".join([*body, "", *last] if last else body)


def elements(root: etree._Element, selector: str) -> list[etree._Element]:
    """The elements a selector of the options finds; never the root."""
    found = compile_selector(selector)(root)
    if not isinstance(found, list):
        return []
    return [e for e in found if isinstance(e, etree._Element) and e is not root and e.getparent() is not None]


def _selected(root: etree._Element, blocks: list[Block], options: TextOptions) -> Choice:
    wanted: set[etree._Element] = set()
    for selector in options.select:
        for element in elements(root, selector):
            wanted.update(element.iter())
    if not wanted:
        raise ReadingError(Health.MALFORMED, f"none of the selectors {list(options.select)} is in the page")
    main = [block.element in wanted for block in blocks]
    # who selects has said that the rest does not matter: none of it speaks
    return Choice(main=main, furniture=[not m for m in main], beside=[False] * len(main), how="select")
