"""Lines as they were set (a page of a PDF, hard-wrapped text) joined to paragraphs.

A word divided at the end of a line is one again; between Chinese characters no blank comes where the line ended.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from crawler.extract.lines import CJK

_WIDE = re.compile(rf"[{CJK}\u3000-\u303f\uff01-\uff65《》「」『』“”‘’—…·]")
_DIVIDED = re.compile(r"[^\W\d_]{2,}[-\u00ad\u2010\x02\ufffe]$")
_START = re.compile(
    r"(?:[•▪◦●■◆○◇►▶·–—*-]\s|\(?\d{1,3}[.)、．]\s?(?!\d)|[（(][一二三四五六七八九十\d]{1,3}[)）]|[一二三四五六七八九十]{1,3}、"
    r"|第[一二三四五六七八九十百\d]{1,4}[章节條条款部]|(?:Article|Section|Chapter|Annex|Appendix|Table|Figure)\s\d)"
)
_END = re.compile(r"[.!?。！？；;:：…][\"'”’)）」』》\]]*$")


def starts(text: str) -> bool:
    """Whether a line begins something of its own: a bullet, a numbered item, an article."""
    return bool(_START.match(text))


def ends(text: str) -> bool:
    """Whether a line ends a sentence."""
    return bool(_END.search(text[-20:]))


def divided(text: str) -> bool:
    """Whether a line ends in the middle of a word."""
    return bool(_DIVIDED.search(text[-60:]))


def join(lines: Iterable[str]) -> str:
    """One paragraph out of its lines."""
    out = ""
    for line in lines:
        line = line.strip()
        if not line:
            continue
        if not out:
            out = line
        elif divided(out) and line[0].islower() and not _WIDE.match(line):
            # state-of-the- goes on with its own hyphen
            out = out[:-1] + ("-" if "-" in out[-60:].rsplit(" ", 1)[-1][:-1] else "") + line
        elif _WIDE.match(out[-1]) or _WIDE.match(line[0]):
            out += line
        else:
            out += " " + line
    return out


def of_plain_text(text: str) -> list[str]:
    """Paragraphs of plain text: hard-wrapped lines are joined, where lines are long on purpose each is its own."""
    out: list[str] = []
    block: list[str] = []
    for line in [*text.splitlines(), ""]:
        if line.strip():
            block.append(line.strip())
        elif block:
            out += _unwrapped(block)
            block = []
    return out


def _unwrapped(block: list[str]) -> list[str]:
    """A block is hard-wrapped when all its lines but the last are about equally long, and not every one ends."""
    longest = max(map(width, block))
    full = [line for line in block[:-1] if width(line) > 0.7 * longest]
    if len(block) < 2 or not 40 <= longest <= 110 or len(full) < 0.8 * (len(block) - 1) or all(map(ends, block)):
        return block
    out: list[list[str]] = []
    for line in block:
        if out and not starts(line) and width(out[-1][-1]) > 0.6 * longest:
            out[-1].append(line)
        else:
            out.append([line])
    return [join(lines) for lines in out]


def width(line: str) -> int:
    """Columns that a line takes: a Chinese character takes two."""
    return sum(2 if _WIDE.match(c) else 1 for c in line)
