"""Laws of comparing: whatever the text, in either language."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.change import diff, similar, tokens
from crawler.change.form import fold, lines_of
from storage.records import Part
from tests.change.visits import Visits

WORDS = ["harbour", "council", "lantern", "budget", "approves", "network", "member", "report", "safety"]
ENGLISH = st.lists(
    st.sampled_from(WORDS),
    min_size=4,
    max_size=12,
)
SENTENCE = st.one_of(
    st.builds(lambda words, n: f"{' '.join(words).capitalize()} in case {n}.", ENGLISH, st.integers(0, 10**6)),
    st.builds(
        lambda text, n: f"{text}，编号{n}。",
        st.text("港湾理事会批准灯塔研究院预算网络成员报告安全", min_size=6, max_size=20),
        st.integers(0, 10**6),
    ),
)
LINES = st.lists(SENTENCE, min_size=3, max_size=25, unique_by=fold)
ANY = st.text(max_size=200)


@given(ANY)
def test_the_comparison_form_is_reached_in_one_step(line: str) -> None:
    assert fold(fold(line)) == fold(line)


@given(st.text("0123456789.,/: 年月日%abc", max_size=40))
def test_digits_are_kept(line: str) -> None:
    assert [c for c in fold(line) if c.isdigit()] == [c for c in line if c.isdigit()]


@settings(max_examples=30, deadline=None)
@given(LINES)
def test_a_text_does_not_differ_from_itself(lines: list[str]) -> None:
    visits = Visits()
    visits.lines("\n".join(lines))
    found = visits.lines("\n".join(lines))
    assert (found.change, found.version) == (None, None)


@settings(max_examples=100, deadline=None)
@given(LINES, st.randoms(use_true_random=False))
def test_the_order_of_lines_is_no_difference(lines: list[str], random) -> None:
    moved = list(lines)
    random.shuffle(moved)
    old, new = ("\n".join(x) for x in (lines, moved))
    assert diff.differences(diff.side(old, old), diff.side(new, new)) == []


@settings(max_examples=100, deadline=None)
@given(LINES, st.data())
def test_a_line_that_came_and_a_line_that_went_are_found_where_they_stand(lines: list[str], data) -> None:
    at = data.draw(st.integers(0, len(lines) - 1))
    without = lines[:at] + lines[at + 1 :]
    long, short = diff.side("\n".join(lines), "\n".join(lines)), diff.side("\n".join(without), "\n".join(without))
    if lines[at] in "".join(without):
        return
    (came,) = diff.differences(short, long)
    assert (came.old, came.new.text, came.new.position) == (None, lines[at], at)
    (went,) = diff.differences(long, short)
    assert (went.old.text, went.new) == (lines[at], None)


@given(ANY, ANY)
def test_a_redline_holds_both_sides_whole(old: str, new: str) -> None:
    pieces = tokens.redline(old, new)
    assert "".join(p.text for p in pieces if p.kind != "new") == old
    assert "".join(p.text for p in pieces if p.kind != "old") == new


@given(LINES, LINES)
def test_every_line_is_in_the_ledger_once(main: list[str], rest: list[str]) -> None:
    lines = lines_of("\n".join(main), "\n".join([*main, *rest]), "A title")
    assert len({line.fold for line in lines}) == len(lines)
    assert {fold(line) for line in main} <= {fold(line.text) for line in lines if line.part is Part.MAIN}


@given(st.lists(SENTENCE, min_size=1, max_size=5))
def test_likeness_is_one_with_itself_and_symmetric(lines: list[str]) -> None:
    words = tokens.words(" ".join(lines))
    assert similar.likeness(words, words) == 1.0
    assert similar.likeness(words, words[:3]) == similar.likeness(words[:3], words)
    assert similar.jaccard(similar.shingles(lines[0]), similar.shingles(lines[0])) == 1.0
