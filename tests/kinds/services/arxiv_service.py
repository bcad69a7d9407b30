"""arXiv's API as its manual describes it, over invented papers."""

from __future__ import annotations

from xml.sax.saxutils import escape

from tests.kinds.month import HTML, LIMITED, PDF, SLOW, TIGHT, Month
from tests.website import Answer, Asked

ENDPOINT = "/api/query"
OLD = "2030-05-01T10:00:00Z"


def entry(
    number: str, version: int, title: str, authors: tuple[str, ...], abstract: str, *, published: str, comment: str = ""
) -> str:
    names = "".join(f"<author><name>{escape(name)}</name></author>" for name in authors)
    told = f"<arxiv:comment>{escape(comment)}</arxiv:comment>" if comment else ""
    return f"""<entry><id>http://arxiv.org/abs/{number}v{version}</id><title>{escape(title)}</title>
    <updated>2031-03-0{version}T00:00:00Z</updated><published>{published}</published>
    <summary>{escape(abstract)}</summary>{names}{told}
    <link href="https://arxiv.org/abs/{number}v{version}" rel="alternate" type="text/html"/>
    <arxiv:primary_category term="cs.AI"/><category term="cs.AI" scheme="http://arxiv.org/schemas/atom"/></entry>"""


def feed(*entries: str, total: int | None = None) -> Answer:
    count = len(entries) if total is None else total
    body = f"""<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/"
 xmlns:arxiv="http://arxiv.org/schemas/atom"><title>arXiv Query</title><id>http://arxiv.org/api/x</id>
<opensearch:totalResults>{count}</opensearch:totalResults>{"".join(entries)}</feed>"""
    return Answer(body.encode(), media_type="application/atom+xml; charset=utf-8")


def error(words: str) -> Answer:
    return feed(
        f"<entry><id>http://arxiv.org/api/errors#{escape(words.replace(' ', '_'))}</id><title>Error</title>"
        f"<summary>{escape(words)}</summary><author><name>arXiv api core</name></author></entry>"
    )


def papers(day: int, asked: Asked) -> Answer:
    """Two papers by number: a new version with another author and a Chinese abstract, then a withdrawal."""
    assert asked.query["id_list"] == "3101.00001,hep-ex/3101002"
    authors = ("Ada Quay", "Ben Mole") if day < 4 else ("Ada Quay", "Ben Mole", "钟海湾")
    abstract = "We ask what prudence costs. We find that it is little."
    if day >= 4:
        abstract += " 本文作者任职于海湾机器审慎研究院，该院获得专项预算4200万元。"
    one = entry(
        "3101.00001",
        1 if day < 3 else 2,
        "What prudence costs" if day < 3 else "What prudence costs us",
        authors,
        abstract,
        published=OLD,
        comment="12 pages" if day < 7 else "This paper has been withdrawn by Ada Quay",
    )
    two = entry("hep-ex/3101002", 1, "Ropes at low temperature", ("Cid Pier",), "Ropes stiffen.", published=OLD)
    return feed(one) if day in (5, 6) else feed(one, two)


def search(day: int, asked: Asked) -> Answer:
    """A query: nothing at first, then a new paper and an old one that the index found late."""
    assert asked.query["search_query"] == '(all:"harbour") AND (au:"Ada Quay" OR au:"Cid Pier")'
    assert (asked.query["sortBy"], asked.query["sortOrder"]) == ("submittedDate", "descending")
    new = entry("3103.00009", 1, "A new harbour", ("Ada Quay",), "It is new.", published="2031-03-02T00:00:00Z")
    old = entry("3005.00007", 1, "An old harbour", ("Cid Pier",), "It is old.", published=OLD)
    return feed() if day < 3 else feed(new) if day < 5 else feed(new, old)


def trouble(day: int, asked: Asked) -> Answer:
    good = feed(entry("3101.00001", 1, "What prudence costs", ("Ada Quay",), "We ask.", published=OLD))
    bomb = b'<?xml version="1.0"?><!DOCTYPE f [<!ENTITY a "' + b"a" * 1000 + b'">'
    bomb += b"".join(b'<!ENTITY a%d "%s">' % (n, (b"&a%d;" % (n - 1) if n else b"&a;") * 20) for n in range(8))
    return {
        2: LIMITED,
        3: error("incorrect id format for 3101.0000x"),
        4: Answer(HTML.encode()),
        5: Answer(b"<feed>" + b"<entry/>" * 20_000 + b"</feed>", media_type="application/atom+xml"),
        6: SLOW,
        7: feed(total=1),
        30: Answer(bomb + b"]><feed>&a7;</feed>", media_type="application/atom+xml"),
    }.get(day, good)


def refusing(day: int, asked: Asked) -> Answer:
    """What is sent in place of Atom."""
    good = feed(entry("3101.00001", 1, "What prudence costs", ("Ada Quay",), "We ask.", published=OLD))
    return {
        2: Answer(b"Rate exceeded."),
        3: PDF,
        4: Answer(b""),
        5: Answer(b"<rss version='2.0'><channel/></rss>", media_type="application/xml"),
        6: Answer(good.body[: len(good.body) // 2], media_type="application/atom+xml"),
    }.get(day, good)


def declare(month: Month) -> None:
    """Declare the sources of kind arxiv."""
    ids = {"ids": ["3101.00001", "hep-ex/3101002"]}
    month.source("papers", "arxiv", f"http://papers.test{ENDPOINT}?id_list=3101.00001", papers, options=ids)
    by = {"query": 'all:"harbour"', "authors": ["Ada Quay", "Cid Pier"], "max_results": 50}
    month.source("search", "arxiv", f"http://search.test{ENDPOINT}", search, options=by)
    one = {"ids": ["3101.00001"]}
    month.source("paper-trouble", "arxiv", f"http://axtrouble.test{ENDPOINT}", trouble, options=one, fetch=TIGHT)
    month.source("paper-refused", "arxiv", f"http://axrefused.test{ENDPOINT}", refusing, options=one)
