"""What matching costs, counted in steps: it grows with the text, hardly with the triggers, and nothing can hang it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from crawler.match import Context, Matcher
from crawler.match.matcher import Steps
from storage.records import Change, ChangeKind, Hunk, HunkKind
from tests import bench_matching
from tests.match.reading import SHIPPED, assessment, invented

TEXT = "Larkfield Institute opened a hall. The weather was fine. 云雀研究院举行开放日活动。Fens Laboratory came too.\n"


def steps(matcher: Matcher, text: str) -> int:
    counted = Steps()
    hunks = tuple(Hunk(position=n, kind=HunkKind.ADDED, new=line) for n, line in enumerate(text.splitlines()))
    matcher.match(Change(kind=ChangeKind.NEW, seen_at=None, hunks=hunks), Context(), counted)
    return counted.taken


def many(count: int) -> Matcher:
    """An assessment with so many triggers: copies of the first, each with a word of its own."""
    base = invented()
    first = base.triggers[0]
    frame = first.frames[0]
    more = tuple(
        replace(first, id=f"t{n}", frames=(replace(frame, event=(*frame.event, f"zq{n}word")),)) for n in range(count)
    )
    return Matcher(replace(base, triggers=more))


def test_the_work_grows_with_the_text():
    matcher = Matcher(invented())
    small, large = steps(matcher, TEXT * 20), steps(matcher, TEXT * 200)
    assert 8 < large / small < 12


def test_the_work_hardly_grows_with_the_triggers():
    assert steps(many(400), TEXT * 20) <= steps(many(20), TEXT * 20) * 1.2


@pytest.mark.parametrize("bodies", [True, False], ids=["about bodies of their own", "about the same bodies"])
def test_two_thousand_triggers_cost_what_twenty_do(bodies):
    text = "\n".join(bench_matching.text())
    few, many = (steps(Matcher(bench_matching.renamed(n, bodies=bodies)), text) for n in (20, 2000))
    assert many <= few * 1.05


def test_copies_of_a_trigger_are_met_by_their_own_names():
    given = bench_matching.renamed(2000)
    matcher = Matcher(given)
    for copy in (1, 77, 499):
        body, network = (given.entities[f"{key}_{copy}"].names for key in ("larkfield", "harrow"))
        assert matcher.match_text(f"{body.en[0]} joined the {network.en[0]}.").fired == (f"joins-{copy}",)
        assert matcher.match_text(f"{body.zh_hans[0]}加入{network.zh_hans[0]}。").fired == (f"joins-{copy}",)


@pytest.mark.parametrize(
    "unit",
    [
        "a" * 50,
        "(" * 50,
        "不" * 50,
        "Larkfield Institute ",
        "joined ",
        "3 million ",
        "will not ",
        "《",
        "…",
        "\u200b*_-",
        "[ | ",
    ],
    ids=["letters", "brackets", "negations", "names", "events", "figures", "cues", "quotes", "dots", "blanks", "cells"],
)
def test_hostile_text_costs_its_length_and_no_more(unit):
    matcher = Matcher(invented())
    small, large = unit * (2_000 // len(unit)), unit * (20_000 // len(unit))
    assert steps(matcher, large) <= 14 * max(steps(matcher, small), 60)


def test_the_shipped_assessment_reads_a_long_line_without_any_stop():
    matcher = Matcher(assessment(SHIPPED))
    line = "the institute will not publish safety results of models 安全评测结果 " * 600
    small, large = steps(matcher, line[:4_000]), steps(matcher, line)
    assert large <= 14 * small
