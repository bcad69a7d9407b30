"""Records to rows and back: enums as their value, times as ISO 8601 (UTC, milliseconds, 'Z'), tuples as JSON."""

# ruff: noqa: S608 - SQL is put together from names of our own columns; values are always parameters

from __future__ import annotations

import json
import types
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, TypeVar

R = TypeVar("R")

KEPT_ELSEWHERE = frozenset({"hunks", "matches"})
"""Fields of records that are rows of their own."""


def time_text(at: datetime) -> str:
    """2026-11-20T05:00:00.000Z: sorts as text in the order of time; finer than a millisecond is cut off."""
    if at.tzinfo is None:
        raise ValueError(f"{at!r} has no time zone; the archive keeps moments, give it an aware time")
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def to_value(value: Any) -> Any:
    if value is None or (isinstance(value, int | float | bytes) and not isinstance(value, bool)):
        return value
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return time_text(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def to_row(record: Any, columns: Iterable[str]) -> tuple[Any, ...]:
    return tuple(to_value(getattr(record, column)) for column in columns)


@cache
def columns_of(kind: type) -> tuple[str, ...]:
    """Names of the columns that a record's fields are kept in, in order."""
    return tuple(field.name for field in fields(kind) if field.name not in KEPT_ELSEWHERE)


def from_row(kind: type[R], row: Mapping[str, Any], prefix: str = "", **more: Any) -> R:
    """The record whose fields are the row's columns (named with `prefix`); `more`: fields kept elsewhere."""
    got: dict[str, Any] = {}
    for name, read in _readers(kind):
        value = row[prefix + name]
        got[name] = value if value is None or read is None else read(value)
    return kind(**got, **more)


@cache
def insertion(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join('?' * len(columns))})"


@cache
def selected(kind: type, table: str, prefix: str = "") -> str:
    """`table.column AS prefixcolumn, …` for every column of a record."""
    return ", ".join(f"{table}.{name} AS {prefix}{name}" for name in columns_of(kind))


@cache
def _readers(kind: type) -> tuple[tuple[str, Callable[[Any], Any] | None], ...]:
    hints = typing.get_type_hints(kind)
    return tuple((name, _reader(hints[name])) for name in columns_of(kind))


def _reader(hint: Any) -> Callable[[Any], Any] | None:
    if typing.get_origin(hint) in (types.UnionType, typing.Union):
        (hint,) = (part for part in typing.get_args(hint) if part is not type(None))
    if typing.get_origin(hint) is tuple:
        return lambda text: _tuples(json.loads(text))
    if hint is datetime:
        return datetime.fromisoformat
    if hint is bool or (isinstance(hint, type) and issubclass(hint, StrEnum)):
        return hint
    return None


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value
