"""Files made for tests, small and by hand: PDF with Chinese text and ruled tables, XLSX, old XLS, ZIP, bombs."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape


def text(x: float, y: float, said: str, size: float = 12) -> bytes:
    """Operators that set a line of text."""
    codes = said.encode("utf-16-be").hex()
    return f"BT /F {size} Tf 1 0 0 1 {x} {y} Tm <{codes}> Tj ET\n".encode()


def rule(x0: float, y0: float, x1: float, y1: float) -> bytes:
    """Operators that draw a rule."""
    return f"{x0} {y0} m {x1} {y1} l S\n".encode()


def ruled(rows: Sequence[Sequence[str]], *, left: float = 60, top: float = 700, wide: float = 110) -> bytes:
    """A table drawn with rules; a cell with line ends is set in several lines, so that rows are as high as needed."""
    out = b""
    y = top
    columns = len(rows[0])
    out += rule(left, y, left + columns * wide, y)
    for row in rows:
        height = 6 + 14 * max(cell.count("\n") + 1 for cell in row)
        for number, cell in enumerate(row):
            for line, said in enumerate(cell.split("\n")):
                if said:
                    out += text(left + number * wide + 3, y - 14 * (line + 1), said, 10)
        y -= height
        out += rule(left, y, left + columns * wide, y)
    for number in range(columns + 1):
        out += rule(left + number * wide, top, left + number * wide, y)
    return out


def sideways(drawn: bytes) -> bytes:
    """The same, a quarter turn to the left: what stood upright reads from the foot of the page to its head."""
    return b"q 0 1 -1 0 595 0 cm\n" + drawn + b"Q\n"


def lines(said: Iterable[str], *, top: float = 760, left: float = 72, lead: float = 16, size: float = 12) -> bytes:
    """Lines of text, one below the other."""
    return b"".join(text(left, top - number * lead, line, size) for number, line in enumerate(said))


def pdf(*pages: bytes, title: str | None = None, author: str | None = None, packed: bool = True) -> bytes:
    """A PDF of these pages; every character is coded as its UTF-16 code unit."""
    ranges = "\n".join(f"<{high:02X}00> <{high:02X}FF> <{high:02X}00>" for high in range(256))
    blocks = ranges.split("\n")
    cmap = "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
    cmap += "1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
    for start in range(0, len(blocks), 100):
        part = blocks[start : start + 100]
        cmap += f"{len(part)} beginbfrange\n" + "\n".join(part) + "\nendbfrange\n"
    cmap += "endcmap end end"
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids ["
        + b" ".join(b"%d 0 R" % (7 + 2 * n) for n in range(len(pages)))
        + b"] /Count %d >>" % len(pages),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H /DescendantFonts [4 0 R]"
        b" /ToUnicode 5 0 R >>",
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made"
        b" /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity)"
        b" /Supplement 0 >>"
        b" /DW 1000 /W [32 255 500] /FontDescriptor << /Type /FontDescriptor /FontName /Made /Flags 4"
        b" /FontBBox [0 -200 1000 800] /Ascent 800 /Descent -200 /CapHeight 700 /ItalicAngle 0 /StemV 80 >> >>",
        _stream(cmap.encode()),
        b"<<"
        + (b" /Title <feff" + title.encode("utf-16-be").hex().encode() + b">" if title else b"")
        + (b" /Author <feff" + author.encode("utf-16-be").hex().encode() + b">" if author else b"")
        + b" /ModDate (D:20310228120000+08'00') >>",
    ]
    for number, drawn in enumerate(pages):
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >>"
            b" /Contents %d 0 R >>" % (8 + 2 * number)
        )
        objects.append(_stream(drawn, packed=packed))
    return assembled(objects, trailer=b"/Info 6 0 R")


def _stream(data: bytes, *, packed: bool = False) -> bytes:
    if packed:
        data = zlib.compress(data)
        return b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(data) + data + b"\nendstream"
    return b"<< /Length %d >>\nstream\n" % len(data) + data + b"\nendstream"


def assembled(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF out of its objects, the first of which is the catalogue."""
    out = b"%PDF-1.7\n"
    offsets = []
    for number, each in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n" % number + each + b"\nendobj\n"
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return out + b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        trailer,
        start,
    )


