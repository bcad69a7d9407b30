"""The engine knows of nobody: a second assessment about invented bodies works by its file alone."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from crawler.match import Matcher
from crawler.match import model as match_model
from tests.match.reading import CASES, SHIPPED, assessment, invented

CODE = Path(match_model.__file__).parent


@pytest.mark.parametrize("path", [CASES / "invented" / "triggers.yml", SHIPPED], ids=["invented", "shipped"])
def test_every_trigger_keeps_its_own_examples(path):
    given = assessment(path)
    matcher = Matcher(given)
    for trigger in given.triggers:
        for example in trigger.examples.match:
            found = matcher.match_text(example.text, example.removed, example.source, lang=example.language)
            assert trigger.id in found.fired, (trigger.id, example.text)
        for example in trigger.examples.no_match:
            found = matcher.match_text(example.text, example.removed, example.source, lang=example.language)
            assert trigger.id not in found.fired, (trigger.id, example.text)


def test_every_trigger_has_examples_both_ways_in_both_languages():
    for trigger in assessment(SHIPPED).triggers:
        for examples in (trigger.examples.match, trigger.examples.no_match):
            texts = [e.text for e in examples]
            assert len(texts) >= 2, trigger.id
            assert any(any("\u4e00" <= c <= "\u9fff" for c in t) for t in texts), trigger.id
            assert any(t.isascii() for t in texts), trigger.id


def test_no_name_of_the_assessment_stands_in_the_code():
    names = {n for e in assessment(SHIPPED).entities.values() for n in (*e.names.all(), *e.products) if len(n) > 5}
    for path in CODE.glob("*.py"):
        code = path.read_text(encoding="utf-8")
        assert not [n for n in names if n in code and n not in ("American", "European")], path.name


def test_both_assessments_have_no_problems():
    for path in (CASES / "invented" / "triggers.yml", SHIPPED):
        assert list(assessment(path).problems()) == []


def test_what_nobody_can_observe_says_why():
    given = assessment(SHIPPED)
    assert len(given.not_observable) >= 4
    assert all(n.reason for n in given.not_observable)
    assert [t.id for t in invented().triggers if t.not_observable] == ["motives"]


def test_the_file_names_its_schema():
    assert SHIPPED.read_text(encoding="utf-8").startswith(
        "# yaml-language-server: $schema=crawler/catalogue/triggers.schema.json"
    )
    assert yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))["id"] == "beijing-aisi"
