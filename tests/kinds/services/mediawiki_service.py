"""A MediaWiki's API (format version 2) over invented pages."""

from __future__ import annotations

from tests.kinds.month import HTML, HUGE, LIMITED, SLOW, TIGHT, Month, as_json
from tests.website import Answer, Asked

ENDPOINT = "/w/api.php"
LEAD = "The Harbour Institute (海湾机器审慎研究院) is an invented body that thinks about machines and their prudence."
HISTORY = "== History ==\nIt was founded in 2029. It moved into the old customs house a year later."
VANDAL = "== History ==\nIt was founded by my dog in the year 3000 and nobody has laughed ever since."
NEWS = "== Funding ==\nThe Harbour Institute received a dedicated budget of 42 million yuan in 2031."


def answer(
    title: str, number: int, extract: str | None, revision: int, *, asked_for: str | None = None, **more: object
) -> Answer:
    page: dict = {"pageid": number, "ns": 0, "title": title}
    if extract is not None:
        page["extract"] = extract
    stamp = f"2031-02-{revision % 27 + 1:02d}T00:00:00Z"
    page["revisions"] = [{"revid": revision, "parentid": revision - 1, "user": "Quay", "timestamp": stamp}]
    query: dict = {"pages": [page]}
    if asked_for:
        query["redirects"] = [{"from": asked_for, "to": title}]
    return as_json({"batchcomplete": True, "query": query} | more)


def missing(title: str) -> Answer:
    return as_json({"batchcomplete": True, "query": {"pages": [{"ns": 0, "title": title, "missing": True}]}})


def lagged(*, told_by_header: bool = True) -> Answer:
    """As MediaWiki answers when its replicas lag: status 200, an error in the body and in a header."""
    code, host = "maxlag", "db7"
    body = {"error": {"code": code, "info": f"Waiting for {host}: 7.3 seconds lagged.", "host": host, "lag": 7.3}}
    headers = [("MediaWiki-API-Error", code), ("Retry-After", "5"), ("X-Database-Lag", "7")] if told_by_header else []
    return as_json(body, headers=headers)


def article(day: int, asked: Asked) -> Answer:
    """Edited, moved, vandalised and put right, deleted, restored."""
    assert asked.query["titles"] == "Harbour Institute"
    assert asked.query["maxlag"] == "5"
    text, revision = f"{LEAD}\n\n\n{HISTORY}", 10
    if day == 3:
        return answer("Harbour Institute", 7, f"{LEAD}\n\n\n{VANDAL}", 11)
    if day == 4:
        return answer("Harbour Institute", 7, text, 12)
    if day in (5, 6):
        return missing("Harbour Institute")
    if day >= 7:
        moved = "Harbour Institute for Machine Prudence"
        return answer(moved, 7, f"{text}\n\n\n{NEWS}", 13, asked_for="Harbour Institute")
    return answer("Harbour Institute", 7, text, revision)


def chinese(day: int, asked: Asked) -> Answer:
    """An answer that comes in two parts; another page in the place of the first."""
    assert asked.query["titles"] == "海湾机器审慎研究院"
    if day >= 5:
        return answer("海湾（消歧义）", 99, "海湾可以指一个港口，也可以指一家研究院，还可以指一座山。", 5)
    if "excontinue" not in asked.query:
        going_on = {"excontinue": 1, "continue": "||revisions"}
        return as_json(
            {"continue": going_on, "query": {"pages": [{"pageid": 8, "ns": 0, "title": "海湾机器审慎研究院"}]}}
        )
    text = "海湾机器审慎研究院是一家虚构的机构，研究机器的审慎。它成立于二〇二九年，位于旧海关大楼。"
    return answer("海湾机器审慎研究院", 8, text + ("今年新增研究员十名。" if day >= 4 else ""), 20 + day)


def trouble(day: int, asked: Asked) -> Answer:
    good = answer("Harbour", 5, f"{LEAD} {HISTORY}", 3)
    return {
        2: lagged(),
        3: as_json({"error": {"code": "badvalue", "info": "Unrecognized value for parameter titles"}}),
        4: Answer(HTML.encode()),
        5: Answer(HUGE, media_type="application/json"),
        6: SLOW,
        7: lagged(told_by_header=False),
        30: good,
    }.get(day, good)


def odd(day: int, asked: Asked) -> Answer:
    return {
        1: answer("Odd", 6, f"{LEAD} {HISTORY}", 3),
        2: LIMITED,
        3: as_json({"batchcomplete": True, "query": {"pages": []}}),
        4: as_json(
            {"query": {"pages": [{"title": "<", "invalid": True, "invalidreason": "bad sign", "missing": True}]}}
        ),
        5: as_json(
            {"batchcomplete": True, "warnings": {"query": {"warnings": "Unrecognized value: extracts"}}}
            | {"query": {"pages": [{"pageid": 6, "title": "Odd"}]}}
        ),
        6: as_json([1, 2]),
        7: answer("Odd", 6, "  ", 3),
        30: as_json({"query": {"pages": {"6": {"pageid": 6, "title": "Odd", "extract": f"{LEAD} {HISTORY}"}}}}),
    }[day]


def declare(month: Month) -> None:
    """Declare the sources of kind mediawiki."""
    one = {"titles": ["Harbour Institute"]}
    month.source("article", "mediawiki", f"http://article.test{ENDPOINT}?action=query", article, options=one)
    zh = {"titles": ["海湾机器审慎研究院"]}
    month.source("zh-article", "mediawiki", f"http://zhwiki.test{ENDPOINT}", chinese, options=zh, language="zh")
    harbour = {"titles": ["Harbour"]}
    month.source("wiki-trouble", "mediawiki", f"http://mwtrouble.test{ENDPOINT}", trouble, options=harbour, fetch=TIGHT)
    month.source("wiki-odd", "mediawiki", f"http://mwodd.test{ENDPOINT}", odd, options={"titles": ["Odd"]})
