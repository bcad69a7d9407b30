"""Strangers' text stays text in every form; nothing is fetched, nothing runs, sizes are bounded."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import digest_days as days
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from markdown_it import MarkdownIt

from crawler.digest import as_atom, as_html, as_json, as_markdown, build, summary
from crawler.digest.as_markdown import escape, escape_inside
from crawler.digest.safe import link, plain
from storage.records import Level

DAYS = ["busy", "quiet", "bad", "first", "hostile"]
OUR_TAGS = {"<ins>", "</ins>", "<del>", "</del>", "<b>", "</b>"}
FETCHING = {"src", "srcset", "background", "action", "formaction", "data", "poster", "ping", "cite", "manifest"}


@pytest.mark.parametrize("name", DAYS)
def test_html_runs_nothing_and_fetches_nothing(name: str) -> None:
    page = as_html(build(getattr(days, name)()))
    tree = html.document_fromstring(page)
    tags = {element.tag for element in tree.iter() if isinstance(element.tag, str)}
    assert not tags & {"script", "iframe", "object", "embed", "img", "link", "base", "form", "svg", "video", "audio"}
    for element in tree.iter():
        for attribute, value in element.attrib.items():
            assert not attribute.startswith("on") and attribute not in FETCHING
            if attribute == "href":
                assert re.match(r"https?://[^@]+$|#c", value), value
                assert value.startswith("#") or element.get("rel") == "noopener noreferrer"
            if attribute == "style":
                assert "url(" not in value
            if attribute == "lang":
                assert re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value)
    style = tree.find(".//style").text
    assert "url(" not in style and "@import" not in style
    assert tree.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0].startswith("default-src 'none'")
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", page)


@pytest.mark.parametrize("name", DAYS)
def test_html_is_well_formed_and_ids_are_unique(name: str) -> None:
    page = as_html(build(getattr(days, name)()))
    void = "meta|br|hr|input"
    closed = re.sub(rf"<({void})\b([^>]*)>", r"<\1\2/>", page.replace("<!DOCTYPE html>", ""))
    tree = ElementTree.fromstring(closed.replace("&nbsp;", "\u00a0"))
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    targets = [element.get("href")[1:] for element in tree.iter("a") if element.get("href").startswith("#")]
    assert set(targets) <= set(ids)
    for paragraph in tree.iter("p"):
        blocks = {"p", "div", "ul", "blockquote", "details", "article", "section", "h2"}
        assert not blocks & {inner.tag for inner in paragraph.iter() if inner is not paragraph}


def test_quotes_carry_their_language_and_survive_without_the_style_sheet() -> None:
    page = html.document_fromstring(as_html(build(days.busy())))
    assert {quote.get("lang") for quote in page.iter("blockquote")} >= {"zh-Hans", "en"}
    for tag in ("mark", "ins", "del"):
        assert all("color:" in element.get("style") for element in page.iter(tag))
    text = page.text_content()
    for words in ("asserted", "denied", "planned", "no longer on the page", "capture 101", "Known already".lower()):
        assert words in text


titles = st.text(
    st.one_of(st.characters(), st.sampled_from("<>&\"'`[]()*_#\\|~!{}@:/.\u202e\ud800\x00\n\t预算")), max_size=60
)


def normal(text: str) -> str:
    return " ".join(plain(text).split())


@settings(max_examples=120, deadline=None)
@given(titles)
def test_any_title_comes_back_as_text(title: str) -> None:
    page = as_html(build(days.day(findings=[days.finding(1, title=title, level=Level.NOTABLE)])))
    shown = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    text = " ".join(shown.xpath("//article//p[@class='from']//bdi")[0].text_content().split())
    assert text == (normal(title) or "https://gazette.example/1")


@settings(max_examples=200, deadline=None)
@given(titles)
def test_any_text_is_text_in_markdown(title: str) -> None:
    rules = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    for source, wanted in (
        (escape(plain(title)), plain(title).strip()),
        (f"x {escape_inside(plain(title))}", f"x {plain(title)}"),
    ):
        tokens = rules.parse(source)
        if not source.strip():
            continue
        assert [token.type for token in tokens] == ["paragraph_open", "inline", "paragraph_close"]
        children = tokens[1].children
        assert {child.type for child in children} <= {"text", "text_special", "softbreak"}
        assert " ".join("".join(c.content for c in children).split()) == " ".join(wanted.split())


@pytest.mark.parametrize("name", DAYS)
def test_markdown_holds_no_html_but_ours_and_no_link_but_http(name: str) -> None:
    told = as_markdown(build(getattr(days, name)()))
    headings = 0
    for token in MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(told):
        assert token.type not in ("html_block", "fence", "code_block", "table_open")
        headings += token.type == "heading_open"
        for child in token.children or ():
            assert child.type not in ("image", "s_open")
            if child.type == "html_inline":
                assert child.content in OUR_TAGS
            if child.type == "link_open":
                assert re.match(r"https?://[^@]+$", child.attrs["href"])
    ours = [line for line in told.splitlines() if re.match(r"#{1,4} ", line)]
    assert headings == len(ours)


@pytest.mark.parametrize("name", DAYS)
def test_atom_is_valid_enough_for_every_reader(name: str) -> None:
    account = build(getattr(days, name)())
    feed = ElementTree.fromstring(as_atom([account, account]).encode())
    space = "{http://www.w3.org/2005/Atom}"
    assert feed.tag == f"{space}feed"
    for element in (feed, *feed.iter(f"{space}entry")):
        for needed in ("id", "title", "updated"):
            assert element.find(space + needed).text
        assert re.fullmatch(r"tag:[a-z.]+,\d{4}:[A-Za-z0-9.:_-]+", element.find(f"{space}id").text)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", element.find(f"{space}updated").text)
    assert as_atom([account]) == as_atom([account])


def test_ids_of_the_feed_are_stable_and_unique() -> None:
    ids = re.findall(r"<id>(.*?)</id>", as_atom([build(days.busy())]))
    assert "tag:cruxwatch.invalid,2026:lantern:change:101:budget-line:for" in ids
    assert len(ids) == len(set(ids))


def test_json_is_versioned_sorted_and_readable_by_others() -> None:
    text = as_json(build(days.busy()))
    told = json.loads(text)
    assert told["format"] == "cruxwatch-digest/1"
    assert text == json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert "灯塔研究院" in text


@pytest.mark.parametrize("name", DAYS)
def test_the_summary_is_safe_for_a_terminal(name: str) -> None:
    for line in summary(build(getattr(days, name)())):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", line)
        assert len(line) < 1_000


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("https://a.example/b c?d=<e>&f=1#g", "https://a.example/b%20c?d=%3Ce%3E&f=1#g"),
        ("http://预算.example:8080/公开/", "http://预算.example:8080/%E5%85%AC%E5%BC%80/"),
        ("HTTPS://A.example/%E5%85%AC", "https://A.example/%E5%85%AC"),
        ("https://[2001:db8::1]/", None),
        ("javascript:alert(1)", None),
        ("java\nscript:alert(1)", None),
        ("data:text/html,x", None),
        ("//a.example/", None),
        ("https://user@a.example/", None),
        ("https://a.example:port/", None),
        ("https://" + "a" * 3000, None),
        ("", None),
    ],
)
def test_only_plain_web_addresses_become_links(url: str, wanted: str | None) -> None:
    assert link(url) == wanted


def test_a_day_of_five_thousand_findings_stays_small_and_loses_nothing() -> None:
    findings = []
    for n in range(1, 5001):
        text = f"Sentence {n}: 灯塔研究院第{n}号公告称，{'该事项已于本年度完成' * 8}。"
        met = (days.match(days.TRIGGERS[n % 5].id, text, "公告"),) if n % 2 else ()
        level = (Level.ALERT, Level.NOTABLE, Level.ROUTINE)[n % 3]
        hunks = tuple(days.hunk("edited", old=f"{text}{i}", new=f"{i}{text}", position=i) for i in range(4))
        findings.append(days.finding(n, level=level, hunks=hunks, matches=met))
    account = build(days.day(findings=findings))
    for told in (as_html(account), as_markdown(account), as_json(account), as_atom([account] * 3)):
        assert len(told.encode()) < 2_000_000
    named = set(re.findall(r"\d+", as_json(account)))
    assert {str(n) for n in range(1, 5001)} <= named
    assert "more, in the JSON form and the archive" in as_html(account)
