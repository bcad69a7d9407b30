"""The kinds of source as the catalogue needs them: which there are, and the options and seeds of each."""

from __future__ import annotations

try:
    from crawler.kinds import KINDS, PLANNED
except ImportError:  # until the registry is there, the kinds' modules themselves
    from crawler.kinds import feed, listing, page

    KINDS = {"page": page, "listing": listing, "feed": feed}
    PLANNED = frozenset({"github", "arxiv", "mediawiki", "json", "sitemap"})

__all__ = ["KINDS", "PLANNED"]
