"""Bytes to characters: byte order mark, then what was declared, then what the bytes can be."""

from __future__ import annotations

import codecs
import re

from crawler.extract.charset import guess

LARGEST = 20_000_000
"""Bytes read of one document; what follows is left out."""

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_META = re.compile(rb"""<meta[^>]{0,400}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.I)
_XML = re.compile(rb"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9_.:-]{2,40})""", re.I)
_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff]")

# What browsers read under these names (WHATWG Encoding Standard, section 4.2)
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb-2312": "gb18030",
    "x-gbk": "gb18030",
    "hz-gb-2312": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-9": "cp1254",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "windows-874": "cp874",
    "tis-620": "cp874",
    "utf8": "utf-8",
    "unicode": "utf-16-le",
    "x-cp1251": "cp1251",
}


def known_charset(label: str | None) -> str | None:
    """The Python codec for a label as declared; None: unknown, or no text encoding."""
    if not label:
        return None
    name = label.strip().strip("\"'").lower()
    name = _SUPERSETS.get(name, name)
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    return (
        info.name
        if getattr(info, "_is_text_encoding", True) and info.name not in {"utf-7", "idna", "punycode"}
        else None
    )


def decode(body: bytes, declared: str | None = None) -> tuple[str, str]:
    """Return the text of `body` and the codec it was read with; never fails.

    Order: byte order mark; the declared charset (Content-Type) and the page's own <meta> or XML declaration, the
    first that reads without a fault; UTF-8 likewise; where nothing is declared, the encoding in which the bytes read
    like a language (`charset`); GB18030, Big5; else whichever leaves the fewest faults.
    """
    body = body[:LARGEST]
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _clean(body[len(mark) :].decode(name, "replace")), name
    head = body[:4096]
    named = []
    for label in (declared, *(m.group(1).decode("ascii") for p in (_XML, _META) for m in [p.search(head)] if m)):
        name = known_charset(label)
        if name and name not in named and not (name.startswith("utf-16") and b"\x00" not in head):
            named.append(name)
    # single-byte codecs read anything: before them, bytes that are UTF-8 without a fault and not plain ASCII are UTF-8
    guesses = [n for n in named if n in {"utf-8", "ascii"}] or (
        ["utf-8"] if not _is_cjk(named) or _is_surely_utf8(body) else []
    )
    if _is_utf8_with_faults(body):
        # a byte lost, or a body cut within a character: no other codec may have it for that
        return _clean(body.decode("utf-8", "replace")), "utf-8"
    likely = [] if named else [name for name in [_guessed(body)] if name]
    for name in [*guesses, *named, *likely, "utf-8", "gb18030", "big5hkscs"]:
        try:
            return _clean(body.decode(name)), name
        except UnicodeDecodeError:
            continue
    best = min(dict.fromkeys([*named, "utf-8", "gb18030", "cp1252"]), key=lambda name: _faults(body, name))
    return _clean(body.decode(best, "replace")), best


def _is_surely_utf8(body: bytes) -> bool:
    """Whether bytes said to be GBK or the like are UTF-8: characters of three bytes do not come about by chance."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    high = [sign for sign in text[:20_000] if sign > "\x7f"]
    return len(high) > 5 and sum(sign >= "\u0800" for sign in high) * 2 > len(high)


def _is_utf8_with_faults(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
        faults = text.count("\ufffd")
        return len(text) - len(text.encode("ascii", "ignore")) - faults >= 20 * faults
    return False


def _guessed(body: bytes) -> str | None:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return guess(body)
    return None


def _is_cjk(names: list[str]) -> bool:
    return bool(names) and names[0] in {"gb18030", "big5hkscs", "cp932", "cp949", "euc_jp", "iso2022_jp", "utf-16-le"}


def _faults(body: bytes, name: str) -> float:
    text = body[:200_000].decode(name, "replace")
    return text.count("\ufffd") / max(1, len(text))


def _clean(text: str) -> str:
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
