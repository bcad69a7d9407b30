"""A text split into statements: headings, rows, bullets, sentences, each with its place in the original.

Both languages; an inline list ("1) … 2) …", "① … ②") is split as if each item stood on a line of its own, and so are
the turns of an interview.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from crawler.match.authors import sheets
from crawler.match.titles import unbroken

LONGEST = 1200
"""Characters of one statement; a longer run without any stop is cut there, so that no text costs over its length."""

SELF_WORDS: dict[str, tuple[str, ...]] = {
    "own": (
        "我院", "本院", "我所", "本所", "我中心", "本中心", "我单位", "本单位", "我会", "本会", "我们", "我室",
        "本实验室", "本研究院", "我们研究院", "本协会", "本网络", "本机构", "we", "our", "ours", "us", "my", "i",
    ),
    "body": (
        "该院", "该研究院", "研究院", "该机构", "该所", "该中心", "该实验室", "该单位", "这家机构", "这家研究院",
        "这一机构", "上述机构", "该研究所", "其", "双方",
        "(the|this|that) [young|new|small|same|capital's|municipal] "
        "(institute|institution|body|lab|laboratory|centre|center|organisation|organization|agency|academy|outfit)",
        "it", "its", "itself", "they", "their", "(both|the two) (sides|parties)",
    ),
    "person": (
        "他", "她", "其", "曾院长",
        "(the|this|that) [institute's|founding|former|outgoing] "
        "(dean|director|professor|scientist|head|founder|scholar|academic)",
        "he", "she", "his", "her", "him", "院长", "所长",
    ),
    "network": (
        "该网络", "该协会", "网络", "协会", "该组织", "该联盟", "其", "这一网络", "这个网络", "该机制",
        "(the|this|that) [national|new|same] "
        "(network|association|alliance|body|organisation|organization|group|secretariat)",
        "it", "its", "itself",
    ),
    "group": (),
}  # fmt: skip
"""Words that stand for a thing already named: `own` when the source or the speaker is it, the others by kind."""

_STOP = re.compile(
    r"(?<=[。！？!?])[”’」』\"')）\]]*(?![。！？!?”’」』)）\]])(?=\s|\S)"  # Chinese stops need no blank after them
    r"|(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9\u3400-\u9fff])"
)
_HUNK = re.compile(r"^(?:@@ .*@@|diff --git )", re.MULTILINE)
_DIFFS = re.compile(r"^(?:\+\s?[^\s\d+].*\n[-−]\s?[^\s\d-]|[-−]\s?[^\s\d-].*\n\+\s?[^\s\d+])", re.MULTILINE)
"""A line with a plus right beside one with a minus."""
_HEAD = re.compile(r"@@ .*@@|diff --git |index [0-9a-f]+\.\.|--- \S|\+\+\+ \S")
_SHORT = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|St|No|Nos|vs|Inc|Ltd|Co|Corp|Jr|Sr|Gov|Sen|Rep|Gen|Art|Sec|Fig|Eq|al|approx|Jan|Feb|"
    r"Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|e\.g|i\.e|cf|U\.S|U\.K|U\.N|E\.U|D\.C|a\.m|p\.m)\.)$"
)
_ITEM = re.compile(r"(?:(?<=\s)|^)(?:\(?\d{1,2}[)）]|[①-⑳]|[（(][一二三四五六七八九十\d]{1,2}[)）])\s*(?![,.;，。；])")
_NUMBERED = re.compile(r"\s*[(（]\d{1,2}[)）]")
_SIGNED = re.compile(r"[(（]\d{1,2}(?:[,，]\s?\d{1,2})*[)）]\s*[,.;，。；]")
"""After an author's name: where the list of institutes says who they are, which follows on the line."""
_TURN = re.compile(
    r"(?:(?<=\s)|(?<=[。？?！!])|^)(?:Q|A|Question|Answer|Host|Guest|Interviewer|Reporter|[\u3400-\u9fff]{0,8}[问答問])"
    r"(?:（[^）]{1,20}）|\([^)]{1,30}\))?\s*[:：]"
)
_ASKED = re.compile(r"(?:Q|Question|Host|Interviewer|Reporter|[\u3400-\u9fff]{0,8}[问問])\s*[:：(（]|\d{1,2}:\d{2}\b")
_CLOCK = re.compile(r"(?:(?<=[;；。,，\s])|^)(?=\d{1,2}:\d{2}\b)")
_CUTS = re.compile(r"[.!?。！？:：)）①-⑳•▪◦●■◆►▶·‧]")
"""Stands in every line that holds more than one statement."""
_MARKED = re.compile(r"(?:(?<=\s)|^)[•▪◦●■◆►▶]\s*(?=\S)|(?<=\s)[·‧]\s+(?=\S)")
"""Before an item of a list on one line."""
_BULLET = re.compile(r"\s*(?:[-•*·▪◦–—]|\d{1,2}[.)、])\s+")


