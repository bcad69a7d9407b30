"""The grammar of terms: plain phrases that an analyst writes, compiled to patterns that run in linear time.

    safety evaluation        these words, one after the other; case, script, width and hyphens do not matter
    publish*                 a word that begins so: publish, publishes, publishing, published
    the [new] institute      new may be missing
    (hires|hired) staff      one of these
    signed ... agreement     a few other words may stand between: 45 characters, or 19 in a term with Chinese; no
                             semicolon, and one Chinese comma at most
    撤销[*]委员会              a star by itself, or after Chinese words: up to four characters
    {money} set aside        a placeholder: money, people, number, percent, date, year, bracket, span (both ends of a
                             time: 2021-2026, 2024年9月至2026年10月, from 2018 to March 2026; "to date" has no end)
    {institute} joins        an entity's id: any of its names; {institute.product}: only the things it makes
    {publish} results        a class's name: any of its terms

Chinese words need no spaces. The literal parts become the anchors of one Aho-Corasick automaton; only where an anchor
is hit does the whole pattern run, by RE2, so no term can hang.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from crawler.match.fold import fold_term

node = dataclass(frozen=True, slots=True)


class TermError(ValueError):
    """A term that cannot be read; the text says what to change."""


@node
class Literal:
    text: str
    """As written, one word or several."""


@node
class Gap:
    pass


@node
class Reference:
    name: str


@node
class Choice:
    options: tuple[Sequence, ...]
    optional: bool


@node
class Sequence:
    parts: tuple[Literal | Gap | Reference | Choice, ...]


@dataclass(frozen=True, slots=True)
class Placeholder:
    says: str
    pattern: str


_NUM = r"(?:\d[\d,]*(?:\.\d+)?)"
_ZH = "[零〇一二两三四五六七八九十百千万]"
_EN = (
    r"(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|"
    r"eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|dozen|dozens|several|half)"
    r"(?:[ -](?:one|two|three|four|five|six|seven|eight|nine|hundred|thousand|dozen|a dozen))*)"
)
_PART = r"(?:\b(?:a |one )?(?:quarter|half|third) (?:of )?a (?:million|billion)\b)"
_ANY = rf"(?:{_PART}|{_NUM}(?: ?(?:thousand|million|billion))?|\b{_EN}\b|{_ZH}+)"
_HEAD = "人|号人|名|位|员工|个(?:编制|岗位|职位|名额|席位|人|事业编|行政编|专职|全职|正式)"
_PEOPLE_EN = (
    r"(?:staff|people|employees|posts|positions|researchers|scientists|engineers|headcount|workers|experts|hires|roles|"
    r"specialists|vacancies|jobs|members of staff|personnel|analysts|slots|officials|evaluators|technicians|staffers|"
    r"ftes?|full time)"
)
_COUNTING = r"(?:[a-z]+[ -]){0,4}?"
PLACEHOLDERS: dict[str, Placeholder] = {
    "money": Placeholder(
        "an amount of money",
        rf"(?:(?:rmb|cny|usd|us\$|hk\$|[$£€¥]) ?{_NUM} ?(?:million|billion|trillion|thousand|mn|bn|m|b|k|万|亿)?\b"
        rf"|{_ANY}[ -]?(?:(?:million|billion|thousand|mn|bn|m|k|万|亿|千|百)?[ -]?"
        r"(?:yuan|renminbi|rmb|cny|dollars|pounds|euros|元|人民币|美元|英镑|欧元|港元|港币))"
        rf"|{_ANY}[余多]?[万亿]元|{_ANY}[余多]?[万亿](?:$|[,;:.。!)|\"已来的经资预])"
        rf"|{_NUM} ?(?:million|billion|m|bn) (?:a|per|each|every) year"
        rf"|{_NUM} ?(?:million|billion) annually)",
    ),
    "people": Placeholder(
        "a number of people or posts",
        rf"(?:{_ANY}[余多几来]?(?:{_HEAD})|\b{_ANY} {_COUNTING}{_PEOPLE_EN}\b)",
    ),
    "number": Placeholder("a number", rf"(?:{_PART}|{_NUM}(?: ?(?:thousand|million|billion))?|\b{_EN}\b|{_ZH}{{2,}})"),
    "percent": Placeholder(
        "a percentage", rf"(?:{_NUM} ?(?:%|percent|per cent|percentage points|个百分点)|百分之{_ZH}+)"
    ),
    "bracket": Placeholder("an opening bracket", r"\("),
    "year": Placeholder("a year", r"(?:\b(?:19|20)\d\d\b年?)"),
    "date": Placeholder(
        "a date",
        r"(?:(?:(?:19|20)\d\d年)?\d{1,2}月(?:\d{1,2}[日号])?|\b(?:19|20)\d\d[-/]\d{1,2}(?:[-/]\d{1,2})?\b|(?:\d{1,2} )?"
        r"(?:january|february|march|april|may|june|july|august|september|october|november|december)"
        r"(?: \d{1,2})?(?:,? (?:19|20)\d\d)?)",
    ),
}
"""By name: what it stands for, and its pattern over folded text. None can match an unbounded stretch twice over."""

_DAY = (
    r"(?:(?:19|20)\d\d(?:年(?:\d{1,2}月)?(?:\d{1,2}日)?|[./]\d{1,2}\b|-\d\d\b|\b)|"
    r"(?:(?:late|early|mid|spring|summer|autumn|winter|fall) )?"
    r"(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]{0,6}\.? (?:19|20)\d\d\b)"
)
PLACEHOLDERS["span"] = Placeholder(
    "both ends of a stretch of time", rf"\b(?:from )?{_DAY} ?(?:-{{1,2}}|~|to|until|till|through|至|到|起至) ?{_DAY}"
)

FIGURE = re.compile(
    rf"\d|{_ZH}|\(|\b(?:quarter|half|third|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[a-z]+teen|"
    r"[a-z]+ty|hundred|dozens?|several|january|february|march|april|may|june|july|august|september|october|november|"
    r"december)\b"
)
"""Met in every folded text that a placeholder can match in; a text without it need not be asked."""

_PIECES = re.compile(r"\.\.\.|…|[\[\](){}|]|[^\[\](){}|.…]+|\.")
_SIGNS = re.compile(r"[\[\](){}|…]|\.\.\.")
_BRACED = re.compile(r"\{([^{}]*)\}")
_CJK = re.compile("[\u3400-\u9fff]")
_GAP, _GAP_HAN = "[^;]{0,45}?", "[^,;。]{0,11}?,?[^,;。]{0,8}?"
"""Between the words of a term with a gap: what is further off, after a semicolon or two Chinese commas on, is told of
something else. (To count commas in English too changed nothing on any labelled set, and is slow to compile.)
"""
_STAR_HAN = "[a-z0-9\u3400-\u9fff]{0,4}?"
MAX_TERM = 300
"""Characters of one term."""


_MAYBE = re.compile(r"[)\]]\?")


@lru_cache(maxsize=60_000)
def parse(term: str) -> Sequence:
    """Read a term; raises TermError with a sentence for the analyst."""
    if len(term) > MAX_TERM:
        raise TermError(f"is longer than {MAX_TERM} characters; make it a class")
    if not _SIGNS.search(term) and term.strip():
        return Sequence((Literal(" ".join(term.split())),))
    if _MAYBE.search(term):
        raise TermError("has a '?' behind a bracket; write [word] for a word that may be missing")
    pieces = _PIECES.findall(term)
    sequence, rest = _sequence(pieces, 0)
    if rest != len(pieces):
        raise TermError(f"has a stray {pieces[rest]!r}; remove it, or open it before")
    if not any(isinstance(p, _WORDED) for p in sequence.parts):
        raise TermError("has no words; write a phrase")
    if isinstance(sequence.parts[0], Gap) or isinstance(sequence.parts[-1], Gap):
        raise TermError("begins or ends with '...'; a gap stands between words")
    return sequence


_CLOSERS = {"[": "]", "(": ")"}
_GAPS = frozenset(("...", "…"))
_ENDS = frozenset("|])")
_SIGNIFICANT = frozenset((*_GAPS, *"[](){}|"))
_WORDED = (Literal, Reference, Choice)


def _sequence(pieces: list[str], at: int) -> tuple[Sequence, int]:
    """The parts up to what closes them or the end, and where that is."""
    parts: list[Literal | Gap | Reference | Choice] = []
    text = ""
    while at < len(pieces):
        piece = pieces[at]
        if piece not in _SIGNIFICANT:
            text += piece
            at += 1
            continue
        if text and not text.isspace():
            parts.append(Literal(" ".join(text.split())))
        text = ""
        if piece in _GAPS:
            if parts and isinstance(parts[-1], Gap):
                raise TermError("has two gaps in a row; one '...' is enough")
            parts.append(Gap())
        elif piece in _CLOSERS:
            options, at = _options(pieces, at + 1, _CLOSERS[piece])
            parts.append(Choice(options, piece == "["))
        elif piece == "{":
            if at + 2 >= len(pieces) or "}" not in pieces[at + 1 :]:
                raise TermError("has a '{' that is never closed; write {name}")
            end = pieces.index("}", at)
            parts.append(Reference("".join(pieces[at + 1 : end]).strip()))
            at = end
        else:
            break
        at += 1
    if text and not text.isspace():
        parts.append(Literal(" ".join(text.split())))
    return Sequence(tuple(parts)), at


def _options(pieces: list[str], at: int, closer: str) -> tuple[tuple[Sequence, ...], int]:
    options: list[Sequence] = []
    while True:
        if at + 1 < len(pieces) and pieces[at] not in _SIGNIFICANT and pieces[at + 1] in _ENDS:  # words, as most are
            words = pieces[at].split()
            option, at = Sequence((Literal(" ".join(words)),) if words else ()), at + 1
        else:
            option, at = _sequence(pieces, at)
        options.append(option)
        if at >= len(pieces):
            raise TermError(f"is missing a {closer!r}; close what was opened")
        if pieces[at] == closer:
            break
        if pieces[at] != "|":
            raise TermError(f"has {pieces[at]!r} where {closer!r} was expected")
        at += 1
    if not all(o.parts for o in options):
        raise TermError("has an empty alternative; write [word] for a word that may be missing")
    return tuple(options), at


def references(term: str) -> tuple[str, ...]:
    """The names in braces; none where the term cannot be read."""
    return tuple(name.strip() for name in _BRACED.findall(term)) if "{" in term else ()


Resolve = Callable[[str], tuple[str, frozenset[str] | None]]
"""From a name in braces to its pattern and its anchors (None: no fixed words in it)."""


def compile_term(term: str, resolve: Resolve) -> tuple[str, frozenset[str] | None]:
    """Pattern over folded text (RE2 syntax, one line), and a set of literals one of which is in every match.

    The set is None where a match need hold no fixed words (`{money}` alone).
    """
    gap = _GAP_HAN if _CJK.search(term) else _GAP
    return _compile(parse(term), gap, resolve)


def _compile(sequence: Sequence, gap: str, resolve: Resolve) -> tuple[str, frozenset[str] | None]:
    pattern, best, loose = "", None, True
    before: Literal | Gap | Reference | Choice | None = None
    for part in sequence.parts:
        if isinstance(part, Gap):
            pattern, loose, before = pattern + gap, True, part
            continue
        # a star right behind brackets ends their words; only one by itself stands for Chinese
        by_itself = gap == _GAP_HAN and not isinstance(before, Choice)
        piece, anchors = _literal(part.text, by_itself) if isinstance(part, Literal) else _piece(part, gap, resolve)
        before = part
        optional = isinstance(part, Choice) and part.optional
        joined = piece if loose else f" ?{piece}"
        pattern += f"(?:{joined})?" if optional else joined
        if optional and loose and pattern.endswith(")?"):
            pattern += " ?"
        else:
            loose = False
        if not optional and anchors and (best is None or _worth(anchors) > _worth(best)):
            best = anchors
    return pattern, best


def _piece(part: Reference | Choice, gap: str, resolve: Resolve) -> tuple[str, frozenset[str] | None]:
    if isinstance(part, Reference):
        return resolve(part.name)
    compiled = [_compile(option, gap, resolve) for option in part.options]
    anchors = [a for _, a in compiled]
    pattern = "(?:" + "|".join(p for p, _ in compiled) + ")"
    return pattern, frozenset().union(*anchors) if all(anchors) else None  # type: ignore[arg-type]


@lru_cache(maxsize=60_000)
def _literal(text: str, chinese: bool) -> tuple[str, frozenset[str] | None]:
    pattern, longest, before = "", "", ""
    for n, piece in enumerate(text.split("*")):
        folded = fold_term(piece)
        if n:
            star = _STAR_HAN if chinese and not _is_word(before[-1:]) else "[a-z0-9]*"
            pattern += star + (" ?" if piece.startswith(" ") else "")
        before = piece
        if not folded:
            continue
        body = folded if folded.replace(" ", "").isalnum() else re.escape(folded).replace(r"\ ", " ")
        if _is_word(folded[0]) and (not n or piece.startswith(" ")):
            body = r"\b" + body
        star = n < text.count("*")
        pattern += body + (r"\b" if _is_word(folded[-1]) and not star else "")
        longest = max(longest, folded, key=len)
    return pattern, frozenset([longest]) if longest else None


def _is_word(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _worth(anchors: frozenset[str]) -> tuple[int, int]:
    """Better anchors are longer, then fewer."""
    return min(len(a) for a in anchors), -len(anchors)


def walk(sequence: Sequence) -> Iterator[Literal | Gap | Reference | Choice]:
    """Every part of a term, outermost first."""
    for part in sequence.parts:
        yield part
        if isinstance(part, Choice):
            for option in part.options:
                yield from walk(option)
