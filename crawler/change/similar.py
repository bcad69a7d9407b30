"""How alike two texts are: shingles of words for Latin, of characters for Chinese and Japanese."""

from __future__ import annotations

from collections.abc import Set

from crawler.change.form import fold
from crawler.change.tokens import words


def shingles(text: str, size: int | None = None) -> frozenset[str]:
    """Overlapping runs of tokens of the folded text: by default 3 words, or 5 characters where Chinese prevails.

    Texts shorter than a run are one shingle.
    """
    tokens = words(fold(text))
    if size is None:
        singles = sum(1 for t in tokens if len(t) == 1 and t > "\u3000")
        size = 5 if singles * 2 > len(tokens) else 3
    if len(tokens) <= size:
        return frozenset((" ".join(tokens),)) if tokens else frozenset()
    return frozenset(" ".join(tokens[i : i + size]) for i in range(len(tokens) - size + 1))


def jaccard(a: Set, b: Set) -> float:
    """Shared part of all, 0 to 1; two empty sets are alike."""
    shared = len(a & b)
    return shared / (len(a) + len(b) - shared) if a or b else 1.0


def containment(a: Set, b: Set) -> float:
    """How much of `a` is in `b`, 0 to 1."""
    return len(a & b) / len(a) if a else 1.0


def likeness(a: list[str], b: list[str]) -> float:
    """Share of tokens two sentences have in common as multisets (Dice), 0 to 1."""
    if not a or not b:
        return 0.0
    left: dict[str, int] = {}
    for token in a:
        left[token] = left.get(token, 0) + 1
    shared = 0
    for token in b:
        if left.get(token, 0) > 0:
            left[token] -= 1
            shared += 1
    return 2 * shared / (len(a) + len(b))
