"""The grammar of terms, and what an analyst is told when a term cannot be read."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from crawler.match import Matcher
from crawler.match.fold import fold
from crawler.match.model import Assessment, Entity, Frame, Names, Role, Trigger, WordClass
from crawler.match.terms import PLACEHOLDERS, TermError, compile_term, parse
from storage.records import Direction
from tests.match.reading import invented


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
        ("signed ... agreement", "signed a new, final agreement", True),
        ("signed ... agreement", "it signed in; out went the agreement", False),
        ("paid ... yuan", "paid 12,000,500 in yuan", True),
        ("签署...协议", "签署了合作，协议", True),
        ("签署...协议", "签署声明；另有协议", False),
        ("签署...协议", "签署声明，会见记者，谈协议", False),
        ("(签署|签订)[了]*(协议|协定)", "签署一揽子协议", False),
        ("解散[*]委员会", "解散安全伦理委员会", True),
        ("解散[*]委员会", "解散AI委员会", True),
        ("解散[*]委员会", "解散安全与伦理问题等委员会", False),
        ("announce* 计划", "announced计划", True),
        ("{span}", "历任院长（2024年9月—2026年10月）", True),
        ("{span}", "2021–2026", True),
        ("{span}", "dean from 2018 to March 2026", True),
        ("{span}", "2019年起至2023年", True),
        ("{span}", "2024年至今", False),
        ("{span}", "since 2024", False),
        ("{span}", "2024-05-01", False),
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
        ("(a )?b", "has a '?' behind a bracket; write [word] for a word that may be missing"),
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


@pytest.mark.parametrize(
    ("text", "fires"),
    [
        ("机器研究院历任院长：阚若溪（2030年9月—2031年10月）", True),
        ("Former deans of the institute: Ada Quell (2028–2031)", True),
        ("Ada Quell was dean of the institute from 2028 to March 2031.", True),
        ("Former deans of the institute: Ada Quell (2024–2027)", False),
        ("Ada Quell, dean of the institute since 2028", False),
        ("机器研究院院长：阚若溪（2030年至今）", False),
    ],
)
def test_an_office_can_be_said_to_have_ended_by_its_span(text, fires):
    whole = invented()
    leaves = next(t for t in whole.triggers if t.id == "leaves")
    post = Role(any=("dean", "deans", "院长"))
    frame = Frame(name="served until", who=("quell",), event=("{span}",), roles={"post": post})
    matcher = Matcher(replace(whole, triggers=(replace(leaves, frames=(frame,)),)))
    assert bool(matcher.match_text(text).fired) is fires
