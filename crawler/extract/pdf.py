"""A PDF to its text: characters with their places, lines, rows of ruled tables, paragraphs, page by page (PDFium).

PDFium decodes the Chinese encodings and gives each character with its box; what is a line, a cell, a paragraph, a
heading and a running head is judged here, by place and size. Not read: text in pictures, forms' values, attachments.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

import pypdfium2 as pdfium

from crawler.errors import ReadingError
from crawler.extract import laid_out
from crawler.extract.contents import Contents
from crawler.extract.laid_out import Line
from crawler.extract.lines import as_lines, fold_space
from crawler.extract.paragraphs import divided, ends, join, starts, width
from crawler.extract.rows import table, unit_in
from storage.records import Health

VERSION = "pdf/1 pypdfium2/5"
MOST_PAGES = 400
MOST_CHARACTERS = 700_000
LARGEST = 64_000_000
"""Bytes."""
_TAIL = 8_192
"""Bytes at the end in which the end mark of a whole file stands."""
_FEW = 8
"""Characters a page on average below which a file is pictures of text."""
_NO_TITLE = re.compile(
    r"^(?:microsoft (?:word|excel|powerpoint).*|untitled.*|无标题.*|未命名.*|slide \d+|powerpoint.*|文档\d*|book\d*"
    r"|工作簿\d*|.*\.(?:docx?|xlsx?|pptx?|pdf|wps|et|indd|qxd|tex|dvi)|[\W\d_]*)$",
    re.I,
)
_PASSWORD = 4
_NUMBER = re.compile(r"[-—–·|]*(?:第#页|第#頁|共#页|Page|page|of|/|#|，|,)+[-—–·|]*@")
"""The form of a page number."""


@dataclass(slots=True)
class _Text:
    """Paragraphs as they come together."""

    lines: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    """Lines of the paragraph that may go on."""
    size: float = 0.0
    rows: list[list[str]] = field(default_factory=list)
    """Rows of the table that may go on, over the end of a page too."""
    caption: str = ""

    def close(self) -> None:
        """End the paragraph or the table."""
        if self.open:
            self.lines += as_lines(fold_space(join(self.open)))
            self.open = []
        if self.rows:
            self.lines += table(self.rows, caption=self.caption)
            self.rows = []

    def add(self, row: list[str], *, new: bool, top: bool) -> None:
        """Add a row; `new`: it begins a table of its page, `top`: and stands first on it."""
        goes_on = top and self.rows and len(row) == len(self.rows[-1])
        if goes_on and row in self.rows[:3]:
            return  # the header, said again on the next page
        if not self.rows or (new and not goes_on):
            caption = _caption(self)
            self.close()
            self.caption = caption
        self.rows.append(row)


def read(body: bytes) -> Contents:
    """Read a PDF. Raises ReadingError: TRUNCATED, MALFORMED, UNSUPPORTED (encrypted), EMPTY (no text layer)."""
    if len(body) > LARGEST:
        raise ReadingError(Health.UNSUPPORTED, f"a PDF of {len(body)} bytes; {LARGEST} are read")
    tail = body[-_TAIL:]
    if not any(mark in tail for mark in (b"%%EOF", b"startxref", b"trailer")):
        raise ReadingError(Health.TRUNCATED, f"a PDF of {len(body)} bytes without its end mark")
    try:
        document = pdfium.PdfDocument(body)
    except pdfium.PdfiumError as error:
        if getattr(error, "err_code", None) == _PASSWORD or b"/Encrypt" in body:
            raise ReadingError(Health.UNSUPPORTED, "a PDF encrypted with a password") from None
        raise ReadingError(Health.MALFORMED, f"a broken PDF of {len(body)} bytes: {error}") from None
    try:
        return _read(document)
    finally:
        document.close()


def _read(document: pdfium.PdfDocument) -> Contents:
    count = len(document)
    pages: list[list[Line]] = []
    characters = 0
    broken = 0
    for number in range(min(count, MOST_PAGES)):
        try:
            page = document[number]
            lines = laid_out.lines(page, MOST_CHARACTERS - characters)
            page.close()
        except pdfium.PdfiumError:
            lines, broken = [], broken + 1
        pages.append(lines)
        characters += sum(len(line.text) for line in lines)
        if characters >= MOST_CHARACTERS:
            break
    if broken and broken == len(pages):
        raise ReadingError(Health.MALFORMED, f"a broken PDF: none of its {count} pages can be read")
    if characters < _FEW * len(pages):
        raise ReadingError(
            Health.EMPTY,
            f"no text layer: {count} page{'s' * (count != 1)} with {characters} characters, so it is pictures of text; "
            "look at it by hand, or name a source that carries the text",
        )
    beside = _running(pages)
    main = _text(pages, beside)
    about = _about(document)
    return Contents(
        lines=tuple(main),
        beside=tuple(line for text in beside.values() for line in as_lines(text)),
        title=about.get("Title") or _first_heading(pages),
        author=about.get("Author"),
        dated=about.get("ModDate") or about.get("CreationDate"),
        detail=_left_out(count, len(pages), characters, broken),
        extractor=VERSION,
    )


def _left_out(count: int, read: int, characters: int, broken: int) -> str | None:
    said = []
    if read < count or characters >= MOST_CHARACTERS:
        said.append(f"truncated: {read} of {count} pages read, {characters} characters")
    if broken:
        said.append(f"{broken} of {count} pages could not be read")
    return "; ".join(said) or None


def _about(document: pdfium.PdfDocument) -> dict[str, str]:
    try:
        told = document.get_metadata_dict(skip_empty=True)
    except (pdfium.PdfiumError, UnicodeDecodeError, ValueError):
        return {}
    about = {name: fold_space(value)[:300] for name, value in told.items() if value.strip()}
    if _NO_TITLE.match(about.get("Title", "")):
        about.pop("Title", None)
    for name in ("ModDate", "CreationDate"):
        found = re.match(r"(?:D:)?((?:19|20)\d\d)(\d\d)(\d\d)", about.get(name, ""))
        if found:
            about[name] = "-".join(found.groups())
        else:
            about.pop(name, None)
    return about


# --- running heads and feet


def _running(pages: Sequence[Sequence[Line]]) -> dict[str, str]:
    """What stands at the top or foot of many pages, digits aside: its form → its text."""
    edges = _edges(pages)
    found = Counter(form for form, _ in edges)
    texts = dict(reversed(edges))
    often = max(3, len(pages) // 4)
    running = {form: texts[form] for form, times in found.items() if times >= often or _NUMBER.match(form)}
    there = sum(len(text) for form, text in edges if form in running)
    # a file of slides or forms may hold little else: then it is what the file says
    return running if there * 2 < sum(len(line.text) for lines in pages for line in lines) else {}


def _edges(pages: Sequence[Sequence[Line]]) -> list[tuple[str, str]]:
    out = []
    for lines in pages:
        if lines:
            by_place = sorted((line for line in lines if not line.table), key=lambda line: -line.top)
            edge = {id(line): line for line in (*by_place[:2], *by_place[-2:])}
            out += [(_form(line), line.text) for line in edge.values() if len(line.text) <= 120]
    return out


def _form(line: Line) -> str:
    """What a running head has in common with itself on other pages: its words without digits, and its height."""
    words = re.sub(r"\d+|\b[ivxlc]+\b", "#", re.sub(r"\s+", "", line.text))
    return f"{words}@{round(line.top / 8)}"


# --- paragraphs


def _text(pages: Sequence[Sequence[Line]], beside: dict[str, str]) -> list[str]:
    sizes = Counter()
    for lines in pages:
        for line in lines:
            if line.cells is None:
                sizes[round(line.size * 2) / 2] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 0.0
    text = _Text()
    for lines in pages:
        kept = [line for line in lines if not _is_running(line, lines, beside, body)]
        _page(kept, body, text)
    text.close()
    return text.lines


def _is_running(line: Line, lines: Sequence[Line], beside: dict[str, str], body: float) -> bool:
    """Whether a line is a running head or foot here; the same words in large letters are the title itself."""
    if line.table or line.size > body * 1.18 or _form(line) not in beside:
        return False
    higher = sum(each.top > line.top for each in lines)
    lower = sum(each.top < line.top for each in lines)
    return higher < 2 or lower < 2


def _page(lines: Sequence[Line], body: float, text: _Text) -> None:
    prose = [line for line in lines if line.cells is None]
    right = sorted(line.right for line in prose)[int(len(prose) * 0.9)] if prose else 0.0
    gaps = [a.bottom - b.top for a, b in pairwise(prose) if a.bottom - b.top > -1]
    usual = median(gaps) if gaps else 0.0
    before: Line | None = None
    last = -1  # table of the line before
    for at, line in enumerate(lines):
        if line.cells is not None:
            text.add(line.cells, new=line.table != last, top=at == 0)
            before, last = None, line.table
            continue
        last = -1
        heading = line.size > body * 1.18 and len(line.text) <= 120
        if heading:
            if text.open and text.open[0].startswith("# ") and before and _goes_on_below(before, line, usual):
                text.open.append(line.text)
            else:
                text.close()
                text.open = ["# " + line.text]
        elif text.open and _same_paragraph(text, before, line, right, usual):
            text.open.append(line.text)
        else:
            text.close()
            text.open = [line.text]
        text.size = line.size
        before = line


def _caption(text: _Text) -> str:
    """What stands right above a table and may name the unit of its figures."""
    above = [*text.lines[-3:], " ".join(text.open)]
    return next((line for line in reversed(above) if len(line) < 120 and unit_in(line)), "")


def _goes_on_below(before: Line, line: Line, usual: float) -> bool:
    return abs(before.size - line.size) < 1 and before.bottom - line.top < max(usual, 0.6 * line.size) * 1.5


def _same_paragraph(text: _Text, before: Line | None, line: Line, right: float, usual: float) -> bool:
    if text.open[0].startswith("# ") or starts(line.text) or abs(text.size - line.size) > 0.12 * line.size:
        return False
    if before is None:  # the page or a table ended in between
        return not ends(text.open[-1]) and width(text.open[-1]) > 24 and not line.text[0].isupper()
    gap = before.bottom - line.top
    if gap > usual * 1.4 + 0.25 * line.size or gap < -2 * line.size:
        return False
    if divided(before.text):
        return True
    if line.left > before.left + 1.2 * line.size and before.right < right - 2.5 * line.size:
        return False
    if line.left > before.left + 1.2 * line.size and ends(before.text):
        return False
    short = before.right < right - max(2.5 * line.size, 0.25 * (right - before.left))
    return not (short or (before.right < right - 2.5 * line.size and ends(before.text)))


def _first_heading(pages: Sequence[Sequence[Line]]) -> str | None:
    """The largest line of the first page, where one stands out."""
    first = [line for line in (pages[0] if pages else ()) if line.cells is None]
    if not first:
        return None
    largest = max(line.size for line in first)
    usual = median(line.size for line in first)
    chosen = [line.text for line in first if line.size > largest - 0.6]
    if largest < usual * 1.15 or len(chosen) > 4:
        return None
    return fold_space(join(chosen))[:300] or None
