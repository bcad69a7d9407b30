"""A body to a text, whatever its format: what it is, is told by its first bytes, its media type and its name.

signature ─▶ pdf │ docx · sheets │ image, archive … (not readable)
text      ─▶ html │ csv · markdown · json · plain       by media type, by a look at it, by the name in the address
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from urllib.parse import unquote, urlsplit

from crawler.errors import ReadingError
from crawler.extract import apart, decode, html, meta, office, plain
from crawler.extract.contents import Contents
from crawler.extract.lines import normalise
from crawler.extract.options import TextOptions
from crawler.extract.text import Text
from storage.records import Health

MARKUP = frozenset({"text/html", "application/xhtml+xml", "application/xml", "text/xml"})
JSON = frozenset({"application/json", "text/json", "application/ld+json"})
CSV = frozenset({"text/csv", "application/csv", "text/tab-separated-values"})
BRIEF = 1_500
"""Characters; a page with more to say under the name of a file is about it (a viewer, a catalogue's card)."""
SIGNATURES = (
    (b"%PDF-", "pdf"),
    (office.ZIP, "office"),
    (office.OLE, "office"),
    (b"\x89PNG", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"BM", "image/bmp"),
    (b"RIFF", "audio, video or image/webp"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio or video/ogg"),
    (b"\x00\x00\x00", "video/mp4"),
    (b"\x1f\x8b", "application/gzip"),
    (b"Rar!", "application/vnd.rar"),
    (b"7z\xbc\xaf", "application/x-7z-compressed"),
    (office.RTF, "office"),
    (b"\xd7\xcd\xc6\x9a", "image/wmf"),
)
"""First bytes of what is no text, whatever the server calls it."""
_WORDS = frozenset({b"BM", b"RIFF", b"ID3", b"OggS", b"Rar!"})
"""Those that a text may begin with, too."""
_BY_NAME = {"csv": "csv", "tsv": "csv", "md": "markdown", "markdown": "markdown", "json": "json", "rst": "text"}
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x1a\x1c-\x1f]")
_WIDE = (b"\xff\xfe", b"\xfe\xff")
"""Marks of UTF-16, which is text for all its zero bytes."""


def read(
    body: bytes,
    *,
    media_type: str | None = None,
    charset: str | None = None,
    url: str = "",
    final_url: str | None = None,
    options: TextOptions | None = None,
    declared_language: str | None = None,
    status: int = 200,
    rendered: bool = False,
) -> Text:
    """Read a document of any format. Raises ReadingError with the health of one that cannot be read."""
    options = options or TextOptions()
    form = form_of(body, media_type, final_url or url)
    if form == "mhtml":
        body, charset = _page_of(body)
        form = "html"
    if form == "html":
        text = html.read(
            body,
            charset=charset,
            url=url,
            options=options,
            declared_language=declared_language,
            final_url=final_url,
            status=status,
            rendered=rendered,
        )
        if len(text.full) < BRIEF and _is_instead(body, media_type, url):
            raise ReadingError(Health.MALFORMED, f"a page in place of {_name(url)[-60:]}")
        return text
    if form in apart.READERS:
        contents = apart.read(form, body)
    elif form in ("text", "markdown", "csv", "json"):
        contents = plain.read(body, charset, form=form)
    else:
        raise ReadingError(Health.UNSUPPORTED, f"{form} holds no text that can be read")
    return _text(contents, url, final_url, options, declared_language)


def form_of(body: bytes, media_type: str | None, url: str) -> str:
    """What a body is: html, mhtml, pdf, office, text, markdown, csv, json, or the media type of what cannot be read."""
    # PDF readers allow up to 1,024 bytes of anything before the mark
    if b"%PDF-" in body[:1024] and not body[:64].lstrip().startswith(b"<"):
        return "pdf"
    head = body[:1024].lstrip()
    for signature, form in SIGNATURES:
        if body.startswith(signature) and not (signature in _WORDS and _is_text(body)):
            return form
    said = (media_type or "").lower()
    looks = head[:300].lower()
    if looks.startswith((b"<!doctype html", b"<html")):
        # pages sent as plain text, or as the workbook whose place they take, are pages all the same
        return "html"
    if said in MARKUP:
        return "html"
    if looks.startswith((b"from: <saved by", b"mime-version:")) and b"multipart/related" in body[:2000].lower():
        return "mhtml"
    name = _name(url)
    by_name = _BY_NAME.get(name.rpartition(".")[2]) if "." in name else None
    if said in CSV:
        return "csv"
    if said in JSON or said.endswith("+json"):
        return "json"
    if said in ("text/markdown", "text/x-markdown"):
        return "markdown"
    if said.startswith(("image/", "audio/", "video/", "font/")):
        return said
    if said.startswith("text/") or said in ("", "application/octet-stream", "binary/octet-stream"):
        if not _is_text(body):
            return said or "a file of unknown format"
        if not said and head.startswith(b"<"):
            return "html"
        return by_name or "text"
    if _is_text(body):
        # a workbook or document by its media type, a table of HTML by its bytes: old systems export so
        if b"<table" in body[:20_000].lower() or b"<body" in body[:20_000].lower():
            return "html"
        if said in ("application/vnd.ms-excel", "application/msexcel"):
            return "csv"
        if by_name:
            return by_name
    return said


def _name(url: str) -> str:
    return unquote(urlsplit(url).path).rpartition("/")[2].lower()


def _is_instead(body: bytes, media_type: str | None, url: str) -> bool:
    """Whether a page stands where the address names a file: a login, or the news that there is no such file."""
    if media_type and media_type.lower() not in MARKUP:
        return False
    # old systems export workbooks and letters as a table of HTML
    name, table = _name(url), b"<table" in body[:20_000].lower()
    return name.endswith((".pdf", ".zip")) or (not table and name.endswith((".doc", ".docx", ".xls", ".xlsx")))


def _page_of(body: bytes) -> tuple[bytes, str | None]:
    """The page in what browsers save as one file (MHTML, RFC 2557), and its charset. Raises ReadingError."""
    try:
        told = message_from_bytes(body[: decode.LARGEST])
        for part in told.walk():
            if part.get_content_type() in MARKUP:
                return part.get_payload(decode=True) or b"", part.get_content_charset()
    except (RecursionError, ValueError, LookupError, MessageError) as error:
        raise ReadingError(Health.MALFORMED, f"a broken MHTML file: {type(error).__name__}") from None
    raise ReadingError(Health.MALFORMED, "an MHTML file without a page in it")


def _is_text(body: bytes) -> bool:
    """Whether the bytes can be text: hardly a zero among the first and nothing else of a machine's, or UTF-16."""
    head = body[:4096]
    zeros = head.count(0)
    return zeros == 0 or body.startswith(_WIDE) or (zeros <= len(head) / 20 and not _CONTROLS.search(head))


def _text(
    contents: Contents, url: str, final_url: str | None, options: TextOptions, declared_language: str | None
) -> Text:
    # once more, so that whatever a reader gave is in the one text form
    main = normalise("\n".join(contents.lines))
    beside = normalise("\n".join(contents.beside))
    if len(main) < max(1, options.min_length):
        raise ReadingError(Health.EMPTY, f"{len(main)} characters of text, fewer than min_length {options.min_length}")
    language = meta.language(main, declared_language)
    if options.language and language and language.split("-")[0] != options.language.split("-")[0]:
        raise ReadingError(Health.LANGUAGE, f"the document is in '{language}', not in '{options.language}'")
    return Text(
        key=url,
        url=final_url or url,
        title=contents.title,
        author=contents.author,
        published_raw=contents.dated,
        language=language,
        main=main,
        full=f"{main}\n\n{beside}" if beside else main,
        extractor=contents.extractor,
        detail=contents.detail,
    )
