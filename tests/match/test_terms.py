"""The grammar of terms, and what an analyst is told when a term cannot be read."""

from __future__ import annotations

import re

import pytest

from crawler.match.fold import fold
from crawler.match.model import Assessment, Entity, Frame, Names, Role, Trigger, WordClass
from crawler.match.terms import PLACEHOLDERS, TermError, compile_term, parse
from storage.records import Direction


def matches(term: str, text: str) -> bool:
    pattern, anchors = compile_term(term, lambda name: (PLACEHOLDERS[name].pattern, None))
    folded = fold(text).text
    hit = re.search(pattern, folded) is not None
    if hit and anchors:
        assert any(a in folded for a in anchors), "an anchor stands in every match"
    return hit


@pytest.mark.parametrize(
    ("term", "text", "met"),
    [
        ("publish*", "It was PUBLISHED today", True),
        ("publish", "It was published today", False),
        ("safety institute", "a safety-institute", True),
        ("the [new] institute", "the institute", True),
        ("the [new] institute", "the new institute", True),
        ("the [new] institute", "the old institute", False),
        ("(hires|hired) staff", "it hired staff", True),
        ("signed ... agreement", "signed, after a long wait, the agreement", True),
        ("signed ... agreement", "signed " + "x " * 40 + "agreement", False),
        ("獲批...編制", "获批2026年事业编制", True),
        ("{money}", "RMB 32m", True),
        ("{money}", "3,200万元", True),
        ("{money}", "两千六百万元", True),
        ("{money}", "25万条规则", False),
        ("{money}", "a quarter of a billion yuan", True),
        ("{people}", "四十余名", True),
        ("{people}", "25 new permanent posts", True),
        ("{percent}", "12 per cent", True),
        ("{percent}", "百分之十四", True),
    ],
)
def test_what_a_term_meets(term, text, met):
    assert matches(term, text) is met


@pytest.mark.parametrize(
    ("term", "sentence"),
    [
        ("(a|b", "is missing a ')'; close what was opened"),
        ("a]", "has a stray ']'; remove it, or open it before"),
        ("...", "has no words; write a phrase"),
        ("a ...", "begins or ends with '...'; a gap stands between words"),
        ("a ... ... b", "has two gaps in a row; one '...' is enough"),
        ("{name", "has a '{' that is never closed; write {name}"),
        ("(a|)", "has an empty alternative; write [word] for a word that may be missing"),
        ("x" * 400, "is longer than 300 characters; make it a class"),
    ],
)
def test_what_is_said_of_a_bad_term(term, sentence):
    with pytest.raises(TermError) as caught:
        parse(term)
    assert str(caught.value) == sentence


def test_an_assessment_names_its_own_problems():
    frame = Frame(name="f", who=("bodi",), event=("{jion}",), roles={"r": Role(any=("{body}",))})
    assessment = Assessment(
        id="a",
        title="A",
        baseline_date="2026",
        entities={"body": Entity(title="B", names=Names(en=("Body",)), rival_of=("nobody",))},
        classes={
            "join": WordClass(en=("join*", "{loop}")),
            "loop": WordClass(en=("{join}",)),
            "money": WordClass(en=("m",)),
        },
        triggers=(
            Trigger(id="t", title="T", statement="s", direction=Direction.UPWARD, frames=(frame,), yields_to=("u",)),
            Trigger(id="t", title="T", statement="s", direction=Direction.UPWARD, frames=(frame,)),
        ),
    )
    said = dict(assessment.problems())
    assert said["triggers[1].id"].startswith("t is also the id of triggers[0]")
    assert said["triggers[0].frames[0].event[0]"].endswith("did you mean join?")
    assert said["triggers[0].frames[0].who[0]"] == "bodi is not an entity; did you mean body?"
    assert said["triggers[0].yields_to[0]"].startswith("u is not a trigger")
    assert said["entities.body.rival_of[0]"].startswith("nobody is not an entity")
    assert said["classes.join"].startswith("refers to itself")
    assert said["classes.money"].startswith("{money} already means an amount of money")
