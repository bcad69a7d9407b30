"""Office documents to text: DOCX by python-docx; DOC by `word97`; RTF by striprtf; XLSX, XLSM, XLSB, XLS and ODS by
calamine, a reader in Rust.

A sheet's name is a heading, its rows are rows of a table; so are the tables of a DOCX, in their place among paragraphs.
Not read: PPT, WPS (no well-kept free reader), pictures, comments, what was deleted in tracked changes.
"""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from collections.abc import Iterator

from crawler.errors import ReadingError
from crawler.extract import word97
from crawler.extract.contents import Contents
from crawler.extract.lines import as_lines, fold_space
from crawler.extract.rows import table
from storage.records import Health

VERSION_WORD = "docx/1 python-docx/1"
VERSION_RICH = "docx/1 striprtf/0.0"
VERSION_SHEETS = "sheets/1 calamine/0"
LARGEST = 64_000_000
MOST_ENTRIES = 5_000
"""Files in one archive."""
MOST_UNPACKED = 300_000_000
"""Bytes of all files of an archive, by its directory."""
MOST_RATIO = 400
"""Bytes unpacked for one packed, in a file of more than a megabyte: more is no document."""
MOST_SHEETS = 60
MOST_ROWS = 20_000
"""Rows of all sheets or tables together."""
MOST_CHARACTERS = 1_500_000
RTF = b"{\\rtf"
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def form_of(body: bytes) -> str | None:
    """What a ZIP or an old compound file is: docx, sheets, doc, encrypted, or another name; None: neither.

    Raises ReadingError: MALFORMED for a broken archive, UNSUPPORTED for one that unpacks to far more than it says.
    """
    if body.startswith(OLE):
        return _compound(body)
    if body.startswith(RTF):
        return "rtf"
    if not body.startswith(ZIP):
        return None
    names = _directory(body)
    for name, form in (
        ("word/document.xml", "docx"),
        ("xl/workbook.xml", "sheets"),
        ("xl/workbook.bin", "sheets"),
        ("ppt/presentation.xml", "pptx"),
    ):
        if name in names:
            return form
    if "content.xml" in names and "mimetype" in names:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            kind = archive.read("mimetype")[:80].decode("ascii", "replace")
        return "sheets" if kind.endswith("spreadsheet") else kind.rpartition(".")[2]
    # main parts may go by other names; the list of parts says which is one
    if "[Content_Types].xml" in names:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            types = archive.open("[Content_Types].xml").read(200_000)
        return "docx" if b"wordprocessingml" in types else "sheets" if b"spreadsheetml" in types else "office document"
    return "zip"


def _directory(body: bytes) -> set[str]:
    """Names in an archive whose directory promises no more than we unpack."""
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError) as error:
        health = Health.TRUNCATED if b"PK\x05\x06" not in body[-70_000:] else Health.MALFORMED
        raise ReadingError(health, f"a broken archive of {len(body)} bytes: {error}") from None
    if len(entries) > MOST_ENTRIES:
        raise ReadingError(Health.UNSUPPORTED, f"an archive of {len(entries)} files; {MOST_ENTRIES} are read")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or any(
        entry.file_size > 1_000_000 and entry.file_size > MOST_RATIO * max(1, entry.compress_size) for entry in entries
    ):
        raise ReadingError(
            Health.UNSUPPORTED, f"an archive of {len(body)} bytes that unpacks to {unpacked}: not opened"
        )
    if any(entry.flag_bits & 1 for entry in entries):
        raise ReadingError(Health.UNSUPPORTED, "an archive encrypted with a password")
    return {entry.filename for entry in entries}


def _compound(body: bytes) -> str:
    """What an OLE compound file is, by the names of its streams (UTF-16)."""
    for name, form in (
        ("EncryptedPackage", "encrypted"),
        ("WordDocument", "doc"),
        ("Workbook", "sheets"),
        ("PowerPoint Document", "ppt"),
    ):
        if name.encode("utf-16-le") in body:
            return form
    return "sheets" if "Book".encode("utf-16-le") + b"\x00\x00" in body else "compound file"


def read(body: bytes) -> Contents:
    """Read an office document. Raises ReadingError: UNSUPPORTED, MALFORMED, TRUNCATED, EMPTY."""
    if len(body) > LARGEST:
        raise ReadingError(Health.UNSUPPORTED, f"an office document of {len(body)} bytes; {LARGEST} are read")
    form = form_of(body)
    if form == "docx":
        return _word(body)
    if form == "sheets":
        return _sheets(body)
    if form == "encrypted":
        raise ReadingError(Health.UNSUPPORTED, "an office document encrypted with a password")
    if form == "doc":
        return _old_word(body)
    if form == "rtf":
        return _rich_text(body)
    if form == "ppt":
        raise ReadingError(
            Health.UNSUPPORTED,
            "an old .ppt file; there is no well-kept reader for it: save it as PDF and give it to "
            "`cruxwatch capture --file`",
        )
    raise ReadingError(
        Health.UNSUPPORTED, f"{form or 'no office document'}; DOCX, DOC, RTF, XLSX, XLS and ODS are read"
    )


