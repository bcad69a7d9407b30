"""What every form comes to: an address that somebody watches, and what of it we cannot carry over."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field

LONGEST_TITLE = 300
MOST = 20_000
"""Addresses of a file."""


class Unreadable(Exception):
    """The file is not of its form; the text is a sentence."""


@dataclass(slots=True, kw_only=True)
class Watched:
    """An address that somebody watches."""

    url: str | None
    """As written; None: there is none, and `lost` says why."""
    title: str | None = None
    kind: str | None = None
    """None: by its address."""
    seconds: float | None = None
    """How often it was looked at."""
    tags: list[str] = field(default_factory=list)
    select: list[str] = field(default_factory=list)
    ignore: list[str] = field(default_factory=list)
    render: bool = False
    off: str | None = None
    """Why it is not to be asked; None: it is."""
    notes: str | None = None
    place: str = ""
    """Where it stands in its file, for the report."""
    lost: list[str] = field(default_factory=list)
    """Sentences on what is not carried over."""


def clean(text: object, limit: int = LONGEST_TITLE) -> str:
    """Give a stranger's text in one line, without what cannot be seen, bounded; '' for what is no text."""
    if not isinstance(text, str):
        return ""
    seen = "".join(" " if sign.isspace() else sign for sign in text[: limit * 4])
    seen = "".join(sign for sign in seen if unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    return " ".join(seen.split())[:limit].strip()


def texts(value: object) -> list[str]:
    """Give a value that may be a text or a list of texts as a list."""
    if isinstance(value, str):
        return [value]
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []
