"""OPML, as feed readers export it: outlines with xmlUrl are feeds, their folders and categories become tags."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from crawler.catalogue.importing.watched import Unreadable, Watched, clean

DEEPEST = 10
"""Folders in each other that become tags."""


def read(data: bytes) -> Iterator[Watched]:
    """Yield what an OPML file names. Raises Unreadable."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        root = None
    if root is None or etree.QName(root).localname.lower() != "opml":
        raise Unreadable("is no OPML")
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(root, ())]
    count = 0
    while waiting:
        node, folders = waiting.pop()
        if etree.QName(node).localname.lower() == "outline":
            count += 1
            said = {etree.QName(name).localname.lower(): value for name, value in node.attrib.items()}
            title = clean(said.get("title")) or clean(said.get("text"))
            if said.get("xmlurl") or said.get("url") or said.get("htmlurl"):
                yield _watched(said, title, folders, f"outline {count}")
            elif title:
                folders = (*folders, title)[-DEEPEST:]
        waiting += [(below, folders) for below in reversed(node) if isinstance(below.tag, str)]


def _watched(said: dict[str, str], title: str, folders: tuple[str, ...], place: str) -> Watched:
    tags = [part.strip("/ ") for part in said.get("category", "").split(",")]
    feed = said.get("xmlurl")
    return Watched(
        url=feed or said.get("url") or said.get("htmlurl"),
        title=title,
        kind="feed" if feed or said.get("type", "").lower() in ("rss", "atom") else None,
        tags=[*folders, *filter(None, tags)],
        notes=said.get("description"),
        place=place,
    )
