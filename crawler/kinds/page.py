"""A page: one address, one document."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """A page needs none; what text counts is said under `text`."""

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        yield from ()
