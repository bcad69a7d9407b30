"""Lines for a terminal: none too wide, nothing lost, Chinese marks where they belong."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from crawler.cli.wrap import wrapped

MIXED = st.text("ab c。，（）《》海湾机器审慎 42.%”“\U00020000e\u0301", max_size=80)


def lines(text: str, width: int, indent: str = "") -> list[str]:
    return [line.plain for line in wrapped([(text, "")], width, indent)]


@pytest.mark.parametrize(
    ("text", "width", "expected"),
    [
        ("the dedicated budget of 42 million", 14, ["the dedicated", "budget of 42", "million"]),
        ("市财政局为其设立专项预算4200万元。", 12, ["市财政局为其", "设立专项预算", "4200万元。"]),
        ("他说：“预算已批。”", 10, ["他说：“预", "算已批。”"]),
        ("said the 财政局 today", 12, ["said the 财", "政局 today"]),
        ("https://harbour.example/a", 10, ["https://ha", "rbour.exam", "ple/a"]),
        ("a\nb", 10, ["a", "b"]),
        ("", 10, [""]),
    ],
)
def test_where_lines_break(text: str, width: int, expected: list[str]):
    assert lines(text, width) == expected


@given(MIXED, st.integers(12, 40))
def test_no_line_is_too_wide_and_nothing_but_spaces_is_lost(text: str, width: int):
    told = lines(text, width, "  ")
    assert all(cell_len(line) <= width for line in told)
    assert "".join("".join(told).split()) == "".join(text.split())


@given(st.text("海湾机器审慎研究院设立专项预算，。", min_size=1, max_size=60))
def test_no_line_begins_with_a_closing_mark(text: str):
    text = text.lstrip("，。").replace("，，", "，").replace("。。", "。")
    assert not any(line[0] in "，。" for line in lines(text, 20)[1:] if len(line) > 1)


def test_styles_go_with_their_words():
    first, second = wrapped([("a dedicated ", ""), ("budget line", "bold")], 18)
    assert [str(span.style) for span in first.spans + second.spans].count("bold") == 2
