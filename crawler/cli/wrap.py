"""Lines for a terminal of a text in any script: Latin breaks at spaces, Chinese between characters.

A line never begins with a closing mark (。，」 …) nor ends with an opening one (（《「 …): the Chinese rules of line
breaking (GB/T 15834; JLREQ calls them kinsoku). A Chinese character is two cells wide (Unicode TR 11).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich.cells import cell_len
from rich.text import Text

_WIDE = "\u2e80-\u312f\u31a0-\u31bf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_OPENING = "（《〈「『【〔〖“‘([{"
_CLOSING = "，。、；：！？）》〉」』】〕〗”’…·％℃"
_TOKEN = re.compile(
    rf"\s+|[{re.escape(_OPENING)}]*(?:(?![{re.escape(_CLOSING)}])[{_WIDE}]|[^\s{_WIDE}]+)?[{re.escape(_CLOSING)}]*|."
)

Pieces = Sequence[tuple[str, str]]
"""(text, style) in order."""


def wrapped(pieces: Pieces, width: int, indent: str = "") -> list[Text]:
    """The lines of a text in pieces, each begun with `indent` and at most `width` cells wide, indent included."""
    text = Text.assemble(*((each, style) for each, style in pieces if each))
    room = max(8, width - cell_len(indent))
    lines = []
    for start, end in _lines(text.plain, room):
        lines.append(Text(indent) + text[start:end])
    return lines


def _lines(text: str, room: int) -> Iterable[tuple[int, int]]:
    """(start, end) of each line, the spaces where it breaks left out."""
    start = end = at = 0
    for token in _tokens(text, room):
        if "\n" in token:
            yield start, end
            at += len(token)
            start = end = at
            continue
        blank = token.isspace()
        if cell_len(text[start:at]) + cell_len(token) > room and end > start:
            yield start, end
            start = end = at
        at += len(token)
        if blank and start == at - len(token) and start > 0:
            start = end = at  # no line begins with the space it broke at
        elif not blank:
            end = at
    if end > start or not text:
        yield start, end


def _tokens(text: str, room: int) -> Iterable[str]:
    """What no line breaks inside; a token wider than the line is cut."""
    for found in _TOKEN.finditer(text):
        token = found.group()
        while cell_len(token) > room and not token.isspace():
            fits = room
            while cell_len(token[:fits]) > room:
                fits -= 1
            yield token[:fits]
            token = token[fits:]
        if token:
            yield token
