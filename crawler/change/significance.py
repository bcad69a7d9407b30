"""How much a change weighs: a bounded sum of named parts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.change.noise import is_stamp
from storage.records import Hunk, HunkKind, Part

_NUMBER = re.compile(r"\d[\d.,]*")
_NAME = re.compile(r"(?<![.!?] )\b[A-Z][a-z]+(?:\s+[A-Z][a-z]+)+|[《“「][^》”」]{2,30}[》”」]")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*|[一二三四五六七八九十百千万亿两兩億萬]{2,}")
_NOT = re.compile(
    r"\b(?:not|no|never|none|neither|nor|without|cannot)\b|n['’]t\b|不|没有|沒有|未|无|無|非|否认|否認", re.I
)
_PROSE = re.compile(r"[。！？；]|[.!?][\"')\]”’]*$")
SAYS = 10
"""Letters beside its figures from which a line says what they are of; a Chinese character counts twice."""


def weigh(hunks: Sequence[Hunk], *, main_size: int) -> tuple[float, tuple[tuple[str, float], ...]]:
    """Significance in 0..1 and its parts; noise weighs nothing.

    A decisive sentence in a long page must weigh: whether there is prose counts, not its share of the text.
    """
    real = [h for h in hunks if h.noise is None]
    if not real:
        return 0.0, ()
    news = [h.new or "" for h in real]
    olds = [h.old or "" for h in real]
    parts: list[tuple[str, float]] = []
    if any(_PROSE.search(t.strip()) and len(t.encode()) > 40 for t in news + olds):
        parts.append(("prose", 0.35))
    if any(_NUMBER.findall(h.new or "") != _NUMBER.findall(h.old or "") for h in real):
        parts.append(("numbers", 0.1))
    if any(set(_NAME.findall(h.new or "")) - set(_NAME.findall(h.old or "")) for h in real):
        parts.append(("names", 0.1))
    if any(map(_fact_edited, real)):
        parts.append(("a fact edited in place", 0.2))
    if any((h.new or h.old or "").startswith("# ") for h in real):
        parts.append(("heading", 0.1))
    if any(h.part is Part.TITLE for h in real):
        parts.append(("title", 0.1))
    size = sum(len(t) for t in news) + sum(
        len(o) for h, o in zip(real, olds, strict=True) if h.kind is not HunkKind.EDITED
    )
    share = min(1.0, size / max(400, main_size))
    parts.append(("share of the text", round(0.25 * share, 3)))
    if any(h.part is Part.MAIN for h in real):
        parts.append(("in the main text", 0.1))
    return round(min(1.0, sum(weight for _, weight in parts)), 3), tuple(parts)


def _fact_edited(hunk: Hunk) -> bool:
    """Whether a sentence of the main text stayed but for a figure, a name or a negation in it: 41 became 63."""
    if hunk.kind is not HunkKind.EDITED or hunk.part is not Part.MAIN:
        return False
    old, new = hunk.old or "", hunk.new or ""
    if not _words(_FIGURE.sub("", new)) or is_stamp(old, new):
        return False
    if _FIGURE.sub("0", old) == _FIGURE.sub("0", new):
        return True
    return bool(_NOT.findall(old)) != bool(_NOT.findall(new)) or set(_NAME.findall(old)) != set(_NAME.findall(new))


def _words(text: str) -> bool:
    """Whether a line says something beside its figures."""
    return sum(2 if c > "\u2e80" else 1 for c in text if c.isalpha()) >= SAYS
