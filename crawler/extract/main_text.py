"""Which blocks of a page are its main text: the structure of the page decides, trafilatura votes where it is not clear.

Where paragraphs in one element are nearly all there is, the structure is clear and nobody is asked. Elsewhere
trafilatura alone drops lists of members as boilerplate, reads half of a table and takes another container at the next
visit. Its choice is therefore only a vote on our own blocks: it finds the container; everything in that container
which is no furniture is main text. On pages that it hardly reads (indexes, lists) the structure decides alone.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from lxml import etree
from trafilatura import bare_extraction
from trafilatura.settings import use_config

from crawler.extract.blocks import Block
from crawler.extract.zones import Zone, Zones, declares, is_region, leads_away

LARGEST_FOR_VOTE = 1_500_000
"""Characters of markup above which trafilatura is not asked: it is superlinear on broken giants."""
MOST_ELEMENTS_FOR_VOTE = 30_000
SEARCHED = 300_000_000
"""Characters searched for blocks of one page before the search is given up."""

MOSTLY = 0.5
"""Share of what is no furniture that makes a vote decide, whatever it voted for."""
SOME = 0.1
SOME_CJK = 0.05
"""Share that is enough when at least `PROSE` of it are paragraphs; below, the page is an index: structure decides."""
PROSE = 400
PARAGRAPH = 80
"""Letters; a Chinese character counts as two and a half."""
CLEAR = 800
"""Letters of paragraphs from which the structure may leave no doubt."""
CLEAR_PROSE = 0.5
"""Share of what is no furniture that must then be paragraphs …"""
CLEAR_SHARE = 0.8
"""… and share of the element chosen. Measured with the vote and without: the same main text or a better one."""
DECLARED = 250
"""Letters that are no links from which an element called main is believed to hold all of the main text."""
MOST_DECLARED = 20
MOST_OTHERS = 20
"""Headings about other pages that are heeded on one page."""
HOLDS_VOTES = 0.3
"""An element with this share of the votes is no furniture, whatever it is called."""

_CONFIG = use_config()
# in characters tuned for Latin text by default (250): a short Chinese notice is shorter than that; below 160 its
# precise mode was measured to fall for boxes about other articles
_CONFIG.set("DEFAULT", "MIN_EXTRACTED_SIZE", "160")
_CONFIG.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
_CONFIG.set("DEFAULT", "EXTRACTION_TIMEOUT", "0")  # signals belong to nobody in a library

_IS_CJK = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")


@dataclass(slots=True)
class Choice:
    """What each block is."""

    main: list[bool]
    furniture: list[bool]
    """Navigation, footer, dialogs, boxes about other pages; never main."""
    beside: list[bool]
    """Furniture that speaks in paragraphs of its own: a notice, a note at the side. Not what is linked, asked in a
    form, or about something else."""
    how: str
    """clear, vote, structure, all or select."""


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text)).lower()


def vote(root: etree._Element, blocks: list[Block], *, cjk: bool = False) -> list[bool]:
    """Which blocks trafilatura takes into the main text; in Chinese its precise mode reads best."""
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
    pieces = {
        _key("".join(element.itertext())) for element in body.iter("p", "head", "item", "row", "cell", "quote", "code")
    }
    text = _key("".join(body.itertext()))
    budget = SEARCHED
    keys = [_key("".join(block.lines)) for block in blocks]
    votes = []
    for key in keys:
        found = bool(key) and key in pieces
        if not found and len(key.encode()) >= 20 and budget > 0:
            # it drops a word here and there (links, emphasis): the beginning or the end is enough
            found = key in text or (len(key) > 60 and (key[:40] in text or key[-40:] in text))
            budget -= len(text)
        votes.append(found)
    return _with_company(votes, keys)


def _with_company(votes: list[bool], keys: list[str]) -> list[bool]:
    """Take back votes for a few characters that stand alone: a word of a menu is also a word of the text."""
    certain = [vote and len(key.encode()) >= 20 for vote, key in zip(votes, keys, strict=True)]
    return [
        vote and (sure or any(certain[max(0, position - 4) : position + 5]))
        for position, (vote, sure) in enumerate(zip(votes, certain, strict=True))
    ]


def choose(root: etree._Element, blocks: list[Block], *, markup_size: int, elements: int) -> Choice:
    """Tell main text, furniture and the rest apart."""
    sizes = [block.size for block in blocks]
    held = _held(blocks, sizes)
    zones = Zones(held, sum(sizes))
    zone = _zones(zones, blocks, None)
    declared = _declared(root, blocks, zone)
    if declared is not None:
        zone = _zones(zones, blocks, declared)
    main, how = _clear(root, blocks, zone), "clear"
    if main is None:
        cjk = _is_cjk(blocks)
        votes = [False] * len(blocks)
        if markup_size <= LARGEST_FOR_VOTE and elements <= MOST_ELEMENTS_FOR_VOTE:
            votes = vote(root, blocks, cjk=cjk)
        if declared is not None:
            votes = [v and i for v, i in zip(votes, _inside(blocks, declared), strict=True)]
        voted = [size if vote else 0 for size, vote in zip(sizes, votes, strict=True)]
        content = frozenset(e for e, size in _held(blocks, voted).items() if size > max(60, HOLDS_VOTES * sum(voted)))
        zone = _zones(Zones(held, sum(sizes), content), blocks, declared)
        main, how = _main(root, blocks, zone, votes, SOME_CJK if cjk else SOME)
    near = _inside(blocks, _region(root, blocks, main))
    furniture = [not m and (z is not Zone.NONE or not n) for m, z, n in zip(main, zone, near, strict=True)]
    _mark_contents(blocks, main, furniture)
    if how in {"vote", "clear"}:
        _mark_links(blocks, main, furniture)
    beside = [f and z <= Zone.ASIDE and _prose(b) > 0 for f, z, b in zip(furniture, zone, blocks, strict=True)]
    return Choice(main=main, furniture=furniture, beside=beside, how=how)


def _zones(zones: Zones, blocks: list[Block], declared: etree._Element | None) -> list[Zone]:
    """The zone of each block; what stands outside the element that the page declares its main one is aside at least."""
    inside = [True] * len(blocks) if declared is None else _inside(blocks, declared)
    found = [
        zones.of(b.element) if i else max(Zone.ASIDE, zones.of(b.element)) for b, i in zip(blocks, inside, strict=True)
    ]
    return _without_others(blocks, found)


def _without_others(blocks: list[Block], zone: list[Zone]) -> list[Zone]:
    """What follows a heading about other pages is furniture, up to the end of its element or the next such heading."""
    heads = [i for i, b in enumerate(blocks) if b.kind == "heading" and zone[i] is Zone.NONE and leads_away(b.lines[0])]
    for head in heads[:MOST_OTHERS]:
        # a page that begins with it is about it
        if sum(_weight(b) for b, z in zip(blocks[:head], zone, strict=False) if z is Zone.NONE) < DECLARED:
            continue
        level = blocks[head].element.tag
        inside = _inside(blocks[head:], blocks[head].element.getparent())
        for index, (block, i) in enumerate(zip(blocks[head:], inside, strict=True), head):
            if not i or (index > head and block.kind == "heading" and block.element.tag == level):
                break
            zone[index] = Zone.HARD
    return zone


def _declared(root: etree._Element, blocks: list[Block], zone: list[Zone]) -> etree._Element | None:
    """The one element that the page itself calls its main one, if it holds prose; None: there is none."""
    by = {e: clearly for e in root.iter("main", "div", "section") if (clearly := declares(e))}
    said = {e for e, clearly in by.items() if clearly == max(by.values())}
    outer = [e for e in said if said.isdisjoint(e.iterancestors())] if len(said) < MOST_DECLARED else []
    if len(outer) != 1:
        return None
    inside = _inside(blocks, outer[0])
    held = sum(_weight(b) for b, z, i in zip(blocks, zone, inside, strict=True) if i and z is Zone.NONE)
    return outer[0] if held >= DECLARED else None


def _clear(root: etree._Element, blocks: list[Block], zone: list[Zone]) -> list[bool] | None:
    """The main text where the structure leaves no doubt, and no vote is worth its cost; None: it does.

    Most of what is no furniture must be paragraphs, and most of those in one element that holds little else.
    """
    prose = [_prose(b) if z is Zone.NONE else 0.0 for b, z in zip(blocks, zone, strict=True)]
    content = sum(b.size for b, z in zip(blocks, zone, strict=True) if z is Zone.NONE)
    written = sum(b.size for b, p in zip(blocks, prose, strict=True) if p)
    if sum(prose) < CLEAR or written < CLEAR_PROSE * content:
        return None
    inside = _inside(blocks, _lowest(blocks, prose, 0.9, root))
    main = [i and z is Zone.NONE for i, z in zip(inside, zone, strict=True)]
    chosen = sum(b.size for b, m in zip(blocks, main, strict=True) if m)
    if sum(b.size for b, m, p in zip(blocks, main, prose, strict=True) if m and p) < CLEAR_SHARE * chosen:
        return None
    return _without_tail(blocks, main)


def _main(
    root: etree._Element, blocks: list[Block], zone: list[Zone], votes: list[bool], some: float
) -> tuple[list[bool], str]:
    content = [b.size if z is Zone.NONE else 0 for b, z in zip(blocks, zone, strict=True)]
    chosen = [v and z is not Zone.HARD for v, z in zip(votes, zone, strict=True)]
    voted = sum(b.size for b, c in zip(blocks, chosen, strict=True) if c)
    prose = sum(_prose(b) for b, c in zip(blocks, chosen, strict=True) if c)
    if voted >= max(60, MOSTLY * sum(content)) or (prose >= PROSE and voted >= some * sum(content)):
        return _with_structure(root, blocks, zone, _without_tail(blocks, chosen)), "vote"
    weighed = [c - c * b.linked // (2 * b.size) if c else 0 for c, b in zip(content, blocks, strict=True)]
    if not sum(weighed):
        soft = [z is not Zone.HARD for z in zone]
        return (soft if any(soft) else [True] * len(blocks)), "all"
    inside = _inside(blocks, _lowest(blocks, weighed, 0.8, root))
    return [i and z is Zone.NONE for i, z in zip(inside, zone, strict=True)], "structure"


def _region(root: etree._Element, blocks: list[Block], main: list[bool]) -> etree._Element:
    """What the page is about: the outermost <main>, role or id=content around the main text, else three steps up."""
    lowest = _lowest(blocks, [b.size if m else 0 for b, m in zip(blocks, main, strict=True)], 0.85, root)
    region = steps = None
    for distance, element in enumerate([lowest, *lowest.iterancestors()]):
        if element.tag in {"body", "html"}:
            break
        if distance <= 3:
            steps = element
        if is_region(element):
            region = element
    if region is not None:
        return region
    return steps if steps is not None else lowest


def _mark_contents(blocks: list[Block], main: list[bool], furniture: list[bool]) -> None:
    """A table of contents repeats the headings of the page: links whose words stand elsewhere on it."""
    seen = {_key("".join(b.lines)) for b in blocks if b.linked < 0.5 * b.size}
    for index, block in enumerate(blocks):
        if not main[index] and block.linked >= 0.9 * block.size and _key("".join(block.lines)) in seen:
            furniture[index] = True


def _mark_links(blocks: list[Block], main: list[bool], furniture: list[bool]) -> None:
    """Beside an article, a line that is nothing but a link leads away from it, unless the article's own list has it."""
    lists = {e for b, m in zip(blocks, main, strict=True) if m and b.kind == "item" for e in _lists(b)}
    for index, block in enumerate(blocks):
        if not main[index] and block.kind in {"text", "item"} and block.linked >= 0.95 * block.size:
            furniture[index] = furniture[index] or lists.isdisjoint(_lists(block))


