"""JSON Schemas of both files, generated from the dataclasses; editors complete and check with them.

`python -m crawler.catalogue.schema` writes them beside this module. Draft 7, which yaml-language-server reads best.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from crawler.catalogue import shape
from crawler.catalogue.loading import HIDDEN
from crawler.catalogue.model import Settings, SourceEntry
from crawler.fetch.options import FetchOptions
from crawler.kinds import KINDS
from crawler.match.model import Assessment

DRAFT = "http://json-schema.org/draft-07/schema#"
FOLDER = Path(__file__).parent
FILES = ("sources", "triggers")
OWN_KEYS = {"^x-": {"description": "Left alone: a place for YAML anchors."}}


class _Plain(GenerateJsonSchema):
    """Without the titles that pydantic makes of keys."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False


def sources() -> dict[str, Any]:
    """The schema of sources.yml; options are completed by the kind."""
    settings, found = _of(shape.adapter(Settings, HIDDEN))
    entry, more = _of(shape.adapter(SourceEntry, HIDDEN))
    fetch, extra = _of(shape.overrides(FetchOptions, HIDDEN))
    found |= more | extra
    _settle(entry, fetch, found)
    return {
        "$schema": DRAFT,
        "title": "sources.yml of Cruxwatch",
        "type": "object",
        "additionalProperties": False,
        "required": ["settings", "sources"],
        "patternProperties": OWN_KEYS,
        "properties": {
            "settings": settings,
            "sources": {"type": "array", "minItems": 1, "items": entry, "description": "What is watched."},
        },
        "definitions": dict(sorted(found.items())),
    }


def triggers() -> dict[str, Any]:
    """The schema of triggers.yml."""
    body, found = _of(shape.adapter(Assessment))
    head = {"$schema": DRAFT, "title": "triggers.yml of Cruxwatch"}
    return {**head, **body, "patternProperties": OWN_KEYS, "definitions": dict(sorted(found.items()))}


def _settle(entry: dict[str, Any], fetch: dict[str, Any], found: dict[str, Any]) -> None:
    """Let a source override some of the settings, and its kind decide what its options are."""
    keys = entry["properties"]
    keys["fetch"] = fetch | {"description": keys["fetch"]["description"]}
    keys["kind"] = {"enum": list(KINDS), "description": keys["kind"]["description"]}
    keys["id"]["pattern"] = "^[a-z0-9]+([-_.][a-z0-9]+)*$"
    keys["options"] = {"description": keys["options"]["description"]}
    entry["allOf"] = []
    for name, kind in KINDS.items():
        options, more = _of(shape.adapter(kind.Options))
        found |= more
        keep = {"properties": {"options": {"anyOf": [options, {"type": "null"}]}}}
        is_it = {"properties": {"kind": {"const": name}}, "required": ["kind"]}
        entry["allOf"].append({"if": is_it, "then": keep})


def _of(adapter: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schema with its reference resolved, and the definitions it needs."""
    whole = adapter.json_schema(schema_generator=_Plain, ref_template="#/definitions/{model}")
    found = whole.pop("$defs", {})
    if (name := whole.pop("$ref", "").rpartition("/")[2]) in found:
        whole = found.pop(name) | whole
    whole.pop("title", None)
    for definition in found.values():
        definition.pop("title", None)
    return whole, found


def written(name: str) -> str:
    """The text of a shipped schema file."""
    made = {"sources": sources, "triggers": triggers}[name]()
    return json.dumps(made, ensure_ascii=False, indent=1) + "\n"


def path(name: str) -> Path:
    """Where a shipped schema file stands."""
    return FOLDER / f"{name}.schema.json"


if __name__ == "__main__":
    for each in FILES:
        path(each).write_text(written(each), encoding="utf-8")
