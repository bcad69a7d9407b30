"""A page of a PDF to lines with their places: characters put together by where they stand, ruled tables by their rules.

A line holds text, or the cells of a row: of a table drawn with rules (every character goes to the cell it stands in,
so that a cell of several lines is one cell), or of columns set far apart.
"""

from __future__ import annotations

import re
from collections import Counter
from ctypes import byref
from dataclasses import dataclass
from math import pi

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from crawler.extract import ruled
from crawler.extract.paragraphs import join

MOST_ON_A_PAGE = 60_000
"""Characters."""
APART = 1.6
"""Heights of a character between two words from which they are cells."""
_LEADERS = re.compile(r"(?:\s?[.．]){5,}\s?|…{2,}|·{5,}|_{5,}")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufffe\uffff\ue000-\uf8ff]")


@dataclass(slots=True)
class Glyph:
    text: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(slots=True)
class Line:
    """A line of text, or a row of cells; points, from the lower left corner of the page."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    cells: list[str] | None = None
    table: int = 0
    """Which table of the page the cells belong to."""


def lines(page: pdfium.PdfPage, most: int) -> list[Line]:
    """The lines of a page in the order of its text, at most about so many characters."""
    text = page.get_textpage()
    try:
        turn = _turn(text)
        runs = _runs(text, min(most, MOST_ON_A_PAGE), turn)
    finally:
        text.close()
    grids = ruled.grids(page, turn)
    out: list[Line] = []
    waiting: dict[int, list[Glyph]] = {}
    for run in runs:
        inside = [_grid_of(glyph, grids) for glyph in run] if grids else [None] * len(run)
        start = 0
        for at in range(1, len(run) + 1):
            if at < len(run) and inside[at] == inside[start]:
                continue
            number = inside[start]
            if number is None:
                _add(out, run[start:at])
            else:
                if number not in waiting:
                    waiting[number] = []
                    out.append(Line("", 0, 0, 0, 0, 0, [], number + 1))
                waiting[number] += [*run[start:at], Glyph(" ", 0, 0, 0, 0)]
            start = at
    return [made for line in out for made in (_rows(line, waiting, grids) if line.cells == [] else [line])]


def _turn(text: pdfium.PdfTextPage) -> int:
    """Quarter turns to the left that most text of a page has: wide tables are set sideways."""
    count = text.count_chars()
    seen = Counter(
        -round(raw.FPDFText_GetCharAngle(text.raw, index) / (pi / 2)) % 4
        for index in range(0, count, max(1, count // 60))
    )
    return seen.most_common(1)[0][0] if seen else 0


def _runs(text: pdfium.PdfTextPage, most: int, turn: int) -> list[list[Glyph]]:
    """Characters in the order of the page, parted where PDFium sees a line end, as if the page lay upright."""
    box = raw.FS_RECTF()
    runs: list[list[Glyph]] = [[]]
    high = 0
    for index in range(min(text.count_chars(), most)):
        code = raw.FPDFText_GetUnicode(text.raw, index)
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000:
            code, high = (0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00), 0) if high else (0xFFFD, 0)
        if code in (10, 13):
            if runs[-1]:
                runs.append([])
            continue
        raw.FPDFText_GetLooseCharBox(text.raw, index, byref(box))
        left, bottom, right, top = ruled.turned(box.left, box.bottom, box.right, box.top, turn)
        sign = chr(code)
        divided = code in (0x02, 0xFFFE)  # the hyphen at a line end, and PDFium goes on without one
        if not sign.isprintable():
            sign = "\xad" if divided else _UNSEEN.sub("", sign)
        if sign:
            runs[-1].append(Glyph(sign, left, bottom, right, top))
        if divided:
            runs.append([])
    return [run for run in runs if any(glyph.text.strip() for glyph in run)]


def _grid_of(glyph: Glyph, grids: list[ruled.Grid]) -> int | None:
    x, y = (glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2
    return next((number for number, grid in enumerate(grids) if grid.holds(x, y)), None)


def _add(out: list[Line], run: list[Glyph]) -> None:
    """Add a run of characters: as a line of its own, or to the row that the line before began."""
    cells = _cells(run)
    if not cells:
        return
    seen = [glyph for glyph in run if glyph.text.strip()]
    left, right = min(g.left for g in seen), max(g.right for g in seen)
    bottom, top = min(g.bottom for g in seen), max(g.top for g in seen)
    heights = sorted(g.top - g.bottom for g in seen)
    size = heights[len(heights) // 2]
    last = out[-1] if out else None
    if last is not None and last.table == 0 and left >= last.right - 0.1 * size:
        overlap = min(top, last.top) - max(bottom, last.bottom)
        if overlap > 0.6 * min(top - bottom, last.top - last.bottom):
            near = left - last.right < APART * size
            held = last.cells or [last.text]
            held = [*held[:-1], join([held[-1], cells[0]]), *cells[1:]] if near else [*held, *cells]
            last.text, last.cells = " ".join(held), held if len(held) > 1 else None
            last.right, last.top, last.bottom = right, max(top, last.top), min(bottom, last.bottom)
            return
    out.append(Line(" ".join(cells), left, right, bottom, top, size, cells if len(cells) > 1 else None))


def _cells(run: list[Glyph]) -> list[str]:
    cells = [""]
    before: Glyph | None = None
    for glyph in run:
        if glyph.text.isspace():
            # a blank that is set has a width; one that PDFium put in has none, and the gap speaks
            if glyph.right - glyph.left > 0.5 and before is not None:
                before = glyph
            cells[-1] += " "
            continue
        if before is not None and glyph.left - before.right > APART * max(glyph.top - glyph.bottom, 1.0):
            cells.append("")
        cells[-1] += glyph.text
        before = glyph
    # leaders of a table of contents part cells, too
    return [part for cell in cells for piece in _LEADERS.split(cell) if (part := " ".join(piece.split()))]


def _rows(place: Line, waiting: dict[int, list[Glyph]], grids: list[ruled.Grid]) -> list[Line]:
    """The rows of a ruled table out of the characters that stand in it."""
    grid = grids[place.table - 1]
    parts: dict[tuple[int, int], list[tuple[Glyph, list[str]]]] = {}
    cell: tuple[int, int] | None = None
    for glyph in waiting[place.table - 1]:
        if glyph.text.isspace():
            if cell is not None:
                parts[cell][-1][1].append(" ")
            continue
        cell = grid.cell((glyph.left + glyph.right) / 2, (glyph.bottom + glyph.top) / 2)
        held = parts.setdefault(cell, [])
        # a line of its own where the height says so: PDFium may see but a blank there
        if not held or abs(held[-1][0].bottom - glyph.bottom) > 0.6 * (glyph.top - glyph.bottom):
            held.append((glyph, []))
        held[-1][1].append(glyph.text)
    texts = {
        cell: join(" ".join("".join(said).split()) for _, said in sorted(held, key=lambda line: -line[0].bottom))
        for cell, held in parts.items()
    }
    out = []
    for number, row in enumerate(grid.rows()):
        cells = [texts.get(cell, "") for cell in row]
        # what spans several columns is said once
        cells = [text if at == 0 or row[at] != row[at - 1] else "" for at, text in enumerate(cells)]
        if any(cells):
            out.append(
                Line(
                    " ".join(filter(None, cells)),
                    grid.left,
                    grid.right,
                    grid.ys[-number - 2],
                    grid.ys[-number - 1],
                    10,
                    cells,
                    place.table,
                )
            )
    return out
