"""The reference of both files in Markdown, generated from the dataclasses; `python -m crawler.catalogue.reference`."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterator, Mapping
from datetime import date, time, timedelta
from enum import Enum
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from crawler.catalogue import shape
from crawler.catalogue.loading import HIDDEN
from crawler.catalogue.model import Settings, SourceEntry
from crawler.fetch.options import FetchOptions
from crawler.kinds import KINDS
from crawler.match.model import Assessment

_WORDS = {
    str: "text",
    int: "whole number",
    float: "number",
    bool: "true or false",
    timedelta: "duration",
    time: "HH:MM",
    date: "YYYY-MM-DD",
    Any: "map",
}
INTRODUCTION = """\
Durations are written `90s`, `30m`, `12h`, `1d`, `2w`, or in a row: `1d12h`. A text that YAML would read as a number or
as true or false stands in quotes. Keys at the top that begin with `x-` are yours: a place for YAML anchors."""


def render() -> str:
    """The whole reference: a table for each part, with its keys, their types, defaults and meanings."""
    parts = ["### sources.yml", INTRODUCTION, "Keys at the top: `settings` and `sources`, a list."]
    told: set[type] = set()
    parts += _tables("settings", Settings, told)
    parts += _tables("sources[]", SourceEntry, told)
    for name, kind in KINDS.items():
        parts += _tables("sources[].options", kind.Options, told, title=f" of kind `{name}`")
    parts += ["### triggers.yml", "An assessment: its entities, its triggers, and what it already holds."]
    parts += _tables("", Assessment, told, title="The keys at the top")
    return "\n\n".join(parts) + "\n"


def _tables(place: str, cls: type, told: set[type], *, title: str = "") -> Iterator[str]:
    """The table of a dataclass, then those of the dataclasses in it, each told once."""
    if cls in told:
        return
    told.add(cls)
    heading = f"`{place}`{title}" if place else title
    about = shape.about(cls)
    rows = ["| key | type | default | meaning |", "| --- | --- | --- | --- |"]
    below = []
    for field in shape.keys(cls, HIDDEN):
        hint = shape.hints(cls)[field.name]
        rows.append(f"| `{field.name}` | {_type(hint)} | {_default(field)} | {_meaning(field)} |")
        below += [(f"{place}.{field.name}".removeprefix(".") + suffix, inner) for suffix, inner in _inner(hint)]
    yield "\n\n".join(filter(None, (f"#### {heading}", about, "\n".join(rows) if len(rows) > 2 else "")))
    for where, inner in below:
        if inner is FetchOptions and inner in told:
            continue
        yield from _tables(where, inner, told)


def _inner(tp: Any) -> list[tuple[str, type]]:
    """The dataclasses in a type, each with what its place is called: nothing, [] or .<id>."""
    if dataclasses.is_dataclass(tp):
        return [("", tp)]
    origin, args = get_origin(tp), get_args(tp)
    if origin is Annotated:
        return _inner(args[0])
    suffix = "" if origin in (Union, UnionType) else ".<name>" if _is(origin, Mapping) else "[]"
    args = args[-1:] if _is(origin, Mapping) else args
    return [(suffix + rest, inner) for arg in args if arg is not Ellipsis for rest, inner in _inner(arg)]


def _is(origin: Any, base: type) -> bool:
    return isinstance(origin, type) and issubclass(origin, base)


def _type(tp: Any) -> str:
    if dataclasses.is_dataclass(tp):
        return "map"
    if isinstance(tp, type) and issubclass(tp, Enum):
        return ", ".join(f"`{member.value}`" for member in tp)
    if tp in _WORDS:
        return _WORDS[tp]
    origin, args = get_origin(tp), get_args(tp)
    if origin is Annotated:
        return _type(args[0])
    if origin is Literal:
        return ", ".join(f"`{value}`" for value in args)
    if origin in (Union, UnionType):
        return " or ".join(_type(arg) for arg in args if arg is not NoneType)
    if _is(origin, Mapping):
        return f"map of {_many(_type(args[-1]))}"
    return f"list of {_many(_type(args[0]))}" if args else "map"


def _many(word: str) -> str:
    return {"text": "texts", "map": "maps"}.get(word, word)


def _default(field: dataclasses.Field) -> str:
    if shape.required(field):
        return "**required**"
    plain = shape.plain_default(field)
    if plain is Ellipsis or plain in ([], {}, None, ""):
        return "–"
    if isinstance(plain, bool):
        return f"`{str(plain).lower()}`"
    return f"`{', '.join(plain)}`" if isinstance(plain, list) else f"`{plain}`"


def _meaning(field: dataclasses.Field) -> str:
    return " ".join(str(field.metadata.get("description", "")).replace("|", "\\|").replace("<", "&lt;").split())


if __name__ == "__main__":
    sys.stdout.write(render())
