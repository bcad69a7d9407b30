"""What the layout of a text says: a diff's minus, an author's number, a footnote glued to a name."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.match import Matcher
from crawler.match.statements import split, undiff
from tests.match.reading import invented


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(invented())


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("@@ -3 +3 @@\n-Larkfield Institute joined the Harrow Network.\n+Larkfield Institute keeps bees.", False),
        ("@@ -3 +3 @@\n-Larkfield Institute keeps bees.\n+Larkfield Institute joined the Harrow Network.", True),
        ("-云雀研究院加入衡安网络。\n+云雀研究院养蜂。", False),
        ("+ 云雀研究院加入衡安网络。\n- 云雀研究院养蜂。", True),
        ("- Larkfield Institute joined the Harrow Network.\n- Copper prices rise.", True),
        ("- 云雀研究院加入衡安网络。\n- 电话：\n+86 10 5555", True),
        ("+ Copper prices rise.\n\n- Larkfield Institute joined the Harrow Network.", True),
    ],
)
def test_a_diff_asserts_what_it_adds(matcher, text, fires):
    assert bool(matcher.match_text(text).fired) is fires


@given(st.text("+-@ a云\n", max_size=60))
def test_a_text_that_is_no_diff_stays_as_it_is(text):
    added, removed = undiff(text)
    if not removed and "+" not in text and "@@" not in text:
        assert added == text


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Ann Lee (1), Bo Marsh (2). (1) Larkfield Institute (2) Fens Laboratory. A note.", 2),
        ("李安（1），马博（2）。（1）云雀研究院 （2）沼泽实验室。", 1),
        ("We do three things: (1) eat, (2) sleep, (3) read.", 4),
        ("议程： （一）开会 （二）散会", 3),
    ],
)
def test_authors_stand_in_one_statement_with_their_institutes(text, count):
    assert len(list(split(text))) == count


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("Larkfield Institute12 joined the Harrow Network.", True),
        ("LIMS3 joined the Harrow Network.", True),
        ("Larkfield Institute¹ joined the Harrow Network².", True),
        ("LIMS2030x joined the Harrow Network.", False),
    ],
)
def test_a_footnote_hides_no_name(matcher, text, fires):
    assert bool(matcher.match_text(text).fired) is fires
