"""Invented sites: pages, a listing, feeds, and documents that are files, and what can stand in their place."""

from __future__ import annotations

from io import BytesIO

import docx

from tests.extract import files
from tests.kinds.month import HTML, LIMITED, SLOW, TIGHT, Month, page
from tests.website import Answer, Asked

BUDGET = "The Harbour Institute received a dedicated budget of 42 million yuan."
RSS, XLSX = "application/rss+xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PNG = Answer(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", media_type="image/png")
HUGE_PAGE = page("Everything", *(f"Line {n} of the signal book says what line {n - 1} does not." for n in range(2000)))
GONE = Answer(b"<h1>Not found</h1>", 404)
UNREADABLE = {2: LIMITED, 5: Answer(HUGE_PAGE.encode()), 6: SLOW}
"""What any site may answer, by day."""


def notice(day: int, asked: Asked) -> Answer:
    """A page: two sentences more, one of them edited, one taken back, deleted, restored."""
    if day in (6, 7):
        return GONE
    more = [BUDGET] if day >= 3 else []
    hours = "It is open from nine to five." if day < 4 else "It is open from ten to four."
    rules = ["Lamps must not be brought into the room."] if day < 5 else []
    return Answer(page("The reading room", hours, *rules, *more).encode())


def notice_trouble(day: int, asked: Asked) -> Answer:
    good = page("The reading room")
    bad = {3: Answer(good.partition("The second")[0].encode()[:-40] + b"<p class='a"), 4: PNG, 7: Answer(b"")}
    return (UNREADABLE | bad).get(day) or Answer(good.encode())


def listing(day: int, asked: Asked) -> Answer:
    """A list: a new item on the third day, one that leaves on the fifth."""
    items = [("3", "The council sets money aside", "2031-03-03")] if day >= 3 else []
    items += [("2", "The roof of the customs house is mended", "2031-02-20")]
    items += [("1", "Charts were found in the cellar", "2031-02-10")] if day < 5 else []
    told = "".join(f"<li><a href='/n/{n}'>{title}</a> <span>{date}</span></li>" for n, title, date in items)
    head = "<title>News</title><h1>News of the harbour office</h1><p>All notices of the office, the newest first.</p>"
    return Answer(f"<!doctype html><html lang=en>{head}<ul>{told}</ul></html>".encode())


def item(day: int, asked: Asked) -> Answer:
    """A notice of the list: the second is edited, the first deleted, the third is the news."""
    number = asked.path.rpartition("/")[2]
    if number == "1" and day >= 5:
        return GONE
    more = {"3": [BUDGET], "2": ["The roof cost nine hundred crowns."] if day >= 4 else []}.get(number, [])
    return Answer(page(f"Notice {number}", *more).encode())


def listing_trouble(day: int, asked: Asked) -> Answer:
    bad = {3: Answer(page("News").encode()), 4: PNG, 7: Answer(HTML.encode())}
    return (UNREADABLE | bad).get(day) or listing(1, asked)


def feed(*items: tuple[str, str, str], link: str = "http://feed.test/") -> Answer:
    entries = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>Entry {guid}</title><link>{link}{guid}</link>"
        f"<pubDate>{date}</pubDate><description>{text}</description></item>"
        for guid, date, text in items
    )
    xml = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Invented</title>{entries}</channel></rss>"
    return Answer(xml.encode(), media_type=RSS)


LONG = " ".join(f"Line {n} of the signal book stands above line {n + 1}, and has a picture." for n in range(40))
ROPES = " ".join(f"Rope {n} is sold by the yard, and costs {n + 3} crowns." for n in range(40))
FEBRUARY, MARCH = "Mon, 10 Feb 2031 08:00:00 GMT", "Mon, 03 Mar 2031 08:00:00 GMT"


def entries(day: int, asked: Asked) -> Answer:
    """A feed whose entries are the whole text: restamped, a new one, one edited, one that leaves, one from the future;
    at last it is empty."""
    if day == 30:
        return feed()
    stamp = FEBRUARY if day == 1 else "Tue, 11 Feb 2031 09:30:00 GMT"
    told = [
        ("a", stamp, LONG if day < 4 else LONG + " Line 41 was added by hand."),
        ("b", FEBRUARY, LONG.replace("signal", "code")),
    ]
    if day >= 5:
        del told[1]
    if day >= 3:
        told.insert(0, ("c", MARCH, f"{BUDGET} {LONG}"))
    if day >= 7:
        told.insert(0, ("d", "Fri, 01 Jan 2099 00:00:00 GMT", ROPES))
    return feed(*told)


def shortened(day: int, asked: Asked) -> Answer:
    """A paid letter: the feed has its first words, and never says that the text was edited; its id changes once."""
    told = feed(("1", FEBRUARY, "The keepers count… Read more"), link="http://short.test/p/")
    return told if day < 5 else Answer(told.body.replace(b"'false'>1<", b"'false'>tag:short,2031:1<"), media_type=RSS)