def _old_word(body: bytes) -> Contents:
    lines, full = _bounded(word97.lines(body))
    return _of_words(lines, full, "an old Word document", word97.VERSION)


def _rich_text(body: bytes) -> Contents:
    from striprtf.striprtf import rtf_to_text

    try:
        # bytes above ASCII are no RTF; what stands for them is read by the code page that the file names
        said = rtf_to_text(body.decode("latin-1"), errors="replace")
    except (ValueError, IndexError, KeyError, LookupError, RecursionError, AttributeError, TypeError) as error:
        raise ReadingError(Health.MALFORMED, f"a broken RTF: {type(error).__name__}: {str(error)[:200]}") from None
    lines, full = _bounded(_rich_lines(said))
    return _of_words(lines, full, "an RTF", VERSION_RICH)


def _rich_lines(said: str) -> Iterator[list[str]]:
    """Paragraphs and tables; the reader sets a sign after each cell."""
    rows: list[list[str]] = []
    for line in said.split("\n"):
        if "|" in line:
            rows.append([fold_space(cell) for cell in line.strip().strip("|").split("|")])
            continue
        if rows:
            yield table(rows)
            rows = []
        yield as_lines(fold_space(line))
    yield table(rows)


def _of_words(lines: list[str], full: bool, what: str, extractor: str) -> Contents:
    if not lines:
        raise ReadingError(Health.EMPTY, f"{what} without text; pictures of text are not read: look at it by hand")
    return Contents(
        lines=tuple(lines),
        title=next((line[2:] for line in lines[:3] if line.startswith("# ")), None),
        detail=None if full else f"truncated: {MOST_CHARACTERS} characters or {MOST_ROWS} rows read",
        extractor=extractor,
    )


# --- Word


def _word(body: bytes) -> Contents:
    import docx
    from docx.opc.exceptions import PackageNotFoundError
    from lxml import etree

    try:
        document = docx.Document(io.BytesIO(body))
        lines, full = _bounded(_blocks(document))
    except (PackageNotFoundError, KeyError, ValueError, etree.XMLSyntaxError, zipfile.BadZipFile, OSError) as error:
        raise ReadingError(Health.MALFORMED, f"a broken DOCX: {type(error).__name__}: {str(error)[:200]}") from None
    except (AttributeError, IndexError, TypeError, RecursionError, NotImplementedError) as error:
        raise ReadingError(Health.MALFORMED, f"a DOCX that is none inside: {type(error).__name__}") from None
    if not lines:
        raise ReadingError(Health.EMPTY, "a DOCX without text; pictures of text are not read: look at it by hand")
    about = _core(document)
    title = about.get("title") or next((line[2:] for line in lines[:3] if line.startswith("# ")), None)
    return Contents(
        lines=tuple(lines),
        beside=tuple(_headers(document)),
        title=title,
        author=about.get("author"),
        detail=None if full else f"truncated: {MOST_CHARACTERS} characters or {MOST_ROWS} rows read",
        extractor=VERSION_WORD,
    )


def _core(document) -> dict[str, str]:
    """What the file says about itself; templates leave their own names there."""
    try:
        core = document.core_properties
        found = {"title": core.title, "author": core.author}
    except (KeyError, ValueError, AttributeError, TypeError):
        return {}
    about = {name: fold_space(value)[:300] for name, value in found.items() if value and value.strip()}
    if about.get("title", "").lower().startswith(("word document", "microsoft", "untitled", "无标题")):
        del about["title"]
    if about.get("author") in ("python-docx", "Administrator", "User", "user", "微软用户", "Windows 用户"):
        del about["author"]
    return about


def _headers(document) -> list[str]:
    out: dict[str, None] = {}
    for section in list(document.sections)[:20]:
        for part in (section.header, section.footer):
            if not part.is_linked_to_previous:
                for paragraph in part.paragraphs[:20]:
                    out.update(dict.fromkeys(as_lines(fold_space(paragraph.text))))
    return list(out)


def _blocks(document) -> Iterator[list[str]]:
    """Lines of each paragraph and table, in the order of the document."""
    headings = _heading_styles(document)
    above = ""
    for element in _flow(document.element.body, 0):
        if element.tag == f"{_W}p":
            text = fold_space(_text(element).replace("\n", " "))
            if not text:
                continue
            style = element.find(f"{_W}pPr/{_W}pStyle")
            numbered = element.find(f"{_W}pPr/{_W}numPr") is not None
            if style is not None and style.get(f"{_W}val") in headings and len(text) <= 300:
                yield ["# " + text]
            elif numbered or (style is not None and "list" in (style.get(f"{_W}val") or "").lower()):
                first, *rest = as_lines(text)
                yield ["• " + first, *rest]
            else:
                yield [line for part in _text(element).split("\n") for line in as_lines(fold_space(part))]
            above = text
        else:
            rows, headed = _grid(element)
            yield table(rows, headed=headed, caption=above if len(above) < 120 else "")
            above = ""


