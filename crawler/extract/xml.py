"""XML that is neither a page nor a feed to its elements: answers of services, sitemaps. Hostile until proved otherwise.

No DTD is loaded, no entity is resolved, nothing is fetched; size is bounded here, depth and amplification by libxml2.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator

from lxml import etree

from crawler.errors import ReadingError
from crawler.extract.lines import fold_space
from storage.records import Health

LARGEST = 50 * 1024 * 1024
"""Bytes, after decompression (sitemaps.org allows so many)."""
GZIP = b"\x1f\x8b"


class Element:
    """An element, named without its namespace's address: `ns` is that."""

    __slots__ = ("_raw",)

    def __init__(self, raw: etree._Element) -> None:
        self._raw = raw

    @property
    def name(self) -> str:
        """Its local name."""
        return etree.QName(self._raw).localname

    @property
    def namespace(self) -> str:
        """Its namespace; '' for none."""
        return etree.QName(self._raw).namespace or ""

    def get(self, name: str) -> str | None:
        """An attribute without a namespace."""
        return self._raw.get(name)

    def children(self, name: str | None = None) -> Iterator[Element]:
        """The elements right below, in order; only those of a local name when one is given."""
        for child in self._raw:
            if isinstance(child.tag, str) and (name is None or etree.QName(child).localname == name):
                yield Element(child)

    def text(self, *path: str) -> str | None:
        """The text of the first element at a path of local names, white space folded; None: not there, or empty."""
        here: Element | None = self
        for name in path:
            here = next(here.children(name), None) if here is not None else None
        return fold_space("".join(here._raw.itertext())) or None if here is not None else None


def read(body: bytes, *, charset: str | None = None, what: str = "XML") -> Element:
    """Parse a body, gzipped or not. `what`: what it should be, for messages. Raises ReadingError(MALFORMED)."""
    body = unzipped(body)
    head = body[:400].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        raise ReadingError(Health.MALFORMED, "the body is empty")
    if head.startswith((b"<!doctype html", b"<html")):
        raise ReadingError(Health.MALFORMED, f"HTML in place of {what}")
    if not head.startswith(b"<"):
        said = fold_space(body[:600].decode("utf-8", "replace"))[:200]
        raise ReadingError(Health.MALFORMED, f"no XML in place of {what}: “{said}”")
    declared = charset if charset and b"encoding" not in body[:200].lower() else None
    try:
        parser = etree.XMLParser(
            encoding=declared,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise ReadingError(Health.MALFORMED, f"broken XML: {' '.join(str(error).split())}"[:300]) from None
    if root is None:
        raise ReadingError(Health.MALFORMED, f"no element in place of {what}")
    return Element(root)


def unzipped(body: bytes) -> bytes:
    """Decompress gzip by its first bytes, also when the server does not say so; bounded."""
    if not body.startswith(GZIP):
        out = body
    else:
        unzipping = zlib.decompressobj(wbits=31)
        try:
            out = unzipping.decompress(body, LARGEST + 1)
        except zlib.error as error:
            raise ReadingError(Health.MALFORMED, f"broken gzip: {error}") from None
        if not unzipping.eof and len(out) <= LARGEST:
            raise ReadingError(Health.MALFORMED, "broken gzip: it ends too early")
    if len(out) > LARGEST:
        raise ReadingError(Health.MALFORMED, f"more than {LARGEST} bytes")
    return out
