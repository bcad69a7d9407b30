"""The comparison form and its offsets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opencc import OpenCC

from crawler.match import Matcher
from crawler.match.entities import read, sketch
from crawler.match.fold import fold
from crawler.match.model import Assessment, Entity, EntityKind, Names
from tests.match.reading import HAN, SHIPPED, assessment, invented

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
        ("此項已停用", "此项已停用"),
        ("自我複製的程序、核心文件與執行指標", "自我复制的程序、核心文件与执行指标"),
        ("資訊通訊", "信息通信"),
        ("１２３万元", "123万元"),
        ("“quoted” ’tis", '"quoted" \'tis'),
        ("LIMS", "lims"),
        ("10-20", "10-20"),
    ],
)
def test_one_form(text, folded):
    assert fold(text).text == folded


BOTH = Assessment(
    id="a",
    title="Names that are also Taiwan's words (invented)",
    baseline_date="2030",
    entities={
        "bulin": Entity(title="Bulin", names=Names(zh_hans=("布林研究院",))),
        "chengshi": Entity(title="Chengshi", names=Names(zh_hans=("程式云雀所",))),
        "smart": Entity(title="Smart", names=Names(zh_hans=("人工智能云雀室",))),
        "quell": Entity(title="Quell", kind=EntityKind.PERSON, names=Names(zh_hans=("阚布林",))),
    },
)


@pytest.mark.parametrize(
    ("text", "entity", "words"),
    [
        ("資訊：布林研究院獲批經費", "bulin", "布林研究院"),
        ("布林研究院獲批網際網路經費", "bulin", "布林研究院"),
        ("布林研究院获批经费", "bulin", "布林研究院"),
        ("數據程式雲雀所程式碼", "chengshi", "程式雲雀所"),
        ("臺灣人工智慧雲雀室的資料集", "smart", "人工智慧雲雀室"),
        ("人工智能云雀室", "smart", "人工智能云雀室"),
        ("院長闞布林到訪", "quell", "闞布林"),
    ],
)
def test_the_vocabulary_of_taiwan_changes_no_name(text, entity, words):
    lexicon = Matcher(BOTH).lexicon
    reading = read(text, lexicon, lambda _: True, lambda _: None)
    assert [(m.entity, m.words) for m in reading.mentions] == [(entity, words)]
    assert entity in sketch(text, lexicon).keys
    assert "程式" not in reading.view


@pytest.mark.parametrize("dialect", ["s2t", "s2tw", "s2hk", "s2twp"])
def test_every_shipped_name_is_met_in_traditional_script(dialect):
    matcher = Matcher(assessment(SHIPPED))
    convert = OpenCC(dialect).convert
    names = {n for e in matcher.lexicon.entities.values() for n in e.names.all() if HAN.search(n)}
    assert len(names) > 100
    for name in sorted(names):
        text = f"據報導，{convert(name)}獲批經費。"
        found = read(text, matcher.lexicon, lambda _: True, lambda _: None).mentions
        assert found, text
        if dialect != "s2twp":  # where the words are others too, a name may begin or end within one
            assert any(convert(name) in m.words for m in found), (text, found)


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
