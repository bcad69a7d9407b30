"""`cruxwatch check --live`: every standing that a source can have, on a website that has all the bad habits."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from crawler.fetch import browser
from crawler.live import alike
from tests.conftest import CHECKOUT
from tests.website import NOT_FOUND, Answer, redirect
from tests.world import World

BODY = " ".join(
    f"Sentence {word} of the Harbour Institute tells what it has found about prudence." for word in "abcdefgh"
)
ZH = "".join(f"海湾研究院第{word}句话说明其关于审慎机器的研究结果及公开评测的安排。" for word in "一二三四五六七八")
PAGE = "<html><head><title>%s</title></head><body>%s</body></html>"
ARTICLE = PAGE % ("Harbour Institute: annual report", f"<article><h1>Annual report</h1><p>{BODY}</p></article>")
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>%s</channel></rss>"""
ITEM = "<item><title>One</title><link>http://feed.test/1</link><guid>g1</guid><description>Of one.</description></item>"
LIST = "<html><body><main><ul><li><a href='/news/1'>The first notice of the year</a></li></ul></main></body></html>"


def unsteady(visit: int, _asked: object) -> Answer:
    return Answer(ARTICLE.replace("found", f"found {visit + 1} new things, unlike before,").encode())


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory):
    with World(tmp_path_factory.mktemp("live")) as world:
        site = world.site
        site.put("http://well.test/report", ARTICLE)
        world.page("well", "http://well.test/report")
        zh = PAGE % ("海湾研究院年度报告", f"<article><p>{ZH}</p></article>")
        world.page("chinese", "http://zh.test/", zh, language="zh-Hans")
        world.page("short", "http://short.test/", "<html><body><p>Only a few words.</p></body></html>")
        shell = PAGE % ("", "<div id=root></div><script src=/app.js></script><noscript>Enable JavaScript</noscript>")
        wall = PAGE % ("Just a moment...", "<script>window._cf_chl_opt = {}</script><p>Checking your browser</p>")
        world.page("challenge", "http://challenge.test/", wall)
        world.page("shell", "http://shell.test/", shell)
        world.page("robots", "http://robots.test/", ARTICLE)
        site.put("http://robots.test/robots.txt", "User-agent: *\nDisallow: /")
        world.page("gone", "http://gone.test/", NOT_FOUND)
        world.page("moved", "http://moved.test/old", redirect("http://moved.test/new", 301))
        site.put("http://moved.test/new", ARTICLE)
        world.page("lent", "http://lent.test/old", redirect("http://lent.test/new", 302))
        site.put("http://lent.test/new", ARTICLE)
        world.page("unsteady", "http://unsteady.test/", unsteady)
        low = {"address": {"confidence": "low", "evidence": "a guess"}}
        world.page("guessed", "http://guessed.test/", ARTICLE, **low | {"title": "Annual report: Harbour Institute"})
        world.page(
            "misguessed", "http://misguessed.test/", ARTICLE, **low | {"title": "Minutes of the parliament of frogs"}
        )
        world.source("feed", "feed", "http://feed.test/rss", Answer((FEED % ITEM).encode(), media_type="text/xml"))
        world.source("empty-feed", "feed", "http://ef.test/rss", Answer((FEED % "").encode(), media_type="text/xml"))
        world.source("html-feed", "feed", "http://hf.test/rss", ARTICLE)
        world.source("listing", "listing", "http://list.test/", LIST)
        world.source("no-rule", "listing", "http://nolist.test/", LIST, options={"match": ["/nothing/"]})
        world.page("closed", "http://closed.test/", ARTICLE, observable=False, why_not="It forbids robots.")
        if browser.missing() is None:
            script = PAGE % ("Made", f"<div id=a></div><script>a.innerHTML = '<p>{BODY}</p>'</script>")
            world.page("made", "http://made.test/", script, fetch={"render": True})
        world.write()
        yield world


def check(world: World, *words: str, code: int) -> dict:
    done = subprocess.run(
        [
            *(
                sys.executable,
                "-m",
                "crawler",
                "check",
                "--live",
                "--json",
                "--sources",
                str(world.folder / "sources.yml"),
            ),
            *words,
        ],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
        env=os.environ | {"CRUXWATCH_APART": "0"},
        timeout=180,
        check=False,
    )
    assert done.returncode == code, done.stdout[-3000:] + done.stderr[-3000:]
    told = json.loads(done.stdout)
    return told | {"sources": {each["source"]: each for each in told["sources"]}}


