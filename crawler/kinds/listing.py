"""A listing: a page that names items, each a document of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from crawler.extract.options import SelectorProblem, compile_selector
from crawler.kinds.urls import pattern_problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Which links of a listing are its items, and what becomes of them."""

    items: tuple[str, ...] = field(
        default=(),
        metadata={
            "description": "CSS selectors or XPath 1.0 expressions of the items: links, or boxes that hold them. "
            "Empty: every link of the page."
        },
    )
    match: tuple[str, ...] = field(
        default=(),
        metadata={"description": "Patterns (RE2); the address of an item must hold one of them. Empty: any will do."},
    )
    skip: tuple[str, ...] = field(
        default=(), metadata={"description": "Patterns (RE2); an address that holds one of them is no item."}
    )
    same_site: bool = field(
        default=True, metadata={"description": "Whether only links to the site of the listing are items."}
    )
    limit: int = field(
        default=50, metadata={"description": "Most items taken from one visit, in the order of the page."}
    )
    pages: str | None = field(
        default=None,
        metadata={
            "description": "How to find further pages: a selector of the link to the next one, or an address with "
            "{page} in it, which is asked for pages 2, 3 and on. Null: there are none."
        },
    )
    max_pages: int = field(default=1, metadata={"description": "Most pages read, the first included."})
    fetch_items: bool = field(
        default=True,
        metadata={"description": "Whether the items are fetched and read as pages; false: their titles are enough."},
    )
    revisit: timedelta | None = field(
        default=timedelta(weeks=4),
        metadata={"description": "How long after reading an item it is asked again; null: never."},
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        for position, selector in enumerate(self.items):
            if problem := _selector_problem(selector):
                yield f"items[{position}]", problem
        for name in ("match", "skip"):
            for position, pattern in enumerate(getattr(self, name)):
                if problem := pattern_problem(pattern):
                    yield f"{name}[{position}]", problem
        if not 1 <= self.limit <= 500:
            yield "limit", f"{self.limit} is not between 1 and 500"
        if not 1 <= self.max_pages <= 50:
            yield "max_pages", f"{self.max_pages} is not between 1 and 50"
        if self.pages is not None and "{page}" not in self.pages and (problem := _selector_problem(self.pages)):
            yield "pages", f"{problem}; or write an address with {{page}} in it"
        if self.max_pages > 1 and self.pages is None:
            yield "max_pages", "needs 'pages', which says how further pages are found"
        if self.revisit is not None and self.revisit < timedelta(hours=1):
            yield "revisit", "must be at least 1h, or null"


def _selector_problem(selector: str) -> str | None:
    try:
        compile_selector(selector)
    except SelectorProblem as problem:
        return str(problem)
    return None
