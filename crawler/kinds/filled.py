"""Templates of requests, and the identity of asks that differ by what is filled in.

The seed of a service is the address of the catalogue; what tells its asks apart stands in the fragment, which is never
sent: `https://api.example/works#each=Alibaba&page=2`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urldefrag, urlencode

NAMES = ("since", "today", "each", "page", "offset", "cursor")
HOLE = re.compile(r"\{(" + "|".join(NAMES) + r")\}")
"""Only these names: GraphQL has braces of its own."""


def identified(url: str, told: Mapping[str, str]) -> str:
    """Give an address with its fragment saying what is filled in."""
    base = urldefrag(url)[0]
    return f"{base}#{urlencode(told)}" if told else base


def told_by(url: str) -> dict[str, str]:
    """Read what `identified` wrote."""
    return dict(parse_qsl(urldefrag(url)[1], keep_blank_values=True))


def days(now: datetime, back: timedelta) -> dict[str, str]:
    """The days that {since} and {today} stand for, in UTC."""
    return {"since": (now - back).strftime("%Y-%m-%d"), "today": now.strftime("%Y-%m-%d")}


def fill(template: Any, values: Mapping[str, str]) -> Any:
    """Fill a template, or every text in lists and maps; a text that is a hole without a value becomes None."""
    if isinstance(template, str):
        whole = HOLE.fullmatch(template)
        if whole and whole.group(1) not in values:
            return None
        return HOLE.sub(lambda hole: values.get(hole.group(1), ""), template)
    if isinstance(template, Mapping):
        return {name: fill(value, values) for name, value in template.items()}
    if isinstance(template, (list, tuple)):
        return [fill(value, values) for value in template]
    return template


def holes(template: Any) -> set[str]:
    """The names that a template, or texts in lists and maps, have holes for."""
    if isinstance(template, str):
        return set(HOLE.findall(template))
    if isinstance(template, Mapping):
        template = list(template.values())
    return set().union(*map(holes, template)) if isinstance(template, (list, tuple)) else set()


def with_query(url: str, query: Mapping[str, str | None]) -> str:
    """Give an address with parameters added; those without a value are left out."""
    given = urlencode({name: value for name, value in query.items() if value is not None})
    base = urldefrag(url)[0]
    return base + ("&" if "?" in base else "?") + given if given else base