@dataclass(slots=True)
class Piece:
    """A stretch of a text that says one thing."""

    start: int
    text: str
    kind: str
    """heading, row, bullet or sentence."""
    line: int
    """Number of its line, so that neighbours on one line are known."""
    asked: bool = False
    """A question of an interview, or an item of an agenda."""
    header: str | None = field(default=None)
    """First row of its table, or the words with a colon that its list hangs on; None: there are none."""


def undiff(text: str) -> tuple[str, str]:
    """(what the text says, what it says was taken away): a unified diff is read as one, all other text is as it is.

    A diff has a header, or a line with a plus beside one with a minus; a list whose bullets are hyphens has no plus.
    """
    if not (_HUNK.search(text) or _DIFFS.search(text)):
        return text, ""
    added, removed = [], []
    for line in text.split("\n"):
        if _HEAD.match(line):
            continue
        if line[:1] in "-−" and line[1:].strip():
            removed.append(line[1:].strip())
        else:
            added.append(line[1:].lstrip() if line.startswith("+") else line)
    return "\n".join(added), "\n".join(removed)


def split(text: str) -> Iterator[Piece]:
    """The statements of a text in order; every one is a stretch of it, none is empty."""
    header: str | None = None
    lead: str | None = None
    offset = 0
    lines = text.split("\n")
    whole = sheets(lines)
    taken = 0
    for number, line in enumerate(lines):
        bare = line.strip()
        if number in whole:
            taken = number + whole[number]
            header = None
            yield from _cut("\n".join(lines[number:taken]), offset, "sentence", number, None)
        elif bare and number >= taken:
            row = " | " in line or "\t" in line.strip() or line.count("｜") > 1
            kind = (
                "heading" if line.startswith("#") else "row" if row else "bullet" if _BULLET.match(line) else "sentence"
            )
            if row:
                yield from _cut(line, offset, kind, number, header)
                header = header or bare
            else:
                header = None
                lead = lead if kind == "bullet" else _lead(bare)
                above = lead if kind == "bullet" else None
                for a, b, item in _stretches(line):
                    if item and above is None:
                        above = _lead(line[:a].strip())
                    yield from _cut(line[a:b], offset + a, "bullet" if item else kind, number, above)
        offset += len(line) + 1


def _lead(words: str) -> str | None:
    """The words that a list hangs on: they end with a colon."""
    return words[-LONGEST:] if words.endswith((":", "：")) else None


def _stretches(line: str) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it is an item of an inline list)."""
    if not _CUTS.search(line):
        yield 0, len(line), False
        return
    signed = _SIGNED.search(line)
    items = [m.start() for m in _ITEM.finditer(line)] if not signed else []
    marked = [m.start() for m in _MARKED.finditer(line)]
    items = items if len(items) > 1 else marked
    turns = [m.start() for m in _TURN.finditer(line)]
    clocks = [m.start() for m in _CLOCK.finditer(line)]
    cuts = {0, len(line)}
    cuts.update(items if len(items) > 1 else ())
    cuts.update(turns)
    cuts.update(clocks if len(clocks) > 1 else ())
    whole = unbroken(line)
    for stop in _STOP.finditer(line):
        if any(a < stop.end() < b for a, b in whole):
            continue
        if signed and stop.start() > signed.start() and _NUMBERED.match(line, stop.end()):
            continue  # the authors and their institutes are one statement
        if not _SHORT.search(line[max(0, stop.start() - 8) : stop.start()]):
            cuts.add(stop.end())
    first = min(cuts & {*items, *clocks}, default=len(line)) if len(items) > 1 or len(clocks) > 1 else len(line)
    for a, b in pairwise(sorted(cuts)):
        yield a, b, a >= first


def _cut(text: str, offset: int, kind: str, line: int, header: str | None) -> Iterator[Piece]:
    for start in range(0, len(text), LONGEST):
        part = text[start : start + LONGEST]
        lead = len(part) - len(part.lstrip())
        if part.strip():
            asked = bool(_ASKED.match(part.strip()))
            yield Piece(offset + start + lead, part.strip(), kind, line, asked, header)
