"""Feeds and links: what is read, what is refused, what a stranger cannot make us do."""

from __future__ import annotations

import pytest

from crawler.errors import ReadingError
from crawler.extract import feed, links
from crawler.extract.decode import decode
from crawler.extract.options import TextOptions
from storage.records import Health

URL = "https://harbour.example/feed"
RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Harbour</title>{}</channel></rss>"""
DATE = "Mon, 05 May 2031 08:00:00 +0200"
ITEM = f"<item><title>{{}}</title><link>{{}}</link><pubDate>{DATE}</pubDate><description>{{}}</description></item>"


def rss(*items: str) -> bytes:
    return RSS.format("".join(items)).encode()


def test_entries_of_a_feed() -> None:
    found = feed.read(
        rss(ITEM.format("Light &amp;amp; buoy", "/n/1", "Short."), ITEM.format("灯塔通知", "/n/2", "长" * 900)), url=URL
    )
    first, second = found.entries
    assert (found.title, found.format) == ("Harbour", "rss20")
    assert (first.title, first.url, first.full) == ("Light & buoy", "https://harbour.example/n/1", False)
    assert first.published_at.isoformat() == "2031-05-05T06:00:00+00:00"
    assert (second.title, second.full) == ("灯塔通知", True)


def test_a_text_that_is_cut_off_is_not_the_whole() -> None:
    long = "The council approved the plan for the coming year. " * 60
    texts = [long, long + "Read more", "长" * 900 + "阅读全文"]
    items = [ITEM.format("t", f"/{n}", text) for n, text in enumerate(texts)]
    whole, cut, cut_zh = feed.read(rss(*items), url=URL).entries
    assert [whole.full, cut.full, cut_zh.full] == [True, False, False]


@pytest.mark.parametrize(
    ("body", "health"),
    [
        (b"", Health.EMPTY),
        (rss(), Health.EMPTY),
        (b"<!doctype html><html><body>Not a feed</body></html>", Health.MALFORMED),
        (b"no feed at all", Health.MALFORMED),
        (b"<rss version='2.0'><channel><title>Harb", Health.MALFORMED),
        (b'{"version": "https://jsonfeed.org/version/1.1", "items": []}', Health.EMPTY),
        (b'{"error": "not found"}', Health.MALFORMED),
        (b"<rss>" + b"x" * (feed.LARGEST + 1), Health.MALFORMED),
    ],
)
def test_what_is_no_feed_has_a_health_of_its_own(body: bytes, health: Health) -> None:
    with pytest.raises(ReadingError) as bad:
        feed.read(body, url=URL)
    assert bad.value.health is health


def test_a_feed_makes_no_entities_and_reads_no_files() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "' + "lights " * 400 + '"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    body = rss(ITEM.format("&a;&a;&a;", "/n/1", "&f;")).replace(b"<rss", bomb.encode() + b"<rss", 1)
    (entry,) = feed.read(body, url=URL).entries
    assert "root:" not in entry.html + (entry.title or "")
    assert len(entry.title or "") < 2000


def test_json_feed() -> None:
    body = """{"version": "https://jsonfeed.org/version/1.1", "title": "港湾", "items": [
        {"id": 7, "url": "/n/7", "title": "通知", "content_text": "灯塔 <b> 搬迁。",
         "date_published": "2031-05-05T08:00:00Z",
         "authors": [{"name": "林灯"}]}, "nonsense", {"id": "8"}]}"""
    found = feed.read(body.encode(), url=URL)
    assert [(e.guid, e.title, e.author) for e in found.entries] == [("7", "通知", "林灯"), ("8", None, None)]
    assert found.entries[0].text == "灯塔 <b> 搬迁。"


LISTING = """<html><head><base href="https://harbour.example/news/"></head><body>
<div class=menu><a href="/">Home</a></div>
<ul class=list>
<li><a href="1.html"><img src=x alt=""></a><a href="1.html#top">Lantern report published</a><span>5 May 2031</span></li>
<li><a href="2.html">灯塔研究院发布报告</a> <span>2031年5月6日</span></li>
<li><a href="javascript:void(0)">No</a><a href="mailto:a@b.example">No</a><a href="">No</a></li></ul></body></html>"""


def test_links_of_a_listing() -> None:
    found = links.read(LISTING.encode(), charset="utf-8", url="https://harbour.example/x", select=["ul.list > li"])
    assert [(link.url, link.text, link.published_raw) for link in found] == [
        ("https://harbour.example/news/1.html", "Lantern report published", "5 May 2031"),
        ("https://harbour.example/news/2.html", "灯塔研究院发布报告", "2031年5月6日"),
    ]
    assert len(links.read(LISTING.encode(), charset="utf-8", url="https://harbour.example/x")) == 3


@pytest.mark.parametrize(
    ("text", "codec", "declared", "meta"),
    [
        ("海湾理事会批准预算，灯塔研究院发布报告。", "gb18030", "gb2312", ""),
        ("海湾理事会批准预算，灯塔研究院发布报告。", "gb18030", "utf-8", "<meta charset=gbk>"),
        ("海湾理事会批准预算，灯塔研究院发布报告。", "gb18030", None, ""),
        ("海灣理事會批准預算，燈塔研究院發布報告。", "big5", "big5", ""),
        ("海湾理事会批准预算。", "utf-8", "iso-8859-1", ""),
        ("Le conseil a approuvé l’été « dernier ».", "cp1252", "iso-8859-1", ""),
        ("Совет одобрил бюджет.", "cp1251", "windows-1251", ""),
        ("海湾理事会", "utf-16", None, ""),
    ],
)
def test_bytes_become_the_text_they_were(text: str, codec: str, declared: str | None, meta: str) -> None:
    assert decode((meta + text).encode(codec), declared)[0] == meta + text


def test_selectors_that_cannot_be_used_are_named_where_they_stand() -> None:
    options = TextOptions(select=("main > p", "div["), ignore=("//a[", "xpath://p[document('x')]"), language="english?")
    assert [path for path, _ in options.problems()] == ["select[1]", "ignore[0]", "ignore[1]", "language"]
