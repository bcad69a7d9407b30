"""Rules that call a difference noise, each with its name."""

from __future__ import annotations

from crawler.change.diff import Difference


def rule_of(difference: Difference) -> str | None:
    """The name of the rule that calls the difference noise; None: it is none."""
    return None
