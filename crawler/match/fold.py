"""The form in which texts and terms are compared, with every offset kept to the original.

NFKC and lower case; Traditional to Simplified with the vocabulary of Taiwan and Hong Kong (OpenCC), names apart, which
change their script alone (布林 may be somebody's name before it is Taiwan's word for Boolean); every hyphen between
letters and every run of blanks is one space; no space beside a Chinese character; curly quotes are straight.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain

from opencc import OpenCC

_SCRIPT, _WORDS = OpenCC("t2s"), OpenCC("tw2sp")
_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff]")
_RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
_LONGEST_FORM = 6
"""Characters that one may stand for; a few Arabic ligatures stand for a sentence, and are no word of ours."""
_LONGEST_RUN = 120
"""Characters of one run of Han compared word by word; aligning is quadratic in it."""
_SHARED = re.compile(
    "复制|执行|联络|通讯(?=作者|员|社|地址|单位|录)|指标|宕机|核心|程序|停用|新增|整合|截图|文件|建立|宣告|宣布|序列|专著|复函|查询|想象|简报|登出|"
    "人事档案|安全档案|档案[馆室局]|尼日利亚|存档"
)
"""Words that Taiwan uses as the Mainland does, but that its vocabulary of computing says otherwise: 停用 is no 禁用."""
_ODD = re.compile(r"[-_`*]|  ")
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u2032\u00b4", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u300c\u300d\u300e\u300f\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\u2500", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\ufffe", ""),
        "\u00b7": " ", "\u2022": " ", "\u30fb": " ", "_": " ", "`": "", "*": "",
    }
)  # fmt: skip
_SLOT = re.compile(r"(?<=[a-z0-9])-(?=[a-z])|(?<=[a-z])-(?=[0-9])|[^\S ]\s*| \s+")
_HYPHEN = re.compile(r"-(?:(?<=[a-z0-9]-)(?=[a-z])|(?<=[a-z]-)(?=[0-9]))")
"""What `_SLOT` meets but for blanks. A pattern that begins with its sign is searched for several times as fast."""
_TIGHT = re.compile(r" (?:(?<=[\u3400-\u9fff] )|(?=[\u3400-\u9fff]))")


@dataclass(frozen=True, slots=True)
class Folded:
    """A text in comparison form; `at[i]` is the offset in the original of its character i, `at[len]` the end."""

    text: str
    at: array[int] | range

    def original(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the original that the stretch [start, end) of the folded text came from."""
        if end <= start:
            return self.at[start], self.at[start]
        return self.at[start], self.at[end - 1] + 1


Kept = Callable[[str], Iterable[tuple[int, int]]]
"""From a text in Simplified script to the stretches whose words stay as they are."""


def fold(text: str, kept: Kept | None = None) -> Folded:
    """Fold a text. Linear in its length; the offsets never fall."""
    if _is_plain(text):
        return Folded(text.lower(), range(len(text) + 1))
    chars, at = _characters(text)
    han = _HAN.search(chars) is not None
    if han:
        chars, at = _simplify(chars, at, kept)
    chars, at = _replace(_SLOT, " ", chars, at)
    if han:
        chars, at = _replace(_TIGHT, "", chars, at)
    at.append(len(text))
    return Folded(chars, at)


def fold_text(text: str, kept: Kept | None = None) -> str:
    """The text of `fold`, without where it came from: several times as fast."""
    text = text.replace("*", "").replace("`", "")  # they fold to nothing, and stand in many terms
    if _is_plain(text):
        return text.lower()
    chars = _quick(text)
    if chars is None:
        chars, _ = _characters(text)
    if not _HAN.search(chars):
        return _slots(chars)
    plain = _in_script(chars)
    if plain != chars:
        done, out = 0, []
        for start, end, words in _worded(chars, plain, kept):
            out += (plain[done:start], words)
            done = end
        plain = "".join((*out, plain[done:]))
    return _TIGHT.sub("", _slots(plain))


def _slots(text: str) -> str:
    """What `_SLOT` makes of a text: one space for a hyphen between letters, and for every run of blanks."""
    if "-" in text:
        text = _HYPHEN.sub(" ", text)
    words = " ".join(text.split())
    if not words:
        return text and " "
    return f"{' ' if text[0].isspace() else ''}{words}{' ' if text[-1].isspace() else ''}"


def _is_plain(text: str) -> bool:
    """True for the signs of ASCII with nothing among them that changes but capitals."""
    return text.isascii() and text.isprintable() and not _ODD.search(text)


@lru_cache(maxsize=60_000)
def fold_term(text: str) -> str:
    """A term's words in the same form, without blanks at the ends."""
    return fold_text(" ".join(text.split())).strip()


