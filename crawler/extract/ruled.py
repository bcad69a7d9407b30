"""The tables that a page of a PDF draws: its rules put together to grids, with the cells that have no rule between."""

from __future__ import annotations

from bisect import bisect_right
from ctypes import byref, c_float
from dataclasses import dataclass, field

import pypdfium2 as pdfium
import pypdfium2.raw as raw

MOST_PATHS = 6_000
"""Paths of one page; a page with more is a drawing."""
MOST_RULES = 3_000
THIN = 2.5
"""Points: a thinner box is a rule, and rules so near are one."""
SHORTEST = 6.0


@dataclass(slots=True)
class Grid:
    """A table: where its rules are, and which cells belong together."""

    xs: list[float]
    """Of the vertical rules, ascending."""
    ys: list[float]
    """Of the horizontal rules, ascending."""
    whole: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    """(row from the top, column) of a cell → the first cell of what it is merged into."""

    @property
    def left(self) -> float:
        return self.xs[0]

    @property
    def right(self) -> float:
        return self.xs[-1]

    def holds(self, x: float, y: float) -> bool:
        return self.xs[0] < x < self.xs[-1] and self.ys[0] < y < self.ys[-1]

    def cell(self, x: float, y: float) -> tuple[int, int]:
        """The cell (row from the top, column) at a place, or the first one of those merged there."""
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = len(self.ys) - 1 - min(max(bisect_right(self.ys, y), 1), len(self.ys) - 1)
        return self.whole.get((row, column), (row, column))

    def rows(self) -> list[list[tuple[int, int]]]:
        """The cells of each row, from the top; a cell merged over rows stands in each of them."""
        return [
            [self.whole.get((row, column), (row, column)) for column in range(len(self.xs) - 1)]
            for row in range(len(self.ys) - 1)
        ]


@dataclass(slots=True, frozen=True)
class _Rule:
    at: float
    start: float
    end: float


def turned(left: float, bottom: float, right: float, top: float, turn: int) -> tuple[float, float, float, float]:
    """A box of a page whose text has so many quarter turns to the left, as it lies when the text is upright."""
    if turn == 1:
        return bottom, -right, top, -left
    if turn == 2:
        return -right, -top, -left, -bottom
    if turn == 3:
        return -top, left, -bottom, right
    return left, bottom, right, top


def grids(page: pdfium.PdfPage, turn: int = 0) -> list[Grid]:
    """The ruled tables of a page, with at least two columns and two rows; none on a page that is a drawing.

    `turn`: quarter turns to the left of the page's text; the grids lie as if it were upright.
    """
    across, down = _rules(page, turn)
    if len(across) < 3 or len(down) < 3 or len(across) + len(down) > MOST_RULES:
        return []
    across, down = _joined(across), _joined(down)
    if len(across) * len(down) > 1_000_000:
        return []
    found = []
    for rows, columns in _together(across, down):
        xs, ys = _places(columns), _places(rows)
        if len(xs) >= 3 and len(ys) >= 3 and (len(xs) - 1) * (len(ys) - 1) <= 20_000:
            found.append(Grid(xs, ys, _merged(xs, ys, rows, columns)))
    return found


def _rules(page: pdfium.PdfPage, turn: int) -> tuple[list[_Rule], list[_Rule]]:
    """(horizontal, vertical) rules drawn on a page: straight strokes, the edges of boxes, and boxes thin as a rule."""
    across: list[_Rule] = []
    down: list[_Rule] = []
    for number, item in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if number > MOST_PATHS or len(across) + len(down) > MOST_RULES:
            return [], []
        for (ax, ay), (bx, by) in _strokes(item):
            x0, y0, x1, y1 = turned(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), turn)
            if abs(y1 - y0) <= THIN / 2 and abs(x1 - x0) >= SHORTEST:
                across.append(_Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
            elif abs(x1 - x0) <= THIN / 2 and abs(y1 - y0) >= SHORTEST:
                down.append(_Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
    return across, down


def _strokes(item: pdfium.PdfObject):
    """The straight pieces of a path, in points of the page."""
    count = raw.FPDFPath_CountSegments(item.raw)
    if not 2 <= count <= 2_000:
        return
    matrix = item.get_matrix()
    x, y = c_float(), c_float()
    start = before = None
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(item.raw, index)
        if not raw.FPDFPathSegment_GetPoint(segment, byref(x), byref(y)):
            return
        point = matrix.on_point(x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO and before is not None:
            yield before, point
        before = point
        if raw.FPDFPathSegment_GetClose(segment) and start is not None:
            yield point, start
            before = start


def _joined(rules: list[_Rule]) -> list[_Rule]:
    """Rules in one line that touch, as one."""
    out: list[_Rule] = []
    for rule in sorted(rules, key=lambda r: (round(r.at / THIN), r.start)):
        last = out[-1] if out else None
        if last and abs(last.at - rule.at) <= THIN and rule.start <= last.end + THIN:
            out[-1] = _Rule(last.at, last.start, max(last.end, rule.end))
        else:
            out.append(rule)
    return out


def _together(across: list[_Rule], down: list[_Rule]) -> list[tuple[list[_Rule], list[_Rule]]]:
    """Rules that cross, directly or by others, as (horizontal, vertical) of each table, from the top."""
    parent = list(range(len(across) + len(down)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for i, row in enumerate(across):
        for j, column in enumerate(down):
            if row.start - THIN <= column.at <= row.end + THIN and column.start - THIN <= row.at <= column.end + THIN:
                parent[root(i)] = root(len(across) + j)
    groups: dict[int, tuple[list[_Rule], list[_Rule]]] = {}
    for node in range(len(parent)):
        rows, columns = groups.setdefault(root(node), ([], []))
        if node < len(across):
            rows.append(across[node])
        else:
            columns.append(down[node - len(across)])
    return sorted((g for g in groups.values() if g[0] and g[1]), key=lambda g: -max(r.at for r in g[0]))


def _places(rules: list[_Rule]) -> list[float]:
    out: list[float] = []
    for at in sorted(rule.at for rule in rules):
        if not out or at - out[-1] > THIN:
            out.append(at)
    return out


def _merged(
    xs: list[float], ys: list[float], rows: list[_Rule], columns: list[_Rule]
) -> dict[tuple[int, int], tuple[int, int]]:
    """Cells with no rule between them, each with the first cell (from the top left) of what they make together."""
    whole: dict[tuple[int, int], tuple[int, int]] = {}
    high = len(ys) - 1
    for row in range(high):
        y = (ys[high - row] + ys[high - row - 1]) / 2
        for column in range(len(xs) - 1):
            x = (xs[column] + xs[column + 1]) / 2
            here = (row, column)
            if column and not _covered(columns, xs[column], y):
                whole[here] = whole.get((row, column - 1), (row, column - 1))
            elif row and not _covered(rows, ys[high - row], x):
                whole[here] = whole.get((row - 1, column), (row - 1, column))
    return whole


def _covered(rules: list[_Rule], at: float, across: float) -> bool:
    return any(abs(rule.at - at) <= 2 * THIN and rule.start - THIN <= across <= rule.end + THIN for rule in rules)
