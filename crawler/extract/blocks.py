"""A parsed page to its visible blocks, in order: paragraphs, headings, bullets, rows, each with where it stands.

Our own walk of the tree: nothing is judged here and nothing visible is dropped, so accordions, tabs, <details>, lists
made of spans, tables and definition lists survive whatever the judge of the main text thinks of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from crawler.extract.lines import as_lines, fold_space

MOST_ELEMENTS = 150_000
"""Elements walked of one page; what follows is left out."""
MOST_CHARACTERS = 3_000_000
DEEPEST = 400

SKIPPED = frozenset(
    """
    script style template svg math head iframe object embed applet canvas audio video map area
    datalist meta link title base param source track input textarea select progress meter
    """.split()  # noqa: SIM905
)
BLOCKS = frozenset(
    """
    address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset
    figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html label legend li main menu
    nav ol optgroup option p pre search section summary table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905
)
HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6"])
_CELLS = frozenset(("td", "th"))


@dataclass(slots=True)
class Block:
    """One visible paragraph, heading, bullet or row."""

    element: etree._Element
    """The block element it stands in."""
    kind: str
    """heading, row, item, term or text."""
    lines: tuple[str, ...]
    """In the one text form."""
    size: int
    """Characters."""
    linked: int
    """Of which inside links."""


@dataclass(slots=True)
class _Buffer:
    parts: list[str] = field(default_factory=list)
    linked: int = 0


def walk(root: etree._Element) -> list[Block]:
    """Every visible block under `root` in document order; bounded in elements, depth and characters."""
    out: list[Block] = []
    parts: list[str] = []
    linked = 0
    link_depth = 0
    owner = root
    heading_depth = 0
    row: list[str] | None = None  # cells so far of the row being read
    row_linked = 0
    row_element = root
    term: str | None = None  # <dt> waiting for its <dd>
    characters = 0
    elements = 0
    tables: dict[etree._Element, bool] = {}

    def flush() -> None:
        nonlocal linked, term, characters
        if not parts:
            return
        text = fold_space("".join(parts))
        parts.clear()
        count, linked = linked, 0
        if not text:
            return
        tag = owner.tag
        if heading_depth:
            kind, lines = "heading", ["# " + text.lstrip("# ")]
        elif tag == "dt" and len(text) <= 200:
            if term:
                emit("term", [term], 0)
            term = text
            return
        else:
            kind = "item" if tag == "li" else "text"
            if term is not None:
                text, term, kind = term + (" " if term.endswith((":", "：")) else ": ") + text, None, "term"
            lines = as_lines(text)
        emit(kind, lines, count)

    def emit(kind: str, lines: list[str], count: int) -> None:
        nonlocal characters
        size = sum(map(len, lines))
        characters += size
        out.append(Block(owner, kind, tuple(lines), size, min(count, size)))

    # an explicit stack: (element, True) enters, (element, False) leaves
    stack: list[tuple[etree._Element, bool]] = [(root, True)]
    depth = 0
    while stack:
        element, entering = stack.pop()
        tag = element.tag
        if not entering:
            depth -= 1
            if tag == "a":
                link_depth -= 1
                if parts:
                    parts.append("\u2009")  # neighbouring links are words of their own
            elif tag in BLOCKS:
                if row is not None:
                    parts.append(" ")
                    if tag in _CELLS:
                        row.append(fold_space("".join(parts)))
                        row_linked += linked
                        parts.clear()
                        linked = 0
                    elif tag == "tr" and element is row_element:
                        cells = [c for c in row if c]
                        if cells:
                            owner = element
                            emit("row", as_lines(" | ".join(cells)), row_linked)
                        row = None
                else:
                    flush()
                    owner = element.getparent() if element is not root else root
                    if owner is None:
                        owner = root
                if tag in HEADINGS:
                    heading_depth = max(0, heading_depth - 1)
                elif tag == "dl" and term is not None:
                    emit("term", [term], 0)
                    term = None
            if element is not root and element.tail:
                parts.append(element.tail)
                if link_depth:
                    linked += len(element.tail)
            continue
        if not isinstance(tag, str) or tag in SKIPPED:
            if tag == "hr":
                flush()
            if element is not root and element.tail:
                parts.append(element.tail)
                if link_depth:
                    linked += len(element.tail)
            continue
        if tag == "noscript" and not _speaks(element):
            if element is not root and element.tail:
                parts.append(element.tail)
            continue
        elements += 1
        if elements > MOST_ELEMENTS or characters > MOST_CHARACTERS:
            break
        if tag == "br":
            if row is not None or heading_depth or owner.tag == "dt":
                parts.append(" ")
            else:
                flush()
        elif tag == "a":
            link_depth += 1
            if parts:
                parts.append("\u2009")
        elif tag in BLOCKS:
            if row is not None:
                parts.append(" ")
            else:
                flush()
                owner = element
                if tag == "tr" and _is_grid(element, tables):
                    row, row_linked, row_element = [], 0, element
            if tag in HEADINGS:
                heading_depth += 1
        depth += 1
        stack.append((element, False))
        if element.text:
            parts.append(element.text)
            if link_depth:
                linked += len(element.text)
        if depth <= DEEPEST:
            stack.extend([(child, True) for child in reversed(element)])
    flush()
    if row:
        emit("row", as_lines(" | ".join(c for c in row if c) or "…"), row_linked)
    if term is not None:
        emit("term", [term], 0)
    return out


def _is_grid(row: etree._Element, known: dict[etree._Element, bool]) -> bool:
    """Whether the row belongs to a table of data; tables for layout hold tables, headings, lists or long cells."""
    table = row
    while table is not None and table.tag != "table":
        table = table.getparent()
    if table is None:
        return False
    if table not in known:
        known[table] = _table_is_grid(table)
    return known[table]


def _table_is_grid(table: etree._Element) -> bool:
    if table.get("role") in {"presentation", "none"}:
        return False
    cells = 0
    for element in table.iter():
        tag = element.tag
        if tag in _CELLS:
            cells += 1
        elif element is not table and tag in {"table", "h1", "h2", "h3", "form", "article", "section", "nav"}:
            return False
        if cells > 60:
            break
    for rows, row in enumerate(table.iter("tr")):
        for cell in row:
            if cell.tag in _CELLS:
                size = len(" ".join(t.strip() for t in cell.itertext()))
                if size > 700 or (size > 250 and len(row) == 1):
                    return False
        if rows > 20:
            break
    return cells > 1


def _speaks(noscript: etree._Element) -> bool:
    """Whether a <noscript> holds the page itself (forums do that) and no more than a plea for JavaScript."""
    pieces = (e.text for e in noscript.iter() if e.tag not in SKIPPED and e.tag != "img")
    return sum(len(piece.strip()) for piece in pieces if piece) > 600
