"""Plain lists: an address a line, comments after #, words beside the address taken as its title or tags."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.catalogue.importing.watched import Unreadable, Watched


def read(data: bytes) -> Iterator[Watched]:
    """Yield the addresses of a list: `URL`, `URL title`, `title URL` or `URL,tag,tag`. Raises Unreadable."""
    try:
        text = data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable("is not UTF-8; save it as UTF-8") from None
    if "\0" in text:
        raise Unreadable("is no text")
    if "://" not in text:
        raise Unreadable("holds no address, and is no watch list that is known")
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or line.startswith(("#", "//", ";")):
            continue
        words = line.replace("\t", " ").split()
        at = next((n for n, word in enumerate(words) if "://" in word), None)
        if at is None:
            lost = ["is no address; write http:// or https:// before it"]
            yield Watched(url=None, title=None if "@" in line else line, place=f"line {number}", lost=lost)
            continue
        url, *tags = words[at].strip("<>").split(",http", 1)[0].split(",")
        title = " ".join([*words[:at], *words[at + 1 :]]).strip(" -:,|#")
        yield Watched(url=url.rstrip(";"), title=title or None, tags=tags, place=f"line {number}")
