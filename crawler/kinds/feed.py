"""A feed: RSS, Atom, RDF or JSON Feed; an entry is a document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What becomes of the entries of a feed."""

    fetch_entries: Literal["never", "short", "always"] = field(
        default="short",
        metadata={
            "description": "Which entries are fetched and read as pages: never; short: those whose text in the feed "
            "is a summary; always."
        },
    )
    limit: int = field(
        default=100, metadata={"description": "Most entries taken from one visit, in the order of the feed."}
    )
    revisit: timedelta | None = field(
        default=timedelta(weeks=4),
        metadata={"description": "How long after reading the page of an entry it is asked again; null: never."},
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        if not 1 <= self.limit <= 1000:
            yield "limit", f"{self.limit} is not between 1 and 1000"
        if self.revisit is not None and self.revisit < timedelta(hours=1):
            yield "revisit", "must be at least 1h, or null"
