"""Search finds every substring of a Chinese text in either script, English words in any form, and never fails."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from storage.archive import Archive
from storage.search import escape_fts, indexed
from tests.storage.invented import T0, at, begin, source, visit

TEXT = """# 二〇二六年度部門預算
北京人工智能安全与治理研究院公布２０２６年预算，总额三亿元。
The Bureau's budgets for AI safety evaluations were “published” today.
臺灣學者後來發表意見。
カタカナとひらがなの予算。
안전성 평가 예산
Café Müller spoke of naïve re-evaluation."""


@pytest.fixture
def filled(archive):
    begin(archive, source(), source("other", url="https://o.example/"))
    visit(archive, T0, TEXT, title="预算公告 Budget notice")
    visit(archive, at(1), "Nothing to see.\n无关内容。", source_id="other", url="https://o.example/", title=None)
    return archive


FOUND = [
    "预算",
    "預算",
    "budget",
    "Budget",
    "BUDGETS",
    "预",
    "人工智能安全",
    "部门预算",
    "台湾学者后来发表",
    "臺灣",
    "2026年",
    "ＡＩ",
    "予算",
    "カタカナ",
    "안전성",
    "cafe",
    "müller",
    "naive",
    "Bureau's",
    "“published”",
    "re-evaluation",
    "evaluat*",
    "evaluation*",
    '"預算',
]


@pytest.mark.parametrize(
    "typed", [*FOUND, "ai safety", '"safety evaluation"', "预算 budget", "无 OR 预算", "budget -", "总额 三亿元"]
)
def test_found(filled, typed):
    found = filled.search(typed)
    assert "veldhoven-news" in [each.source_id for each in found]


@pytest.mark.parametrize(
    "typed", ["算预", "budget 无关", '"evaluation safety"', "", "  ", "*", '""', "AND", "预算 zebra", "!?。"]
)
def test_not_found(filled, typed):
    assert filled.search(typed) == []


@pytest.mark.parametrize(
    ("typed", "marked"),
    [
        ("預算", {"预算", "預算"}),
        ("budget", {"budget"}),
        ("safety evaluation", {"safety", "evaluation"}),
        ("后来", {"後來"}),
        ("2026", {"２０２６"}),
    ],
)
def test_the_snippet_is_in_the_texts_own_script(filled, typed, marked):
    (found,) = filled.search(typed)
    assert {found.snippet[start:end] for start, end in found.marks} <= marked
    assert found.marks
    assert found.title == "预算公告 Budget notice"


def test_a_long_line_is_cut_about_the_hit(archive):
    begin(archive)
    visit(archive, T0, "x" * 1000 + " 预算 " + "y" * 1000)
    (found,) = archive.search("预算")
    assert len(found.snippet) < 250
    assert [found.snippet[a:b] for a, b in found.marks] == ["预算"]


def test_words_outside_the_main_text_are_found_once(archive):
    begin(archive)
    visit(archive, T0, "main words", full="main words\nfooter 页脚")
    assert len(archive.search("页脚")) == len(archive.search("main")) == 1


def test_of_a_document_the_best_version_is_found_once(archive):
    begin(archive)
    for n in range(5):
        visit(archive, at(n), f"预算 {n}")
    assert len(archive.search("预算")) == 1


@given(
    text=st.text(alphabet="预算公布研究院人工智能安全預開發後臺灣abcAI ，。\n", min_size=4, max_size=60), data=st.data()
)
@settings(max_examples=80, deadline=None)
def test_every_run_of_chinese_in_a_text_finds_it(text, data):
    import re

    runs = re.findall("[预算公布研究院人工智能安全預開發後臺灣]{1,}", text)
    if not runs:
        return
    run = data.draw(st.sampled_from(runs))
    start = data.draw(st.integers(0, len(run) - 1))
    part = run[start : start + data.draw(st.integers(1, 6))]
    with Archive.open(":memory:") as archive:
        begin(archive)
        visit(archive, T0, text)
        assert archive.search(part), (text, part)


@given(typed=st.text(max_size=80))
@example(typed='"')
@example(typed="NEAR(a b)")
@example(typed="a OR")
@example(typed="OR OR")
@example(typed="title:x AND (")
@example(typed='\x00"\x00')
@example(typed="^a + - * ( ) { } : ,")
@example(typed="̈*")
@settings(max_examples=300, deadline=None)
def test_any_string_is_a_query(typed, index):
    index.execute("SELECT rowid FROM versions_fts WHERE versions_fts MATCH ?", (escape_fts(typed),)).fetchall()


@pytest.fixture(scope="module")
def index():
    with Archive.open(":memory:") as archive:
        begin(archive)
        visit(archive, T0, TEXT)
        yield archive.db.connection


@given(typed=st.text(st.characters(), max_size=40))
@settings(max_examples=60, deadline=None)
def test_search_never_raises(typed, index):
    assert isinstance(escape_fts(typed), str)
    indexed(typed)


def test_a_very_long_query_is_bounded(filled):
    assert len(escape_fts("预" * 100_000)) < 2000
    assert filled.search("budget " * 10_000)
    assert escape_fts(None) == '""'


def test_the_index_can_be_built_anew(filled):
    filled.db.execute("INSERT INTO versions_fts (versions_fts) VALUES ('delete-all')")
    assert filled.search("预算") == []
    assert filled.check() == ["2 of versions are not in the search index as they are in the archive; index them anew"]
    filled.rebuild_search()
    assert filled.check() == []
    assert filled.search("預算")
    hits = filled.db.value("SELECT count(*) FROM hunks_fts WHERE hunks_fts MATCH ?", (escape_fts("預算"),))
    assert hits == 2
