"""Pydantic's errors as sentences of ours: the thing, the value, the remedy."""

from __future__ import annotations

from typing import Any

from crawler.catalogue.address import nearest, shown
from crawler.catalogue.tree import Node

_WANTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "frozen_set_type": "a list",
    "dict_type": "a map",
    "mapping_type": "a map",
}
_REMEDIES = {
    "a list": "begin each item with '- ', or write [one, two]",
    "a map": "write key: value, one below the other, indented",
    "true or false": "write one of them, without quotes",
    "a whole number": "write digits, without quotes",
    "a number": "write digits, without quotes",
}


def sentence(error: dict[str, Any], node: Node | None, known: list[str]) -> str:
    """Say what is wrong at a place and what to do.

    `node`: the value there, None where it is missing. `known`: the keys that may stand beside it.
    """
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "said":
        return context["sentence"]
    if kind == "missing":
        return "is missing; add it"
    if kind == "extra_forbidden":
        name = str(error["loc"][-1])
        near = nearest(name, known)
        others = f"; known are {_listed(known)}" if known else "; there are none, delete it"
        return f"is not a key here{near or others}"
    if kind in _WANTED:
        return _wrong_shape(_WANTED[kind], node, error.get("input"))
    if kind in ("enum", "literal_error"):
        return _choice(str(context.get("expected", "")), error.get("input"), node)
    if kind in ("union_tag_not_found", "union_tag_invalid"):
        return _wrong_shape("another kind of value", node, error.get("input"))
    if kind == "value_error":
        return str(context.get("error", error["msg"]))
    return f"{shown(error.get('input'))} cannot be used: {_lowered(error['msg'])}; correct it"


def _wrong_shape(wanted: str, node: Node | None, value: Any) -> str:
    if node is not None and node.kind == "scalar":
        if value is None:
            return f"is empty; it must be {wanted}, or leave the key out"
        if wanted == "a text" and not node.quoted:
            meant = "true or false" if isinstance(value, bool) else "a number"
            return f"YAML reads {node.text[:60]} as {meant}; put it in quotes to make it a text"
        if wanted == "a list" and isinstance(value, str):
            return f"must be a list, not a text; write [{node.text[:60]}]"
        remedy = _REMEDIES.get(wanted, "see the reference")
        return f"must be {wanted}, not {shown(value)}; {remedy}"
    seen = "a list" if isinstance(value, list) else "a map" if isinstance(value, dict) else shown(value)
    if wanted == "a text":
        hint = "put it in quotes if it holds ': ', '{' or '['"
        return f"must be a text, not {seen}; {hint}"
    return f"must be {wanted}, not {seen}; {_REMEDIES.get(wanted, 'see the reference')}"


def _choice(expected: str, value: Any, node: Node | None) -> str:
    choices = [word.strip("' ") for part in expected.split(" or ") for word in part.split(",")]
    if value is None:
        return f"is empty; choose {_listed(choices, 'or')}"
    if isinstance(value, bool) and node is not None:
        return f"YAML reads {node.text[:60]} as true or false; choose {_listed(choices, 'or')}"
    near = nearest(str(value), choices)
    if near:
        return f"{shown(value)} is not one of {_listed(choices)}{near}"
    return f"{shown(value)} is unknown; choose {_listed(choices, 'or')}"


def _listed(words: list[str], joint: str = "and") -> str:
    words = sorted(words) if joint == "and" else words
    return f"{', '.join(words[:-1])} {joint} {words[-1]}" if len(words) > 1 else "".join(words)


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:].rstrip(".")
