"""A feed (RSS, Atom, RDF, CDF by feedparser; JSON Feed by ourselves) to its entries.

The body is bytes already here: feedparser is given a stream, never an address. Entities of the document's own making
are bounded before parsing; external ones are never loaded.
"""

from __future__ import annotations

import hashlib
import html as html_entities
import io
import re
from calendar import timegm
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser

from crawler.errors import ReadingError
from crawler.extract import html, json_text
from crawler.extract.blocks import walk
from crawler.extract.lines import fold_space, normalise
from crawler.extract.meta import parse_date
from crawler.extract.text import Entry, Feed
from storage.records import Health

VERSION = "feed/1 feedparser/6.0"
LARGEST = 10_000_000
"""Bytes of a feed; a larger one is malformed by our rule."""
MOST_ENTRIES = 2_000
LONGEST_ENTRY = 500_000

_ENTITY = re.compile(rb"<!ENTITY[^>]*>", re.I)
_LONGEST_ENTITY = 300
_MARKUP = re.compile(r"<[a-zA-Z/!][^>]*>")
_CUT = re.compile(
    r"(?:\.\.\.|…|\[…\]|\[\.\.\.\]|read more\W*|continue reading.{0,80}|the post .{1,200} appeared first on .{1,100}|"
    r"阅读全文\W*|阅读更多\W*|查看全文\W*|查看更多\W*|閱讀全文\W*|繼續閱讀\W*)\s*$",
    re.I,
)


def read(
    body: bytes, *, charset: str | None = None, media_type: str | None = None, url: str = "", texts: bool = True
) -> Feed:
    """Read a feed; `texts=False` leaves the entries' texts unread (their HTML is there all the same).

    Raises ReadingError: EMPTY (nothing in it), MALFORMED (HTML or anything else in place of a feed, too large).
    """
    if not body.strip():
        raise ReadingError(Health.EMPTY, "the body is empty")
    if len(body) > LARGEST:
        raise ReadingError(Health.MALFORMED, f"{len(body)} bytes; a feed may have {LARGEST}")
    head = body[:400].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"{"):
        found = _json_feed(body, url)
        if found is not None:
            return found
    feed = _parsed(body, charset, media_type, url)
    entries = tuple(_entry(raw, url, texts) for raw in feed.entries[:MOST_ENTRIES])
    if not entries:
        _refuse(feed, head, cut=not body.rstrip(b"\x00 \t\r\n").endswith(b">"))
    about = feed.feed
    return Feed(
        title=plain(about.get("title")),
        url=_absolute(url, about.get("link")),
        language=about.get("language"),
        format=feed.get("version") or "",
        entries=entries,
        next_url=next((_absolute(url, x.get("href")) for x in about.get("links", []) if x.get("rel") == "next"), None),
        detail=_fault(feed),
    )


def _parsed(body: bytes, charset: str | None, media_type: str | None, url: str) -> Any:
    if b"<!ENTITY" in body[:200_000].upper():
        body = _ENTITY.sub(lambda m: m.group() if len(m.group()) <= _LONGEST_ENTITY else b"", body)
    kind = media_type or "application/xml"
    headers = {"content-type": f"{kind}; charset={charset}" if charset else kind, "content-location": url}
    try:
        return feedparser.parse(io.BytesIO(body), response_headers=headers)
    except Exception as error:  # feedparser's loose parser lets many kinds of error through
        raise ReadingError(
            Health.MALFORMED, f"the feed cannot be parsed: {type(error).__name__}: {error}"[:500]
        ) from None


def _refuse(feed: Any, head: bytes, *, cut: bool) -> None:
    lower = head.lower()
    if feed.get("version") and cut:
        raise ReadingError(Health.MALFORMED, f"the feed ({feed.version}) ends in the middle")
    if feed.get("version"):
        raise ReadingError(Health.EMPTY, f"the feed ({feed.version}) has no entries")
    if b"<html" in lower or b"<!doctype html" in lower:
        raise ReadingError(Health.MALFORMED, "HTML in place of a feed")
    raise ReadingError(Health.MALFORMED, _fault(feed) or "no feed: no format known to feedparser, no entries")


def _fault(feed: Any) -> str | None:
    error = feed.get("bozo_exception")
    return f"{type(error).__name__}: {error}"[:300] if feed.get("bozo") and error is not None else None


