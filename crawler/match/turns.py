"""Who speaks in a conversation or signs a notice: the person asked, the label before a turn, the name at the end."""

from __future__ import annotations

import re

from crawler.match.entities import Reading
from crawler.match.passage import APART, Passage, Unit
from crawler.match.shapes import NAME

TURNS = 24
"""Statements back in which the label of a turn is looked for."""
SIGNED = 3
"""Statements at the end among which a signature may stand."""
_ASKED = re.compile(
    r"\b(?:interview|conversation|q ?& ?a|podcast|talk) with ([^|]{1,120})|(?:专访|对话|访谈):? ?([^|]{1,60})"
)
_LABEL = re.compile(
    r"\s*(?:A|Answer|答)\s*(?:[（(][^）)]{1,60}[）)])?\s*[:：]|\s*[^:：\s][^:：,，。.!?;；\"“]{0,70}[:：]"
)
_QUESTION = re.compile(r"\s*(?:Q|Question|问|問)\s*(?:[（(][^）)]{1,60}[）)])?\s*[:：]")
_BARE = re.compile(r"(?:a|answer|答) ?:")
_SIGNATURE = re.compile(
    rf"(?:-{{1,2}}|signed:? (?:by )?|署名:?|落款:?|(?:yours|sincerely|regards),? )? ?[{NAME}]"
    r"(?:, [a-z ]{2,30}|[\u4e00-\u9fff]{0,8})?[ ,.]*"
    r"(?:(?:(?:on )?\d|二〇|january|february|march|april|may|june|july|august|september|october|november|december)"
    r"[^;:]{0,30})?[.。]?"
)
"""All of a line that signs the text above it: the name, an office, a date."""
BARE = 16
"""Characters of a signature that stands on the line of the text it signs, as in a post: a name, hardly more."""
LONGEST_SIGNATURE = 90
"""Characters of a signature."""


def is_guest(passage: Passage, place: int, whose: frozenset[str]) -> bool | None:
    """True where the source or the heading says that one of these is asked; False where somebody else; None: nobody."""
    for reading in (passage.source, *(o.reading for o in passage.units[place].over)):
        hit = _ASKED.search(reading.view)
        if hit:
            return _names(reading, hit.span(1) if hit[1] else hit.span(2), whose)
    return None


def speaks(passage: Passage, place: int, whose: frozenset[str]) -> bool | None:
    """True where one of these speaks the turn that a statement belongs to; None where nobody can tell."""
    here = passage.units[place]
    answers = False
    for k in range(place, max(-1, place - TURNS), -1):
        unit = passage.units[k]
        if unit.block != here.block:
            break
        question = _QUESTION.match(unit.piece.text)
        if question:
            if answers and not whose.isdisjoint(unit.sketch.keys) and _called(unit.reading, whose):
                return True
            if k == place:
                return None
            continue
        label = _LABEL.match(unit.piece.text)
        if not label:
            continue
        bare = _BARE.fullmatch(label.group().strip().lower().replace("：", ":"))
        if bare:
            answers = True
        elif _names(unit.reading, (0, unit.reading.view.find(":") + 1), whose):
            return True
        elif answers or k == place:
            return None
    return None


def signed(passage: Passage, place: int, whose: frozenset[str]) -> str:
    """The words of a signature by one of these under the text; empty where there is none."""
    here = passage.units[place]
    for unit in passage.units[max(place + 1, len(passage.units) - SIGNED) :]:
        if unit.block != here.block or unit.piece.kind in APART or whose.isdisjoint(unit.sketch.keys):
            continue
        if (
            len(unit.piece.text) <= LONGEST_SIGNATURE
            and (unit.piece.line != here.piece.line or (unit is passage.units[-1] and len(unit.piece.text) <= BARE))
            and _is_signature(unit, whose)
        ):
            return unit.piece.text
    return ""


def _is_signature(unit: Unit, whose: frozenset[str]) -> bool:
    reading = unit.reading
    ours = [m for m in reading.mentions if m.entity in whose and m.via in ("name", "description")]
    return bool(ours) and _SIGNATURE.fullmatch(reading.view) is not None


def _names(reading: Reading, span: tuple[int, int], whose: frozenset[str]) -> bool:
    return any(m.entity in whose and m.via != "confusable" and span[0] <= m.at < span[1] for m in reading.mentions)


def _called(reading: Reading, whose: frozenset[str]) -> bool:
    """True where a question calls one of these by name: "Q: Professor X, how …"."""
    calls = (m for m in reading.mentions if m.entity in whose and m.via == "name")
    return any(reading.view[m.at + 1 : m.at + 2] in (",", ":") and m.at < 12 for m in calls)
