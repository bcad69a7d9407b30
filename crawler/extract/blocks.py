"""A parsed page to its visible blocks, in order: paragraphs, headings, bullets, rows, each with where it stands.

Our own walk of the tree: nothing is judged here and nothing visible is dropped, so accordions, tabs, <details>, lists
made of spans, tables and definition lists survive whatever the judge of the main text thinks of them.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from crawler.extract.lines import as_lines, fold_space

MOST_ELEMENTS = 150_000
"""Elements walked of one page; what follows is left out."""
MOST_CHARACTERS = 3_000_000
DEEPEST = 400
LONGEST_TERM = 200
"""Characters of a <dt> that is put before its <dd>."""

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


def walk(root: etree._Element) -> list[Block]:
    """Every visible block under `root` in document order; bounded in elements, depth and characters."""
    walker = _Walker(root)
    # an explicit stack, hostile pages are deep: (element, True) enters, (element, False) leaves
    stack: list[tuple[etree._Element, bool]] = [(root, True)]
    depth = elements = 0
    while stack:
        element, entering = stack.pop()
        if entering and isinstance(element.tag, str) and walker.visible(element):
            elements += 1
            if elements > MOST_ELEMENTS or walker.characters > MOST_CHARACTERS:
                break
            walker.enter(element)
            depth += 1
            stack.append((element, False))
            if depth <= DEEPEST:
                stack.extend([(child, True) for child in reversed(element)])
            continue
        if not entering:
            depth -= 1
            walker.leave(element)
        if element is not root:
            walker.text(element.tail)
    return walker.finish()


class _Walker:
    """The state of one walk: what was read and not yet ended by the border of a block."""

    __slots__ = (
        "blocks", "characters", "heading_depth", "link_depth", "linked", "owner", "parts", "root", "row", "row_element",
        "row_linked", "tables", "term",
    )  # fmt: skip

    def __init__(self, root: etree._Element) -> None:
        self.root = self.owner = self.row_element = root
        self.blocks: list[Block] = []
        self.parts: list[str] = []
        self.characters = self.linked = self.link_depth = self.heading_depth = self.row_linked = 0
        self.row: list[str] | None = None
        """Cells so far of the row being read."""
        self.term: str | None = None
        """A <dt> that waits for its <dd>."""
        self.tables: dict[etree._Element, bool] = {}

    def visible(self, element: etree._Element) -> bool:
        tag = element.tag
        if tag == "hr":
            self.flush()
        return tag not in SKIPPED and (tag != "noscript" or _speaks(element))

    def text(self, text: str | None) -> None:
        if text:
            self.parts.append(text)
            if self.link_depth:
                self.linked += len(text)

    def enter(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "br":
            if self.row is not None or self.heading_depth or self.owner.tag == "dt":
                self.parts.append(" ")
            else:
                self.flush()
        elif tag == "a":
            self.link_depth += 1
            self._part()
        elif tag in BLOCKS:
            if self.row is not None:
                self.parts.append(" ")
            else:
                self.flush()
                self.owner = element
                if tag == "tr" and _is_grid(element, self.tables):
                    self.row, self.row_linked, self.row_element = [], 0, element
            if tag in HEADINGS:
                self.heading_depth += 1
        self.text(element.text)

    def leave(self, element: etree._Element) -> None:
        tag = element.tag
        if tag == "a":
            self.link_depth -= 1
            self._part()
        elif tag in BLOCKS:
            if self.row is not None:
                self._leave_in_row(element)
            else:
                self.flush()
                parent = element.getparent() if element is not self.root else None
                self.owner = self.root if parent is None else parent
            if tag in HEADINGS:
                self.heading_depth = max(0, self.heading_depth - 1)
            elif tag == "dl":
                self._emit_term()

    def _part(self) -> None:
        """Neighbouring links are words of their own."""
        if self.parts:
            self.parts.append("\u2009")

    def _leave_in_row(self, element: etree._Element) -> None:
        self.parts.append(" ")
        if element.tag in _CELLS:
            self.row.append(fold_space("".join(self.parts)))
            self.row_linked += self.linked
            self.parts.clear()
            self.linked = 0
        elif element is self.row_element:
            cells = [cell for cell in self.row if cell]
            if cells:
                self.owner = element
                self.emit("row", as_lines(" | ".join(cells)), self.row_linked)
            self.row = None

    def flush(self) -> None:
        """End the block being read."""
        if not self.parts:
            return
        text = fold_space("".join(self.parts))
        self.parts.clear()
        count, self.linked = self.linked, 0
        if not text:
            return
        tag = self.owner.tag
        if self.heading_depth:
            if words := text.lstrip("# "):
                self.emit("heading", [f"# {words}"], count)
        elif tag == "dt" and len(text) <= LONGEST_TERM:
            self._emit_term()
            self.term = text
        elif self.term is not None:
            term, self.term = self.term, None
            self.emit("term", as_lines(f"{term}{' ' if term.endswith((':', '：')) else ': '}{text}"), count)
        else:
            self.emit("item" if tag == "li" else "text", as_lines(text), count)

    def _emit_term(self) -> None:
        if self.term is not None:
            term, self.term = self.term, None
            self.emit("term", [term], 0)

    def emit(self, kind: str, lines: list[str], count: int) -> None:
        size = sum(map(len, lines))
        self.characters += size
        self.blocks.append(Block(self.owner, kind, tuple(lines), size, min(count, size)))

    def finish(self) -> list[Block]:
        """What a walk that was cut off still held."""
        if self.row:
            self.emit("row", as_lines(" | ".join(cell for cell in self.row if cell) or "…"), self.row_linked)
            self.row = None
        self.flush()
        self._emit_term()
        return self.blocks


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
