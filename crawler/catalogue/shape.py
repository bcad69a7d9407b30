"""Any frozen dataclass of the stages as something that pydantic can fill from YAML and describe as a JSON Schema.

A dataclass becomes a TypedDict of the same keys (extra ones forbidden, types strict) that is then built into the
dataclass. Supported: dataclasses, str, int, float, bool, None, timedelta, time, date, enums, Literal, tuple[X, ...],
list, frozenset, Mapping[str, X], unions whose branches differ in shape, Annotated, Any. The stages own the
dataclasses and know nothing of this; a field's description is its metadata "description".
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from enum import Enum
from functools import cache
from typing import Annotated, Any, Literal, NotRequired, Required, Union, get_args, get_origin

from pydantic import AfterValidator, ConfigDict, Discriminator, Field, Strict, Tag, TypeAdapter
from typing_extensions import TypedDict

from crawler.catalogue.values import Clock, Day, Duration, as_duration

TAG = "\0"
"""Begins the tags of unions, so that they are told from keys in the place of an error."""
SCALARS = {
    timedelta: Duration,
    time: Clock,
    date: Day,
    str: Annotated[str, Strict()],
    int: Annotated[int, Strict()],
    float: Annotated[float, Strict(), Field(allow_inf_nan=False)],
    bool: Annotated[bool, Strict()],
}
_SHAPES = ((bool, "truth"), (str, "text"), ((int, float), "number"), ((list, tuple), "list"), (Mapping, "map"))

Hidden = frozenset[tuple[type, str]]
"""Fields that a file may not set, since they are filled from elsewhere."""


@cache
def adapter(cls: type, hidden: Hidden = frozenset()) -> TypeAdapter:
    """What fills a dataclass from plain values."""
    return TypeAdapter(annotated(cls, hidden))


@cache
def overrides(cls: type, hidden: Hidden = frozenset()) -> TypeAdapter:
    """What reads some of a dataclass's keys, as a dict of those that are there."""
    return TypeAdapter(typed_dict(cls, hidden, partial=True))


@cache
def hints(cls: type) -> dict[str, Any]:
    """The resolved types of a dataclass's fields."""
    return typing.get_type_hints(cls, include_extras=True)


def keys(cls: type, hidden: Hidden = frozenset()) -> list[dataclasses.Field]:
    """The fields of a dataclass that a file may set."""
    return [f for f in dataclasses.fields(cls) if f.init and (cls, f.name) not in hidden]


def required(field: dataclasses.Field) -> bool:
    """Whether a file must set it."""
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def default(field: dataclasses.Field) -> Any:
    """Its default; only for fields that are not required."""
    return field.default if field.default is not dataclasses.MISSING else field.default_factory()


def about(cls: type) -> str:
    """What a dataclass is, in the first sentence of its docstring; empty where nobody wrote one."""
    text = " ".join((cls.__doc__ or "").strip().split("\n\n")[0].split())
    return "" if text.startswith(f"{cls.__name__}(") else text


@cache
def typed_dict(cls: type, hidden: Hidden = frozenset(), *, partial: bool = False) -> Any:
    """The keys of a dataclass as a TypedDict."""
    members = {}
    for field in keys(cls, hidden):
        told: dict[str, Any] = {"description": field.metadata.get("description")}
        if not required(field) and (plain := plain_default(field)) is not Ellipsis and not partial:
            told["json_schema_extra"] = {"default": plain}
        must = Required if required(field) and not partial else NotRequired
        members[field.name] = must[Annotated[annotated(hints(cls)[field.name], hidden), Field(**told)]]
    name = f"{cls.__module__.rpartition('.')[2].title()}Options" if cls.__name__ == "Options" else cls.__name__
    made = TypedDict(("Some" if partial else "") + name, members)  # type: ignore[operator]
    made.__pydantic_config__ = ConfigDict(extra="forbid")
    made.__doc__ = about(cls)
    made.__module__ = cls.__module__
    return made


def plain_default(field: dataclasses.Field) -> Any:
    """A default as YAML would say it; Ellipsis where it cannot be said shortly."""
    value = default(field)
    if isinstance(value, timedelta):
        return as_duration(value)
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, (tuple, list, frozenset)):
        return [getattr(v, "value", v) for v in value] if all(isinstance(v, (str, int)) for v in value) else Ellipsis
    if isinstance(value, Mapping):
        return dict(value) if not value else Ellipsis
    return value if value is None or isinstance(value, (str, int, float, bool)) else Ellipsis


def annotated(tp: Any, hidden: Hidden = frozenset()) -> Any:
    """The type that pydantic reads in place of a type of a dataclass."""
    if dataclasses.is_dataclass(tp):
        return Annotated[typed_dict(tp, hidden), AfterValidator(lambda values: tp(**values))]
    if isinstance(tp, type) and issubclass(tp, Enum):
        return tp
    if tp in SCALARS:
        return SCALARS[tp]
    origin, args = get_origin(tp), get_args(tp)
    if origin is Annotated:
        return Annotated[annotated(args[0], hidden), *args[1:]]
    if origin in (Union, types.UnionType):
        return _union(args, hidden)
    if origin is tuple and not (len(args) == 2 and args[1] is Ellipsis):
        return tuple[tuple(annotated(arg, hidden) for arg in args)]  # type: ignore[misc]
    if origin is tuple or (isinstance(origin, type) and issubclass(origin, (Sequence, list))):
        inner = annotated(args[0], hidden)
        return tuple[inner, ...] if origin is not list else list[inner]  # type: ignore[valid-type]
    if origin in (frozenset, set):
        return frozenset[annotated(args[0], hidden)]  # type: ignore[misc]
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return dict[annotated(args[0], hidden), annotated(args[1], hidden)]  # type: ignore[misc]
    return tp


def _union(args: Sequence[Any], hidden: Hidden) -> Any:
    branches = [arg for arg in args if arg is not types.NoneType]
    nullable = len(branches) < len(args)
    if len(branches) == 1:
        return annotated(branches[0], hidden) | None
    tagged = [Annotated[annotated(arg, hidden), Tag(TAG + shape_of(arg))] for arg in branches]
    if len({shape_of(arg) for arg in branches}) < len(branches):
        return Union[tuple(annotated(arg, hidden) for arg in args)]  # type: ignore[return-value]  # noqa: UP007
    union = Annotated[Union[tuple(tagged)], Discriminator(_tag)]  # type: ignore[valid-type]  # noqa: UP007
    return union | None if nullable else union


def _tag(value: Any) -> str | None:
    return next((TAG + name for kinds, name in _SHAPES if isinstance(value, kinds)), None)


def shape_of(tp: Any) -> str:
    """What a value of a type looks like in YAML: text, number, truth, list, map; any where it may be anything."""
    origin = get_origin(tp)
    if origin is Annotated:
        return shape_of(get_args(tp)[0])
    if origin is Literal:
        return {str: "text", bool: "truth"}.get(type(get_args(tp)[0]), "number")
    base = origin if isinstance(origin, type) else tp
    if dataclasses.is_dataclass(base) or (isinstance(base, type) and issubclass(base, Mapping)):
        return "map"
    if base is bool:
        return "truth"
    if base in (int, float):
        return "number"
    if base in (str, timedelta, time, date) or (isinstance(base, type) and issubclass(base, Enum)):
        return "text"
    return "list" if base in (tuple, list, frozenset, set, Sequence) else "any"
