"""Which blocks of a page are its main text: trafilatura votes, the structure of the page decides.

trafilatura alone drops lists of members as boilerplate, reads half of a table and takes another container at the next
visit. Its choice is therefore only a vote on our own blocks: it finds the container; everything in that container
which is no furniture is main text. On pages that it hardly reads (indexes, lists) the structure decides alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from lxml import etree
from trafilatura import bare_extraction
from trafilatura.settings import use_config

from crawler.extract.blocks import Block
from crawler.extract.zones import Zone, Zones

LARGEST_FOR_VOTE = 1_500_000
"""Characters of markup above which trafilatura is not asked: it is superlinear on broken giants."""
MOST_ELEMENTS_FOR_VOTE = 30_000

_CONFIG = use_config()
# in characters tuned for Latin text by default (250): a short Chinese notice is shorter than that
_CONFIG.set("DEFAULT", "MIN_EXTRACTED_SIZE", "80")
_CONFIG.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
_CONFIG.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")  # signals belong to nobody in a library

_NOT_WORD = re.compile(r"[\W_]+")


@dataclass(slots=True)
class Choice:
    """Blocks chosen, and by what."""

    main: list[bool]
    how: str
    """vote, structure or all."""


def _key(text: str) -> str:
    return _NOT_WORD.sub("", text).lower()


def vote(root: etree._Element, blocks: list[Block]) -> list[bool]:
    """Which blocks trafilatura takes into the main text."""
    document = bare_extraction(
        root,
        fast=True,
        include_comments=False,
        include_tables=True,
        deduplicate=False,
        favor_recall=False,
        config=_CONFIG,
    )
    body = getattr(document, "body", None)
    if body is None:
        return [False] * len(blocks)
    text = _key("".join(body.itertext()))
    votes = []
    at = 0
    for block in blocks:
        key = _key("".join(block.lines))
        if not key:
            votes.append(False)
            continue
        found = text.find(key, at, at + 400 + 2 * len(key))
        if found < 0 and len(key) > 60:
            # it drops a word here and there (links, emphasis): the beginning or the end is enough
            found = text.find(key[:40], at, at + 3000)
            if found < 0:
                found = text.find(key[-40:], at, at + 3000 + len(key))
        votes.append(found >= 0)
        if found >= 0:
            at = found + (len(key) if text.startswith(key, found) else 40)
    return votes


def choose(root: etree._Element, blocks: list[Block], *, markup_size: int, elements: int) -> Choice:
    """Mark the blocks of the main text."""
    weights: dict[etree._Element, int] = defaultdict(int)
    total = 0
    for block in blocks:
        total += block.size
        element = block.element
        while element is not None:
            weights[element] += block.size
            element = element.getparent()
    if not total:
        return Choice(main=[True] * len(blocks), how="all")
    zones = Zones(weights, total)
    zone = [zones.of(b.element) for b in blocks]
    votes = [False] * len(blocks)
    if markup_size <= LARGEST_FOR_VOTE and elements <= MOST_ELEMENTS_FOR_VOTE:
        votes = vote(root, blocks)
    content = [b.size if z is Zone.NONE else 0 for b, z in zip(blocks, zone, strict=True)]
    voted = [b.size if v and z is not Zone.HARD else 0 for b, v, z in zip(blocks, votes, zone, strict=True)]
    if sum(voted) >= 0.25 * sum(content) and sum(voted) > 60:
        container = _lowest(blocks, voted, 0.85, root)
        inside = _inside(blocks, container)
        main = [i and (v or z is Zone.NONE) and z is not Zone.HARD for i, v, z in zip(inside, votes, zone, strict=True)]
        return Choice(main=[m or (w > 0) for m, w in zip(main, voted, strict=True)], how="vote")
    weighed = [c - b.linked // 2 if c else 0 for c, b in zip(content, blocks, strict=True)]
    if not sum(weighed):
        return Choice(
            main=[z is not Zone.HARD for z in zone] if any(z is not Zone.HARD for z in zone) else [True] * len(blocks),
            how="all",
        )
    container = _lowest(blocks, weighed, 0.8, root)
    inside = _inside(blocks, container)
    return Choice(main=[i and z is Zone.NONE for i, z in zip(inside, zone, strict=True)], how="structure")


def _lowest(blocks: list[Block], sizes: list[int], share: float, root: etree._Element) -> etree._Element:
    """The lowest element that holds at least `share` of the sizes."""
    held: dict[etree._Element, int] = defaultdict(int)
    for block, size in zip(blocks, sizes, strict=True):
        if size:
            element = block.element
            while element is not None:
                held[element] += size
                element = element.getparent()
    wanted = share * sum(sizes)
    best, depth = root, -1
    for element, size in held.items():
        if size >= wanted:
            here = sum(1 for _ in element.iterancestors())
            if here > depth:
                best, depth = element, here
    return best


def _inside(blocks: list[Block], container: etree._Element) -> list[bool]:
    known: dict[etree._Element, bool] = {}
    out = []
    for block in blocks:
        chain = []
        element = block.element
        while element is not None and element not in known and element is not container:
            chain.append(element)
            element = element.getparent()
        answer = element is container or (element is not None and known[element])
        for passed in chain:
            known[passed] = answer
        out.append(answer)
    return out
