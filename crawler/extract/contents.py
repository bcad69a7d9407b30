"""What reading a file yields, whatever its format: lines in the one text form, and what the file says about itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """A file as it was read. Plain strings only: it travels between processes as JSON."""

    lines: tuple[str, ...]
    """In the one text form."""
    beside: tuple[str, ...] = ()
    """What repeats on every page (running heads and feet): visible, but no part of what is said."""
    title: str | None = None
    author: str | None = None
    dated: str | None = None
    """When the file was last saved, by its own word; never the date of publication."""
    detail: str | None = None
    """What was left out; None: nothing."""
    extractor: str
