"""Invented sites with sitemaps: an index, gzip, news, and what stands there instead."""

from __future__ import annotations

import gzip

from tests.kinds.month import HTML, LIMITED, PDF, SLOW, TIGHT, Month, page
from tests.website import Answer, Asked

XML = "application/xml"
NAMES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" '
    'xmlns:xhtml="http://www.w3.org/1999/xhtml"'
)


def urlset(*urls: tuple[str, str | None], extra: str = "") -> bytes:
    inner = "".join(
        f"<url><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}"
        f'<xhtml:link rel="alternate" hreflang="zh" href="http://other.test/zh"/></url>'
        for url, day in urls
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {NAMES}>{inner}{extra}</urlset>'.encode()


def index(*urls: tuple[str, str | None]) -> bytes:
    inner = "".join(
        f"<sitemap><loc>{url}</loc>{f'<lastmod>{day}</lastmod>' if day else ''}</sitemap>" for url, day in urls
    )
    return f'<?xml version="1.0" encoding="UTF-8"?><sitemapindex {NAMES}>{inner}</sitemapindex>'.encode()


def site(day: int, asked: Asked) -> Answer:
    """An index of two sitemaps of its own and one of another site."""
    own = [("http://site.test/map-1.xml.gz", f"2031-03-{min(day, 9):02d}"), ("http://site.test/news.xml", None)]
    return Answer(index(*own, ("http://other.test/map.xml", None)), media_type=XML)


def first_map(day: int, asked: Asked) -> Answer:
    """Gzipped: a page edited on the fourth day, one that leaves on the fifth, a new one on the third."""
    urls: list[tuple[str, str | None]] = [
        ("http://site.test/n/edited", "2031-02-01" if day < 4 else "2031-03-04T05:06:07+08:00"),
        ("http://site.test/n/still", "2031-02-01"),
        ("http://site.test/tag/all", "2031-03-01"),
    ]
    if day >= 3:
        urls.append(("http://site.test/n/%E6%96%B0", "2031-03-03"))
    if day < 5:
        urls.append(("http://site.test/n/leaving", "2031-02-01"))
    return Answer(gzip.compress(urlset(*urls), mtime=0), media_type="application/gzip")


def news(day: int, asked: Asked) -> Answer:
    """A news sitemap, empty but for one day."""
    entry = (
        "<url><loc>http://site.test/n/budget</loc><news:news><news:publication><news:name>H</news:name>"
        "<news:language>en</news:language></news:publication><news:publication_date>2031-03-05T01:00:00Z"
        "</news:publication_date><news:title>A budget &amp; a harbour</news:title></news:news></url>"
    )
    return Answer(urlset(extra=entry if day == 5 else ""), media_type=XML)


def trouble(day: int, asked: Asked) -> Answer:
    good = Answer(urlset(("http://smtrouble.test/n/1", None)), media_type=XML)
    return {
        2: LIMITED,
        3: Answer(b"<urlset><url><loc>http://smtrouble.test/n/1</loc>", media_type=XML),
        4: Answer(HTML.encode()),
        5: Answer(urlset(*((f"http://smtrouble.test/n/{n}", None) for n in range(2000))), media_type=XML),
        6: SLOW,
        7: PDF,
    }.get(day, good)


def odd(day: int, asked: Asked) -> Answer:
    """What a sitemap may be, and what it must not."""
    return {
        1: Answer("http://smodd.test/n/港口\nhttp://smodd.test/n/2\n".encode(), media_type="text/plain"),
        2: Answer(urlset(("http://smodd.test/about", None)), media_type=XML),
        3: Answer(b"<rss><channel/></rss>", media_type=XML),
        4: Answer(index(("http://other.test/map.xml", None)), media_type=XML),
        5: Answer(gzip.compress(b"<urlset/>")[:-12], media_type="application/gzip"),
        6: Answer(index(("http://smodd.test/inner.xml", None)), media_type=XML),
        7: Answer(b""),
        30: Answer(urlset(("http://smodd.test/n/2", None), ("javascript:alert(1)", None)), media_type=XML),
    }[day]


def declare(month: Month) -> None:
    """Declare the sources of kind sitemap."""
    options = {"match": ["/n/"], "revisit": None}
    month.source("site", "sitemap", "http://site.test/sitemap.xml", site, options=options)
    month.serve("http://site.test/map-1.xml.gz", first_map)
    month.serve("http://site.test/news.xml", news)
    edited = "The reading room received a second door."
    told = "The Harbour Institute received a dedicated budget of 42 million yuan."
    month.serve(
        "http://site.test/n/edited", lambda day, _: Answer(page("Edited", *([edited] if day >= 4 else [])).encode())
    )
    for name, title in (("still", "Still"), ("leaving", "Leaving"), ("%E6%96%B0", "新")):
        month.world.site.put(f"http://site.test/n/{name}", page(title))
    month.world.site.put("http://site.test/n/budget", page("A budget", told))
    month.source("map-trouble", "sitemap", "http://smtrouble.test/map.xml", trouble, options=options, fetch=TIGHT)
    month.world.site.put("http://smtrouble.test/n/1", page("One"))
    month.source("map-odd", "sitemap", "http://smodd.test/map.txt", odd, options=options)
    month.world.site.put(
        "http://smodd.test/inner.xml", Answer(index(("http://smodd.test/x.xml", None)), media_type=XML)
    )
    for name in ("2", "%E6%B8%AF%E5%8F%A3"):
        month.world.site.put(f"http://smodd.test/n/{name}", page(name))
