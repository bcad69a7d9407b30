"""Of the names in one statement, whose the event is: by distance, by what stands beside a name, by "the latter"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.match.entities import Mention, Reading
from crawler.match.lexicon import Span
from crawler.match.passage import Passage, gap
from crawler.match.subject import Subject, subject

LOOKED = 120
"""Characters before an event in which the office of whoever did it, or "the latter", is looked for."""
_STOOD_BY = re.compile(
    r"(?:'s (?:dean|director|head|staff|experts?))? ?(?:was not (?:involved|consulted|part of (?:it|this))|"
    r"took no part|did not (?:comment|take part|respond|reply)|had no (?:part|comment)|(?:made )?no comment|"
    r"declin(?:ed|es) to comment|congratulat|looked on|(?:was|were) (?:not )?among the guests|applauded)"
    r"|[^,;:]{0,4}(?:未参与|没有参与|未受影响|未作评论|未予置评|不予置评|未予回应|未作回应|表示祝贺|表示敬意|"
    r"发来贺信|发贺信|致贺|表示欢迎|不在其列|不在此列)"
)
"""Right after a name: this one only looked on."""
_OF_TWO = re.compile(r"(?:^|[,;:] ?|\b(?:and|but) )the (?:latter|former)(?= )|(?:^|[,;:])[前后]者")
_JOINTLY = ("and", "with", "like", "和", "与", "跟", "同", "及", "、", "像")
_ACTS = re.compile(
    r",? ?(?:which|who)? ?(?:has |have |had |was |were |is |are )?(?:been |now |also |just )?|[已也刚昨今天日]{0,3}"
)
"""All that stands between whoever did something and the event."""
_FIGURE = re.compile(r":? ?(?:\d[\d,.]*[人名个家项份%]?|[人名个家项份])(?:[,;、。]|\.?$)")
"""Right after a name in a list: its figure, and no more."""
_BREAK = re.compile(r"[;:|]|,(?!\d\d\d(?!\d))")
"""Ends a clause; the comma of a long number does not."""


def rivals_in(reading: Reading, ids: frozenset[str], whos: Sequence[str]) -> list[Mention]:
    """Those named in a statement who could have done it instead, or who are mistaken for one of ours."""
    bases = {w.removesuffix(".product") for w in whos}
    return [
        m
        for m in reading.mentions
        if (m.entity in ids and m.via not in ("within", "confusable")) or (m.entity in bases and m.via == "confusable")
    ]


def former_or_latter(
    passage: Passage, place: int, event: Span, rival_ids: frozenset[str], whos: Sequence[str]
) -> str | None:
    """The words of ours that "the latter" before an event means; empty where it means another; None: no such words."""
    reading = passage.units[place].reading
    hit = _OF_TWO.search(reading.view[max(0, event[0] - LOOKED) : event[0]])
    if not hit:
        return None
    at = event[0] - LOOKED + hit.start() if event[0] > LOOKED else hit.start()
    before = (
        passage.units[place - 1] if place and passage.units[place - 1].block == passage.units[place].block else None
    )
    for known, limit in ((reading, at), (before.reading if before else None, None)):
        if known is None:
            continue
        ours = [m for who in whos for m in known.of(who)]
        both = sorted((*ours, *rivals_in(known, rival_ids, whos)), key=lambda m: m.at)
        both = [m for m in both if limit is None or m.at < limit]
        if len({m.entity for m in both}) > 1:
            meant = both[-1] if hit.group().strip(" ,;:") in ("the latter", "后者") else both[0]
            return meant.words if meant in ours else ""
    return None


def told_of_another(nearest: Mention, event: Span, reading: Reading) -> bool:
    """True where the event is what somebody was told of somebody else: "NAME heard that the shop has closed"."""
    between = reading.view[nearest.at + 1 : event[0]] if nearest.at < event[0] else ""
    if " that " not in between:
        return False
    return subject(reading, event)[0] is Subject.OTHER


def rival_acts(rivals: Sequence[Mention], event: Span, view: str) -> bool:
    """True where a rival stands right before the event as whoever did it, whatever first person stands before that."""
    for rival in rivals:
        if rival.at >= event[0]:
            continue
        between = view[rival.at + 1 : event[0]]
        joined = view[max(0, rival.at - 8) : rival.at].rstrip().removesuffix(" the").endswith(_JOINTLY)
        if not joined and _ACTS.fullmatch(between):
            return True
    return False


def each_with_a_figure(rival: Mention, own: Mention, event: Span, view: str) -> bool:
    """True in a list under one heading, where each body has a figure of its own: "Headcount: NAME 180, NAME 44"."""
    return event[1] <= rival.at < own.at and all(_FIGURE.match(view, m.at + 1) for m in (rival, own))


def distance(mention: Mention, event: Span, view: str) -> float:
    """Characters between, a break of the clause counting for 25; before the event is nearer than after it."""
    if mention.at < event[0]:
        between, far = view[mention.at + 1 : event[0]], 1.0
    elif mention.at >= event[1]:
        between, far = view[event[1] : mention.at], 1.3
    else:
        return 0.0
    if view.startswith(("的", "'s "), mention.at + 1):
        far *= 1.8
    lead = view[max(0, mention.at - 8) : mention.at].rstrip().removesuffix(" the")
    if lead.endswith((" by", " from", " for", " to", "由", "来自", "给", "为", "向", "支持")):
        far *= 0.4
    return far * (len(between) + 25 * len(_BREAK.findall(between)))


def looks_on(mention: Mention, event: Span, view: str, kind: str) -> bool:
    """True for a name that took no part, or that a new sentence after a semicolon tells of, the event being told."""
    if _STOOD_BY.match(view, mention.at + 1):
        return True
    return kind == "sentence" and mention.at >= event[1] and ";" in view[event[1] : mention.at]


def nearer(its: Sequence[Span], rivals: Sequence[Mention], event: Span) -> bool:
    """True when a pronoun stands nearer to the event than every rival."""
    return bool(its) and min(gap(s, event) for s in its) < min(gap((m.at, m.at + 1), event) for m in rivals)
