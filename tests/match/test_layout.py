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


@pytest.mark.parametrize(
    ("text", "source", "fires", "trigger"),
    [
        (
            "• Copper prices rise unless it rains • Larkfield Institute has joined the Harrow Network • A new bridge",
            "Feed",
            True,
            "joins",
        ),
        ("▪ 传闻油价上涨 ▪ 云雀研究院已加入衡安网络 ▪ 新桥通车", "汇总", True, "joins"),
        ("• Larkfield Institute keeps bees • Fens Laboratory has joined the Harrow Network", "Feed", False, "joins"),
        ("@AdaQuell: I have resigned.", "X post, machine institute", True, "leaves"),
        ("Today @Ada_Quell of the machine institute has resigned.", "Wire", True, "leaves"),
        ("Ada Quell's lab received 3 million pounds.", "Wire", True, "money"),
        ("阚若溪执掌的机构获批300万元。", "新闻", True, "money"),
        ("阚若溪执掌的那家机构获批300万元。", "新闻", True, "money"),
        ("Ada Quell has resigned.", "Wire", False, "leaves"),
        (
            "Budget for 2031; no lab may test unless it asks; Larkfield Institute has joined the Harrow Network; bees.",
            "Feed",
            True,
            "joins",
        ),
    ],
)
def test_items_on_one_line_and_handles(matcher, text, source, fires, trigger):
    """Each item of a list speaks for itself; a handle is a name; a description vouches for the bare name within it."""
    assert (trigger in matcher.match_text(text, source=source).fired) is fires


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (
            "On Quiet Failures of Agents\nAnn Lee, Bo Marsh and Cy Fenn\nLarkfield Institute\nWe test six agents.",
            [3, 1],
        ),
        ("论智能体的静默失效\n李安¹ 马博 王文²\n¹ 云雀研究院\n² 沼泽大学\n摘要：我们测试。", [4, 1]),
        ("Ann Lee; Bo Marsh\nFens Laboratory", [2]),
        ("Ann Lee, Bo Marsh\nThe institute has joined the network.", [1, 1]),
        ("Copper prices rise.\nAnn Lee, Bo Marsh\nLarkfield Institute", [1, 2]),
        ("李安 马博\n研究院已加入网络。", [1, 1]),
    ],
)
def test_a_title_its_authors_and_their_institutes_are_one_statement(text, pieces):
    assert [piece.text.count("\n") + 1 for piece in split(text)] == pieces
    assert all(text[piece.start : piece.start + len(piece.text)] == piece.text for piece in split(text))
