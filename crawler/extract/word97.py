"""Old Word documents (.doc, Word 97 to 2003) to text: olefile opens the compound file, the rest is [MS-DOC].

The text is found by the piece table, as the specification has it (2.4.1), never by guessing. The properties of
paragraphs tell headings and where a row of a table ends. Not read: pictures, comments, text that tracked changes keep
as deleted (it is read as text), Word 6 and 95, encrypted documents.
"""

from __future__ import annotations

import bisect
import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from crawler.errors import ReadingError
from crawler.extract.lines import as_lines, fold_space
from crawler.extract.rows import table
from storage.records import Health

VERSION = "docx/1 word97/1"
MOST_CHARACTERS = 2_000_000
MOST_PAGES = 20_000
"""Pages of paragraph properties, 512 bytes each."""
WORD, ENCRYPTED, SECOND_TABLE, WORD_97 = 0xA5EC, 0x0100, 0x0200, 0x00C1
CCP_TEXT, FC_CLX, FC_PAPX = 0x4C, 0x01A2, 0x0102
"""Places in the file information block ([MS-DOC] 2.5)."""
CELL, FIELD, RESULT, FIELD_END = "\x07", "\x13", "\x14", "\x15"
_SHOWN = {0x0B: "\n", 0x0C: "\n", 0x0E: "\n", 0x1E: "-", 0xA0: " "} | dict.fromkeys((*range(1, 7), 8, 0x1F))
IN_TABLE, ROW_END, TABLE_DEFINITION = 0x2416, 0x2417, 0xD608
"""The properties sprmPFInTable, sprmPFTtp (this mark ends a row, not a cell) and sprmTDefTable."""
OPERANDS = {0: 1, 1: 1, 2: 2, 3: 4, 4: 2, 5: 2, 7: 3}
"""Bytes of a property's value by the upper three bits of its name; 6: told by the first of them."""
HEADINGS = range(1, 10)
"""Styles 'heading 1' to 'heading 9', whatever they are called."""
_MARK = re.compile("[\r\x07]")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Properties of paragraphs: from where in the stream on, style, whether in a table, whether a row ends there."""

    at: int
    style: int = 0
    in_table: bool = False
    row_end: bool = False


def lines(body: bytes) -> Iterator[list[str]]:
    """Lines of each paragraph and table of an old Word document. Raises ReadingError."""
    main, tables = _streams(body)
    text, places = _text(main, tables)
    yield from _blocks(text, places, _paragraphs(main, tables))


def _streams(body: bytes) -> tuple[bytes, bytes]:
    """The stream of the text and the stream of the tables that say where it stands."""
    import olefile

    try:
        with olefile.OleFileIO(body, raise_defects=olefile.DEFECT_INCORRECT) as held:
            main = held.openstream("WordDocument").read()
            ident, version, flags = struct.unpack_from("<HH6xH", main)
            if ident != WORD or version < WORD_97:
                raise ReadingError(
                    Health.UNSUPPORTED,
                    "a document of Word 95 or older: save it as DOCX or PDF and give it to `cruxwatch capture --file`",
                )
            if flags & ENCRYPTED:
                raise ReadingError(Health.UNSUPPORTED, "an old Word document encrypted with a password")
            return main, held.openstream("1Table" if flags & SECOND_TABLE else "0Table").read()
    except (OSError, struct.error, ValueError, IndexError, TypeError, KeyError, RecursionError) as error:
        raise ReadingError(
            Health.MALFORMED, f"a broken old Word document: {type(error).__name__}: {str(error)[:200]}"
        ) from None


def _text(main: bytes, tables: bytes) -> tuple[str, list[int]]:
    """The characters of the main text and the place of each in the stream (2.4.1, Retrieving Text)."""
    try:
        (wanted,) = struct.unpack_from("<I", main, CCP_TEXT)
        start, size = struct.unpack_from("<II", main, FC_CLX)
        clx = tables[start : start + size]
        at = 0
        while clx[at : at + 1] == b"\x01":  # properties of the quick save come first
            at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
        if clx[at : at + 1] != b"\x02":
            raise ReadingError(Health.MALFORMED, "a broken old Word document: no table of pieces")
        pieces = clx[at + 5 : at + 5 + struct.unpack_from("<I", clx, at + 1)[0]]
        count = (len(pieces) - 4) // 12
        bounds = struct.unpack_from(f"<{count + 1}I", pieces)
        out: list[str] = []
        places: list[int] = []
        for n in range(count):
            length = min(bounds[n + 1], wanted, MOST_CHARACTERS) - bounds[n]
            if length <= 0:
                break
            (raw,) = struct.unpack_from("<I", pieces, 4 * (count + 1) + 8 * n + 2)
            narrow, place = raw & 0x4000_0000, raw & 0x3FFF_FFFF
            place, wide = (place // 2, 1) if narrow else (place, 2)
            found = main[place : place + wide * length].decode("cp1252" if narrow else "utf-16-le", "replace")
            out.append(found)
            places += range(place, place + wide * len(found), wide)
    except struct.error as error:
        raise ReadingError(Health.TRUNCATED, f"an old Word document that ends too early: {error}") from None
    return "".join(out), places


def _paragraphs(main: bytes, tables: bytes) -> list[Paragraph]:
    """Properties of paragraphs by their place (2.9.192 PapxFkp); [] where they cannot be read."""
    out: list[Paragraph] = []
    try:
        start, size = struct.unpack_from("<II", main, FC_PAPX)
        plc = tables[start : start + size]
        count = min((len(plc) - 4) // 8, MOST_PAGES)
        for n in range(count):
            page = main[512 * (struct.unpack_from("<I", plc, 4 * (count + 1) + 4 * n)[0] & 0x3F_FFFF) :][:512]
            runs = page[511]
            for run in range(runs):
                (at,) = struct.unpack_from("<I", page, 4 * run)
                offset = 2 * page[4 * (runs + 1) + 13 * run]
                out.append(Paragraph(at, *_properties(page, offset)) if offset else Paragraph(at))
    except (struct.error, IndexError):
        return []
    return sorted(out, key=lambda each: each.at)


def _properties(page: bytes, at: int) -> tuple[int, bool, bool]:
    """Style, whether in a table, whether a row ends here, out of one entry of a page (2.9.176 PapxInFkp, 2.6.2)."""
    size, at = (2 * page[at] - 1, at + 1) if page[at] else (2 * page[at + 1], at + 2)
    end = min(at + size, 511)
    (style,) = struct.unpack_from("<H", page, at)
    at += 2
    told = {IN_TABLE: 0, ROW_END: 0}
    while at + 2 < end:
        (sprm,) = struct.unpack_from("<H", page, at)
        at += 2
        if sprm in told:
            told[sprm] = page[at]
        if sprm == TABLE_DEFINITION:  # its length has two bytes
            at += struct.unpack_from("<H", page, at)[0] + 1
        else:
            at += OPERANDS.get(sprm >> 13) or page[at] + 1
    return style, bool(told[IN_TABLE]), bool(told[ROW_END])


def _blocks(text: str, places: list[int], found: list[Paragraph]) -> Iterator[list[str]]:
    starts = [each.at for each in found]
    rows: list[list[str]] = []
    cells: list[str] = []
    cell: list[str] = []
    above, begun = "", 0

    def ended() -> Iterator[list[str]]:
        nonlocal above
        if cell or cells:
            rows.append([*cells, *filter(None, [" ".join(cell)])])
        if rows:
            yield table(rows, caption=above if len(above) < 120 else "")
            above = ""
        rows.clear(), cells.clear(), cell.clear()

    for mark in _MARK.finditer(text):
        at = mark.start()
        said, begun = plain(text[begun:at]), at + 1
        about = found[max(0, bisect.bisect_right(starts, places[at]) - 1)] if found else None
        if mark.group() == CELL:
            # without properties a row is taken to end at a mark right after another
            if about.row_end if about else not said and bool(cells):
                rows.append(list(cells))
                cells.clear(), cell.clear()
            else:
                cells.append(fold_space(" ".join([*cell, said])))
                cell.clear()
        elif about is not None and about.in_table:
            cell.append(said)
        else:
            yield from ended()
            if said.strip():
                above = fold_space(said)
                heading = about is not None and about.style in HEADINGS and len(above) <= 300
                yield [f"# {above}"] if heading else _lines(said)
    yield from ended()
    yield _lines(plain(text[begun:]))


def _lines(said: str) -> list[str]:
    return [line for part in said.split("\n") for line in as_lines(fold_space(part))]


def plain(text: str) -> str:
    """The text as it reads: of a field its result, no anchors, line ends for page and line breaks."""
    if FIELD in text:
        shown, depth = [], []
        for sign in text:
            if sign == FIELD:
                depth.append(True)
            elif sign == RESULT and depth:
                depth[-1] = False
            elif sign == FIELD_END and depth:
                depth.pop()
            elif not any(depth):
                shown.append(sign)
        text = "".join(shown)
    return text.translate(_SHOWN)