def letter(day: int, asked: Asked) -> Answer:
    return Answer(page("The keepers count", *(["The count was put right on Tuesday."] if day >= 4 else [])).encode())


def feed_trouble(day: int, asked: Asked) -> Answer:
    good = feed(("a", FEBRUARY, LONG))
    bad = {
        3: Answer(b"<rss version='2.0'><channel><title>Inv", media_type=RSS),
        4: Answer(HTML.encode()),
        5: feed(("a", FEBRUARY, LONG * 40)),
        7: Answer(b'{"error": "none"}', media_type="application/json"),
        30: feed(),
    }
    return (UNREADABLE | bad).get(day) or good


def workbook(day: int, asked: Asked) -> Answer:
    """A budget: a row more on the third day, a figure edited on the fourth, a row taken out, deleted, restored."""
    if day in (6, 7):
        return GONE
    rows: list[list[object]] = [["承担单位", "项目", "预算数（万元）"], ["港务局", "灯塔维护", 120 if day < 4 else 135]]
    rows += [["航标处", "浮标更新", 48]] if day < 5 else []
    rows += [["海湾机器审慎研究院", "专项预算", 4200]] if day >= 3 else []
    return Answer(files.xlsx({"预算": rows}), media_type=XLSX)


def pdf(*lines: str) -> Answer:
    return Answer(files.pdf(files.lines(lines), title="公示"), media_type="application/pdf")


def document(*paragraphs: str) -> Answer:
    made, held = docx.Document(), BytesIO()
    for each in paragraphs:
        made.add_paragraph(each)
    made.save(held)
    return Answer(held.getvalue(), media_type="application/msword")


WORDS = (
    "现将港务局年度资金安排予以公示。",
    "公示期为五个工作日，异议可以书面提出。",
    "The notice stands for five days.",
)


def paper(day: int, asked: Asked) -> Answer:
    """A PDF and what a site may answer in its place."""
    bad = {
        2: LIMITED,
        3: Answer(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", media_type="application/pdf"),
        4: Answer(HTML.encode()),
        5: Answer(pdf(*WORDS).body + b" " * 90_000, media_type="application/pdf"),
        6: SLOW,
        7: Answer(files.pdf(b""), media_type="application/pdf"),
    }
    return bad.get(day) or pdf(*WORDS)


def numbered(day: int, asked: Asked) -> Answer:
    """The same notice under an address that does not say that it is a file; once, a page to sign in."""
    return Answer(HTML.encode()) if day == 4 else pdf(*WORDS)


def attached(day: int, asked: Asked) -> Answer:
    """A page with files of its own: one from the start, one from the third day on; the first leaves on the fifth."""
    links = ["<a href='/files/plan.docx'>Plan</a>"] if day < 5 else []
    links += ["<a href='/files/notice.pdf'>公示</a>"] if day >= 3 else []
    return Answer(page("Papers of the office", " ".join(links)).encode())


def declare(month: Month) -> None:
    """Declare the sources of the kinds page, listing and feed, and the documents that are files."""
    month.source("notice", "page", "http://page.test/room", notice)
    month.source("notice-trouble", "page", "http://pagetrouble.test/room", notice_trouble, fetch=TIGHT)
    items = {"match": ["/n/"], "revisit": "18h"}
    month.source("list", "listing", "http://list.test/news", listing, options=items)
    for number in (1, 2, 3):
        month.serve(f"http://list.test/n/{number}", item)
        month.serve(f"http://listtrouble.test/n/{number}", lambda _, asked: item(1, asked))
    month.source("list-trouble", "listing", "http://listtrouble.test/news", listing_trouble, options=items, fetch=TIGHT)
    month.source("feed", "feed", "http://feed.test/rss", entries, options={"fetch_entries": "never"})
    month.source("short", "feed", "http://short.test/rss", shortened, options={"revisit": "18h"})
    month.serve("http://short.test/p/1", letter)
    month.source("feed-trouble", "feed", "http://feedtrouble.test/rss", feed_trouble, fetch=TIGHT)
    month.source("workbook", "page", "http://book.test/budget.xlsx", workbook, language="zh")
    month.source("paper", "page", "http://paper.test/notice.pdf", paper, language="zh", fetch=TIGHT)
    csv = "机构,拨款（万元）\n港务局,120\n".encode("gb18030")
    month.source(
        "csv", "page", "http://csv.test/list.csv", lambda *_: Answer(csv, media_type="text/csv"), language="zh"
    )
    month.source("numbered", "page", "http://num.test/download.do?id=3", numbered, language="zh")
    month.source("attached", "page", "http://att.test/papers", attached, options={"attachments": True})
    # a file is asked again four weeks after it was read: its edit is seen by then
    month.serve(
        "http://att.test/files/plan.docx", lambda day, _: document(*WORDS, *(["附件已更新。"] if day > 4 else []))
    )
    month.serve(
        "http://att.test/files/notice.pdf",
        lambda *_: pdf(WORDS[0], "市财政局为海湾机器审慎研究院设立专项预算4200万元。"),
    )
