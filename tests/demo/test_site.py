"""The invented website: what it answers on each day, and that nobody can take it for a real one."""

from __future__ import annotations

import json
import re
import urllib.request
from importlib.resources import files

import pytest

from crawler.demo.serve import served
from crawler.demo.site import DAYS, HOSTS, Site, on, pages
from crawler.demo.story import story

MARKS = ("Invented for the demonstration", "invented for the demonstration", "演示用虚构内容", "演示用虛構內容")
TURNS = {
    ("institute", "/news/brindlewick-7"): {2, 3, 4, 5},
    ("institute", "/news/regatta"): {4, 5},
    ("gazette", "/act"): {1, 4, 5},
    ("gazette", "/orders"): {1, 2},
}
"""Pages that are not there every day, and the days on which they are."""


def text(site: Site, host: str, path: str) -> str:
    body = site.answer(f"{host}.localhost", path).body
    return body.decode("gb18030" if host == "finance" else "utf-8")


def article(site: Site, host: str, path: str) -> str:
    """The part between the page's head and its noise."""
    return re.sub(
        r'<p class="meta">.*?</p>', "", text(site, host, path).partition("<article>")[2].partition("</article>")[0]
    )


@pytest.mark.parametrize("day", DAYS)
def test_each_page_is_there_on_its_days(day):
    site = Site(day=day)
    there = {page for page in pages() if site.answer(f"{page[0]}.localhost", page[1]).status == 200}
    assert there == {page for page in pages() if day in TURNS.get(page, DAYS)}


@pytest.mark.parametrize("day", DAYS)
def test_every_answer_is_marked_as_invented(day):
    site = Site(day=day)
    for host, path in pages():
        if site.answer(f"{host}.localhost", path).status in (200, 403):
            told = text(site, host, path)
            assert any(mark in told for mark in MARKS), f"{host}{path} can be taken for a real page"


def test_noise_changes_at_every_request_and_the_article_does_not():
    site = Site(day=2)
    for host, path in pages():
        if (host, path) in TURNS or path.endswith((".xml", ".json")):
            continue
        assert text(site, host, path) != text(site, host, path), f"{host}{path} has no noise"
        assert article(site, host, path) == article(site, host, path)


def test_a_page_flips_between_two_variants():
    said = [article(Site(day=day), "institute", "/about") for day in DAYS]
    assert said[0] == said[2] == said[4] != said[1] == said[3]


def test_a_paragraph_moves_and_no_word_changes():
    before, after = (article(Site(day=day), "institute", "/charter") for day in (2, 3))
    assert before != after
    assert sorted(before.splitlines()) == sorted(after.splitlines())


def test_a_number_is_edited_and_nothing_else():
    before, after = (article(Site(day=day), "institute", "/facts") for day in (4, 5))
    assert after == before.replace(">41<", ">63<") != before


def test_the_budget_comes_in_gb18030():
    answer = Site(day=3).answer("finance.localhost", "/budget")
    assert dict(answer.headers)["Content-Type"] == "text/html; charset=gb18030"
    assert "海湾机器审慎研究院" in answer.body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def test_a_challenge_says_so_in_its_headers():
    answer = Site(day=3).answer("gazette.localhost", "/orders")
    assert (answer.status, dict(answer.headers)["cf-mitigated"]) == (403, "challenge")


def test_304_goes_to_whom_the_server_knows():
    site = Site()
    first = dict(site.answer("institute.localhost", "/methods").headers)
    site.day = 5
    again = site.answer("institute.localhost", "/methods", {"if-none-match": first["ETag"]})
    assert (again.status, again.body) == (304, b"")
    assert site.answer("institute.localhost", "/methods", {"if-none-match": '"other"'}).status == 200


def test_robots_are_forbidden_where_the_story_says_so():
    assert "Disallow: /\n" in text(Site(), "registry", "/robots.txt")
    assert Site().answer("institute.localhost", "/robots.txt").status == 404


@pytest.mark.parametrize("path", ["/../../site.py", "//etc/passwd", "/%2e%2e/site", "/a\\b", "/news/../about", "/x.py"])
def test_paths_do_not_leave_the_pages(path):
    assert Site().answer("institute.localhost", path).status == 404
    assert Site().answer("frames.localhost", "/en").status == 404


def test_feeds_grow_from_day_to_day():
    assert [text(Site(day=day), "lantern", "/feed.xml").count("<item>") for day in DAYS] == [1, 2, 2, 3, 4]
    assert [len(json.loads(text(Site(day=day), "tide", "/feed.json"))["items"]) for day in DAYS] == [2, 2, 4, 4, 4]


def test_the_server_answers_by_host_name():
    with served(Site(day=1)) as site:
        ask = urllib.request.Request(f"http://127.0.0.1:{site.port}/", headers={"Host": f"notes.localhost:{site.port}"})
        with urllib.request.urlopen(ask, timeout=5) as answer:
            assert "灣畔筆記" in answer.read().decode()
    assert site.log == [(1, "notes", "/", 200)]


def test_days_are_read_as_written():
    assert [day for day in DAYS if on("1,3-4", day)] == [1, 3, 4]
    assert [day for day in DAYS if on("4-", day)] == [4, 5]
    assert not any(on("", day) for day in DAYS)


def test_story_and_catalogue_speak_of_the_same_sources():
    told = (files("crawler.demo") / "sources.yml").read_text(encoding="utf-8")
    ids = set(re.findall(r"^  - id: (\S+)$", told, re.MULTILINE))
    assert {event.source for day in story() for event in day.events} <= ids
    assert {re.search(r"//(\w+)\.", url)[1] for url in re.findall(r"url: (\S+)", told)} == set(HOSTS)
