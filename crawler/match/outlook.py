"""What is told of the future: foreseen by somebody or laid down; and decisions told in the past tense.

"Will join" is a decision, unless it is a forecast: "we predict that it will join". "It would join" is a condition,
unless it is told of a decision in the past tense: "the ministry said it would join in May".
"""

from __future__ import annotations

import re

from crawler.match.shapes import Span
from storage.records import Assertion

FUTURE = frozenset({"will", "shall", "将", "即将", "会"})
"""Words that tell of the future and may be a forecast's as well as a decision's."""
_FORESEEN = re.compile(
    r"\b(?:forecasts?|forecasted|predict(?:s|ed|ion|ions)?|projects that|projected that|projections?|prophes\w+|"
    r"foresees?|"
    r"foresaw|my (?:bet|guess|hunch) is|(?:we|i|analysts|economists|observers|experts|markets|many|most) expects?|"
    r"expectations?|outlook for)\b|预测|预言|预判|预料|预期|预计|展望|料(?=[将会于])|有望|有机会"
)
_OPINED = re.compile(
    r"\b(?:scholars?|analysts?|observers?|commentators?|columnists?|pundits?|academics?|lawyers?|critics?|"
    r"bloggers?|economists?|professors?|experts)\b(?: [^,;:]{1,30}?)? (?:say|says|said|think|thinks|believe|believes|"
    r"reckon|reckons|argue|argues|write|writes)(?: that)? [^;:.]{1,90}\bwill\b"
    r"|(?:学者|专家|分析人士|分析师|观察人士|业内人士|评论员|律师|教授|博主)们?(?:普遍|大多|都)?"
    r"(?:说|称|表示|认为|指出|相信|觉得)[,，:：]?[^;；。]{1,40}[将会]"
)
"""Those who decide nothing say that it will happen."""
_LAID_DOWN_ALREADY = re.compile(
    r"\b(?:decided|decision|ordered|decree|notice|circular|approved|signed|scheduled|published)\b|"
    r"决定|批复|通知|印发|批准|签署|公布|发布"
)
_FORETOLD = re.compile(
    r"[^:]{0,60}(?:\b(?:forecasts?|predictions?|projections?|outlook|bets?)\b|预测|预言|展望)[^:]{0,30}:"
)
"""Opens a statement: what follows is foreseen, in whatever tense."""
_IN_FORCE = re.compile(
    r"\b(?:from|effective|as of|starting|with effect|beginning) (?:on )?(?:\d|january|february|march|april|may|june|"
    r"july|"
    r"august|september|october|november|december|next|this|now|monday|today)|\b(?:takes?|taking|into) (?:effect|"
    r"force)\b|"
    r"[日月年]起|即日|起施行|施行|生效"
)
_BY_YEAR = re.compile(
    r"\bby (?:(?:the|early|mid|late|end|middle|of|turn) |mid-)*(20\d\d)\b[^;:]{0,80}$|"
    r"到(20\d\d)年[底末中前]?[^;:]{0,40}$"
)
_WILL = re.compile(r"\bwill (?:[a-z]+ ){0,3}$|[将会][^,;:]{0,6}$")
_LAID_DOWN = re.compile(
    r"\b(?:decid\w*|decision|orders?|ordered|law|rules?|ruled|regulation|decree|notice|circular|approved|agreed|budget|"
    r"signed|plan)\b|决定|批复|通知|规定|印发|方案|同意|批准|明确|签署|预算|条例|办法"
)
_SAID = re.compile(
    r"(?P<who>[^,;:]{0,60})\b(?:said|says|announced|confirmed|told [^,;:]{1,30}?|decided|ruled|agreed|ordered|stated|"
    r"declared|disclosed|revealed|notified [^,;:]{1,30}?|informed [^,;:]{1,30}?)"
    r"(?: (?:on )?(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|yesterday|today))?(?: that)? "
    r"(?P<whom>[^,;:?\"]{1,70}) $"
)
"""Ends right before "would"."""
_OPINES = re.compile(
    r"\b(?:critics?|analysts?|observers?|bloggers?|columnists?|pundits?|commentators?|experts?|sceptics?|skeptics?|"
    r"fans|"
    r"rumou?rs?|sources?|people|nobody|no one|supporters|opponents|posts?|accounts?|users?)\b"
)
_UNSURE = re.compile(
    r"\b(?:hop\w+|think\w*|thought|fear\w*|believ\w*|suspect\w*|guess\w*|wish\w*|want\w*|if|unless|bill|proposals?|"
    r"idea|"
    r"draft|such|merger|scenario|move|doubt\w*|whether)\b"
)
_STILL_OPEN = re.compile(
    r" ?(?:be )?(?:never|not|only|rather|likely|probably|perhaps|have|like to|love|"
    r"prefer|welcome|need|be (?:happy|willing|"
    r"ready|able|glad|open|better|good|wrong|a mistake))\b"
)
_TRIES = re.compile(
    r" ?(?:look|search|seek|consider|hope|try|aim|want|wish|explore|study|discuss|plan|push|work (?:to|towards)|apply|"
    r"ask|"
    r"propose|examine|weigh|review|keep)\b"
)


def foreseen(view: str, event: Span, baseline_year: int, words: str) -> str:
    """The words that make a forecast of what "will" happen; empty where it is decided.

    `words`: those by which the event is said to be decided; empty where there are none.
    """
    opening = _FORETOLD.match(view[: event[0]])
    if opening:
        return opening.group()
    head = view[: event[0]]
    if words not in FUTURE and not (not words and _WILL.search(head)):
        return ""
    if _IN_FORCE.search(view):
        return ""
    hit = _FORESEEN.search(view)
    if hit:
        return hit.group()
    year = _BY_YEAR.search(head)
    if year and int(year[1] or year[2]) > baseline_year and not _LAID_DOWN.search(view):
        return year.group()
    return ""


def opined(said: str) -> str:
    """The words by which only scholars and observers say what "will" happen; `said`: the statement as it stands."""
    hit = _OPINED.search(said.lower())
    return hit.group() if hit and not _LAID_DOWN_ALREADY.search(said) else ""


def is_forecast(view: str) -> bool:
    """True for a heading or a lead under which everything is foreseen."""
    return len(view) <= 80 and _FORESEEN.search(view) is not None


def backshifted(view: str, would: Span) -> Assertion | None:
    """What "would" at a place says where it tells of what somebody said they will do, or will try; None: elsewhere."""
    head = view[max(0, would[0] - 200) : would[0]]
    said = _SAID.search(head)
    if not said or _OPINES.search(said["who"]) or _UNSURE.search(said["whom"]):
        return None
    if _STILL_OPEN.match(view, would[1]):
        return None
    return Assertion.PLANNED if _TRIES.match(view, would[1]) else Assertion.DECIDED