def _flow(parent, depth: int) -> Iterator:
    """Paragraphs and tables, also inside content controls and tracked insertions."""
    for child in parent:
        if child.tag in (f"{_W}p", f"{_W}tbl"):
            yield child
        elif depth < 20 and child.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml", f"{_W}smartTag"):
            yield from _flow(child, depth + 1)


def _text(element) -> str:
    """The text of a paragraph or cell as it reads: fields' results, no deleted text, a tab is a blank."""
    out = []
    for node in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}p", f"{_W}noBreakHyphen"):
        if node.tag == f"{_W}t":
            out.append(node.text or "")
        elif node.tag == f"{_W}noBreakHyphen":
            out.append("-")
        elif node.tag in (f"{_W}br", f"{_W}cr"):
            out.append("\n")
        else:
            out.append(" ")
    return "".join(out).strip()


def _heading_styles(document) -> set[str]:
    found = set()
    for style in document.styles.element.iter(f"{_W}style"):
        name = style.find(f"{_W}name")
        said = (name.get(f"{_W}val") or "").lower() if name is not None else ""
        if re.match(r"heading \d|title$|标题|標題", said) or style.find(f"{_W}pPr/{_W}outlineLvl") is not None:
            found.add(style.get(f"{_W}styleId"))
    return found


def _grid(element) -> tuple[list[list[str]], bool]:
    """Rows of a table with merged cells filled: down in each row they span, to the right once."""
    rows: list[list[str]] = []
    headed = False
    for number, row in enumerate(element.findall(f"{_W}tr")):
        if number > MOST_ROWS:
            break
        cells: list[str] = []
        for cell in row.findall(f"{_W}tc"):
            about = cell.find(f"{_W}tcPr")
            span = about.find(f"{_W}gridSpan") if about is not None else None
            down = about.find(f"{_W}vMerge") if about is not None else None
            text = fold_space(_text(cell).replace("\n", " "))
            if down is not None and down.get(f"{_W}val") != "restart" and rows and len(cells) < len(rows[-1]):
                text = text or rows[-1][len(cells)]
            width = int(span.get(f"{_W}val") or 1) if span is not None and span.get(f"{_W}val", "").isdigit() else 1
            cells += [text, *[""] * min(width - 1, 60)]
        if not rows:
            headed = row.find(f"{_W}trPr/{_W}tblHeader") is not None
        rows.append(cells)
    return rows, headed


# --- sheets


def _sheets(body: bytes) -> Contents:
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(body))
        lines, whole = _bounded(_sheet_lines(book))
    except calamine.PasswordError:
        raise ReadingError(Health.UNSUPPORTED, "a workbook encrypted with a password") from None
    except (calamine.CalamineError, ValueError, OSError) as error:
        raise ReadingError(Health.MALFORMED, f"a broken workbook: {str(error)[:200]}") from None
    if not any(not line.startswith("# ") for line in lines):
        raise ReadingError(Health.EMPTY, f"a workbook of {len(book.sheet_names)} sheets without a filled cell")
    said = None if whole else f"truncated: {MOST_ROWS} rows or {MOST_CHARACTERS} characters read"
    if len(book.sheet_names) > MOST_SHEETS:
        said = f"truncated: {MOST_SHEETS} of {len(book.sheet_names)} sheets read"
    return Contents(lines=tuple(lines), detail=said, extractor=VERSION_SHEETS)


def _sheet_lines(book) -> Iterator[list[str]]:
    for number, about in enumerate(book.sheets_metadata[:MOST_SHEETS]):
        if str(about.typ).rpartition(".")[2] != "WorkSheet":
            continue
        sheet = book.get_sheet_by_index(number)
        rows = []
        for row in sheet.iter_rows():
            cells = [_cell(value) for value in row]
            if any(cells):
                rows.append(cells)
            if len(rows) > MOST_ROWS:  # one more than is read, so that cutting is seen
                break
        _fill(rows, sheet)
        made = table(rows)
        if made:
            yield [f"# {fold_space(about.name)}"]
            yield from ([line] for line in made)


def _fill(rows: list[list[str]], sheet) -> None:
    """Cells merged over several rows say so in each; over several columns, once."""
    if len(rows) != sheet.height:
        return  # empty rows were left out: the places do not hold
    top, left = sheet.start or (0, 0)
    for (row0, column0), (row1, _) in (sheet.merged_cell_ranges or [])[:5_000]:
        column = column0 - left
        if row1 > row0 and 0 <= row0 - top < len(rows) and 0 <= column < len(rows[row0 - top]):
            for row in range(row0 - top + 1, min(row1 - top + 1, len(rows))):
                rows[row][column] = rows[row][column] or rows[row0 - top][column]


def _cell(value: object) -> str:
    """A cell as a person reads it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        # binary fractions show as they were typed
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date):
        return value.isoformat()
    return fold_space(str(value))[:4_000]


def _bounded(blocks: Iterator[list[str]]) -> tuple[list[str], bool]:
    """Lines up to our bounds, and whether that was all."""
    out: list[str] = []
    characters = 0
    for block in blocks:
        out += block
        characters += sum(map(len, block))
        if characters > MOST_CHARACTERS or len(out) > MOST_ROWS:
            return out, False
    return out, True
