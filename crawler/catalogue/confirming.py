"""Put what `check --live` has found out into the text of sources.yml: the day of it, and addresses that have moved.

Only the values meant are touched: comments, order, quotes and line ends stay as they are, to the byte. What cannot be
edited so (a value that an alias shares) is left, and said.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from crawler.catalogue import located
from crawler.errors import UsageError

_BREAK = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")
_PLAIN_URL = re.compile(r"https?://[^\s#,\[\]{}'\"\\`|>]+[^\s#,\[\]{}'\"\\`|>:]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """What is known of a source's address now."""

    on: date
    url: str | None = None
    """The address it has moved to for good; None: as it was."""


@dataclass(frozen=True, slots=True)
class Edited:
    """The text with its edits, and what could not be edited, in words."""

    text: str
    done: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


class _Left(Exception):
    """This value is not ours to edit; the text says why."""


def confirm(text: str, news: Mapping[str, Confirmed]) -> Edited:
    """Give the text of a sources.yml with the news of its sources, by id. Raises UsageError for a text that is none."""
    before = _plain(text)
    bom, body = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    root = yaml.compose(body, Loader=located.Loader)
    listed = _value(root, "sources")
    edits: list[tuple[int, int, str]] = []
    done, left = [], []
    starts = [0, *(found.end() for found in _BREAK.finditer(body))]
    for node in listed.value if isinstance(listed, yaml.SequenceNode) else ():
        name = _value(node, "id")
        if name is None or name.value not in news:
            continue
        try:
            edits += _edits(_Place(body, starts, node), news[name.value])
            done.append(name.value)
        except _Left as why:
            left.append(f"{name.value}: {why}")
    for start, end, new in sorted(edits, reverse=True):
        body = body[:start] + new + body[end:]
    after = bom + body
    _prove(before, _plain(after), {source: news[source] for source in done})
    return Edited(after, tuple(done), tuple(left))


def write(path: Path, news: Mapping[str, Confirmed]) -> Edited:
    """Edit a file in place, in one step; it keeps its permissions."""
    text = path.read_bytes().decode("utf-8")
    edited = confirm(text, news)
    if edited.text != text:
        handle, name = tempfile.mkstemp(dir=path.resolve().parent, prefix=f".{path.name}-")
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(edited.text.encode("utf-8"))
            Path(name).chmod(path.stat().st_mode & 0o777)
            Path(name).replace(path.resolve())
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    return edited


class _Place:
    """One source in the text."""

    def __init__(self, text: str, starts: list[int], node: yaml.Node) -> None:
        self.text, self.starts, self.node = text, starts, node
        self.first, self.last = self.at(node.start_mark), self.at(node.end_mark)

    def at(self, mark: yaml.Mark) -> int:
        """Offset of a mark, counted by line and column: the parsers count characters differently."""
        return self.starts[mark.line] + mark.column

    def entry(self, node: yaml.Node, key: str) -> tuple[yaml.Node, yaml.Node] | None:
        """Key and value of a map; raises _Left when the value stands elsewhere."""
        found = next((pair for pair in node.value if pair[0].value == key), None)
        if found is not None and not self.first <= self.at(found[1].start_mark) <= self.last:
            raise _Left(f"{key} is shared by an alias; edit it by hand")
        return found

    def line_end(self, offset: int) -> int:
        """Where the line of an offset ends."""
        found = _BREAK.search(self.text, offset)
        return found.start() if found else len(self.text)

    @property
    def newline(self) -> str:
        found = _BREAK.search(self.text)
        return found.group() if found else "\n"


def _edits(place: _Place, news: Confirmed) -> list[tuple[int, int, str]]:
    node = place.node
    if not isinstance(node, yaml.MappingNode):
        raise _Left("is no map")
    url = place.entry(node, "url")
    if url is None:
        raise _Left("its url comes from elsewhere; edit it by hand")
    edits = []
    if news.url is not None:
        start, end = place.at(url[1].start_mark), place.at(url[1].end_mark)
        if url[1].style in ("|", ">") or _BREAK.search(place.text, start, end):
            raise _Left("its url has several lines; edit it by hand")
        edits.append((start, end, _written(news.url, url[1].style)))
    day = news.on.isoformat()
    address = place.entry(node, "address")
    if address is None:
        edits.append(_new_address(place, node, url, day))
    elif isinstance(address[1], yaml.MappingNode):
        edits.append(_in_address(place, address[1], day))
    elif address[1].value in ("", "~", "null"):
        start, end = place.at(address[1].start_mark), place.at(address[1].end_mark)
        edits.append((start, end, ("" if end > start else " ") + f"{{confirmed: {day}}}"))
    else:
        raise _Left("its address is no map")
    return edits


def _new_address(place: _Place, node: yaml.Node, url: tuple[yaml.Node, yaml.Node], day: str) -> tuple[int, int, str]:
    if node.flow_style:
        end = place.at(url[1].end_mark)
        quoted = url[0].style == '"'
        return end, end, f', "address": {{"confirmed": "{day}"}}' if quoted else f", address: {{confirmed: {day}}}"
    end = place.line_end(place.at(url[1].end_mark))
    return end, end, f"{place.newline}{' ' * url[0].start_mark.column}address: {{confirmed: {day}}}"


def _in_address(place: _Place, address: yaml.Node, day: str) -> tuple[int, int, str]:
    if (known := place.entry(address, "confirmed")) is not None:
        start, end = place.at(known[1].start_mark), place.at(known[1].end_mark)
        if known[1].style in ("'", '"'):
            return start, end, f"{known[1].style}{day}{known[1].style}"
        return start, end, day if end > start else f" {day}"
    if address.flow_style:
        if not address.value:
            inside = place.at(address.start_mark) + 1
            return inside, inside, f"confirmed: {day}"
        end = place.at(address.value[-1][1].end_mark)
        quoted = address.value[-1][0].style == '"'
        return end, end, f', "confirmed": "{day}"' if quoted else f", confirmed: {day}"
    first = address.value[0][0].start_mark
    start = place.at(first)
    return start, start, f"confirmed: {day}{place.newline}{' ' * first.column}"


def _written(url: str, style: str | None) -> str:
    if style == "'":
        return "'" + url.replace("'", "''") + "'"
    return url if style != '"' and _PLAIN_URL.fullmatch(url) else json.dumps(url, ensure_ascii=False)


def _value(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _plain(text: str) -> dict:
    tree, faults = located.read(text.encode("utf-8"))
    if tree is None or faults:
        raise UsageError("sources.yml: " + (faults[0].sentence if faults else "is empty"))
    plain = tree.plain()
    return plain if isinstance(plain, dict) else {}


def _prove(before: dict, after: dict, news: Mapping[str, Confirmed]) -> None:
    """Nothing but what was meant may read otherwise now."""
    for source in before.get("sources") or []:
        told = news.get(source.get("id")) if isinstance(source, dict) else None
        if told is not None:
            if told.url is not None:
                source["url"] = told.url
            source["address"] = {**(source.get("address") or {}), "confirmed": told.on.isoformat()}
    if before != after:
        raise UsageError("sources.yml: cannot be edited without changing more than is meant; edit it by hand")
