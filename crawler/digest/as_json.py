"""An account as JSON, and back: stable keys, sorted, versioned; everything the other forms show is in it."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from crawler.digest.account import Account

FORMAT = "cruxwatch-digest/1"
"""Raised when a key changes its meaning or goes; new keys do not raise it."""


def as_json(account: Account) -> str:
    """UTF-8-ready JSON text, ended by a line feed; times are ISO 8601 in UTC."""
    told = {"format": FORMAT, **_plain(account)}
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False) + "\n"


def read(text: str) -> Account:
    """The account that `as_json` wrote; ValueError for anything else."""
    told = json.loads(text)
    if not isinstance(told, dict) or told.pop("format", None) != FORMAT:
        raise ValueError(f"not a digest of format {FORMAT}")
    try:
        return _typed(Account, told)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError(f"not a digest of format {FORMAT}: {error}") from error


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


@cache
def _hints(cls: type) -> dict[str, Any]:
    return get_type_hints(cls)


def _typed(kind: Any, value: Any) -> Any:
    """`value` as what the type annotation says; unknown keys of a later minor version are passed over."""
    if is_dataclass(kind):
        hints = _hints(kind)
        return kind(**{name: _typed(hints[name], item) for name, item in value.items() if name in hints})
    if get_origin(kind) in (Union, UnionType):
        return None if value is None else _typed(next(a for a in get_args(kind) if a is not NoneType), value)
    if get_origin(kind) is tuple:
        inner = get_args(kind)
        if inner[-1] is Ellipsis:
            return tuple(_typed(inner[0], item) for item in value)
        return tuple(_typed(a, item) for a, item in zip(inner, value, strict=True))
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is float:
        return float(value)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(value)
    if not isinstance(value, kind):
        raise TypeError(f"{value!r:.60} where {kind.__name__} is due")
    return value
