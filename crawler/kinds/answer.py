"""An answer that should be a page, read as one: pages themselves, and the items of listings and feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crawler.errors import ReadingError
from crawler.extract import Text, TextOptions, html, meta
from crawler.extract.decode import decode
from crawler.extract.lines import normalise
from crawler.kinds.result import Result
from crawler.kinds.urls import key_of
from storage.records import Ask, Capture, Health

MARKUP = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml"})
PLAIN = frozenset({"text/plain", "text/markdown"})
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"PK\x03\x04", "application/zip (or an office document)"),
    (b"\xd0\xcf\x11\xe0", "application/msword (or another old office document)"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
)
"""First bytes of what is no text, whatever the server calls it."""
AHEAD = timedelta(days=2)
"""A date so far after the fetch is a mistake; a day is a matter of time zones."""


def read(capture: Capture, body: bytes, ask: Ask, options: TextOptions, language: str | None, kind: str) -> Result:
    """Read one page to one text."""
    try:
        text = text_of(capture, body, ask, options, language)
    except ReadingError as bad:
        return Result(health=bad.health, detail=bad.detail, reader=f"{kind} {html.VERSION}")
    return Result(health=Health.OK, texts=(text,), reader=f"{kind} {text.extractor}")


def text_of(capture: Capture, body: bytes, ask: Ask, options: TextOptions, language: str | None) -> Text:
    """Read a page; what it does not say about itself is taken from what named it. Raises ReadingError."""
    media_type = kind_of(capture, body)
    key = ask.key or key_of(ask.url)
    if media_type in PLAIN:
        text = _plain(capture, body, language)
    elif media_type in MARKUP:
        text = html.read(
            body,
            charset=capture.charset,
            url=capture.url,
            options=options,
            declared_language=language,
            final_url=capture.final_url,
            status=capture.status,
        )
    else:
        raise ReadingError(Health.UNSUPPORTED, f"{media_type} cannot be read yet")
    published_raw = text.published_raw or ask.published_raw
    published_at = text.published_at or meta.parse_date(ask.published_raw)
    return replace(
        text,
        key=key,
        url=capture.final_url,
        title=text.title or ask.title,
        published_raw=published_raw,
        published_at=believed(published_at, capture),
    )


def believed(published_at, capture: Capture):
    """Give a date back unless it lies in the future."""
    if published_at is None or published_at > capture.fetched_at + AHEAD:
        return None
    return published_at


def kind_of(capture: Capture, body: bytes) -> str:
    """Say what a body is: by its first bytes, then by what the server says, then by a look at it."""
    head = body[:1024].lstrip()
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            return media_type
    said = capture.media_type
    if said in MARKUP or (said is None and head.startswith(b"<")):
        return "text/html"
    if said in PLAIN or said is None:
        # pages sent as plain text are pages all the same
        return "text/html" if head[:200].lower().startswith((b"<!doctype html", b"<html")) else "text/plain"
    return said


def _plain(capture: Capture, body: bytes, language: str | None) -> Text:
    text = normalise(decode(body, capture.charset)[0])
    if not text:
        raise ReadingError(Health.EMPTY, "the body is empty")
    return Text(
        key=capture.url,
        url=capture.final_url,
        language=meta.language(text, language),
        main=text,
        full=text,
        extractor="plain/1",
    )
