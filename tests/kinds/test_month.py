"""One table for the month of every kind: ten things that happen to any source, and what each must come to.

A cell is a source, a day, what its look came to on that day, and what was told of it that day. GitHub's month is in
test_github.py and that of rendered pages in tests/fetch/test_render_month.py, since they need a world of their own.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest

from crawler.kinds import KINDS
from tests.kinds.month import DAYS, Month

OK, BAD, UNREADABLE = "captured ok", "captured not what this kind expects", "captured media type not readable"
LIMIT, HUGE, SLOW = "limited asked to come later", "failed too large", "failed timed out"
EMPTY, CUT, GONE = "captured no text", "captured truncated", "gone status"
SITE, WORK = "https://site.test/n", "https://works.test/W"
HAPPENS = (
    "first reading",
    "nothing new",
    "new item",
    "edited item",
    "vanished item",
    "rate limit",
    "malformed answer",
    "answer of another type",
    "huge answer",
    "slow answer",
)


class Cell(NamedTuple):
    source: str
    day: int
    said: str
    told: tuple[str, ...] = ()
    """Some of the changes of that day; none: there is no change of this source that day."""


def trouble(source: str, malformed: str = BAD, other: str = BAD) -> tuple[Cell, ...]:
    """The days on which a source in trouble has each of the last five."""
    said = (LIMIT, malformed, other, HUGE, SLOW)
    return tuple(Cell(source, day, each) for day, each in enumerate(said, 2))


NEWS, LIST, BOOK = "https://page.test/room", "https://list.test", "https://book.test/budget.xlsx"
DATA = "https://authority.test/data"
TABLE: dict[str, tuple[Cell, ...]] = {
    "page": (
        Cell("notice", 1, OK, (f"first {NEWS}",)),
        Cell("notice", 2, OK),
        Cell("notice", 3, OK, (f"changed {NEWS} alert",)),
        Cell("notice", 4, OK, (f"changed {NEWS}",)),
        Cell("notice", 7, GONE, (f"gone {NEWS}",)),
        *trouble("notice-trouble", CUT, UNREADABLE),
    ),
    "listing": (
        Cell("list", 1, OK, (f"first {LIST}/news", f"first {LIST}/n/1", f"first {LIST}/n/2")),
        Cell("list", 2, OK),
        Cell("list", 3, OK, (f"changed {LIST}/news", f"new {LIST}/n/3 alert")),
        Cell("list", 4, OK, (f"changed {LIST}/n/2",)),
        # its page is asked a second time before it is believed to be gone
        Cell("list", 6, OK, (f"gone {LIST}/n/1",)),
        *trouble("list-trouble", BAD, UNREADABLE),
    ),
    "feed": (
        Cell("feed", 1, OK, ("first a", "first b")),
        # each entry has another date
        Cell("feed", 2, OK),
        Cell("feed", 3, OK, ("new c alert",)),
        Cell("feed", 4, OK, ("changed a",)),
        # a feed shows the newest: what leaves it is no news
        Cell("feed", 5, OK),
        *trouble("feed-trouble"),
    ),
    "sitemap": (
        Cell("site", 1, OK, (f"first {SITE}/edited", f"first {SITE}/still", f"first {SITE}/leaving")),
        Cell("site", 2, OK),
        Cell("site", 3, OK, (f"new {SITE}/%E6%96%B0",)),
        Cell("site", 4, OK, (f"changed {SITE}/edited",)),
        # a way to discover: the page that it leaves out is not gone for that
        Cell("site", 7, OK),
        *trouble("map-trouble"),
    ),
    "json": (
        Cell("works", 1, OK, (f"first {WORK}1", f"first {WORK}2")),
        Cell("works", 2, OK),
        Cell("works", 3, OK, (f"new {WORK}3 alert",)),
        Cell("works", 4, OK, (f"changed {WORK}1",)),
        # a complete list vouches for what is not in it, at the second look
        Cell("hub", 6, OK, ("gone harbour/ropes",)),
        *trouble("articles"),
    ),
    "json: absence": (
        Cell("authority", 1, OK, (f"first {DATA}",)),
        Cell("authority", 3, OK),
        Cell("authority", 4, OK, (f"changed {DATA} alert",)),
        Cell("authority", 5, OK, (f"changed {DATA} alert",)),
        Cell("authority", 30, OK, (f"returned {DATA} noise",)),
        *trouble("authority-trouble"),
    ),
    "json: GraphQL": (
        Cell("posts", 1, OK, ("first p1", "first p2", "first p3")),
        Cell("posts", 4, OK),
        Cell("posts", 3, OK, ("new p4 alert",)),
        Cell("posts", 5, OK, ("changed p1",)),
        Cell("posts", 6, OK),
        *trouble("posts-trouble"),
    ),
    "arxiv": (
        Cell("papers", 1, OK, ("first 3101.00001", "first hep-ex/3101002")),
        Cell("papers", 2, OK),
        Cell("search", 3, OK, ("new 3103.00009",)),
        Cell("papers", 3, OK, ("changed 3101.00001",)),
        # no paper leaves arXiv: one that is not in the answer is not gone
        Cell("papers", 5, OK),
        *trouble("paper-trouble"),
    ),
    "mediawiki": (
        Cell("article", 1, OK, ("first page 7",)),
        Cell("article", 2, OK),
        Cell("zh-article", 5, OK, ("new page 99",)),
        Cell("article", 3, OK, ("changed page 7",)),
        Cell("article", 6, OK, ("gone page 7",)),
        *trouble("wiki-trouble"),
    ),
    "files": (
        Cell("workbook", 1, OK, (f"first {BOOK}",)),
        Cell("workbook", 2, OK),
        Cell("workbook", 3, OK, (f"changed {BOOK} alert",)),
        Cell("workbook", 4, OK, (f"changed {BOOK}",)),
        Cell("workbook", 7, GONE, (f"gone {BOOK}",)),
        *trouble("paper", CUT, BAD),
    ),
}


def test_every_kind_is_in_the_table() -> None:
    assert {name.partition(":")[0] for name in TABLE} == {*KINDS, "files"} - {"github"}
    assert {len(cells) for cells in TABLE.values()} == {len(HAPPENS)}


@pytest.mark.parametrize("kind", TABLE)
def test_a_month_of_each_kind(month: Month, kind: str) -> None:
    for happens, cell in zip(HAPPENS, TABLE[kind], strict=True):
        found = month.changes(cell.source).get(cell.day, [])
        assert month.told(cell.source)[cell.day] == cell.said, happens
        assert set(cell.told) <= set(found), happens
        assert bool(cell.told) == bool(found), happens


# ---- what is more to say of pages, listings, feeds and files; the other kinds have a module each


def test_a_page_is_gone_at_the_second_look_and_back_is_told(month: Month) -> None:
    assert month.told("notice") == dict.fromkeys(DAYS, OK) | {6: GONE, 7: GONE}
    assert month.changes("notice") == {
        1: [f"first {NEWS}"],
        3: [f"changed {NEWS} alert"],
        4: [f"changed {NEWS}"],
        5: [f"changed {NEWS}"],
        7: [f"gone {NEWS}"],
        30: [f"back {NEWS}"],
    }


def test_a_site_in_trouble_says_nothing_and_is_as_before(month: Month) -> None:
    assert month.told("notice-trouble")[7] == EMPTY
    assert month.told("list-trouble")[7] == BAD, "a login page in place of a list has none of its items"
    assert month.told("feed-trouble")[7] == BAD
    assert month.told("paper")[7] == EMPTY
    assert "no text layer" in month.details("paper")[7]
    details = month.details("feed-trouble")
    assert (details[3], details[4]) == ("the feed (rss20) ends in the middle", "HTML in place of a feed")
    assert details[30] == "the feed (rss20) has no entries"
    assert month.details("paper")[4] == "a page in place of notice.pdf"
    for source in ("notice-trouble", "list-trouble", "feed-trouble", "paper"):
        assert set(month.changes(source)) == {1}, source


def test_a_list_says_what_was_added_and_what_left(month: Month) -> None:
    assert month.changes("list") == {
        1: [f"first {LIST}/news", f"first {LIST}/n/2", f"first {LIST}/n/1"],
        3: [f"changed {LIST}/news", f"new {LIST}/n/3 alert"],
        4: [f"changed {LIST}/n/2"],
        5: [f"changed {LIST}/news"],
        6: [f"gone {LIST}/n/1"],
    }


def test_feeds_as_they_are(month: Month) -> None:
    assert month.told("feed") == dict.fromkeys(DAYS, OK) | {30: EMPTY}
    assert month.changes("feed") == {1: ["first a", "first b"], 3: ["new c alert"], 4: ["changed a"], 7: ["new d"]}
    future = next(each for each in month.findings("feed") if each.document.key == "d")
    assert future.new.published_at is None, "no entry was published in a year to come"
    # a paid letter: the feed says as little as before, its page was edited, its id is another
    assert month.changes("short") == {1: ["first 1"], 4: ["changed 1"]}
    assert "The count was put right on Tuesday." in month.text("short", "1")


def test_documents_that_are_files(month: Month) -> None:
    assert month.text("workbook", BOOK).splitlines()[-1].startswith("承担单位: 海湾机器审慎研究院 | 项目: 专项预算")
    assert month.text("csv", "https://csv.test/list.csv").splitlines()[-1] == "机构: 港务局 | 拨款（万元）: 120 万元"
    assert month.told("numbered") == dict.fromkeys(DAYS, OK) | {4: BAD}
    assert month.details("numbered")[4] == "a page in place of a file (pdf), which shares little with it"
    assert set(month.changes("numbered")) == {1}
    files, papers = "https://att.test/files", "https://att.test/papers"
    assert month.changes("attached") == {
        1: [f"first {papers}", f"first {files}/plan.docx"],
        3: [f"changed {papers}", f"new {files}/notice.pdf alert"],
        5: [f"changed {papers} noise"],
        30: [f"changed {files}/plan.docx"],
    }, "a file that its page names no more is asked for all the same"
    assert month.text("attached", f"{files}/plan.docx").splitlines()[-1] == "附件已更新。"
