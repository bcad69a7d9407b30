"""Good catalogues: what is read, merged, warned of, reported, and described to editors."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.catalogue import Confidence, Role, find, load, page_entry, reference, report, schema
from crawler.errors import CatalogueError

CHECKOUT = Path(__file__).resolve().parents[2]
GOOD = CHECKOUT / "tests" / "cases" / "catalogue" / "_good"
TRIGGERS = GOOD / "triggers.yml"

RICH = """\
# yaml-language-server: $schema=sources.schema.json
x-slow: &slow {delay: 10s}
settings:
  timezone: Asia/Shanghai
  contact: https://observatory.invalid/about
  digest_hour: 06:30
  fetch: {delay: 3s, max_bytes: 1000000}
sources:
  - id: news.lantern
    title: "灯塔研究院：新闻与通知"
    kind: listing
    url: http://www.lantern.invalid:8080/xwdt/
    more: ["https://灯塔.invalid/"]
    citation: 7
    publisher: 灯塔研究院
    language: zh-Hans
    role: primary
    tolerance: 12h
    owner: lantern
    tags: [own-word, 官方]
    notes: 'Says "notice" for news; no feed.'
    address: {confidence: low, evidence: by hand, confirmed: 2026-11-20}
    fetch: {<<: *slow, timeout: 2m}
    text: {select: [div.article, "xpath://div[@id='正文']"], language: zh}
    options: {items: [ul.list a], match: ['/\\d{4}/'], revisit: null}
  - id: institute
    title: A page to come
    kind: page
    url: https://lantern.invalid/{year}
    citation: 7
    role: query
    tolerance: 2w
    address: {placeholder: true}
  - {id: code, title: Code, kind: arxiv, url: https://papers.invalid/api/query, role: primary, tolerance: 1d,
     options: {ids: ['3101.00001', hep-ex/3101002]}}
  - id: closed
    title: A journal
    kind: feed
    url: https://journal.invalid/feed
    role: newsletter
    tolerance: 1d
    observable: false
    why_not: robots.txt forbids it.
