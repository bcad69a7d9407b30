"""Tokens for likeness and display: words for Latin and its like, single characters for Chinese and Japanese."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+|\s+|[^\w\s]")
_WORD = re.compile(rf"[{_CJK}]|[^\W_{_CJK}]+")
MOST_TOKENS = 3_000
"""Per side; beyond that the middle is shown as replaced whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of text that stayed, went or came."""

    kind: str
    """same, old or new."""
    text: str


def words(text: str) -> list[str]:
    """Words (Latin) and characters (CJK) without punctuation, as they stand."""
    return _WORD.findall(text)


def redline(old: str, new: str) -> tuple[Piece, ...]:
    """What became of a sentence, for display: runs that stayed, went ('old') and came ('new'), in reading order.

    Joined, same and old give `old`; same and new give `new`.
    """
    left, right = _TOKEN.findall(old), _TOKEN.findall(new)
    start = 0
    while start < min(len(left), len(right)) and left[start] == right[start]:
        start += 1
    end = 0
    while end < min(len(left), len(right)) - start and left[-1 - end] == right[-1 - end]:
        end += 1
    pieces: list[tuple[str, str]] = [("same", "".join(left[:start]))]
    mid_left, mid_right = left[start : len(left) - end], right[start : len(right) - end]
    if max(len(mid_left), len(mid_right)) > MOST_TOKENS:
        pieces += [("old", "".join(mid_left)), ("new", "".join(mid_right))]
    else:
        for op, a, b, c, d in SequenceMatcher(None, mid_left, mid_right, autojunk=False).get_opcodes():
            if op == "equal":
                pieces.append(("same", "".join(mid_left[a:b])))
            else:
                pieces += [("old", "".join(mid_left[a:b])), ("new", "".join(mid_right[c:d]))]
    pieces.append(("same", "".join(left[len(left) - end :])))
    return tuple(Piece(kind=kind, text=text) for kind, text in _tidy(pieces) if text)


def _tidy(pieces: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Join what is separated by nothing but a space or punctuation: whole phrases read better than a rash."""
    out: list[tuple[str, str]] = []
    for position, (kind, text) in enumerate(pieces):
        if not text:
            continue
        between = (
            kind == "same"
            and 0 < position < len(pieces) - 1
            and not any(c.isalnum() for c in text)
            and out
            and out[-1][0] != "same"
            and pieces[position + 1][0] != "same"
        )
        if between:
            out += [("old", text), ("new", text)]
        else:
            out.append((kind, text))
    merged: list[tuple[str, str]] = []
    olds, news = [], []
    for kind, text in [*out, ("same", "")]:
        if kind == "old":
            olds.append(text)
        elif kind == "new":
            news.append(text)
        else:
            merged += [("old", "".join(olds)), ("new", "".join(news))]
            olds, news = [], []
            if merged and text:
                merged.append(("same", text))
    return merged
