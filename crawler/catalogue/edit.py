"""Writing into a catalogue file at the place of a value; comments, order and layout stay as the analyst wrote them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from crawler.catalogue.located import read
from crawler.catalogue.tree import Node, Position
from crawler.errors import UsageError

BOM = b"\xef\xbb\xbf"


def write_thresholds(path: Path, thresholds: Mapping[str, float]) -> None:
    """Set the `threshold` of these triggers in a triggers.yml, in one go; UsageError when that cannot be done."""
    try:
        data = path.read_bytes()
        edited = with_thresholds(data, thresholds)
        _replace(path, edited)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({error.strerror}); copy it, and name it with --triggers"
        ) from error
    except ValueError as error:
        raise UsageError(f"{path}: {error}") from error


def with_thresholds(data: bytes, thresholds: Mapping[str, float]) -> bytes:
    """The bytes of a triggers.yml with these thresholds; everything else is left as it stands.

    The result is read again and compared: ValueError, which says what to do, unless it differs in nothing else.
    """
    before = _tree(data)
    edits = [_edit(trigger, thresholds) for trigger in before.child("triggers").items]
    lines = data.removeprefix(BOM).decode("utf-8").split("\n")
    # from the end, so that places before stay true
    for place, length, text in sorted((edit for edit in edits if edit), key=lambda edit: edit[0], reverse=True):
        row, column = place.line - 1, place.column - 1
        line = lines[row]
        if text.startswith("\n"):
            ending = "\r" if line.endswith("\r") else ""
            lines.insert(row + 1, text[1:] + ending)
        else:
            lines[row] = line[:column] + text + line[column + length :]
    edited = (BOM if data.startswith(BOM) else b"") + "\n".join(lines).encode("utf-8")
    if _without(edited, thresholds) != _without(data, thresholds) or _said(edited) != {**_said(data), **thresholds}:
        raise ValueError("its layout does not let a threshold be set by itself; write it in by hand")
    return edited


def _tree(data: bytes) -> Node:
    root, faults = read(data)
    if root is None or faults or root.child("triggers") is None:
        raise ValueError("has problems; `cruxwatch check` tells them")
    return root


def _edit(trigger: Node, thresholds: Mapping[str, float]) -> tuple[Position, int, str] | None:
    """(where, characters replaced, text) that sets one trigger's threshold; a text that begins with a line's end is a
    line of its own below."""
    named = trigger.child("id")
    if named is None or named.text not in thresholds:
        return None
    value = f"{thresholds[named.text]:g}"
    there = trigger.child("threshold")
    if there is not None:
        return there.position, len(there.text) + 2 * there.quoted, value
    key = trigger.entries["id"][0]
    if _in_braces(trigger):
        end = Position(named.position.line, named.position.column + len(named.text) + 2 * named.quoted)
        return end, 0, f", threshold: {value}"
    return key, 0, "\n" + " " * (key.column - 1) + f"threshold: {value}"


def _in_braces(trigger: Node) -> bool:
    """Whether a map is written {a: b}: its own place is then the brace, before its first key."""
    return min(place for place, _ in trigger.entries.values()) > trigger.position


def _said(data: bytes) -> dict[str, float]:
    plain = _tree(data).plain()
    return {t["id"]: t["threshold"] for t in plain["triggers"] if isinstance(t, dict) and "threshold" in t}


def _without(data: bytes, thresholds: Mapping[str, float]) -> object:
    """The values of a file but for these thresholds."""
    plain = _tree(data).plain()
    triggers = [
        {k: v for k, v in t.items() if k != "threshold" or t.get("id") not in thresholds} for t in plain["triggers"]
    ]
    return plain | {"triggers": triggers}


def _replace(path: Path, data: bytes) -> None:
    """Put the bytes in the file's place at once: a stop half way leaves the old file."""
    mode = path.stat().st_mode
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        Path(name).chmod(mode)
        Path(name).replace(path.resolve())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
