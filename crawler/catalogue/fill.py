"""A tree of located values into a dataclass, with every problem at once.

What a dataclass cannot be filled from is reported; to go on and find what else is wrong, such places are then filled
with stand-ins. A dataclass may define `problems()`, yielding (relative path such as `match[2].en`, sentence); what it
says of a stand-in is left out.
"""

from __future__ import annotations

import dataclasses
import re
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import TypeAdapter, ValidationError

from crawler.catalogue import shape
from crawler.catalogue.sentences import sentence
from crawler.catalogue.tree import Node, Path

MOST_PER_FILE = 500
"""Problems told; a file with more is not the file it is taken for."""
_LEAVES = frozenset((str, int, float, bool, type(None)))
"""Types with no part that could be wrong in itself."""
_STEP = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something wrong at a path of the tree."""

    path: Path
    sentence: str
    at_key: bool = False
    """The key is to be shown, not its value."""


def fill(cls: type, node: Node, hidden: shape.Hidden = frozenset()) -> tuple[Any, list[Flaw]]:
    """Make a `cls` of the tree: (instance, nothing) or (instance with stand-ins, all that is wrong)."""
    value = node.plain()
    flaws: list[Flaw] = []
    try:
        made = shape.adapter(cls, hidden).validate_python(value)
    except ValidationError as error:
        flaws = list(_flaws(error, cls, node, hidden))
        made = _stand_in(cls, value, hidden)
    return made, [*flaws, *_own(made, node, flaws)]


def fill_some(cls: type, node: Node, base: Any, hidden: shape.Hidden = frozenset()) -> tuple[Any, list[Flaw]]:
    """The instance `base` with the keys of the tree in place of its own; problems of `base` itself are not told."""
    flaws: list[Flaw] = []
    values: dict[str, Any] = {}
    try:
        values = shape.overrides(cls, hidden).validate_python(node.plain())
    except ValidationError as error:
        flaws = list(_flaws(error, cls, node, hidden))
        known = {f.name: shape.hints(cls)[f.name] for f in shape.keys(cls, hidden)}
        for name, (_, below) in node.entries.items():
            if name in known and not any(flaw.path[:1] == (name,) for flaw in flaws):
                values[name] = _stand_in(known[name], below.plain(), hidden)
    made = dataclasses.replace(base, **values)
    return made, [*flaws, *(flaw for flaw in _own(made, node, flaws) if flaw.path and flaw.path[0] in values)]


def _flaws(error: ValidationError, cls: type, node: Node, hidden: shape.Hidden) -> Iterator[Flaw]:
    told: set[tuple[Path, str]] = set()
    for one in error.errors(include_url=False)[:MOST_PER_FILE]:
        path = _path(one["loc"], node, one["type"])
        where = path[:-1] if one["type"] == "extra_forbidden" else path
        known = [field.name for field in _fields(cls, where, hidden)]
        value = None if one["type"] == "missing" else _node(node, path)
        said = sentence(one, value, known)
        if (path, said) not in told:
            told.add((path, said))
            yield Flaw(path, said, at_key=one["type"] == "extra_forbidden")


def _path(loc: tuple[int | str, ...], node: Node, kind: str) -> Path:
    """The place of an error as a path of the tree: what pydantic adds for its own use is left out."""
    path: list[int | str] = []
    here: Node | None = node
    for number, step in enumerate(loc):
        below = here.child(step) if here is not None else None
        last_missing = number == len(loc) - 1 and kind == "missing"
        if below is None and not last_missing:
            continue
        path.append(step)
        here = below
    return tuple(path)


def _node(node: Node, path: Path) -> Node | None:
    here: Node | None = node
    for step in path:
        here = here.child(step) if here is not None else None
    return here


def _fields(tp: Any, path: Path, hidden: shape.Hidden) -> list[dataclasses.Field]:
    """The keys that may stand in the map at a path."""
    for kind in _branches(tp):
        if dataclasses.is_dataclass(kind):
            if not path:
                return shape.keys(kind, hidden)
            if path[0] in shape.hints(kind):
                return _fields(shape.hints(kind)[path[0]], path[1:], hidden)
        elif path and (args := get_args(kind)):
            found = _fields(args[-1] if isinstance(path[0], str) else args[0], path[1:], hidden)
            if found:
                return found
    return []


def _branches(tp: Any) -> tuple[Any, ...]:
    if get_origin(tp) is Annotated:
        return _branches(get_args(tp)[0])
    if get_origin(tp) in (Union, types.UnionType):
        return tuple(branch for arg in get_args(tp) for branch in _branches(arg))
    return (tp,)


def _own(made: Any, node: Node, flaws: list[Flaw]) -> Iterator[Flaw]:
    """What the dataclasses themselves say is wrong."""
    bad = [flaw.path for flaw in flaws]
    unknown = {flaw.path[:-1] for flaw in flaws if flaw.at_key}
    for path, one in _parts(made, ()):
        try:
            said = list(one.problems())
        except Exception:
            if bad:  # a stand-in broke it; what is wrong there has been told
                continue
            raise
        for relative, text in said[:MOST_PER_FILE]:
            place = path + steps(relative, _node(node, path))
            misspelt = path in unknown and _node(node, place) is None
            if not misspelt and not any(_overlap(place, other) for other in bad):
                yield Flaw(place, text)


def _overlap(one: Path, other: Path) -> bool:
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


def _parts(made: Any, path: Path) -> Iterator[tuple[Path, Any]]:
    """Every dataclass in an instance that can say what is wrong, with its path."""
    if hasattr(made, "__dataclass_fields__") and not isinstance(made, type):
        if hasattr(made, "problems"):
            yield path, made
        below = ((name, getattr(made, name)) for name in made.__dataclass_fields__)
    elif isinstance(made, Mapping):
        below = iter(made.items())
    elif isinstance(made, (tuple, list)):
        below = enumerate(made)
    else:
        return
    for step, value in below:
        if value.__class__ not in _LEAVES:
            yield from _parts(value, (*path, step))


def steps(relative: str, node: Node | None) -> Path:
    """The steps of `hosts.news.example[2].x`; a key of the tree may hold dots and brackets, the longest one wins."""
    if not relative:
        return ()
    if (index := _STEP.match(relative)) is not None:
        step = int(index.group(1))
        below = node.child(step) if node is not None else None
        return (step, *steps(relative[index.end() :].removeprefix("."), below))
    candidates = node.entries if node is not None else {}
    for key in sorted(candidates, key=len, reverse=True):
        rest = relative[len(key) :]
        if key and relative.startswith(key) and (not rest or rest[0] in ".["):
            return (key, *steps(rest.removeprefix("."), candidates[key][1]))
    key = re.match(r"[^.\[]*", relative).group()
    rest = relative[len(key) :] if key else ""
    return (key or relative, *steps(rest.removeprefix("."), None))


def _stand_in(tp: Any, value: Any, hidden: shape.Hidden) -> Any:
    """As much of a value as its type takes; a harmless stand-in for the rest."""
    tp = next(iter([kind for kind in _branches(tp) if kind is not types.NoneType]), tp)
    if dataclasses.is_dataclass(tp):
        given = value if isinstance(value, Mapping) else {}
        values = {}
        for field in dataclasses.fields(tp):
            hint = shape.hints(tp)[field.name]
            if field.name in given and (tp, field.name) not in hidden:
                values[field.name] = _stand_in(hint, given[field.name], hidden)
            elif shape.required(field):
                values[field.name] = _stand_in(hint, None, hidden)
        try:
            return tp(**values)
        except (ValueError, TypeError):
            return None
    origin, args = get_origin(tp), get_args(tp)
    if origin in (tuple, list) and args and (origin is list or args[-1] is Ellipsis):
        parts = [_stand_in(args[0], item, hidden) for item in value] if isinstance(value, list) else []
        return origin(parts)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        parts = value if isinstance(value, Mapping) else {}
        return {key: _stand_in(args[-1], item, hidden) for key, item in parts.items()}
    try:
        return TypeAdapter(shape.annotated(tp, hidden)).validate_python(value)
    except ValidationError:
        pass
    if isinstance(tp, type) and issubclass(tp, Enum):
        return next(iter(tp))
    if tp in (int, float, bool, str) or (isinstance(tp, type) and tp in shape.SCALARS):
        return tp(minutes=60) if tp.__name__ == "timedelta" else _blank(tp)
    return None


def _blank(tp: type) -> Any:
    return tp(2000, 1, 1) if tp.__name__ == "date" else tp()