def _lists(block: Block) -> Iterator[etree._Element]:
    """The nearest three lists it stands in."""
    return islice(block.element.iterancestors("ul", "ol"), 3)


def _with_structure(root: etree._Element, blocks: list[Block], zone: list[Zone], chosen: list[bool]) -> list[bool]:
    """Add the headings, rows and definitions of the element that holds the votes: they are voted down too readily."""
    inside = _inside(
        blocks, _lowest(blocks, [b.size if c else 0 for b, c in zip(blocks, chosen, strict=True)], 0.85, root)
    )
    last = max((i for i, c in enumerate(chosen) if c), default=-1)
    return [
        c
        or (i and z is Zone.NONE and b.kind in {"heading", "row", "term"} and (position < last or b.kind != "heading"))
        for position, (b, c, i, z) in enumerate(zip(blocks, chosen, inside, zone, strict=True))
    ]


def _without_tail(blocks: list[Block], chosen: list[bool]) -> list[bool]:
    """Take back what follows the last paragraph when it is mostly links: other articles, tags, authors."""
    paragraphs = [i for i, c in enumerate(chosen) if c and _prose(blocks[i])]
    if not paragraphs:
        return chosen
    tail = [i for i in range(paragraphs[-1] + 1, len(blocks)) if chosen[i]]
    linked = [i for i in tail if blocks[i].linked >= 0.4 * blocks[i].size]
    size = sum(blocks[i].size for i in tail)
    if len(linked) < 3 or len(linked) < 0.5 * len(tail) or size > sum(_prose(blocks[i]) for i in paragraphs):
        return chosen
    first = linked[0] - (1 if linked[0] > 0 and blocks[linked[0] - 1].kind == "heading" else 0)
    return [c and i < first for i, c in enumerate(chosen)]