def zipped(entries: dict[str, bytes | str]) -> bytes:
    """A ZIP archive."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return held.getvalue()


def xlsx(sheets: dict[str, Sequence[Sequence[object]]], merged: dict[str, Sequence[str]] | None = None) -> bytes:
    """A workbook; numbers are numbers, the rest is inline text."""
    names = list(sheets)
    entries: dict[str, bytes | str] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument'
        '.spreadsheetml.sheet.main+xml"/>'
        + "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="application/vnd.openxmlformats'
            '-officedocument.spreadsheetml.worksheet+xml"/>'
            for n in range(1, len(names) + 1)
        )
        + "</Types>",
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        "<Relationship "
        'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
        + "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, name in enumerate(names, 1))
        + "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        + "".join(
            f'<Relationship Id="rId{n}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
            f'worksheet" Target="worksheets/sheet{n}.xml"/>'
            for n in range(1, len(names) + 1)
        )
        + "</Relationships>",
    }
    for number, (name, rows) in enumerate(sheets.items(), 1):
        spans = "".join(f'<mergeCell ref="{ref}"/>' for ref in (merged or {}).get(name, ()))
        entries[f"xl/worksheets/sheet{number}.xml"] = (
            '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
            + "".join(_row(at, row) for at, row in enumerate(rows, 1))
            + f"</sheetData>{f'<mergeCells>{spans}</mergeCells>' if spans else ''}</worksheet>"
        )
    return zipped(entries)


def _row(at: int, row: Sequence[object]) -> str:
    cells = []
    for column, value in enumerate(row):
        ref = f"{chr(65 + column)}{at}"
        if isinstance(value, int | float):
            cells.append(f'<c r="{ref}"><v>{value}</v></c>')
        elif value:
            cells.append(f'<c r="{ref}" t="inlineStr"><is><t>{escape(str(value))}</t></is></c>')
    return f'<row r="{at}">{"".join(cells)}</row>'


def xls(name: str, rows: Sequence[Sequence[object]]) -> bytes:
    """An old workbook (BIFF8) of one sheet in a compound file."""

    def record(kind: int, data: bytes = b"") -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def wide(said: str) -> bytes:
        return struct.pack("<HB", len(said), 1) + said.encode("utf-16-le")

    sheet = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    sheet += record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, max(map(len, rows)), 0))
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, int | float):
                sheet += record(0x0203, struct.pack("<HHHd", y, x, 0, value))
            elif value:
                sheet += record(0x0204, struct.pack("<HHH", y, x, 0) + wide(str(value)))
    sheet += record(0x000A)
    begin = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    begin += record(0x0042, struct.pack("<H", 1200))
    label = struct.pack("<BB", len(name), 1) + name.encode("utf-16-le")
    at = len(begin) + 4 + 6 + len(label) + 4
    workbook = begin + record(0x0085, struct.pack("<IBB", at, 0, 0) + label) + record(0x000A) + sheet
    return compound({"Workbook": workbook})


def compound(streams: dict[str, bytes]) -> bytes:
    """An OLE compound file (MS-CFB, version 3) with these streams in its root."""
    sector = 512
    padded = {name: data.ljust(max(4096, -(-len(data) // sector) * sector), b"\0") for name, data in streams.items()}
    fat = [0xFFFFFFFD, 0xFFFFFFFE]  # sector 0 is the table itself, sector 1 the directory
    starts = {}
    for name, data in padded.items():
        starts[name] = len(fat)
        count = len(data) // sector
        fat += [len(fat) + n + 1 for n in range(count - 1)] + [0xFFFFFFFE]
    assert len(fat) <= 128 and len(streams) <= 3
    fat += [0xFFFFFFFF] * (128 - len(fat))

    def entry(name: str, kind: int, child: int, start: int, size: int, right: int = 0xFFFFFFFF) -> bytes:
        said = (name + "\0").encode("utf-16-le")
        out = said.ljust(64, b"\0") + struct.pack("<HBBIII", len(said), kind, 1, 0xFFFFFFFF, right, child)
        return out + b"\0" * 36 + struct.pack("<IQ", start, size)

    names = list(padded)
    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)
    for number, name in enumerate(names, 1):
        after = number + 1 if number < len(names) else 0xFFFFFFFF
        directory += entry(name, 2, 0xFFFFFFFF, starts[name], len(padded[name]), after)
    directory = directory.ljust(sector, b"\0")
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
    header += b"\0" * 6 + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    header += struct.pack("<I", 0) + struct.pack("<I", 0xFFFFFFFF) * 108
    return header + struct.pack("<128I", *fat) + directory + b"".join(padded.values())


def doc(paragraphs: Sequence[tuple[str, int, str]], *, narrow: Sequence[int] = (), flags: int = 0x0200) -> bytes:
    """An old Word document ([MS-DOC]): each paragraph is (text with its mark, style, '' or 'cell' or 'row').

    `narrow`: numbers of paragraphs that are coded in one byte a character; each paragraph is a piece of its own.
    """
    start = 1024
    data, pieces, bounds, at = b"", b"", [0], start
    fcs = []
    for number, (said, _, _) in enumerate(paragraphs):
        coded = said.encode("cp1252" if number in narrow else "utf-16-le")
        raw = (at * 2) | 0x4000_0000 if number in narrow else at
        pieces += struct.pack("<HIH", 0, raw, 0)
        fcs.append(at)
        bounds.append(bounds[-1] + len(said))
        data += coded
        at += len(coded)
    page = start + -(-len(data) // 512) * 512
    runs = len(paragraphs)
    fkp = bytearray(512)
    struct.pack_into(f"<{runs + 1}I", fkp, 0, *fcs, at)
    fkp[511], room = runs, 510
    for number, (_, style, kind) in enumerate(paragraphs):
        told = struct.pack("<H", style) + (struct.pack("<HB", 0x2416, 1) if kind else b"")
        told += struct.pack("<HHH", 0xD608, 3, 0) + struct.pack("<HB", 0x2417, 1) if kind == "row" else b""
        told += b"\0" * (len(told) % 2)
        room -= len(told) + 2
        fkp[room : room + 2 + len(told)] = bytes([0, len(told) // 2]) + told
        fkp[4 * (runs + 1) + 13 * number] = room // 2
    clx = b"\x02" + struct.pack("<I", 4 * len(bounds) + len(pieces)) + struct.pack(f"<{len(bounds)}I", *bounds) + pieces
    plc = struct.pack("<III", start, at, page // 512)
    fib = bytearray(start)
    struct.pack_into("<HH6xH", fib, 0, 0xA5EC, 0x00C1, flags)
    struct.pack_into("<I", fib, 0x4C, bounds[-1])
    struct.pack_into("<II", fib, 0x01A2, 0, len(clx))
    struct.pack_into("<II", fib, 0x0102, len(clx), len(plc))
    main = bytes(fib) + data.ljust(page - start, b"\0") + bytes(fkp)
    return compound({"WordDocument": main, "1Table": clx + plc})