@pytest.fixture(scope="module")
def told(world) -> dict:
    before = (world.folder / "sources.yml").read_text(encoding="utf-8")
    came = check(world, "--write", code=2)
    return came | {"before": before, "after": (world.folder / "sources.yml").read_text(encoding="utf-8")}


STANDINGS = {
    "well": "well",
    "chinese": "well",
    "short": "too little text",
    "shell": "needs a browser",
    "challenge": "bot challenge",
    "robots": "robots forbid it",
    "gone": "gone",
    "moved": "well",
    "lent": "well",
    "unsteady": "unsteady",
    "guessed": "well",
    "misguessed": "another title",
    "feed": "well",
    "empty-feed": "no items",
    "html-feed": "not what this kind expects",
    "listing": "well",
    "no-rule": "not what this kind expects",
    "closed": "not asked",
}


def test_each_source_has_its_standing(told) -> None:
    standings = {name: each["standing"] for name, each in told["sources"].items() if name != "made"}
    assert standings == STANDINGS
    assert {name for name, each in told["sources"].items() if each["admitted"]} - {"made"} == {
        name for name, standing in STANDINGS.items() if standing == "well"
    }
    assert "faults" not in told


@pytest.mark.browser
def test_a_page_made_by_script_is_admitted(told) -> None:
    if "made" not in told["sources"]:
        pytest.skip("needs Chromium and playwright")
    assert told["sources"]["made"]["standing"] == "well"


def test_what_is_wrong_is_said_with_its_remedy(told) -> None:
    said = {name: each["detail"] or "" for name, each in told["sources"].items()}
    assert "render: true" in said["shell"]
    assert "does not let cruxwatch ask" in said["robots"]
    assert "text.ignore" in said["unsteady"]
    assert "new things" in said["unsteady"]
    assert "annual report" in said["misguessed"]
    assert "cruxwatch try" in said["no-rule"]
    assert "follow another source" in said["challenge"]
    assert said["closed"] == "It forbids robots."


def test_an_address_that_moved_for_good_is_proposed(told) -> None:
    assert told["sources"]["moved"]["moved_to"] == "http://moved.test/new"
    assert told["sources"]["lent"]["moved_to"] is None


def test_pages_are_read_twice_and_nothing_else_is(world, told) -> None:
    assert len(world.site.asked("http://well.test/report")) == 2
    assert len(world.site.asked("http://feed.test/rss")) == 1
    assert not world.site.asked("http://feed.test/1")
    assert not world.site.asked("http://closed.test/")


def test_what_is_confirmed_is_written(told) -> None:
    before, after = ({each["id"]: each for each in json.loads(told[key])["sources"]} for key in ("before", "after"))
    assert set(told["written"]) == {name for name, each in told["sources"].items() if each["admitted"]}
    for name, source in after.items():
        if told["sources"][name]["admitted"]:
            assert source["address"].pop("confirmed")
            source["address"] = source["address"] or None
            if source["address"] is None:
                del source["address"]
    assert after.pop("moved") == before.pop("moved") | {"url": "http://moved.test/new"}
    assert after == before


def test_exit_codes(world, told) -> None:
    assert check(world, "well", "feed", code=0)["ok"]
    assert not check(world, "robots", code=3)["ok"]


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        (
            "Carnegie: How China's thinkers built their own institute",
            "How China's Thinkers Built Their Own Institute | Carnegie",
            True,
        ),
        ("海湾机器审慎研究院关于开展评测的通知", "关于开展评测的通知_海湾机器审慎研究院", True),
        ("海湾机器审慎研究院关于开展评测的通知", "首页 - 某某市财政局", False),
        ("Harbour Institute: annual report", "Page not found", False),
        ("Harbour Institute: annual report", "", False),
    ],
)
def test_titles_are_alike(ours: str, theirs: str, same: bool) -> None:
    assert (alike(ours, theirs) >= 0.6) is same
