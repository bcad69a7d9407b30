"""English verbs in a form that tells of no event by itself: to join, of joining, that it be admitted.

An infinitive is what somebody wants, plans or is asked to do, unless what governs it says that it was done ("managed
to join") or ordered ("voted to admit"): so whatever phrase no list of cues knows is no assertion either. Which words
are verbs is a list of English, not of any assessment; an event that begins with another word is left alone.
"""

from __future__ import annotations

import re

from crawler.match.shapes import NAME, Span
from storage.records import Assertion

_PLAIN_FORMS = (
    "abandon abolish accept accredit acquire adjourn admit adopt advise affiliate agree allocate allow amend "
    "announce appoint approve archive arrest ask assess assign assume attach audit authorise authorize award ban "
    "bar become block build buy call cancel cease certify chair change charge check choose close collaborate "
    "commission commit complete conduct confirm consult continue contribute control convene cooperate create cut "
    "delay delete demote deploy designate detain develop disband disclose discontinue dismiss dissolve divert "
    "draft earmark elect employ end endorse enforce engage enlist enter establish evaluate examine expand expel "
    "expire extend fine fire form found freeze fund give govern grant halt hand head help hire hold host impose "
    "include incorporate increase inspect institute integrate introduce invest investigate issue join keep launch "
    "lead leave legislate license limit list maintain make mandate measure merge monitor move name nominate "
    "notify open operate order organise organize oversee own participate partner pass pause pay penalise permit "
    "phase post prohibit promote provide publish pull punish ratify receive recognise recognize recruit regulate "
    "reinstate reject release relocate remove rename renew reopen reorganise replace report represent require "
    "resign resume retain retire review revoke run sack sanction scrap second secure send set share shelve shut "
    "sign spend staff stage start step stop strip submit sue supervise supply support suspend take terminate test "
    "track train transfer undertake underwrite unveil update uphold use verify vet withdraw withhold write"
)
VERBS = frozenset(_PLAIN_FORMS.split())
"""Verbs of public bodies in their plain form."""

