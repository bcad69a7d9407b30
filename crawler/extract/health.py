"""Whether a response is the page it should be."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from crawler.errors import ReadingError
from crawler.extract.blocks import Block
from storage.records import Health


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a judgement on a page's health is made of."""

    root: etree._Element
    markup: str
    blocks: list[Block]
    title: str | None
    url: str
    final_url: str | None
    status: int


def check(page: Page) -> None:
    """Raise ReadingError when the page is not what it should be."""
    if not page.blocks:
        raise ReadingError(Health.EMPTY, "no visible text")
