"""YAML with positions: bounded, safe, and never a surprise."""

from __future__ import annotations

import re
import string
from datetime import timedelta

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crawler.catalogue import load, located
from crawler.catalogue import tree as tree_of
from crawler.catalogue.values import as_duration, duration
from crawler.errors import CatalogueError


def tree(text: str) -> tree_of.Node:
    node, faults = located.read(text.encode())
    assert not faults
    return node


def test_positions_of_keys_and_values_count_characters_not_bytes():
    node = tree("标题: 灯塔\n列表:\n  - {名: 灯塔研究院, 年: 2026}\n")
    assert node.at(("标题",)) == tree_of.Position(1, 5)
    assert node.at(("列表", 0, "年"), key=True) == tree_of.Position(3, 16)
    assert node.at(("列表", 0, "年")) == tree_of.Position(3, 19)


def test_a_path_that_is_not_there_leads_to_the_last_that_is():
    assert tree("a:\n  b: 1\n").at(("a", "c", 3)) == tree_of.Position(2, 3)


def test_scalars_follow_the_safe_schema_but_dates_and_times_stay_text():
    node = tree("a: 3\nb: 0.5\nc: yes\nd: ~\ne: 2026-11-21\nf: 12:30\ng: '3'\nh: .nan\n")
    plain = node.plain()
    assert (plain["a"], plain["b"], plain["c"], plain["d"]) == (3, 0.5, True, None)
    assert (plain["e"], plain["f"], plain["g"]) == ("2026-11-21", "12:30", "3")


def test_keys_are_text_whatever_they_look_like():
    assert tree("no: Norwegian\n2026: year\n").plain() == {"no": "Norwegian", "2026": "year"}


def test_anchors_and_merges_within_bounds():
    node = tree("x: &d {a: 1, b: 2}\ny:\n  <<: *d\n  b: 3\nz: [*d, *d]\nw:\n  <<: [*d, {c: 4}]\n")
    plain = node.plain()
    assert plain["y"] == {"a": 1, "b": 3}
    assert plain["z"][0] is plain["z"][1]
    assert plain["w"] == {"a": 1, "b": 2, "c": 4}
    assert node.at(("y", "a")) == tree_of.Position(1, 11)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm():
    node, faults = located.read("﻿a: 1\r\nb: two\r\n".encode())
    assert not faults
    assert node.plain() == {"a": 1, "b": "two"}


def test_a_file_too_large_is_not_parsed():
    node, faults = located.read(b"#" * (located.LARGEST + 1))
    assert node is None
    assert "5000000 are allowed" in faults[0].sentence


def test_the_parser_in_python_tells_the_same(monkeypatch):
    texts = ["a: [1\nb: 2\n", "a: 'x\n", "a: @x\n", "a: b: c\n", "a: *b\n", "a:\n\t- b\n", "a: 1\na: 2\n"]
    with_c = [located.read(text.encode()) for text in texts]
    monkeypatch.setattr(located, "Loader", yaml.SafeLoader)
    for text, (_, faults) in zip(texts, with_c, strict=True):
        assert [f.sentence for f in located.read(text.encode())[1]] == [f.sentence for f in faults], text


SIGNS = st.text(
    alphabet=string.ascii_letters + " \n\t:-[]{}&*!|>'\"#%@,?<0123456789~研究院。\x00\x85\u2028﻿", max_size=80
)
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=20)
WORDS = """settings sources id title kind url role tolerance text options fetch address more tags entities triggers
frames names en event who examples match owner classes baseline delay hosts select"""
KEYS = st.sampled_from(WORDS.split()) | st.text(max_size=5)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=6), max_leaves=25
)
MESSAGE = re.compile(r"(sources|triggers)\.yml:[1-9]\d*:[1-9]\d*: [^\n]+", re.DOTALL)


def told(folder, sources: bytes, triggers: bytes) -> list[str]:
    (folder / "sources.yml").write_bytes(sources)
    (folder / "triggers.yml").write_bytes(triggers)
    try:
        load(folder / "sources.yml", folder / "triggers.yml")
    except CatalogueError as bad:
        return [problem.removeprefix(f"{folder}/") for problem in bad.problems]
    return []


COMMON = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@COMMON
@given(SIGNS | st.binary(max_size=60))
def test_no_text_makes_load_raise_anything_but_a_catalogue_error(tmp_path, text):
    data = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    problems = told(tmp_path, data, data)
    assert problems
    assert all(MESSAGE.fullmatch(problem) for problem in problems)


@COMMON
@given(TREES, TREES, TREES)
def test_no_tree_does_either(tmp_path, setting, source, assessment):
    sources = yaml.safe_dump({"settings": setting, "sources": [source, source]}, allow_unicode=True)
    problems = told(tmp_path, sources.encode("utf-8", "replace"), yaml.safe_dump(assessment).encode("utf-8", "replace"))
    assert problems
    assert all(MESSAGE.fullmatch(problem) for problem in problems)


@COMMON
@given(
    st.text(alphabet=string.ascii_letters + "研究院 ", min_size=1, max_size=8), st.integers(0, 30), st.integers(0, 9)
)
def test_a_key_stands_where_the_tree_says(key, lines, indent):
    quoted = "'" + key + "'"
    text = "#\n" * lines + "top:\n" + " " * (indent + 1) + quoted + ": value\n"
    node = tree(text)
    place = node.at(("top", key), key=True)
    assert text.split("\n")[place.line - 1][place.column - 1 :].startswith(quoted)


@COMMON
@given(st.integers(0, 10**10))
def test_a_duration_reads_back(milliseconds):
    value = timedelta(milliseconds=milliseconds)
    assert duration(as_duration(value)) == value


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("90s", 90), ("30m", 1800), ("12h", 43200), ("1d", 86400), ("2w", 1209600), ("1d12h", 129600), ("1.5h", 5400)],
)
def test_durations(written, seconds):
    assert duration(written) == timedelta(seconds=seconds)