@lru_cache(maxsize=60_000)
def fold_name(text: str) -> str:
    """A name in the form that it has where its words are kept: its script alone is changed."""
    return fold_text(" ".join(text.split()), lambda plain: ((0, len(plain)),)).strip()


def forms(text: str) -> set[str]:
    """The forms in which a name, or a term that may be one, can be met."""
    return {fold_term(text)} if text.isascii() else {fold_term(text), fold_name(text)}


def _one_to_one() -> dict[int, str]:
    """What the slow way makes of each character that stays one character: for texts that need no more than that."""
    table: dict[int, str] = {}
    for low, high in ((0x80, 0x600), (0x2000, 0x3400), (0xE000, 0x10000)):
        for code in range(low, high):
            if 0xD800 <= code < 0xE000:
                continue
            plain = _character(chr(code))
            if len(plain) == 1 and plain != chr(code):
                table[code] = plain
    table.update((code, chr(code + 32)) for code in range(65, 91))
    table[ord("_")] = " "
    return table


def _character(char: str) -> str:
    if not char.isascii():
        plain = unicodedata.normalize("NFKC", char)
        char = plain if len(plain) <= _LONGEST_FORM else " "
    char = char.translate(_ALIKE).lower()
    return " " if _PRIVATE.match(char) else char  # a page cannot forge the marks of entities


_SIMPLE = _one_to_one()
_HARD = re.compile("[`*\u2026\u200b-\u200d\u2060\ufeff\u00ad\U000f0000-\U0010ffff]")


def _quick(text: str) -> str | None:
    """What a text becomes character for character; None: it needs the slow way."""
    if _HARD.search(text):
        return None
    quick = text.translate(_SIMPLE)
    return quick if unicodedata.is_normalized("NFKC", quick) and quick == quick.lower() else None


def _characters(text: str) -> tuple[str, array[int]]:
    if (quick := _quick(text)) is not None:
        return quick, array("l", range(len(text)))
    out: list[str] = []
    at = array("l")
    for n, char in enumerate(text):
        char = _character(char)
        out.append(char)
        at.extend([n] * len(char))
    return "".join(out), at


def _simplify(text: str, at: array[int], kept: Kept | None) -> tuple[str, array[int]]:
    """Traditional to Simplified; where Taiwan uses another word, Mainland's word, spread over the same stretch."""
    plain = _in_script(text)
    if plain == text:
        return text, at
    out: list[str] = []
    where = array("l")
    done = 0
    for start, end, words in _worded(text, plain, kept):
        out.append(plain[done:start])
        where.extend(at[done:start])
        for _, a, b, c, d in SequenceMatcher(None, plain[start:end], words, autojunk=False).get_opcodes():
            out.append(words[c:d])
            last = start + (b - 1 if b > a else max(a - 1, 0))
            where.extend(at[min(start + a + k, last)] for k in range(d - c))
        done = end
    out.append(plain[done:])
    where.extend(at[done:])
    return "".join(out), where


def _in_script(text: str) -> str:
    """The text in Simplified script, character for character."""
    plain = _SCRIPT.convert(text)
    return plain if len(plain) == len(text) else "".join(_one(c) for c in text)


def _worded(text: str, plain: str, kept: Kept | None) -> Iterator[tuple[int, int, str]]:
    """(start, end, Mainland's words) of the stretches where Taiwan says it otherwise, in order."""
    shared = (hit.span() for hit in _SHARED.finditer(plain))
    for start, end in _between([run.span() for run in _RUN.finditer(text)], chain(kept(plain) if kept else (), shared)):
        if plain[start:end] == text[start:end] or end - start > _LONGEST_RUN:
            continue
        words = _WORDS.convert(text[start:end])
        if words != plain[start:end]:
            yield start, end, words


def _between(runs: Iterable[tuple[int, int]], kept: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The runs, in order, without the stretches that are kept, which may overlap and come in any order."""
    holes = sorted(kept)
    at = done = 0
    for start, end in runs:
        done = max(done, start)
        while at < len(holes) and holes[at][0] < end:
            a, b = holes[at]
            if a > done:
                yield done, a
            done = max(done, b)
            at += 1
        if done < end:
            yield done, end


@lru_cache(maxsize=30_000)
def _one(char: str) -> str:
    plain = _SCRIPT.convert(char)
    return plain if len(plain) == 1 else char


def _replace(pattern: re.Pattern[str], by: str, text: str, at: array[int]) -> tuple[str, array[int]]:
    out: list[str] = []
    where = array("l")
    done = 0
    for hit in pattern.finditer(text):
        if hit.group() == by:
            continue
        out.append(text[done : hit.start()])
        where.extend(at[done : hit.start()])
        out.append(by)
        where.extend([at[hit.start()]] * len(by))
        done = hit.end()
    if not done:
        return text, at
    out.append(text[done:])
    where.extend(at[done:])
    return "".join(out), where