"""


@pytest.fixture
def rich(tmp_path):
    (tmp_path / "sources.yml").write_text(RICH, encoding="utf-8")
    return load(tmp_path / "sources.yml", TRIGGERS, examples=True)


def test_a_source_is_read_with_all_it_says(rich):
    entry = rich.source("news.lantern")
    assert entry.title == "灯塔研究院：新闻与通知"
    assert (entry.role, entry.citation, entry.tags) == (Role.PRIMARY, 7, ("own-word", "官方"))
    assert entry.tolerance == timedelta(hours=12)
    assert (entry.address.confidence, entry.address.confirmed) == (Confidence.LOW, date(2026, 11, 20))
    assert (entry.options.match, entry.options.revisit, entry.options.limit) == (("/\\d{4}/",), None, 50)
    assert entry.text.select == ("div.article", "xpath://div[@id='正文']")
    assert rich.source("nobody") is None


def test_how_a_source_is_asked_is_its_own_word_over_the_settings(rich):
    options = rich.fetch_options(rich.source("news.lantern"))
    assert (options.delay, options.timeout) == (timedelta(seconds=10), timedelta(minutes=2))
    assert options.max_bytes == 1_000_000
    assert options.contact == "https://observatory.invalid/about"
    assert rich.fetch_options(rich.source("closed")).delay == timedelta(seconds=3)


def test_settings(rich):
    assert rich.settings.timezone == "Asia/Shanghai"
    assert rich.settings.digest_hour == time(6, 30)


def test_what_is_not_asked_says_why_and_has_no_seeds(rich):
    asked = {entry.id: entry.askable for entry in rich.sources}
    assert asked == {"news.lantern": True, "institute": False, "code": True, "closed": False}
    assert [rich.source(i).why for i in asked] == [
        None,
        "its address is a placeholder",
        None,
        "robots.txt forbids it.",
    ]
    assert rich.source("code").options.ids == ("3101.00001", "hep-ex/3101002")
    assert not any(rich.source(i).seeds() for i in ("institute", "closed"))
    assert len(rich.source("news.lantern").seeds()) == 2


def test_the_report_names_what_is_not_yet_and_what_wants_a_look(rich):
    rows = dict(report(rich))
    assert rows["sources"] == "4: 1 arxiv, 1 feed, 1 listing, 1 page"
    assert "address to be confirmed" not in rows, "news.lantern was a guess, and has been confirmed"
    lantern = rich.source("news.lantern")
    doubtful = replace(lantern, address=replace(lantern.address, confirmed=None))
    assert dict(report(replace(rich, sources=(doubtful,))))["address to be confirmed"] == "1: news.lantern"
    assert rows["placeholders"] == "1: institute"
    assert rows["not observable"] == "1: closed"
    assert rows["cited"] == "1 citations; no source for 1, 2, 3, 4, 5, 6"


def test_what_is_odd_but_usable_is_a_warning(tmp_path):
    text = (GOOD / "sources.yml").read_text(encoding="utf-8")
    again = text.split("sources:\n")[1].replace("id: institute", "id: twin")
    text = text.replace("night-watch@observatory.invalid", "you@example.org") + again
    (tmp_path / "sources.yml").write_text(text, encoding="utf-8")
    warnings = load(tmp_path / "sources.yml", TRIGGERS).warnings
    assert [warning.removeprefix(f"{tmp_path}/") for warning in warnings] == [
        "sources.yml:2:12: settings.contact: is still the example; write your own mail address or page, "
        "webmasters must be able to reach you",
        "sources.yml:15:10: sources.twin.url: is also an address of institute (line 7), of the same kind; "
        "delete one, or tell them apart",
    ]


def test_a_failing_example_is_told_only_when_examples_are_run(tmp_path):
    text = TRIGGERS.read_text(encoding="utf-8").replace("Harbour Office", "Lantern Institute")
    (tmp_path / "triggers.yml").write_text(text, encoding="utf-8")
    assert load(GOOD / "sources.yml", tmp_path / "triggers.yml").assessment.title
    with pytest.raises(CatalogueError, match="must not match and does"):
        load(GOOD / "sources.yml", tmp_path / "triggers.yml", examples=True)


def test_a_page_without_a_catalogue():
    entry = page_entry(id="page", url="https://lantern.invalid/a", language="zh")
    assert entry.askable
    assert [url for url, _ in entry.seeds()] == ["https://lantern.invalid/a"]


def test_the_files_are_looked_for_where_one_works_then_those_that_were_shipped(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shipped = find()
    assert all(path.is_absolute() and path.exists() for path in shipped)
    assert find("elsewhere/s.yml") == (Path("elsewhere/s.yml"), Path("elsewhere/triggers.yml"))
    assert find(None, "elsewhere/t.yml") == (Path("elsewhere/sources.yml"), Path("elsewhere/t.yml"))
    (tmp_path / "sources.yml").write_text("")
    assert find() == (Path("sources.yml"), Path("triggers.yml"))


@pytest.mark.parametrize("folder", [CHECKOUT, CHECKOUT / "crawler" / "demo"], ids=["shipped", "demo"])
def test_the_catalogues_we_ship_are_good_and_their_examples_hold(folder):
    loaded = load(folder / "sources.yml", folder / "triggers.yml", examples=True)
    assert loaded.sources
    assert loaded.assessment.triggers
    assert [w for w in loaded.warnings if "settings.contact" not in w] == []


@pytest.mark.parametrize("name", schema.FILES)
def test_the_shipped_schemas_are_what_the_code_generates(name):
    same = schema.path(name).read_text(encoding="utf-8") == schema.written(name)
    assert same, "run: python -m crawler.catalogue.schema"


@pytest.mark.parametrize("name", schema.FILES)
def test_the_first_line_of_the_shipped_files_names_their_schema(name):
    first = (CHECKOUT / f"{name}.yml").read_text(encoding="utf-8").split("\n", 1)[0]
    assert first == f"# yaml-language-server: $schema=crawler/catalogue/{name}.schema.json"


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("sources", CHECKOUT / "sources.yml"),
        ("triggers", CHECKOUT / "triggers.yml"),
        ("sources", CHECKOUT / "crawler/demo/sources.yml"),
        ("triggers", CHECKOUT / "crawler/demo/triggers.yml"),
        ("sources", GOOD / "sources.yml"),
        ("triggers", TRIGGERS),
    ],
    ids=lambda value: str(value.parent.name + "/" + value.name if isinstance(value, Path) else value),
)
def test_an_editor_finds_nothing_wrong_with_them(name, path):
    # an editor reads YAML 1.2, where dates are text: so does our own reader
    whole = getattr(schema, name)()
    assert list(wrong(as_editor(path.read_text(encoding="utf-8")), whole, whole)) == []


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("tolerance: 1d", "tolerance: 1 day"), "/sources/0/tolerance"),
        (("kind: page", "kind: pages"), "/sources/0/kind"),
        (("role: primary", "rule: primary"), "/sources/0"),
        (("tags: [own-word]", "options: {match: [a]}"), "/sources/0/options"),
        (("kind: page", "kind: listing\n    options: {limit: many}"), "/sources/0/options"),
        (("kind: page", "kind: page\n    fetch: {delya: 3s}"), "/sources/0/fetch"),
    ],
)
def test_an_editor_finds_what_check_finds(change, where):
    text = (GOOD / "sources.yml").read_text(encoding="utf-8").replace(*change)
    whole = schema.sources()
    assert where in list(wrong(as_editor(text), whole, whole))


def as_editor(text: str) -> Any:
    class Core(yaml.SafeLoader):
        pass

    Core.yaml_implicit_resolvers = {
        sign: [(tag, rule) for tag, rule in rules if not tag.endswith(":timestamp")]
        for sign, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(text, Core)


KINDS = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None), "number": (int, float)}


def wrong(value: Any, rule: dict, whole: dict, at: str = ""):
    """Walk a value along a schema, as far as ours go; yields the places that do not fit."""
    known = {"$ref", "$schema", "title", "type", "properties", "required", "additionalProperties", "patternProperties"}
    known |= {
        "items",
        "minItems",
        "enum",
        "const",
        "anyOf",
        "oneOf",
        "allOf",
        "if",
        "then",
        "pattern",
        "format",
        "definitions",
    }
    assert rule.keys() <= known | {"description", "default", "examples", "minimum", "maximum"}, rule.keys() - known
    if "$ref" in rule:
        yield from wrong(value, whole["definitions"][rule["$ref"].rpartition("/")[2]], whole, at)
    if "type" in rule and not any(is_a(value, kind) for kind in listed(rule["type"])):
        yield at
        return
    if "enum" in rule and value not in rule["enum"]:
        yield at
    if "const" in rule and value != rule["const"]:
        yield at
    if "pattern" in rule and isinstance(value, str) and not re.search(rule["pattern"], value):
        yield at
    if "anyOf" in rule and all(list(wrong(value, one, whole, at)) for one in rule["anyOf"]):
        yield at
    if "oneOf" in rule and sum(not list(wrong(value, one, whole, at)) for one in rule["oneOf"]) != 1:
        yield at
    for one in rule.get("allOf", ()):
        yield from wrong(value, one, whole, at)
    if "if" in rule and not list(wrong(value, rule["if"], whole, at)):
        yield from wrong(value, rule["then"], whole, at)
    if isinstance(value, dict):
        yield from wrong_map(value, rule, whole, at)
    if isinstance(value, list) and "items" in rule:
        for number, item in enumerate(value):
            yield from wrong(item, rule["items"], whole, f"{at}/{number}")


def wrong_map(value: dict, rule: dict, whole: dict, at: str):
    if not all(key in value for key in rule.get("required", ())):
        yield at
    for key, below in value.items():
        if any(re.search(pattern, str(key)) for pattern in rule.get("patternProperties", ())):
            continue
        inner = rule.get("properties", {}).get(key, rule.get("additionalProperties", True))
        if inner is False:
            yield at
        elif inner is not True:
            yield from wrong(below, inner, whole, f"{at}/{key}")


def listed(kind: Any) -> list:
    return kind if isinstance(kind, list) else [kind]


def is_a(value: Any, kind: str) -> bool:
    if kind == "integer":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, KINDS[kind]) and (kind != "number" or not isinstance(value, bool))


def test_every_key_has_a_meaning_in_the_reference():
    rows = [line for line in reference.render().splitlines() if line.startswith("| `")]
    assert len(rows) > 80
    assert [row for row in rows if row.endswith("|  |")] == []


def test_the_reference_tells_each_part_once():
    headings = [line for line in reference.render().splitlines() if line.startswith("#")]
    assert len(headings) == len(set(headings))
    assert "#### `sources[].options` of kind `listing`" in headings
    assert "#### `triggers[].frames[]`" in headings


def test_schemas_are_json_for_any_reader():
    for name in schema.FILES:
        assert json.loads(schema.written(name))["$schema"].startswith("http://json-schema.org/")
