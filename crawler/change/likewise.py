"""Whether two sentences say the same in other words: what they share, and what they cannot both mean.

Content words for Latin (without the commonest, cut to their stems), pairs of characters for Chinese and Japanese.
Gives the benefit of the doubt to two events rather than one: apart, both are read.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from itertools import pairwise

from crawler.change.tokens import words

LIKE = 0.45
"""Likeness (Dice) from which two decisive sentences on one thing are taken for the same news."""
LIKER = 0.55
"""The same where each names somebody or something that the other does not."""
FEWEST = 5
"""Content of a sentence that is too short to be told apart from others of its kind."""
MOST = 80
"""Words or characters of a sentence that are compared."""
_RUNS = 6
_WALL = "\x00"
"""Where a run stood."""
_WIDE = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_CHINESE_NUMBER = re.compile("[零〇一二两三四五六七八九十百千]+(?=[年月日号名人位个项家次篇份万亿元倍])")
_YEAR = re.compile(r"(?:19|20)\d\d")
_TITLED = re.compile("《([^《》]{2,60})》")
_NAME = re.compile(r"(?<![.!?:\"“] )(?<!^)\b[A-Z][\w-]*")
_COMMON = (
    "the an and or of to in on at by for from with as is are was were be been has have had will would its it this that "
    "their his her he she they them who which not no than then into over after before about more most also said says "
    "say told new"
)
_STOP = frozenset(_COMMON.split())
_ENDINGS = ("ing", "ed", "es", "s")


def content(text: str) -> list[str]:
    """What a sentence is about, in order: stems of words, single Chinese characters, numbers."""
    out = []
    for token in words(text)[:MOST]:
        if _WIDE.match(token):
            out.append(token)
            continue
        word = token.lower()
        if len(word) < 2 or word in _STOP:
            continue
        ending = next((e for e in _ENDINGS if word.endswith(e) and len(word) - len(e) >= 4), "")
        out.append(word.removesuffix(ending))
    return out


def likeness(a: list[str], b: list[str]) -> float:
    """Share of what two sentences are about that both have (Dice), 0 to 1.

    A long run of the same words is a name or a phrase: it counts for little however long it is, or any two sentences
    on a body with a long name would be alike.
    """
    if not _dice(set(_units(a)), set(_units(b))) >= LIKE:
        return 0.0  # taking runs for one makes nothing more alike that counts
    kept: set[str] = set()
    for _ in range(_RUNS):
        # a number is no part of a name, and tells more than one: no run goes over it
        found = SequenceMatcher(None, _walled(a, "a"), _walled(b, "b"), autojunk=False).find_longest_match()
        run = a[found.a : found.a + found.size]
        wide = _WIDE.match("".join(run))
        if found.size < (5 if wide else 3):
            break
        kept |= {f"{' '.join(run)} {half}" for half in ("12" if wide else "1")}
        a = [*a[: found.a], _WALL, *a[found.a + found.size :]]
        b = [*b[: found.b], _WALL, *b[found.b + found.size :]]
    return _dice({*_units(a), *kept}, {*_units(b), *kept})


def _walled(tokens: list[str], side: str) -> list[str]:
    return [f"{_WALL}{side}" if token == _WALL or token[0].isdigit() else token for token in tokens]


def _units(tokens: list[str]) -> list[str]:
    """Words as they are, Chinese characters in pairs; nothing across a wall."""
    out = [token for token in tokens if not _WIDE.match(token) and token != _WALL]
    return out + [one + other for one, other in pairwise(tokens) if _WIDE.match(one) and _WIDE.match(other)]


def _dice(a: set[str], b: set[str]) -> float:
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def numbers(text: str) -> frozenset[str]:
    """Numbers as they are meant: 4,200 is 4200; Chinese ones where a unit follows."""
    found = {number.replace(",", "") for number in _NUMBER.findall(text)}
    return frozenset(found | set(_CHINESE_NUMBER.findall(text)))


def at_odds(a: str, b: str) -> bool:
    """They are hardly the same news: no number and no 《title》 of theirs is the same, though both have some."""
    mine, yours = numbers(a), numbers(b)
    without = [{n for n in each if not _YEAR.fullmatch(n)} for each in (mine, yours)]
    if all(without):
        mine, yours = without
    if mine and yours and len(mine & yours) * 2 < min(len(mine), len(yours)):
        return True
    mine, yours = ({*each, *_TITLED.findall(text)} for each, text in ((mine, a), (yours, b)))
    return bool(mine and yours and not mine & yours)


def names(sentence: str) -> frozenset[str]:
    """Names in a Latin sentence as it stands: capitals that no beginning explains."""
    return frozenset(name.lower() for name in _NAME.findall(sentence))


def own_words(a: str, b: str, names_a: frozenset[str] = frozenset(), names_b: frozenset[str] = frozenset()) -> bool:
    """Two decisive sentences on the same thing, in comparison form, tell the same news, each in its words."""
    if at_odds(a, b):
        return False
    mine, yours = content(a), content(b)
    if min(len(set(_units(mine))), len(set(_units(yours)))) < FEWEST:
        return False
    return likeness(mine, yours) >= (LIKER if names_a - names_b and names_b - names_a else LIKE)
