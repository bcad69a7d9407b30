"""Cues that are a shape of the sentence and no phrase: inversions, single characters, the tense that a word asks for.

What a list of words can say stands in `crawler.match.cues`; these need to see what stands right before or after the
event. All run on the folded text of one statement, only once its event is met, and look back a bounded way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from storage.records import Assertion

Span = tuple[int, int]
"""Where something begins and ends."""
N, P, Q = Assertion.NEGATED, Assertion.PLANNED, Assertion.PROPOSED
C, A, H = Assertion.CONDITIONAL, Assertion.ASKED, Assertion.HISTORICAL
R = Assertion.REPORTED
LOOKED_BACK = 90
"""Characters before and after the event that a shape may reach; an opening is looked for at the statement's start."""

NAME = "\ue000-\uf8ff\U000f0000-\U000ffffd"
"""The marks that stand for names."""
_WHO = rf"(?:(?:it|they|he|she|the|its|their|this|that|both|all|a|an)\b|[{NAME}])"

_Shapes = tuple[tuple[Assertion, re.Pattern[str]], ...]
_YEARS = "[一二两三四五六七八九十百几多数余\\d]年前"

_SOON = r"[年月]内|年底|[今明]年|[本下]月|近期|很快|\d+月"


_ADVISED = r"(?:^|[,;:。\"])(?![^,;:]*(?:根据|按照?|采纳|听取|响应|应|依|经(?![济理])|对))[^,;:]*"
"""A clause in which somebody gives advice, not one in which it is heeded."""


def _all(*shapes: tuple[Assertion, str]) -> _Shapes:
    return tuple((label, re.compile(pattern)) for label, pattern in shapes)


_OPENING = _all(
    (C, r"[\"']?(?:should|were|had) "),  # Were it to join …; Should it join …; Had it joined …
    (C, r"[\"']?(?:subject to|pending) (?!no\b|none\b|nobody\b)"),
    (C, r"[\"']?(?:failing|barring|absent|short of) (?:a|an|any|the|that|some)\b"),
    (C, rf"[\"']?如[{NAME}](?![等,、和])"),  # 如云雀研究院加入…则…; elsewhere 如 before a name gives an example
    (C, r"[\"']?only (?:with|if|when|after|once) [^,;:]*\b(?:does|do|will|can|is|are) "),
    (C, r"[\"']?(?:otherwise|or else|否则|不然|要不然)"),
    (Q, rf"[\"']?let (?!alone|go|down){_WHO}"),
    (Q, r"[\"']?(?:please (?!d)|(?:恳|敬)?请(?!问|假|示))"),
    (H, r"(?:looking back|back then|in those days|(?:[a-z0-9]+ )?(?:years|decades|a decade|a century) ago),[^,;:]*$"),
    (H, rf"(?:long ago|回顾[^,;:]{{0,6}}|{_YEARS}),[^,;:]*$"),
)
"""At the start of a statement; they act on all that follows."""

_BEFORE = _all(
    (C, rf"[,;:(] (?:should|were|had) (?={_WHO})[^,;:]*$"),
    (C, rf"(?:^|[,;:。\"(但而且{NAME}])若(?![干隐即何]|有所|无其事)"),
    (C, r"(?:^|[,;:。\"(但而且])如(?:获|能(?![量源力])|未|需|经|被|遇|再|若|蒙|不(?!是)|有(?:需|必要))"),
    (C, r"(?:^|[,;:。\"(但而且])如(?:条件|具备|符合条件|情况允许|时机|可能|无异议|确认|通过|成功|顺利|属实)"),
    (C, r"恐(?![怖慌惧龙吓高袭])[^,;:]{0,3}$"),
    (
        C,
        rf"(?:^|[,;:{NAME}])或(?:[于在])?(?:{_SOON})?[被由因已再遭须需]?[^,;:]{{0,2}}$",
    ),
    (C, r"\bcan (?:only |also |freely |thus |then )?$"),
    (C, r"(?<![认许不尚方便非])可$"),
    (C, r"(?:之[日时]|那一?[天日刻]),?[便就即才]是?[^,;:]{0,6}$"),
    (
        Q,
        rf"{_ADVISED}(?:建议|提议|主张|呼吁|敦促|提请)[,:](?:(?:可|应|宜|不妨|由|将|把|让|尽快|尽早|授权|委托|赋予|请)[^;]*)?$",
    ),
    (Q, rf"{_ADVISED}(?:提出|认为|指出|表示)[,:](?:可|应|宜|不妨|要|不如)[^;]*$"),
    (P, r"(?<![食私物情性求])欲(?![望速])[^,;:]{0,4}$"),
    (P, r"(?<![希期盼渴失绝愿有可展名声威众欲无指守探看观瞭])望(?![京城远着见向])[^,;:]{0,4}$"),
    (Q, r"\bwants? (?!to\b)[^,;:]{1,40}$"),
    (P, rf"(?:希望|期待|期望|盼望|渴望)[^,;:{NAME}]{{0,12}}$"),
    (Q, rf"(?:希望|期待|期望|盼望)[^,;:]{{0,30}}[{NAME}][^,;:]{{0,30}}$"),
    (Q, r"\b(?:advice|recommendation|demand|appeal)s?: $"),
    (Q, r"(?<![适便事不时])宜[^,;:]{0,6}$"),
    (Q, rf"[{NAME}]早?该(?![院机研所中单网])[^,;:]{{0,3}}$"),
    (Q, rf"[{NAME}](?:必|仍|还|尚)?须[^,;:]{{0,3}}$"),
    (H, r"(?<![不未])曾(?!经济)[^,;:]{0,2}$"),
    (H, r"一度[^,;:]{0,2}$"),
    (H, rf"{_YEARS}(?!后|夕)(?:,|(?![^,;:]{{1,12}}的))[^,;:]*$"),
    (H, r"\b(?:years|decades) after [^,;:]*$"),
)
"""In the stretch that ends where the event begins."""

