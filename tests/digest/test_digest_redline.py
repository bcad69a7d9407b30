"""Differences as a reader sees them, English and Chinese side by side."""

from __future__ import annotations

import digest_days as days
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.digest.account import Limits, Piece
from crawler.digest.redline import pair, redline
from storage.records import Part

MARKS = {"same": "{}", "ins": "[+{}+]", "del": "[-{}-]", "fold": "{}"}


def told(pieces: tuple[Piece, ...]) -> str:
    return "".join(MARKS[piece.mark].format(piece.text) for piece in pieces)


@pytest.mark.parametrize(
    ("old", "new", "was", "now"),
    [
        ("It meets once a year.", "It meets twice a year.", "It meets [-once-] a year.", "It meets [+twice+] a year."),
        ("该会每年开会一次。", "该会每年开会两次。", "该会每年开会[-一-]次。", "该会每年开会[+两+]次。"),
        ("The dean left.", "The dean has not left.", "The dean left.", "The dean [+has not +]left."),
        ("院长已离任。", "院长尚未离任。", "院长[-已-]离任。", "院长[+尚未+]离任。"),
        (
            "研究院下设三个研究中心。",
            "研究院下設三個研究中心。",
            "研究院下[-设三个-]研究中心。",
            "研究院下[+設三個+]研究中心。",
        ),
        ("12 members", "14 members", "[-12-] members", "[+14+] members"),
        ("预算1.2亿元", "预算1.3亿元", None, None),
        ("一样", "一样", "一样", "一样"),
        ("Seen 19,014 times.", "Seen 19,939 times.", "Seen [-19,014-] times.", "Seen [+19,939+] times."),
        ("会后九十日内公布。", "会后三十日内公布。", "会后[-九十-]日内公布。", "会后[+三十+]日内公布。"),
        ("现有四十二名。", "现有四十六名。", "现有[-四十二-]名。", "现有[+四十六+]名。"),
        ("第十二条", "第十三条", "第[-十二-]条", "第[+十三+]条"),
        ("浏览19,014次", "浏览19,939次", "浏览[-19,014-]次", "浏览[+19,939+]次"),
        (
            "From the coast road, follow the blue lamps to the signal tower.",
            "Guests from the hills take the funicular down to the fish market.",
            "[-From the coast road, follow the blue lamps to the signal tower.-]",
            "[+Guests from the hills take the funicular down to the fish market.+]",
        ),
        (
            "由码头步行前往灯塔。",
            "山区来客可乘缆车到鱼市。",
            "[-由码头步行前往灯塔。-]",
            "[+山区来客可乘缆车到鱼市。+]",
        ),
    ],
)
def test_words_and_characters_are_marked(old: str, new: str, was: str | None, now: str | None) -> None:
    before, after = pair(old, new)
    if was is not None:
        assert told(before) == was
        assert told(after) == now
    assert "".join(p.text for p in before) == old
    assert "".join(p.text for p in after) == new


def test_unchanged_text_is_folded_around_the_change() -> None:
    long = "and so it went on from year to year without much being said of it, " * 4
    before, after = pair(f"{long}once {long}", f"{long}twice {long}")
    assert [p.mark for p in before] == ["fold", "same", "del", "same", "fold"]
    assert max(len(p.text) for p in after) < 60
    chinese = "此后每年如此，少有人提起，" * 12
    before, _ = pair(f"{chinese}一次{chinese}", f"{chinese}两次{chinese}")
    assert [p.mark for p in before] == ["fold", "same", "del", "same", "fold"]


def test_title_first_then_main_moved_last_and_noise_counted() -> None:
    told = redline(
        (
            days.hunk("moved", old="A moved line.", new="A moved line.", position=0),
            days.hunk("added", new="Outside.", position=1, part=Part.REST),
            days.hunk("added", new="Quoted, outside.", position=5, part=Part.REST),
            days.hunk("added", new="# A heading", position=2),
            days.hunk("edited", old="Old title", new="New title", position=9, part=Part.TITLE),
            days.hunk("added", new="1,234 views", position=3, noise="counter"),
        ),
        Limits(),
        ["Quoted, outside."],
    )
    assert told.outside == 1
    assert [(row.kind, row.where) for row in told.rows] == [
        ("edited", "title"),
        ("added", "main"),
        ("moved", "main"),
        ("added", "rest"),
    ]
    assert told.rows[1].is_heading and told.rows[1].new[0].text == "A heading"
    assert told.noise == (("counter", 1),)


@pytest.mark.parametrize("sentence", ["Sentence {}.", "第{}句话。"])
def test_where_a_passage_replaced_another_what_went_stands_first(sentence: str) -> None:
    a, b, c, d, e, f = (sentence.format(n) for n in range(6))
    told = redline(
        (
            days.hunk("added", new=b, before=a, position=1),
            days.hunk("removed", old=c, before=a, position=2),
            days.hunk("added", new=d, before=b, position=3),
            days.hunk("removed", old=e, before=c, position=4),
            days.hunk("added", new=f, before="Elsewhere.", position=9),
        ),
        Limits(),
    )
    assert [(row.kind, "".join(p.text for p in row.old + row.new)) for row in told.rows] == [
        ("removed", c),
        ("removed", e),
        ("added", b),
        ("added", d),
        ("added", f),
    ]
    assert [row.before for row in told.rows] == [a, None, None, None, "Elsewhere."]


def test_rows_are_bounded_and_the_rest_counted() -> None:
    hunks = tuple(days.hunk("added", new="字" * 400, position=n) for n in range(30))
    told = redline(hunks, Limits())
    assert len(told.rows) + told.more == 30
    assert sum(len(p.text) for row in told.rows for p in row.new) < 4_000


sentences = st.text(st.sampled_from("ab c,.一二的。，\u0301é"), max_size=60)


@settings(max_examples=200, deadline=None)
@given(sentences, sentences)
def test_pieces_joined_give_both_sentences(old: str, new: str) -> None:
    before, after = pair(old, new)
    assert "".join(p.text for p in before) == old
    assert "".join(p.text for p in after) == new
    assert "".join(p.text for p in before if p.mark == "same") == "".join(p.text for p in after if p.mark == "same")


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=3), st.text(max_size=3), st.integers(400, 4000))
def test_long_sentences_end_soon_and_short(a: str, b: str, times: int) -> None:
    before, after = pair(f"{a * times}x", f"y{b * times}")
    assert sum(len(p.text) for p in before + after) <= 2_000
