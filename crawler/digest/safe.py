"""Strangers' text made fit to be shown: one line, no controls, no overrides; addresses that are plain links.

Replacements keep the length, so offsets into a sentence stay true. Sources: Unicode TR 36 (bidirectional overrides),
XML 1.0 section 2.2 (characters allowed).
"""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

_BLANKS = re.compile(r"[\t\n\v\f\r\x85\u2028\u2029]")
_BAD = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # controls
    "\u202a-\u202e\u2066-\u2069"  # bidirectional embeddings, overrides, isolates
    "\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"  # lone surrogates, what XML forbids
)
_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
_KEPT = "/?#&=%:;,+$@!~*-._"
_HOST = re.compile(r"[^\s/?#@\\<>\"'`\[\]{}|^%]+")


LONGEST = 2000
"""Characters of an address; a longer one is shown cut and is no link."""


def plain(text: str | None) -> str:
    """`text` on one line, of the same length, harmless to a terminal, a browser and an XML parser."""
    return _BAD.sub("\ufffd", _BLANKS.sub(" ", text)) if text else ""


def cut(text: str, most: int) -> str:
    """`text`, ended with '…' where it is longer than `most` characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def address(url: str | None) -> str:
    """`url` fit to be shown, cut where it is too long to be a link."""
    return cut(plain(url), LONGEST)


def language(tag: str | None) -> str | None:
    """A language tag fit for an attribute (BCP 47), or None."""
    return tag if tag and _TAG.fullmatch(tag) else None


def link(url: str | None) -> str | None:
    """`url` percent-encoded for use as a link, or None where it is not plain http(s) without credentials."""
    cleaned = plain(url).strip()
    if not cleaned or len(cleaned) >= LONGEST:
        return None
    try:
        parts = urlsplit(cleaned)
        _ = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or not _HOST.fullmatch(parts.netloc):
        return None
    tail = cleaned.split("//", 1)[1][len(parts.netloc) :]
    return f"{parts.scheme}://{parts.netloc}{quote(tail, safe=_KEPT)}"


def host(url: str | None) -> str:
    """The host of a link without 'www.', '' where there is none."""
    linked = link(url)
    return (urlsplit(linked).hostname or "").removeprefix("www.") if linked else ""
