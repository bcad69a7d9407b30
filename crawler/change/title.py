"""Whether the title of a document says something else. Pure."""

from __future__ import annotations

import re

from crawler.change import noise
from crawler.change.diff import Difference, Side, Spot
from crawler.change.form import fold
from crawler.change.similar import likeness
from crawler.change.tokens import words

_BETWEEN = re.compile(r"\s+[-–—|·•»:：/]+\s+|[|｜_–—»]+")
_COUNT = re.compile(r"^\s*(?:[(（\[]\s*\d+\+?\s*[)）\]]|[●•*!]+)\s*")
"""How many messages wait, in front of a title."""
EDITED = 0.3
"""Likeness below which a title is not edited but taken from elsewhere: the site's name for each of its pages."""
SAYS = 8
"""Bytes of a heading that says something."""


def difference(old: str | None, new: str | None) -> Difference | None:
    """The title as it became; None: it says the same, or there was or is none."""
    if not old or not new or fold(_COUNT.sub("", old)) == fold(_COUNT.sub("", new)):
        return None
    if not fold(old) or not fold(new):
        return None
    return Difference(old=_spot(old), new=_spot(new))


def rule_of(found: Difference, page: Side) -> str | None:
    """The rule that calls the difference noise; None: the document has another title. `page`: what it shows now."""
    old, new = _parts(found.old.text), _parts(found.new.text)
    headings = {s.folded for s in page.spots if s.text.startswith("# ") and len(s.folded.encode()) >= SAYS}
    follows = any(h in found.new.folded and h not in found.old.folded for h in headings)
    if old <= new or new <= old or follows or any(part in page.folds for part in new):
        return noise.SITE_NAME
    if likeness(words(found.old.folded), words(found.new.folded)) < EDITED:
        return noise.SITE_NAME
    return noise.rule_of(found)


def _parts(title: str) -> set[str]:
    return {folded for part in _BETWEEN.split(title) if (folded := fold(part))}


def _spot(title: str) -> Spot:
    return Spot(text=title, folded=fold(title), position=-1, main=True, furniture=False)
