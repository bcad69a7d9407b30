"""YAML text to a tree that knows where each key and value stands.

Read event by event, so that depth, size and what aliases expand to are bounded before anything is built. The types are
those of YAML 1.1's safe schema (null, true and false in all its spellings, numbers) with two exceptions, both as in
YAML 1.2: dates and 12:30 stay text. Keys are always text. `<<` merges. Lines and columns count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.reader import Reader
from yaml.resolver import Resolver

from crawler.catalogue.faults import syntax_sentence
from crawler.catalogue.tree import Fault, Node, Position

LONGEST_PATH = 120
"""Characters of a path in a message."""
MERGE = "\0merge"
"""Stands for the key `<<`, which is no key."""
LARGEST = 5_000_000
"""Bytes of a file."""
DEEPEST = 40
MOST_NODES = 200_000
"""Values and keys, aliases expanded."""

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_QUOTES = ("'", '"', "|", ">")
_PLAIN_TAG = "tag:yaml.org,2002:"
_SCALAR_TAGS = frozenset(("!", *(_PLAIN_TAG + name for name in ("str", "int", "float", "bool", "null"))))
_COLLECTION_TAGS = frozenset(("!", _PLAIN_TAG + "seq", _PLAIN_TAG + "map"))


def read(data: bytes) -> tuple[Node | None, list[Fault]]:
    """Read a file's bytes; the tree is None when it cannot be made at all. Never raises for what the bytes are."""
    start = Position(1, 1)
    if len(data) > LARGEST:
        return None, [Fault(start, f"the file has {len(data)} bytes; {LARGEST} are allowed. Split or shorten it")]
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        return None, [Fault(_position(before), "this is not UTF-8; save the file as UTF-8")]
    text = text.replace("\r\n", "\n")
    if odd := Reader.NON_PRINTABLE.search(text):
        sentence = f"the control character U+{ord(odd.group()):04X} cannot stand in YAML; delete it"
        return None, [Fault(_position(text[: odd.start()]), sentence)]
    return _Builder(text).build()


def _position(before: str) -> Position:
    return Position(before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)


class _Stop(Exception):
    """Nothing sensible can be read beyond this fault."""


@dataclass(slots=True)
class _Open:
    """A list or map whose end has not come yet."""

    node: Node
    """Its items or entries are the ones below."""
    anchor: str | None
    items: list[Node]
    entries: dict[str, tuple[Position, Node]]
    key: tuple[str | None, Position] | None = None
    merges: list[tuple[Position, Node]] = field(default_factory=list)


