"""Sitemaps over a month: an index, gzip, lastmod, news, and what is none."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract import TextOptions
from crawler.kinds import sitemap as kind
from storage.records import Ask, AskPurpose, Capture, Health
from tests.kinds.month import DAYS, Month
from tests.kinds.services.sitemap_sites import index, urlset

NOW = datetime(2031, 3, 5, tzinfo=UTC)
OK, BAD = "captured ok", "captured not what this kind expects"
FINE = dict.fromkeys(DAYS, OK)
SITE = "https://site.test/n/"


def test_pages_are_found_and_asked_again_when_lastmod_moves(month: Month) -> None:
    assert month.told("site") == FINE
    assert month.changes("site") == {
        1: [f"first {SITE}edited", f"first {SITE}still", f"first {SITE}leaving"],
        3: [f"new {SITE}%E6%96%B0"],
        4: [f"changed {SITE}edited"],
        5: [f"new {SITE}budget alert"],
    }
    asked = [each.path for each in month.asked("site.test")]
    assert asked.count("/n/edited") == 2, "asked when found, and when its lastmod moved"
    assert asked.count("/n/still") == 1
    assert "/tag/all" not in asked
    assert not month.asked("other.test"), "a sitemap of another site is none of this one's"
    budget = month.findings("site")[-1]
    assert budget.new.published_at == datetime(2031, 3, 5, 1, tzinfo=UTC), "as the news sitemap dates it"


def test_what_is_no_sitemap(month: Month) -> None:
    assert month.told("map-trouble") == {
        1: OK,
        2: "limited asked to come later",
        3: BAD,
        4: BAD,
        5: "failed too large",
        6: "failed timed out",
        7: BAD,
        30: OK,
    }
    assert month.details("map-trouble")[4] == "HTML in place of a sitemap"
    assert month.changes("map-trouble") == {1: ["first https://smtrouble.test/n/1"]}
    assert month.told("map-odd") == dict.fromkeys(DAYS, BAD) | {1: OK, 6: OK, 30: OK}
    assert [month.details("map-odd")[day][:22] for day in (2, 3, 4, 5, 7)] == [
        "no item: none of 1 add",
        "<rss> in place of a si",
        "none of 1 sitemaps is ",
        "broken gzip: it ends t",
        "the body is empty",
    ]
    assert month.told("map-odd", AskPurpose.MORE)[6] == BAD, "an index inside an index could go on for ever"
    assert month.changes("map-odd") == {
        1: ["first https://smodd.test/n/%E6%B8%AF%E5%8F%A3", "first https://smodd.test/n/2"]
    }


def read(body: bytes, options: kind.Options | None = None, purpose: AskPurpose = AskPurpose.SEED):
    url = "http://a.test/sitemap.xml"
    capture = Capture(
        source_id="a", url=url, final_url=url, fetched_at=NOW, status=200, sha256="0" * 64, size=len(body)
    )
    ask = Ask(source_id="a", url=url, found_at=NOW, purpose=purpose)
    return kind.read(capture, body, ask, options or kind.Options(), TextOptions(), None)


def test_the_newest_come_first_and_no_more_than_allowed() -> None:
    body = urlset(*((f"http://a.test/{n}", f"2031-01-{n:02d}") for n in range(1, 21)), ("http://a.test/x", None))
    result = read(body, kind.Options(limit=3))
    assert [ask.url for ask in result.asks] == [f"http://a.test/{n}" for n in (20, 19, 18)]
    assert result.detail == "21 items, of which 3 are taken"
    assert result.asks[0].changed_at == datetime(2031, 1, 20, tzinfo=UTC)
    assert result.asks[0].published_raw is None, "lastmod is no date of publication"


def test_a_lastmod_in_the_future_is_no_time() -> None:
    (ask,) = read(urlset(("http://a.test/1", "2099-01-01"))).asks
    assert ask.changed_at is None


def test_an_index_is_bounded_and_chosen_from() -> None:
    body = index(*((f"http://a.test/{n}.xml", None) for n in range(99)))
    assert len(read(body).asks) == 50
    chosen = read(body, kind.Options(sitemaps=(r"/1\d\.xml$",))).asks
    assert [ask.title for ask in chosen] == [f"{n}.xml" for n in range(10, 20)]
    assert {ask.revisit for ask in chosen} == {timedelta(hours=18)}


def test_a_bomb_is_none() -> None:
    bomb = gzip.compress(bytes(60_000_000))
    assert read(bomb).health is Health.MALFORMED


@given(st.binary(max_size=200) | st.builds(lambda text: f"<urlset>{text}</urlset>".encode(), st.text(max_size=100)))
def test_no_bytes_break_the_reading(body) -> None:
    assert read(body).health in (Health.OK, Health.MALFORMED)


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"match": ("(",)}, "match[0]"),
        ({"sitemaps": ("",)}, "sitemaps[0]"),
        ({"limit": 0}, "limit"),
        ({"max_sitemaps": 501}, "max_sitemaps"),
        ({"revisit": timedelta(0)}, "revisit"),
    ],
)
def test_options_that_cannot_be_used(options, path) -> None:
    assert path in [where for where, _ in kind.Options(**options).problems()]
