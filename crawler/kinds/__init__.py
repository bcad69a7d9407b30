"""Kinds of source: what to ask, and how to read the answer. Pure: no network, files, clock or randomness.

A kind is a module with four names; to add one, write it and name it in KINDS:

    Options                                     a dataclass; `problems()` yields (relative path, sentence)
    seeds(url, more, options)                   the addresses to ask, each with its document's key, or None
    request(ask, options, now)                  the Request that an ask is; `request.plain` for most
    read(capture, body, ask, options, text_options, language)   a Result; bad answers are its health
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from crawler.extract import TextOptions
from crawler.kinds import arxiv, feed, github, json, listing, mediawiki, page, sitemap
from crawler.kinds.result import NewAsk, Result
from crawler.request import Request, Secret
from storage.records import Ask, Capture


class KindOptions(Protocol):
    """What the catalogue may say about a source of a kind."""

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        ...


class Kind(Protocol):
    """What a kind's module offers."""

    Options: type[KindOptions]

    def seeds(self, url: str, more: Sequence[str], options: Any) -> tuple[tuple[str, str | None], ...]:
        """Give the addresses to ask, each with its document's key."""
        ...

    def request(self, ask: Ask, options: Any, now: datetime) -> Request:
        """Say what request an ask is at that time."""
        ...

    def read(
        self,
        capture: Capture,
        body: bytes,
        ask: Ask,
        options: Any,
        text_options: TextOptions,
        language: str | None,
    ) -> Result:
        """Read one answer."""
        ...


KINDS: dict[str, Kind] = {
    "page": page,
    "listing": listing,
    "feed": feed,
    "sitemap": sitemap,
    "json": json,
    "arxiv": arxiv,
    "mediawiki": mediawiki,
    "github": github,
}

__all__ = ["KINDS", "Kind", "NewAsk", "Request", "Result", "Secret"]