_TO = re.compile(r"\bto (?:(?:[a-z]+ly|be|have|have been|also|then|first|jointly) ){0,2}$")
_BE = re.compile(r"\b(?:that|than|lest) [^,;:]{1,60} (?:not )?be (?:[a-z]+ly )?$")
_OF = re.compile(
    r"\b(?:of|about|towards|toward|near|nearer|against|(?:eyes?|sights|set|talks|discussions?|negotiations|work\w*|"
    r"debates?|"
    r"focus\w*|intent|bent|mull\w*|vote|consultations?|keen) on|"
    r"(?:papers|prepar\w*|plans?|arrangements|appl\w*|conditions|deadline|terms|requests?|case|calls?|bid|ready) for|"
    r"(?:step|goal|aim|plan|task|idea|ambition|priority)(?: for [^,;:]{1,30})? (?:is|remains))"
    rf" (?:(?:the |its |their |his |her )?(?:[a-z]+ ){{0,2}}|[{NAME}](?:'s)? )(?:[a-z]+ly )?$"
)
_TOLD_OF = re.compile(
    r"\b(?:news|announcement|confirmation|accus\w*|guilty|word|notice|act|result|celebrat\w*|congratulat\w*|"
    r"anniversary|"
    r"day|month|year|weeks?|wake|way|ways|means|method|process|purpose|cost|task|history|practice|habit|job|duty|"
    r"duties|"
    r"after|because|instead|capable) of\b[^,;:]*$"
)
_DONE = re.compile(
    r"\b(?:forc\w*|oblig\w*|compell\w*|help\w*|enabl\w*|led|caus\w*|got|prompt\w*|beat|first|last|latest|only|next|"
    r"second|third|(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|[a-z]+teen|[a-z]+tie)th|\d+(?:st|nd|rd|th)|enough|"
    r"proud|pleas\w*|delight\w*|happy|glad|join\w* forces|team\w* up|step\w* (?:in|up)) (?:[^,;:]{0,30} )?$"
    r"|\b(?:manag\w*|went on|gone on|going on|goes on|proceed\w*|chose|chosen|choos\w*|came|comes?|dar\w*|able|began|"
    r"begins?|begun|start\w*|continu\w*|honou?red|return\w*|rush\w*|hurr\w*|mov\w*|turn\w*|prov\w*|tend\w*|use[sd]?|"
    r"serv\w*|in order|so as|thanks|owing|pursuant|according|prior|compared|similar|relat\w*|close|adds?|added|had) "
    r"(?:[a-z]+ly )?$"
)
_ORDERED = re.compile(
    r"\b(?:decid\w*|agree\w*|resolv\w*|vot\w*|set|due|bound|order\w*|schedul\w*|slated|instruct\w*|requir\w*|mandat\w*|"
    r"direct\w*|commission\w*|authori[sz]\w*|empower\w*|opt\w*|elect\w*|designat\w*|appoint\w*|nam\w*|assign\w*|"
    r"task\w*|contract\w*|hir\w*|pick\w*|select\w*|tapp\w*|engag\w*|approv\w*|pass\w*|"
    r"clear\w*|licen[sc]\w*|certif\w*) (?:[^,;:]{0,50} )?$"
    rf"|\b(?:is|are|was|were|been) (?:now |also |told )?$|^[\"'(]?[{NAME}](?:'s [a-z]+)? $"
)
_ORDERED_THAT = re.compile(
    r"\b(order(?:s|ed)|decree(?:s|d)|direct(?:s|ed)|resolv(?:es|ed)|rul(?:es|ed)) [^,;:]{0,30}?that [^,;:]{1,60} $"
)
_ALLOWED = re.compile(r"\b(?:allow\w*|permi\w*|free|eligible|entitled|qualif\w*|fit) (?:[^,;:]{0,30} )?$")
_ASKED_TO = re.compile(
    r"\b(?:offer\w*|propos\w*|invit\w*|urg\w*|ask\w*|press\w*|begs?|begged|advis\w*|encourag\w*|recommend\w*|"
    r"call\w*|deserv\w*|need\w*|plead\w*|exhort\w*|challeng\w*) (?:[^,;:]{0,40} )?$"
)
_GOVERNS = ((Assertion.CONDITIONAL, _ALLOWED), (Assertion.PROPOSED, _ASKED_TO), (Assertion.DECIDED, _ORDERED))


def form(view: str, event: Span) -> tuple[Assertion, str] | None:
    """(label, words) where the event's verb is in a form that asserts nothing; None where it may."""
    words = view[event[0] : event[1]]
    first = words.split(" ", 1)[0] if words.isascii() else ""
    if len(first) < 3:
        return None
    head = view[: event[0]] if event[0] < 100 else "…" + view[event[0] - 100 : event[0]]
    if first.endswith("ing"):
        if _plain(first) and (hit := _OF.search(head)) and not _TOLD_OF.search(head):
            return Assertion.PLANNED, hit.group().strip()
        return None
    if hit := _BE.search(head):
        return Assertion.PROPOSED, hit.group().strip()
    hit = _TO.search(head)
    if not hit and first in VERBS and (ordered := _ORDERED_THAT.search(head)):
        return Assertion.DECIDED, ordered.group(1)
    if not hit or not (first in VERBS or " be " in hit.group()):
        return None
    governed = head[: hit.start()]
    if _DONE.search(governed):
        return None
    for label, governs in _GOVERNS:
        if governs.search(governed):
            return label, hit.group().strip()
    return Assertion.PLANNED, hit.group().strip()


def _plain(gerund: str) -> bool:
    """True for the -ing form of a verb that we know."""
    stem = gerund[:-3]
    return stem in VERBS or stem + "e" in VERBS or (stem[-1:] == stem[-2:-1] and stem[:-1] in VERBS)