class _Builder:
    """Makes the tree from the events of one file."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.faults: list[Fault] = []
        self.anchors: dict[str, Node | None] = {}
        self.stack: list[_Open] = []
        self.root: Node | None = None
        self.documents = 0
        self.nodes = 0
        self.scalars = _Scalars()

    def build(self) -> tuple[Node | None, list[Fault]]:
        loader = Loader(self.text)
        try:
            while (event := loader.get_event()) is not None:
                self._take(event)
        except _Stop:
            self.root = None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            place = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
            opened = Position(error.context_mark.line + 1, 1) if error.context_mark else place
            sentence = syntax_sentence(str(error.problem), str(error.context or ""), self.text, place, opened)
            self.fault(place, sentence)
            self.root = None
        except (yaml.YAMLError, ValueError, RecursionError) as error:
            self.faults.append(
                Fault(Position(1, 1), f"cannot be read as YAML ({type(error).__name__}); check its start")
            )
            self.root = None
        finally:
            loader.dispose()
        if self.root is None and not self.faults:
            self.faults.append(Fault(Position(1, 1), "the file is empty; begin with the keys that the reference names"))
        return self.root, self.faults

    def _take(self, event: yaml.Event) -> None:
        mark = event.start_mark
        place = Position(mark.line + 1, mark.column + 1)
        if isinstance(event, yaml.ScalarEvent):  # most are
            if event.tag is not None:
                self._tag(event.tag, place, _SCALAR_TAGS)
            value, quoted = self.scalars.value(event), event.style in _QUOTES
            node = Node("scalar", place, value, event.value, quoted)
            if event.anchor:
                self.anchors[event.anchor] = node
            self._put(node, place)
        elif isinstance(event, yaml.CollectionStartEvent):
            self._open(event, place)
        elif isinstance(event, yaml.CollectionEndEvent):
            self._close()
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event.anchor, place)
        elif isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._stop(place, "a second document begins here; keep one, without '---' between")

    def _open(self, event: yaml.CollectionStartEvent, place: Position) -> None:
        if event.tag is not None:
            self._tag(event.tag, place, _COLLECTION_TAGS)
        if len(self.stack) >= DEEPEST:
            self._stop(place, f"this is nested more than {DEEPEST} deep; flatten it")
        if event.anchor:
            self.anchors[event.anchor] = None
        items: list[Node] = []
        entries: dict[str, tuple[Position, Node]] = {}
        if isinstance(event, yaml.SequenceStartEvent):
            node = Node("list", place, items=items)
        else:
            node = Node("map", place, entries=entries)
        self.stack.append(_Open(node, event.anchor, items, entries))

    def fault(self, place: Position, sentence: str, key: str | None = None) -> None:
        """Note what is wrong; `key`: of the innermost open map, where its value is not to come."""
        self.faults.append(Fault(place, sentence, self._path(key) or "file"))

    def _path(self, key: str | None) -> str:
        """Where we are, as sources.institute.title or sources[3].title; an item goes by its id once that is read."""
        out = ""
        for depth, opened in enumerate(self.stack):
            if opened.node.kind == "list":
                inner = self.stack[depth + 1].node if depth + 1 < len(self.stack) else opened.node
                name = inner.child("id")
                known = name is not None and isinstance(name.value, str) and name.value
                out += f".{name.value[:80]}" if known else f"[{len(opened.node.items)}]"
            elif depth + 1 == len(self.stack) and key is not None:
                out += f".{key[:80]}"
            elif opened.key is not None and opened.key[0] is not None:
                out += f".{opened.key[0].replace(MERGE, '<<')[:80]}"
        out = out.removeprefix(".")
        return out if len(out) <= LONGEST_PATH else out[:LONGEST_PATH] + "…"

    def _stop(self, place: Position, sentence: str) -> None:
        self.fault(place, sentence)
        raise _Stop

    def _tag(self, tag: str, place: Position, allowed: frozenset[str]) -> None:
        if tag not in allowed:
            name = tag.replace(_PLAIN_TAG, "!!")[:60]
            self.fault(place, f"the tag {name} is not allowed here; delete it and write a plain value")

    def _alias(self, anchor: str, place: Position) -> None:
        if anchor not in self.anchors:
            self._stop(place, f"*{anchor} names no anchor above; write &{anchor} before a value, or correct the name")
        node = self.anchors[anchor]
        if node is None:
            self._stop(place, f"*{anchor} stands inside what it names, so it would never end; write the value out")
        if len(self.stack) + node.height > DEEPEST:
            self._stop(place, f"with *{anchor} this is nested more than {DEEPEST} deep; flatten it")
        self._put(node, place)

    def _put(self, node: Node, place: Position) -> None:
        """Put a finished value where it belongs: the root, a list, or a map's key or value."""
        self.nodes += node.size
        if self.nodes > MOST_NODES:
            self._stop(place, f"with its aliases the file holds more than {MOST_NODES} values; shorten it")
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if top.node.kind == "list":
            top.items.append(node)
        elif top.key is None:
            top.key = (self._key(node, place), place)
        else:
            self._entry(top, node)
        top.node.size += node.size
        if node.height >= top.node.height:
            top.node.height = node.height + 1

    def _key(self, node: Node, place: Position) -> str | None:
        if node.kind != "scalar":
            self.fault(place, f"a {node.kind} cannot be a key; write a word")
            return None
        if not node.text and not node.quoted:
            self.fault(place, "a key is missing before the colon; write one")
            return None
        return MERGE if node.text == "<<" and not node.quoted else node.text

    def _entry(self, top: _Open, node: Node) -> None:
        (key, place), top.key = top.key, None
        if key == MERGE:
            for source in node.items if node.kind == "list" else [node]:
                if source.kind != "map":
                    self.fault(place, "<< merges maps only; write <<: *name, with &name before a map")
                else:
                    top.merges.append((place, source))
        elif key in top.entries:
            first = top.entries[key][0]
            sentence = f"the key {key!r} stands here a second time, first in line {first.line}, column {first.column}"
            self.fault(place, f"{sentence}; delete or rename one", key)
        elif key is not None:
            top.entries[key] = (place, node)

    def _close(self) -> None:
        top = self.stack.pop()
        for _, source in top.merges:
            for key, entry in source.entries.items():
                top.entries.setdefault(key, entry)
        if top.anchor:
            self.anchors[top.anchor] = top.node
        self.nodes -= top.node.size - 1  # its parts have been counted one by one
        self._put(top.node, top.node.position)


class _Scalars(SafeConstructor, Resolver):
    """The value of a scalar by the safe schema."""

    def __init__(self) -> None:
        SafeConstructor.__init__(self)
        Resolver.__init__(self)

    def value(self, event: yaml.ScalarEvent) -> Any:
        tag = event.tag
        if tag is None and (not event.implicit[0] or self._is_text(event.value)):
            return event.value
        if tag is None or tag == "!":
            tag = self.resolve(yaml.ScalarNode, event.value, event.implicit)
        name = tag.rpartition(":")[2]
        if name not in ("int", "float", "bool", "null") or ":" in event.value or len(event.value) > 400:
            return event.value
        try:
            return getattr(self, f"construct_yaml_{name}")(yaml.ScalarNode(tag, event.value))
        except (ValueError, KeyError, IndexError, OverflowError):
            return event.value

    def _is_text(self, plain: str) -> bool:
        """True for what surely is no number, truth or null: they hold no blank, and none begins so."""
        return " " in plain or plain[:1] not in self.yaml_implicit_resolvers