_FOUNDED = r"\b(?:found|establish|creat|launch|set up|form|start|born|built|beg[au]n)"
_AFTER = _all(
    (A, r"[^,;:a-z]*(?:没有|了没|没)$"),
    (A, r"[^.;]*\bor (?:does|did|has|is|was|will|do|are) (?:it|they|he|she)\b"),
    (H, rf"(?![^,;:]*{_FOUNDED})[^,;:]*\b(?:years|decades|generations?|ages) ago"),
    (
        N,
        r"(?:[^,;:]{0,60} )?(?:failed|fell through|was lost|went nowhere|was defeated)"
        r"(?: (?:by|on|in) [^,;:]{1,40}| [a-z]+ to [a-z]+)?\W*$",
    ),
    (R, r".*, [^,;:]{1,40} (?:writes|wrote|reports|reported|notes|noted|claims|confirms|states)\W{0,3}$"),
)
"""In the stretch that begins where the event ends."""

_NEEDS = {
    A: re.compile("到底|究竟|不知| "),
    N: re.compile(r"\b(?:votes?|motion|bid|attempts?|efforts?|proposal|plan|push) "),
}
"""What else must stand before the event."""
_ONCE = re.compile(r"\b(once|until) ([^,;:]{1,60} )?$")
_STOPPED = re.compile(rf"\b(?:stop|prevent|keep|kept|sav)(?:p?ed|s)? (?:[{NAME}]|it|them|him|her|the [a-z]+) $")
_CALLED = re.compile(r"\b(?:has|have|had|was|were|been)(?: [a-z]+ly)? \"$")
_QUOTED = re.compile(r"[a-z]+ed")
_SCARED = re.compile(
    r"(?:retir|sunset|deprecat|simplif|streamlin|paus|reassign|reorgani[sz]|consolidat|archiv|releas|freed|transition|"
    r"rationali[sz]|absorb|redeploy|decommission|optimi[sz]|dissolv|merg|remov|delet)[a-z]*$"
)
_ITS_OWN = re.compile(r"\" (?:its|their|his|her|our|all|every|most)\b")
"""After a word between quotation marks that mocks how somebody calls an end, and denies nothing."""
_SINCE = re.compile(r"自((?:19|20)\d\d)年[^,;:]*$")
_THE_DAY = re.compile(r"[^,;:]{0,50} the (?:day|moment|hour|minute) (?:that |when )?[^,;:]{1,40} (?:is|are|has|have)\b")
_PAST = re.compile(r"[a-z]+ed\b|won\b|gave\b|took\b|got\b|became\b|went\b|came\b|left\b|made\b|had\b|held\b|began\b")
_OPEN = re.compile(r"\b(?:would|could|might|may|will|should|shall|be|to)\b")
_HAS = re.compile(r"(?:has|have|is|are) (?:been )?$")


def shapes(view: str, event: Span, baseline_year: int) -> Iterator[tuple[Assertion, str]]:
    """(label, words) of each shape in which the event at a place of a statement is said."""
    head = view[: event[0]]
    for label, pattern in _OPENING:
        hit = pattern.match(head)
        if hit:
            yield label, hit.group().strip("\"' ")
    before = head if len(head) < LOOKED_BACK else "…" + head[-LOOKED_BACK:]
    after = view[event[1] : event[1] + LOOKED_BACK]
    for label, pattern in _BEFORE:
        hit = pattern.search(before)
        if hit:
            yield label, hit.group().strip(" ,;:(")
    for label, pattern in _AFTER:
        hit = pattern.match(after)
        if hit and (label not in _NEEDS or _NEEDS[label].search(before)):
            yield label, hit.group().strip(" ,;:(")
    yield from _tensed(view, event, before)
    since = _SINCE.search(before)
    if since and int(since.group(1)) < baseline_year and re.match(r"[^,;:]*(?:以来|起)", after):
        yield H, since.group(1)


def is_done(view: str, event: Span) -> bool:
    """True for an event in the past or the perfect, as what follows from a condition never is: "…, it has joined"."""
    return _PAST.match(view[event[0] : event[1]]) is not None and not _OPEN.search(view[: event[0]][-40:])


def _tensed(view: str, event: Span, before: str) -> Iterator[tuple[Assertion, str]]:
    """What hangs on the event's tense: "once it joins" is a condition, "it once joined" is history."""
    said = view[event[0] : event[1]]
    if not said.isascii():
        return
    past = _PAST.match(said) is not None
    hit = _ONCE.search(before)
    if said.endswith("ing") and _STOPPED.search(before):
        yield N, "stopped"
    if hit and (not past or _HAS.search(before)):
        yield C, hit.group(1)
    elif hit and hit.group(1) == "once" and not hit.group(2):
        yield H, "once"
    if not past and _THE_DAY.match(view, event[1]):
        yield C, "the day"
    if _CALLED.search(before) and view[event[1] : event[1] + 1] == '"' and _QUOTED.fullmatch(said):
        if _SCARED.match(said) or _ITS_OWN.match(view, event[1]):
            return
        yield C, f'"{said}"'
