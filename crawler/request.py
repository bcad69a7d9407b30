"""What request an ask is: the seam between a kind, which knows its service, and the crawl, which knows none.

The ask's `url` is the stable identity, by which the archive knows captures and documents; the request's may differ:
a date filled in, a form posted to it. Nothing here holds the value of a secret, only its name and where it goes: the
crawl reads the value when it sends the request, and writes it nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from storage.records import Ask

VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{1,63}")
TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}")
OURS = frozenset(
    """
    authorization connection content-length cookie host if-match if-modified-since if-none-match if-range
    proxy-authorization te trailer transfer-encoding upgrade user-agent x-api-key
    """.split()  # noqa: SIM905
)
"""Headers that a catalogue does not write: the crawl's own, and those that carry secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A key or token: the name of the environment variable that holds it, and where it goes."""

    env: str
    host: str
    """host or host:port, as in the address; it is sent nowhere else."""
    header: str | None = None
    prefix: str = ""
    """Before the value in the header, such as 'Bearer '."""
    parameter: str | None = None
    """Of the query, where it is no header."""
    required: bool = True
    """False: asked without it where the environment has none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as a kind wants it."""

    url: str
    method: Literal["GET", "POST"] = "GET"
    body: str | None = None
    """Sent as UTF-8."""
    headers: tuple[tuple[str, str], ...] = ()
    """Besides those of every request, or in their place; to the host of `url` only."""
    secret: Secret | None = None
    contact: str | None = None
    """Query parameter that takes our contact (Crossref's polite pool); None: only the User-Agent has it."""
    robots: bool = True
    """Whether robots.txt decides. A documented API is governed by its terms, which name its rate and its keys, and not
    by robots.txt, which is about crawling the pages of a site (RFC 9309, 1); so github, arxiv, mediawiki and json say
    False for their endpoint. The pages that an answer names are asked by robots.txt."""
    conditional: bool = True
    """Whether validators may go with it; never with a POST, nor where the address names a day."""

    def to_json(self) -> dict[str, Any]:
        """Give it in JSON types."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "secret"}
        secret = self.secret and {name: getattr(self.secret, name) for name in self.secret.__dataclass_fields__}
        return told | {"headers": [list(pair) for pair in self.headers], "secret": secret}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        """Read what `to_json` gave. Raises KeyError or TypeError for anything else."""
        secret = told["secret"] and Secret(**told["secret"])
        headers = tuple((str(name), str(value)) for name, value in told["headers"])
        return cls(**told | {"secret": secret, "headers": headers})


def plain(ask: Ask, options: object, now: datetime) -> Request:
    """GET the address of the ask, if robots.txt lets us: what most kinds want."""
    return Request(url=ask.url)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretOptions:
    """A key or token that requests carry; only its name stands in the catalogue."""

    env: str = field(metadata={"description": "Name of the environment variable that holds it, such as OPENALEX_KEY."})
    header: str | None = field(
        default=None, metadata={"description": "The header that carries it, such as Authorization."}
    )
    prefix: str = field(default="", metadata={"description": "What stands before it in the header, such as 'Bearer '."})
    parameter: str | None = field(
        default=None, metadata={"description": "The query parameter that carries it, where it is no header."}
    )
    required: bool = field(
        default=True,
        metadata={"description": "Whether nothing is asked without it; false: it only allows for more."},
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        if not VARIABLE.fullmatch(self.env):
            yield "env", "is no name of an environment variable; write its name in capitals, never its value"
        if (self.header is None) == (self.parameter is None):
            yield "header" if self.header else "env", "needs a header or a parameter to go into, and one of them only"
        for name in ("header", "parameter"):
            value = getattr(self, name)
            if value is not None and not TOKEN.fullmatch(value):
                yield name, f"{value!r} is no name of a {name}"
        if self.prefix and (self.header is None or not (self.prefix.isascii() and self.prefix.isprintable())):
            yield "prefix", "is for a header, and printable ASCII"

    def to(self, url: str) -> Secret:
        """Bind it to the host of an address."""
        return Secret(
            env=self.env,
            host=urlsplit(url).netloc.lower(),
            header=self.header,
            prefix=self.prefix,
            parameter=self.parameter,
            required=self.required,
        )


def header_problem(name: str, value: str) -> str | None:
    """Say what is wrong with a header of the catalogue; None: nothing."""
    if not TOKEN.fullmatch(name):
        return f"{name!r} is no name of a header"
    if name.lower() in OURS:
        return "is not for the catalogue to set; keys and tokens go under 'secret', by the name of their variable"
    if not (value.isascii() and value.isprintable()) or len(value) > 1000:
        return "must be printable ASCII in one line"
    return None
