"""An answer that should be a page, read as one: pages themselves, and the items of listings and feeds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crawler.errors import ReadingError
from crawler.extract import Text, TextOptions, document, html, images, meta
from crawler.kinds import attachments
from crawler.kinds.result import Result
from crawler.kinds.urls import key_of
from storage.records import Ask, Capture, Health

AHEAD = timedelta(days=2)
"""A date so far after the fetch is a mistake; a day is a matter of time zones."""


def read(
    capture: Capture,
    body: bytes,
    ask: Ask,
    options: TextOptions,
    language: str | None,
    kind: str,
    *,
    attached: bool = False,
    revisit: timedelta | None = None,
) -> Result:
    """Read one page or file to one text; `attached`: the files it links are asked, and again after `revisit`.

    What a person gave is news whatever its date; an image among it holds no text, and is kept as evidence.
    """
    if capture.by_hand and images.is_image(body, capture.media_type):
        return Result(health=Health.OK, detail="an image, kept as evidence", reader=f"{kind} images/1")
    try:
        text = text_of(capture, body, ask, options, language)
    except ReadingError as bad:
        return Result(health=bad.health, detail=bad.detail, reader=f"{kind} {html.VERSION}")
    asks = ()
    if attached and text.extractor.startswith(html.VERSION):
        asks = tuple(attachments.of(capture, body, ask, text, options, revisit))
    return Result(
        health=Health.OK,
        detail=text.detail,
        texts=(text,),
        news=capture.by_hand,
        asks=asks,
        reader=f"{kind} {text.extractor}",
    )


def text_of(capture: Capture, body: bytes, ask: Ask, options: TextOptions, language: str | None) -> Text:
    """Read a page or a file; what it does not say about itself is taken from what named it. Raises ReadingError."""
    text = document.read(
        body,
        media_type=capture.media_type,
        charset=capture.charset,
        url=capture.url,
        final_url=capture.final_url,
        options=options,
        declared_language=language,
        status=capture.status,
        rendered=capture.rendered,
    )
    # a file keeps the date of its template or its last save: what names it knows when it was published
    file = not text.extractor.startswith(html.VERSION)
    published_raw = (ask.published_raw or text.published_raw) if file else (text.published_raw or ask.published_raw)
    published_at = text.published_at or meta.parse_date(ask.published_raw)
    return replace(
        text,
        key=ask.key or key_of(ask.url),
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
