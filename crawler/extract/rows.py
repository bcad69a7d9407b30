"""A table to lines: one row a line, and each row a sentence that can be understood alone.

    表1 … 单位：万元                          # caption
    承担单位 | 2027年预算                     # header
    承担单位: 海湾研究院 | 2027年预算: 3,200 万元   # a row: its header cells and the unit of its amounts go with it

A row stands alone in a digest, in a search and in the matcher, which reads only what changed: a bare '3,200' there is
no money. Tables of web pages, whose header is often no more than a layout, stay bare ('a | b').
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from crawler.extract.lines import as_lines, fold_space

MOST_COLUMNS = 60
LONGEST_LABEL = 40
"""Characters of a header cell repeated in each row."""
SHORT = 24
"""Characters; the cells of a header are no longer where nothing else says that it is one."""

_AMOUNT = re.compile(r"[-+]?[¥￥$€£]?\s?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:\.\d+)?|[(（]\d[\d,.]*[)）]")
_FIGURE = re.compile(r"[-+]?[¥￥$€£]?\s?\d[\d,，.]*\s?(?:%|‰|亿元|万元|千元|元|人|项|个|家)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_HAN_UNIT = r"(?:人民币|美元)?(?:亿元|千万元|百万元|万元|千元|元|亿美元|万美元|美元|億元|萬元)"
_LATIN_UNIT = (
    r"(?:(?:RMB|CNY|USD|US\$|GBP|EUR|£|€|\$|¥)\s?)?(?:thousands?|millions?|billions?|10,000|10k|'000|000s|mn?|bn|k)"
    r"(?:\s(?:of\s)?(?:yuan|RMB|CNY|USD|US dollars|dollars|pounds|euros?|GBP|EUR|yen))?"
)
_CAPTION_UNIT = re.compile(
    rf"(?:金额)?(?:单位|單位|计量单位)\s*[:：]?\s*[（(]?\s*({_HAN_UNIT})|[（(]\s*({_HAN_UNIT})\s*[)）]"
    rf"|\b(?:unit|units|amounts?|figures|all figures)\s*(?:[:：]|in|are in)\s*(?:in\s)?({_LATIN_UNIT})"
    rf"|[(（]\s*(?:in\s)?({_LATIN_UNIT})\s*[)）]"
    r"|\bin\s(millions? of [a-z]+|thousands? of [a-z]+|(?:million|thousand) [a-z]+)",
    re.I,
)
_UNIT_CELL = re.compile(
    r"[（(]?(?:金额)?(?:单位|單位|计量单位)\s*[:：]|units?\s*[:：]|(?:amounts?|figures|all figures)\s(?:are )?in\s",
    re.I,
)
"""A cell that does nothing but name the unit."""
_LABEL_UNIT = re.compile(rf"[（(/]\s*({_HAN_UNIT})\s*[)）]?|[（(]\s*(?:in\s)?({_LATIN_UNIT})\s*[)）]", re.I)
_MONEY_LABEL = re.compile(
    r"金额|预算|決算|决算|預算|拨款|撥款|经费|經費|收入|支出|资金|資金|合计|合計|小计|总计|总额|费用|补助|补贴|款|投入|结余|余额"
    r"|budget|amount|allocat|appropriat|expend|spend|income|revenue|funding|funds?\b|total|grant|cost|subsid|balance|outturn",
    re.I,
)
_NOT_MONEY = re.compile(
    r"率|占比|比例|%|％|人数|数量|编码|代码|序号|年度|年份|增减|percent|share|rate|number|no\.|code|year|ratio", re.I
)


_VALUES = re.compile(rf"{_MONEY_LABEL.pattern}|{_NOT_MONEY.pattern}|数|值|额|value|count|figure", re.I)
_CURRENCY = re.compile(r"(RMB|CNY|USD|US\$|GBP|EUR|[£€$¥])\s?(.+)", re.I)


def unit_in(text: str) -> str | None:
    """The unit of money that a caption names for a whole table, in its own words; None: it names none."""
    found = _CAPTION_UNIT.search(text)
    return next((group for group in found.groups() if group), None) if found else None


def table(rows: Sequence[Sequence[str]], *, headed: bool = False, caption: str = "") -> list[str]:
    """Lines of a table.

    `headed`: its first row is known to be its header; else that is judged by what the rows hold. `caption`: text
    right above it, asked for the unit and given out by the caller. Rows above the header that have one cell, or name
    the unit, are captions, too.
    """
    grid = [[fold_space(cell).replace("|", "¦") for cell in row[:MOST_COLUMNS]] for row in rows]
    grid = [row for row in grid if any(row)]
    out: list[str] = []
    said = caption
    while len(grid) > 1 and not headed and (_filled(grid[0]) == 1 or any(map(_UNIT_CELL.match, grid[0]))):
        line = " | ".join(cell for cell in grid.pop(0) if cell)
        said += " " + line
        out += as_lines(line)
    deep = _header_rows(grid, headed)
    labels = _labels(grid[:deep])
    for row in grid[:deep]:
        out += as_lines(" | ".join(dict.fromkeys(cell for cell in row if cell)))
    units = _units(labels, unit_in(said))
    for row in grid[deep:]:
        out += as_lines(_row(row, labels, units))
    return [line for line in out if line]


def _filled(row: Sequence[str]) -> int:
    return len({cell for cell in row if cell})


def _is_figure(cell: str) -> bool:
    return bool(_FIGURE.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def _header_rows(grid: Sequence[Sequence[str]], headed: bool) -> int:
    """How many rows at the top are the header: 0 to 3."""
    if len(grid) < 2:
        return 0
    first = grid[0]
    if any(_is_figure(cell) for cell in first) and not headed:
        return 0
    below = grid[1:40]
    figures = any(
        sum(_is_figure(row[at]) for row in below if at < len(row)) * 2 > len(below) for at in range(1, len(first))
    )
    if len(first) == 2 and not headed:
        # names and values side by side look the same: the header must say that values follow
        values = len(below) > 1 and len(first[1]) <= 12 and _VALUES.search(first[1])
        figures = figures and bool(values or _LABEL_UNIT.search(first[1]))
    wide = _filled(first) >= 3 and max(map(len, first)) <= SHORT
    if not (headed or figures or wide):
        return 0
    deep = 1
    # a header of two or three levels repeats or leaves empty what spans several columns
    while deep < min(3, len(grid) - 1) and _spans(grid[deep - 1]) and not any(map(_is_figure, grid[deep])):
        deep += 1
    return deep


def _spans(row: Sequence[str]) -> bool:
    cells = list(row)
    while cells and not cells[-1]:
        cells.pop()
    return any(not b or a == b for a, b in pairwise(cells))


def _labels(header: Sequence[Sequence[str]]) -> list[str]:
    width = max((len(row) for row in header), default=0)
    labels = []
    for at in range(width):
        parts = []
        for row in header:
            cell = row[at] if at < len(row) else ""
            if not cell and row is not header[-1]:
                cell = next((left for left in reversed(row[:at]) if left), "")
            if cell and cell not in parts:
                parts.append(cell)
        labels.append("·".join(parts)[:LONGEST_LABEL].rstrip("：: "))
    return labels


def _units(labels: Sequence[str], common: str | None) -> list[str | None]:
    """The unit that each column's bare figures get; None: the figures say all there is."""
    units: list[str | None] = []
    for label in labels:
        own = _LABEL_UNIT.search(label)
        if own:
            units.append(own.group(1) or own.group(2))
        elif common and _MONEY_LABEL.search(label) and not _NOT_MONEY.search(label):
            units.append(common)
        else:
            units.append(None)
    if common and not any(units) and labels:
        # the header names no money, the caption does: whatever is no share, code or count
        units = [
            None if not label or at == 0 or _NOT_MONEY.search(label) else common for at, label in enumerate(labels)
        ]
    return units


def _row(row: Sequence[str], labels: Sequence[str], units: Sequence[str | None]) -> str:
    cells = []
    for at, cell in enumerate(row):
        if not cell:
            continue
        unit = units[at] if at < len(units) else None
        # nothing is nothing in every unit, and '0 万元' is easily read as an amount
        if unit and _AMOUNT.fullmatch(cell) and cell.strip("0.,-"):
            sign = _CURRENCY.fullmatch(unit)
            cell = f"{sign.group(1)} {cell} {sign.group(2)}" if sign else f"{cell} {unit}"
        label = labels[at] if at < len(labels) else ""
        cells.append(f"{label}: {cell}" if label else cell)
    return " | ".join(cells)