def _entry(raw: Any, base: str, texts: bool) -> Entry:
    bodies = [(c.get("value") or "", c.get("type") or "", True) for c in raw.get("content", [])[:5]]
    detail = raw.get("summary_detail") or {}
    bodies.append((raw.get("summary") or "", detail.get("type") or "", False))
    value, kind, is_content = max(bodies, key=lambda b: len(b[0]))
    markup = _as_html(value[:LONGEST_ENTRY], kind)
    title = plain(raw.get("title"))
    url = _absolute(base, raw.get("link"))
    # dict.get, not feedparser's own: that one hands out 'published' for a missing 'updated', with a warning
    published, updated = raw.get("published") or raw.get("created"), dict.get(raw, "updated")
    text = text_of(markup) if texts and markup else ""
    return Entry(
        guid=_guid(raw.get("id"), url, title, published or updated),
        url=url,
        title=title,
        author=plain(raw.get("author")),
        published_raw=published,
        published_at=_time(raw.get("published_parsed") or raw.get("created_parsed")) or parse_date(published),
        updated_raw=updated,
        updated_at=_time(dict.get(raw, "updated_parsed")) or parse_date(updated),
        html=markup,
        text=text,
        full=_is_full(text or markup, is_content),
    )


def text_of(markup: str) -> str:
    """The one text form of a piece of HTML."""
    if not _MARKUP.search(markup) and "&" not in markup:
        return normalise(markup)
    try:
        root, _ = html.parse(f"<html><body>{markup}</body></html>".encode("utf-8", "replace"), "utf-8")
    except ReadingError:
        return ""
    return "\n".join(line for block in walk(root) for line in block.lines)


def _is_full(text: str, is_content: bool) -> bool:
    """Whether this is the whole text: long enough and not cut off ('…', 'Read more', '阅读全文')."""
    size = sum(2.5 if c > "\u2e80" else 1 for c in text)
    return size >= (400 if is_content else 1500) and not _CUT.search(text[-400:])


def _as_html(value: str, kind: str) -> str:
    if kind == "text/plain" and not _MARKUP.search(value):
        return html_entities.escape(value, quote=False)
    return value


def plain(value: Any) -> str | None:
    """A title or name as plain text: feeds carry markup and doubly escaped entities there."""
    if not isinstance(value, str):
        return None
    value = html_entities.unescape(_MARKUP.sub("", value[:5000]))
    return fold_space(value)[:1000] or None


def _absolute(base: str, href: Any) -> str | None:
    if not isinstance(href, str) or not href.strip() or len(href) > 4000:
        return None
    try:
        url = urljoin(base, href.strip()) if base else href.strip()
    except ValueError:
        return None
    return url if url.lower().startswith(("http://", "https://")) or not base else None


def _guid(identity: Any, url: str | None, title: str | None, date: str | None) -> str:
    if isinstance(identity, str) and identity.strip():
        return identity.strip()[:2000]
    if url:
        return url
    return "sha256:" + hashlib.sha256(f"{title}\n{date}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _time(parsed: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError, TypeError):
        return None


def _json_feed(body: bytes, base: str) -> Feed | None:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org); None: JSON, but no feed that we know."""
    try:
        data = json_text.parse(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or not isinstance(data.get("items"), list):
        raise ReadingError(Health.MALFORMED, "JSON, but no JSON Feed: 'items' is missing")
    version = data.get("version")
    if not isinstance(version, str) or "jsonfeed.org/version/" not in version:
        raise ReadingError(Health.MALFORMED, f"JSON, but no JSON Feed: its version is {version!r}"[:200])
    entries = tuple(_json_entry(i, base) for i in data["items"][:MOST_ENTRIES] if isinstance(i, dict))
    if not entries:
        raise ReadingError(Health.EMPTY, "the JSON Feed has no items")
    return Feed(
        title=plain(data.get("title")),
        url=_absolute(base, data.get("home_page_url")),
        language=data.get("language") if isinstance(data.get("language"), str) else None,
        format="json" + version.rstrip("/").rpartition("/")[2].replace(".", "")[:4],
        entries=entries,
        next_url=_absolute(base, data.get("next_url")),
    )


def _json_entry(item: dict, base: str) -> Entry:
    def text_at(name: str) -> str | None:
        value = item.get(name)
        return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else None

    authors = item.get("authors") if isinstance(item.get("authors"), list) else [item.get("author")]
    names = [a["name"] for a in authors[:20] if isinstance(a, dict) and isinstance(a.get("name"), str)]
    content = text_at("content_html") or html_entities.escape(text_at("content_text") or "", quote=False)
    markup = (content or html_entities.escape(text_at("summary") or "", quote=False))[:LONGEST_ENTRY]
    text = text_of(markup) if markup else ""
    url = _absolute(base, text_at("url") or text_at("external_url"))
    published, updated = text_at("date_published"), text_at("date_modified")
    return Entry(
        guid=_guid(text_at("id"), url, text_at("title"), published),
        url=url,
        title=plain(text_at("title")),
        author=", ".join(names) or None,
        published_raw=published,
        published_at=parse_date(published),
        updated_raw=updated,
        updated_at=parse_date(updated),
        html=markup,
        text=text,
        full=_is_full(text, bool(content)),
    )
