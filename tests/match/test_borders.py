"""A short Chinese word is not met across the border of two others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.match import Matcher
from crawler.match.borders import insides
from tests.match.reading import invented


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(invented())


@pytest.mark.parametrize(
    ("text", "word", "met"),
    [
        ("网络安全国际会议", "全国", False),
        ("全国安全会议", "全国", True),
        ("其他机构", "他", False),
        ("他和其他机构", "他", True),
        ("版本号升为0.7", "本号", False),
        ("欢迎关注本号", "本号", True),
        ("主要是经费", "要是", False),
        ("要是没有经费", "要是", True),
        ("数据传输", "据传", False),
        ("据传要关闭", "据传", True),
        ("安全国际会议", "安全", True),
        ("安全国际会议", "国际会议", True),
    ],
)
def test_a_word_inside_another_is_none(text, word, met):
    start = text.index(word)
    assert insides(text).isdisjoint((start, start + len(word))) is met


@given(st.text("安全国际其他主要是数据传输abc ,"))
def test_places_are_inside_the_text(text):
    assert all(0 < place < len(text) for place in insides(text))


@pytest.mark.parametrize(
    "sentence",
    [
        "主要是云雀研究院加入衡安网络，其他单位没有变动。",
        "云雀研究院加入衡安网络，双方启动数据传输。",
        "雲雀研究院加入衡安網絡，牽頭統一審核標準。",
    ],
)
def test_no_cue_is_met_inside_other_words(matcher, sentence):
    assert matcher.match_text(sentence).fired == ("joins",)
