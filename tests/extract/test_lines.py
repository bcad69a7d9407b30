"""The one text form: laws for any text, and where sentences end in both languages."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crawler.extract.lines import LONGEST_LINE, as_lines, fold_space, normalise, sentences

ODD = st.text("aB. !?…。！？；”’」』）】《“\"'()[]# |1，、\u200b\u00ad\u3000\n\t é\u0301", max_size=120)


@given(st.one_of(ODD, st.text(max_size=200)))
@example("他说：“好。”然后走了。")
@example("A. " * 2000)
@example("# " + "x " * 3000 + "| y")
def test_normalising_twice_is_normalising_once(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once


@given(ODD)
def test_nothing_but_white_space_and_the_invisible_is_lost(text: str) -> None:
    kept = "".join("".join(sentences(fold_space(text))).split())
    assert kept == "".join(fold_space(text).split())


@given(ODD)
def test_every_line_is_folded_and_bounded(text: str) -> None:
    for line in normalise(text).split("\n"):
        assert line == " ".join(line.split())
        assert len(line) <= LONGEST_LINE
        assert unicodedata.is_normalized("NFC", line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is so. He left! Did he? Yes.", ["It is so.", "He left!", "Did he?", "Yes."]),
        ("他来了。她走了！真的吗？是的；再见。", ["他来了。", "她走了！", "真的吗？", "是的；", "再见。"]),
        ("He said “No.” Then he left.", ["He said “No.”", "Then he left."]),
        ("他说：“预算已批准。”随后离开。", ["他说：“预算已批准。”", "随后离开。"]),
        ("Mr. Keel of the U.S. Navy met Dr. A. B. Pilot, e.g. at sea.", None),
        ("See Art. 5 of the Act.", None),
        ("第三条（见附件。）继续", ["第三条（见附件。）", "继续"]),
        ("1. The first rule. 2. The second.", ["1. The first rule.", "2. The second."]),
        ("It rose by 3.5 percent to 1.2 million.", None),
        ("增长3.5%，达到1.2亿元。", None),
        ("Item | 2030 | 2031. Total", None),
    ],
)
def test_where_sentences_end(text: str, expected: list[str] | None) -> None:
    assert as_lines(text) == (expected or [text])