def _prose(block: Block) -> float:
    """Weight of a block as prose: nothing for short ones and for those made of links."""
    weight = _weight(block)
    return weight if weight >= PARAGRAPH else 0.0


def _weight(block: Block) -> float:
    """Letters of a block, a Chinese character being two and a half; nothing where it is made of links."""
    if block.linked >= 0.4 * block.size:
        return 0.0
    sample = "".join(block.lines)[:400]
    return block.size * (1 + 1.5 * len(_IS_CJK.findall(sample)) / max(1, len(sample)))


def _is_cjk(blocks: list[Block]) -> bool:
    sample = "".join(line for block in blocks[:2000] for line in block.lines)[:60_000]
    return len(_IS_CJK.findall(sample)) * 3 > len(sample)


def _held(blocks: list[Block], sizes: Sequence[float]) -> dict[etree._Element, float]:
    """Characters that each element holds, itself and all below."""
    held: dict[etree._Element, float] = defaultdict(int)
    own: dict[etree._Element, float] = defaultdict(int)
    for block, size in zip(blocks, sizes, strict=True):
        if size:
            own[block.element] += size
    chains: dict[etree._Element, list[etree._Element]] = {}
    for element, size in own.items():
        held[element] += size
        parent = element.getparent()
        if parent is not None:
            if parent not in chains:
                chains[parent] = [parent, *parent.iterancestors()]
            for holder in chains[parent]:
                held[holder] += size
    return held


def _lowest(blocks: list[Block], sizes: Sequence[float], share: float, root: etree._Element) -> etree._Element:
    """The lowest element that holds at least `share` of the sizes."""
    held = _held(blocks, sizes)
    wanted = share * sum(sizes)
    holders = {element for element, size in held.items() if size >= wanted}
    if share > 0.5:  # they form a chain: the lowest is the one with no other below it
        above = {element.getparent() for element in holders}
        return next((element for element in holders if element not in above), root)
    return max(holders, key=lambda e: sum(1 for _ in e.iterancestors()), default=root)


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
