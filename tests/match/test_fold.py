"""The comparison form and its offsets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.match import Matcher
from crawler.match.fold import fold
from tests.match.reading import invented

MIXED = st.text(
    alphabet=st.one_of(
        st.sampled_from(
            "Larkfield Institute received 3 million pounds. 云雀研究院獲批300萬元經費，程式碼網際網路軟體資料集－—…「」"
        ),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=80,
)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Beijing-AISI", "beijing aisi"),
        ("full‑time  staff", "full time staff"),
        ("獲批 40 名", "获批40名"),
        ("人工智慧程式碼", "人工智能代码"),
        ("網際網路", "互联网"),
        ("１２３万元", "123万元"),
        ("“quoted” ’tis", '"quoted" \'tis'),
        ("LIMS", "lims"),
        ("10-20", "10-20"),
    ],
)
def test_one_form(text, folded):
    assert fold(text).text == folded


@given(MIXED)
@settings(max_examples=300, deadline=None)
def test_offsets_stay_inside_and_never_fall(text):
    folded = fold(text)
    assert len(folded.at) == len(folded.text) + 1
    assert all(0 <= a <= b <= len(text) for a, b in zip(folded.at, list(folded.at)[1:], strict=False))


@given(MIXED)
@settings(max_examples=200, deadline=None)
def test_folding_twice_changes_nothing(text):
    once = fold(text).text
    assert fold(once).text == fold(fold(once).text).text


MATCHER = Matcher(invented())


@given(MIXED, MIXED)
@settings(max_examples=150, deadline=None)
def test_a_match_points_into_the_text_it_quotes(before, after):
    text = f"{before}\nLarkfield Institute received 3 million pounds. 雲雀研究院獲批300萬元。\n{after}"
    matches = MATCHER.match_text(text).matches
    assert matches
    for match in matches:
        assert match.excerpt in text
        assert 0 <= match.start < match.end <= len(match.excerpt)
        assert (
            any(
                w in match.excerpt[match.start : match.end].lower() for w in ("receiv", "獲批", "award", "join", "clos")
            )
            or match.trigger_id != "money"
        )


@given(MIXED)
@settings(max_examples=150, deadline=None)
def test_no_text_makes_the_matcher_stumble(text):
    MATCHER.match_text(text, removed=text[::-1], source=text[:20])
