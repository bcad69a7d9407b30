"""Lines that make one statement: the title of a work, its authors, their institutes, each on a line of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence

LONGEST_LINE = 200
"""Characters of a line of authors, of an institute, of a title."""
MOST = 4
"""Lines of institutes under the authors."""
_MARK = r"[\d¹²³⁴⁵⁶*†‡§()\[\]]+"
_MARKS = rf"(?:{_MARK}(?:,{_MARK})*)?"
_LATIN = r"(?:[A-Z][A-Za-z.'’-]*(?: (?:[a-z]{2,3} )?[A-Z][A-Za-z.'’-]*){1,3})"
_HAN = r"[\u3400-\u9fff](?:[\u3400-\u9fff]{1,3}| [\u3400-\u9fff])"
_AND = r"(?:\s*[,，、;；·&]\s*(?:and )?|\s+and\s+|\s+)"
_AUTHORS = re.compile(
    rf"\s*(?:{_LATIN}{_MARKS}(?:(?:\s*[,;·&]\s*(?:and )?|\s+and\s+){_LATIN}{_MARKS})+"
    rf"|{_HAN}{_MARKS}(?:{_AND}{_HAN}{_MARKS})+)\s*"
)
"""All of a line: two names or more."""
_HOUSE = re.compile(
    r"\b(?:Institut\w*|Universit\w*|Laborator\w*|Lab|Academy|College|School|Cent(?:er|re)|Department)\b"
    r"|研究院|研究所|大学|大學|学院|學院|实验室|實驗室|科学院|科學院|中心"
)
_SAYS = re.compile(
    r"[.!?。！？;；]\s*\S|[!?。！？]\s*$|\b(?:is|are|was|were|has|have|had|will|said|says|joins|joined)\b|[了将將已]"
)
"""In a line that tells something: it is no mere name of a house."""
_ENDS = re.compile(r"[.!?。！？;；:：]\s*$")


def sheets(lines: Sequence[str]) -> dict[int, int]:
    """By the number of a first line: how many lines from it on are a title, authors and institutes."""
    found: dict[int, int] = {}
    for n in range(len(lines) - 1):
        if not _are_authors(lines[n]) or not _is_house(lines[n + 1]):
            continue
        last = n + 1
        while last - n < MOST and last + 1 < len(lines) and _is_house(lines[last + 1]):
            last += 1
        titled = (
            n and n - 1 not in found and _is_title(lines[n - 1]) and not any(a + k > n - 1 for a, k in found.items())
        )
        first = n - 1 if titled else n
        found[first] = last - first + 1
    return found


def _are_authors(line: str) -> bool:
    return len(line) <= LONGEST_LINE and _AUTHORS.fullmatch(line) is not None and not _HOUSE.search(line)


def _is_house(line: str) -> bool:
    return 0 < len(line) <= LONGEST_LINE and " | " not in line and bool(_HOUSE.search(line)) and not _SAYS.search(line)


def _is_title(line: str) -> bool:
    bare = line.strip()
    return len(bare) * (1 if bare.isascii() else 2) >= 8 and len(bare) <= LONGEST_LINE and not _ENDS.search(bare)
