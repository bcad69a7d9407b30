"""Values that know where they stand in their file. Lines and columns count from 1, in characters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

Path = tuple[str | int, ...]
Kind = Literal["scalar", "list", "map"]


class Position(NamedTuple):
    """A place in a file; a tuple, since a file has tens of thousands and nothing is made faster."""

    line: int
    column: int


_NONE: Mapping[Any, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong at a place of the file."""

    position: Position
    sentence: str
    path: str = "file"
    """Of what was being read there, as messages spell it."""


@dataclass(slots=True, eq=False)
class Node:
    """A value: where it stands, what it is, and how it was written."""

    kind: Kind
    position: Position
    value: Any = None
    """Of a scalar: text, number, truth or None."""
    text: str = ""
    """Of a scalar: as written."""
    quoted: bool = False
    items: Sequence[Node] = ()
    entries: Mapping[str, tuple[Position, Node]] = field(default_factory=lambda: _NONE)
    """Of a map: where the key stands, and its value."""
    size: int = 1
    """Values and keys in it, aliases expanded."""
    height: int = 1

    def plain(self) -> Any:
        """The value without positions; what an alias names is shared, not copied."""
        return _plain(self, {})

    def child(self, step: str | int) -> Node | None:
        """The value under a key or at an index; None: there is none."""
        if isinstance(step, int):
            return self.items[step] if self.kind == "list" and 0 <= step < len(self.items) else None
        entry = self.entries.get(step) if self.kind == "map" else None
        return entry[1] if entry else None

    def at(self, path: Path, *, key: bool = False) -> Position:
        """Where the value of a path stands, or its key; where the path ends early, the last of it that is there."""
        node, place = self, self.position
        for step in path:
            if (below := node.child(step)) is None:
                break
            place = node.entries[step][0] if key and isinstance(step, str) else below.position
            node = below
        return place

    def without(self, *keys: str) -> Node:
        """The same map less some keys."""
        rest = {name: entry for name, entry in self.entries.items() if name not in keys}
        return Node(kind=self.kind, position=self.position, entries=rest, items=self.items, value=self.value)


def _plain(node: Node, done: dict[int, Any]) -> Any:
    if node.kind == "scalar":
        return node.value
    made = done.get(id(node))
    if made is None:
        if node.kind == "list":
            made = [item.value if item.kind == "scalar" else _plain(item, done) for item in node.items]
        else:
            made = {key: _plain(value, done) for key, (_, value) in node.entries.items()}
        done[id(node)] = made
    return made
