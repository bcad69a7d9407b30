"""Hostile texts of five megabytes: the work grows with their length, whatever their shape, and no statement is endless.

Nothing here asserts a time; `make bench` prints some. Steps are the words looked up, the patterns run and the frames
tried; a text that took more than its length would show there, and one that hung would be cut off by the guard.
"""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from crawler.match import Context, Matcher
from crawler.match.fold import fold
from crawler.match.matcher import Steps
from crawler.match.statements import LONGEST, split
from storage.records import Change, ChangeKind, Hunk, HunkKind
from tests.match.reading import SHIPPED, assessment, invented

SIZE = 5_000_000
"""Bytes of a hostile text."""
MOST_SECONDS = 300
"""The guard, far above what any shape takes."""
NAMES = sorted({name for e in assessment(SHIPPED).entities.values() for name in e.names.all()})

SHAPES = {
    "one letter": "a",
    "digits": "7",
    "one character": "安",
    "blanks": " x",
    "names": " ".join(NAMES) + " ",
    "names without blanks": "".join(NAMES),
    "quotes": "\"'“‘「『",
    "brackets": "([{（【",
    "combining marks": "e\u0301\u0323\u0300",
    "invisible": "\u200b\u200d\ufeff",
    "dots": "…",
    "a ligature that is a sentence": "\ufdfa",
    "masks": "\ue000\ue001\U000f0000",
    "negations": "not 不 no 没有 never 未 ",
    "cues": "if it would not may plan to 如果 拟 或 ",
    "money": "3 million yuan 300万元 ",
    "dates": "2027年3月 March 2027 ",
    "list items": "1) a ① b ",
    "clocks": "10:30, ",
    "turns": "Q: 问：",
    "rows": "a | b\n",
    "lines": "\n\r\n",
    "traditional": "雲雀研究院獲批經費人工智慧",
    "everything": "Larkfield Institute did not join the Harrow Network 云雀研究院拟加入衡安网络 if 3 million pounds ",
}


@pytest.fixture(autouse=True)
def guard() -> Iterator[None]:
    def cut(*_: object) -> None:
        raise TimeoutError(f"not done after {MOST_SECONDS} seconds")

    before = signal.signal(signal.SIGALRM, cut)
    signal.alarm(MOST_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def sized(unit: str, size: int) -> str:
    return unit * (size // len(unit.encode()) + 1)


def steps(matcher: Matcher, text: str, context: Context) -> int:
    counted = Steps()
    hunks = (Hunk(position=0, kind=HunkKind.ADDED, new=text),)
    matcher.match(Change(kind=ChangeKind.NEW, seen_at=None, hunks=hunks), context, counted)
    return counted.taken


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("ours", [False, True], ids=["of nobody", "on the page of its body"])
def test_work_grows_with_the_length_and_no_more(shape, ours):
    matcher = Matcher(invented())
    context = Context(owner="larkfield", source_title="Larkfield Institute") if ours else Context()
    small, large = (steps(matcher, sized(SHAPES[shape], size), context) for size in (10_000, 200_000))
    assert large <= 24 * max(small, 100)


@pytest.mark.parametrize("shape", ["digits", "names", "combining marks", "quotes", "everything"])
def test_five_megabytes_end(shape):
    matcher = Matcher(invented())
    text = sized(SHAPES[shape], SIZE)
    assert steps(matcher, text, Context()) <= len(text)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_statement_is_longer_than_the_longest(shape):
    text = sized(SHAPES[shape], 100_000)
    pieces = list(split(text))
    assert all(0 < len(piece.text) <= LONGEST for piece in pieces)
    assert sum(len(piece.text) for piece in pieces) <= len(text)


@pytest.mark.parametrize("shape", SHAPES)
def test_no_text_swells_when_it_is_folded(shape):
    text = sized(SHAPES[shape], 20_000)
    assert len(fold(text).text) <= 6 * len(text)
