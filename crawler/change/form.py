"""The comparison form: what two lines must share to be the same line. Digits are kept, dress is not."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from storage.records import Line, Part

# dress that says nothing: quotes, dashes, bullets, dots, every other punctuation but what stands between digits or
# belongs to an amount
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[.,:/](?=\d)")
_DRESS = re.compile(r"[^\w\s%‰$€£¥₽₩°+<>=&@·\ue000-\ue003]|_")
_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_CJK_LETTER = re.compile(f"[{_CJK}]")
_SPACE_BY_CJK = re.compile(rf"(?<=[{_CJK}])\s+|\s+(?=[{_CJK}])")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\ue000-\ue003]")
_MARKS = {".": "\ue000", ",": "\ue001", ":": "\ue002", "/": "\ue003"}
_UNMARK = {ord(mark): plain for plain, mark in _MARKS.items()}
_ASCII_DRESS = {ord(c): " " for c in map(chr, range(128)) if _DRESS.match(c)}

ADDRESS = re.compile(
    r"\[?\s*e-?mail\s*(?:&#160;|\xa0|\s)*protected\s*\]?|\[?\s*邮箱(?:已)?保护\s*\]?|"
    r"[\w.+-]+\s*(?:@|\(at\)|\[at\]|（at）| at )\s*[\w-]+(?:\s*(?:\.|\(dot\)|\[dot\])\s*[\w-]+)+",
    re.I,
)
"""A mail address, plain or hidden from robots."""


@lru_cache(maxsize=65_536)  # both sides of a page of 2 MB: each line is folded six times
def fold(line: str) -> str:
    """Bring a line into comparison form; idempotent; '' for a line without words.

    NFKC, case folded, invisible characters gone, punctuation a space but between digits (1.5, 12:30, 2026/11), white
    space folded and gone beside Chinese characters.
    """
    text = line[2:] if line.startswith("# ") else line
    if text.isascii():
        text = text.lower()
        if _BETWEEN_DIGITS.search(text):
            text = _BETWEEN_DIGITS.sub(_mark, text)
        text = text.translate(_ASCII_DRESS)
        return " ".join((text.translate(_UNMARK) if not text.isascii() else text).split())
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()))
    text = _DRESS.sub(" ", _BETWEEN_DIGITS.sub(_mark, text)).translate(_UNMARK)
    if _CJK_LETTER.search(text):
        text = _SPACE_BY_CJK.sub("", text)
    return " ".join(text.split())


def _mark(found: re.Match[str]) -> str:
    return _MARKS[found.group()]


def compact(folded: str) -> str:
    """Without white space and dress: the same for a text cut into lines at other places."""
    return folded.replace(" ", "")


@lru_cache(maxsize=65_536)  # a site's menu stands on all its pages
def line_id(folded: str) -> str:
    """First 16 hex digits of the SHA-256 of a folded line."""
    return hashlib.sha256(folded.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def text_id(folds: Iterable[str]) -> str:
    """SHA-256 of a text's folded lines in order: the identity of a variant."""
    digest = hashlib.sha256()
    for folded in folds:
        digest.update(folded.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


@lru_cache(maxsize=4)
def lines_of(main: str, full: str, title: str | None = None) -> tuple[Line, ...]:
    """The lines of a text as the ledger keeps them: each once, main before the rest, those without words left out."""
    out: dict[str, Line] = {}
    if title and (folded := fold(title)):
        identity = line_id(folded)
        out[identity] = Line(fold=identity, text=title, part=Part.TITLE)
    for text, part in ((main, Part.MAIN), (full, Part.REST)):
        for line in text.split("\n"):
            if folded := fold(line):
                identity = line_id(folded)
                known = out.get(identity)
                if known is None or (known.part is Part.TITLE and part is Part.MAIN):
                    out[identity] = Line(fold=identity, text=line, part=part)
    return tuple(out.values())
