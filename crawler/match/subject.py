"""Of whom a clause tells, read from its shape alone: another body or person, the reader, or nobody but the page's own.

A page is its owner's, and what it tells without saying of whom is taken for the owner's: a notice, a list, a passive, a
deed of the safety team. A clause that has a company, a voter or an unknown name for its subject tells of that. The
nouns below belong to the languages, not to any assessment. Runs once an event is met and nobody is named, on a bounded
stretch.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum

from crawler.match.entities import Reading
from crawler.match.lexicon import Span
from crawler.match.shapes import NAME

BEFORE, AFTER = 260, 90
"""Characters before and after an event that are looked at."""
DEEP = 8
"""Segments of a statement back from the event in which its subject is looked for."""


class Subject(Enum):
    """Whom a clause has for its subject."""

    OPEN = "nobody named, or the page's own"
    """No subject, a thing, a part of an institute, an authority, somebody whom the assessment knows."""
    LAID_ON = "another, upon whom a duty is laid"
    OTHER = "another body or person"
    PERSON = "he or she"
    READER = "the reader"


OTHERS_EN = (
    "company|companies|firms?|start-?ups?|corporations?|business|businesses|employers?|manufacturers?|vendors?|"
    "suppliers?|"
    "retailers?|contractors?|subsidiar(?:y|ies)|banks?|insurers?|brokers?|universit(?:y|ies)|colleges?|schools?|campus|"
    "hospitals?|clinics?|hotels?|restaurants?|airlines?|airports?|shops|stores|supermarkets?|factor(?:y|ies)|brands?|"
    "newspapers?|magazines?|broadcasters?|publishers?|studios?|charit(?:y|ies)|church(?:es)?|clubs?|squads?|"
    "providers|landlords?|tenants?|farmers?|players?|coach(?:es)?|fans|leaders|donors|actors?|actress(?:es)?|singers?|"
    "artists?|voters?|"
    "senators?|congress(?:man|woman|men|women)|lawmakers|democrats?|republicans?|protest[eo]rs|demonstrators|activists|"
    "police|officers?|prosecutors?|prisoners?|inmates?|soldiers?|troops|users|customers?|clients|consumers?|shoppers?|"
    "buyers?|sellers?|subscribers?|readers|viewers|passengers?|drivers?|riders?|patients?|doctors?|nurses?|physicians?|"
    "students|pupils|teachers?|parents?|mothers?|fathers?|sons?|daughters?|husbands?|wife|wives|brothers?|sisters?|"
    "couples?|famil(?:y|ies)|m[ae]n|wom[ae]n|boys?|girls?|kids|child|children|guy|guys|residents|villagers|homeowners?|"
    "households?|investors?|shareholders?|analysts?|economists?|lawyers?|attorneys?|reporters?|journalists?|"
    "columnists?|"
    "bloggers?|critics|tourists?|guests|participants|alumni"
)
OTHERS_ZH = (
    "公司|企业|集团|银行|券商|厂家|厂商|商家|工厂|酒店|餐厅|超市|医院|大学|学院|学校|小学|中学|幼儿园|球队|俱乐部|"
    "乐团|剧团|"
    "报社|媒体|电视台|警方|民警|法院|检察院|记者|老板|员工|工人|农民|村民|居民|市民|业主|房东|用户|网友|网民|粉丝|"
    "观众|读者|听众|"
    "消费者|顾客|客户|买家|卖家|商户|投资者|投资方|股东|车主|司机|乘客|旅客|游客|患者|病人|医生|护士|家长|学生|老师|"
    "教师|校长|"
    "同学|孩子|父亲|母亲|爸爸|妈妈|丈夫|妻子|儿子|女儿|夫妇|男子|女子|歌手|演员|导演|球员|教练|议员|选民|示威者|士兵|"
    "店主|"
    "[我本](?:司|校|行|厂|店)|笔者|作家|博主|先生|女士|小姐|表哥|表姐|叔叔|阿姨|总统|首相"
)
"""Bodies and people whose deeds are not an institute's."""
_AUX = (
    "is|are|was|were|be|been|being|has|have|had|having|do|does|did|will|would|shall|should|can|could|may|might|must|"
    "gets?|got|said|says|told|laid|left|began|became|held|made|took|gave|won|lost|went|came|ran|cut|built|bought|sold|"
    "sent|"
    "spent|paid|kept|led|met|found|wrote|saw|drew"
)
_LINKS = (
    "in|on|at|to|for|with|from|by|into|over|about|against|between|under|like|unlike|than|per|via|through|during|within|"
    "without|despite|among|amid|across|towards?|upon|following|including|"
    "if|because|since|after|before|although|though|when|where|while|whereas|as|that|which|who|whom|whose|not|n't"
)
_BREAK = re.compile(
    r"[,;:()|\"]|--| - |\b(?:and|but|or|yet|so|that|while|whereas|because|since|although|though|when|where|if|as|"
    r"than)\b|\b(?:who|which|whom|whose)\b"
)
_RELATIVE = re.compile(r"(?:who|which|whom|whose)$")
_LEAD = re.compile(
    r"(?:[\s'*#>\[\]-]|\d[\d.)]* |(?:then|also|now|still|just|both|even|only|today|yesterday|however|meanwhile|instead|"
    r"later|earlier|here|there|has|but|and|or)\b)*",
    re.I,
)
_OTHER_EN = re.compile(
    rf"(?:(?!(?:{_AUX}|{_LINKS}|we|our|us)\b)[\w'’.,&%$£€-]+ ){{0,7}}?(?:{OTHERS_EN})(?:'s?)?(?![\w-])"
    r"(?! (?:tests?|testing|evaluations?|reports?|portal|page|website|account|guide|stud(?:y|ies))\b)",
    re.I,
)
"""Opens a segment: a noun phrase whose noun names somebody else; before it stand words only, no verb, no link."""
_INSIDE = re.compile(r"(?<=[a-z,;] )[A-Z]\w+")
_KNOWN = re.compile(rf"[{NAME}]")
_READER = re.compile(r"yours?\b", re.I)
_PERSON = re.compile(r"(?:he|she|his|her|him)\b(?! or )", re.I)
_SELF = re.compile(r"(?:we|our|us|i|my)\b", re.I)
_OWNERS = {"your": Subject.READER, "his": Subject.PERSON, "her": Subject.PERSON}
_STANDS_IN = re.compile(r"(?:it|its|itself|they|their|them)\b", re.I)
_ACTS = rf"(?:(?:{_AUX}|[a-z]+(?:ed|es|[a-rt-z]s))\b|(?:employees|staff|workers|executives|engineers)\b)"
_SOME = (
    r"(?:(?:(?:a|an|the|some|most|many|more|all|each|several|nearly|almost|about|over|small|large|[\d.,%]+) )*"
    r"(?:half|third|quarter|per ?cent|percent|[\d.,%]+|dozens|hundreds|thousands|groups?|members|employees|workers|"
    r"most|some|many|all|each|none|one) of (?:the )?)?"
)
"""Some of them: the whole may be named after it."""
_CAPITAL = r"[A-Z][\w&.’'-]*"
_NAMED = re.compile(
    rf"(?:The |At |In |For )?{_SOME}(?P<name>[A-Za-z]*[a-z][A-Z]\w*|[A-Z][A-Za-z]*[A-Z]\w*|{_CAPITAL}"
    rf"(?: (?:of|for|the|and|de|&))?(?: {_CAPITAL})+)(?P<own>'s)?(?(own)|(?: [a-z]+ly)?(?= {_ACTS}))"
)
"""Opens a segment: a capitalised name that does something, or owns what follows."""
_NAMED_WITHIN = re.compile(rf"(?P<name>{_CAPITAL}(?: {_CAPITAL})*)(?P<own>'s)?(?(own)|(?: [a-z]+ly)?(?= {_ACTS}))")
"""Opens a segment inside a sentence, where a single capitalised word is a name already."""
_PROPER = re.compile(
    r"(?!(?:it|that|this|there|here|what|who|let|today|yesterday|tomorrow|one|he|she|everyone|everybody|nobody|"
    r"somebody|world|"
    r"year|month|week|last|next|[a-z]*thing|how|where|when)'s)[A-Z]",
    re.I,
)
"""Opens a possessive that is a name's, not a pronoun's or a contraction."""
_PART = re.compile(
    r"\b(?:team|lab|laboratory|institute|cent(?:er|re)|group|division|unit|department|academy|dean|director|"
    r"secretariat|"
    r"office|board|council|committee|commission|ministry|minister|bureau|government|congress|administration|authority|"
    r"agency|treasury|municipality|city|district|party|state|network|association|report|bench|benchmark|guard|suite|"
    r"policy|"
    r"act|law|plan|article|section|ai|llms?|i|chinese|english|china|beijing|january|february|march|april|may|june|july|"
    r"august|september|october|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?\b",
    re.I,
)
"""Words of a capitalised name that may well be a part of the owner, an authority or a thing."""
_OWNED = re.compile(rf"(?:\b(?:your|his|her)|\b[A-Z]\w*[a-z]'s|\b(?:{OTHERS_EN})'s?)(?: [\w,.-]+){{0,2}} ?$")
"""Right before the event: it is owned."""
_THING = re.compile(
    rf"(?:the|this|that|these|those|an?|no|all|[\d.,]+|ten|one|two|three) (?:[\w'-]+ ){{1,6}}?(?:{_AUX})\b", re.I
)
"""Opens a sentence of its own after a colon or semicolon: a thing is its subject."""
_OF_ITSELF = re.compile(
    r"(?:the |a |an )?(?:[a-z'-]+ ){0,4}?"
    r"(?:ministry|minister|government|commission|committee|council|court|bureau|agency|police)"
    r"(?: [a-z]+ly)? (?:said|says|announced|reported|added|told [a-z]+|warned) (?:that )?(?:it|they)\b",
    re.I,
)
"""An authority that speaks of itself."""
_AT_OTHER = re.compile(
    rf"[^,;:.]{{0,24}}?\b(?:by|at) (?:the |a |an |this |that |these )?(?:[a-z-]+ ){{0,2}}?"
    rf"(?:{OTHERS_EN}|facility|plant|prison|jail)(?![\w-])"
)
"""Right after the event: somebody else did it, or it was at somebody else's."""
_DUTY = re.compile(
    r"\b(?:must|shall|required?|requires|mandatory|obliged|need|needs|may not|cannot|allowed|barred|ordered|told to|"
    r"have to|has to|are to|fined?|face|compel)\b|必须|须|应当|不得|方可|方能|才能|不能|不准|强制|责令|处罚|罚"
)
_MUTUAL = re.compile(r"\b(?:sign|agree|contract|partner|joint|conclud|donat)|签|协议|合作|合同|联合|共建|捐")
"""What is laid upon others or done with them may be told of them and yet be the owner's."""

_OTHER_ZH = re.compile(rf"(?:{OTHERS_ZH})(?!研|家们?评|版|端|画像|手册|协议)")
_HAN_BREAK = re.compile(r"[,;:()|\"]")
_GOVERNED = re.compile(
    r"(?:与|和|跟|同|向|对|给|为|从|由|被|把|将|让|请|邀|据|以|在|于|针对|面向|通过|经|及|等|"
    r"[招聘测评审批管促帮])[^,;:]{0,5}$"
)
"""Right before a noun: it is not the subject."""
_OURS_ZH = re.compile(
    r"[我本](?:院|所|中心|室|会|单位|部|组|台)|研究[院所组室]|课题组|实验室|评测[部组]|项目组|团队|院[长方里内]|中心|"
    r"部门|局|厅|委|政府|办公室|秘书处|网络"
)
_PUBLIC_ZH = re.compile("政府|财政[局厅部]|[部委局]")
_PERSON_ZH = re.compile(r"(?:^|[^其])[他她](?!人|国|山|乡)")
_SPEAKS_ZH = re.compile(
    r"(?:^|"
    r"[,;:\"])(?:[王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤][\u4e00-\u9fff]{1,2})"
    r"(?:说|称|表示|认为|指出|坦言|告诉|介绍|回忆|觉得|透露|强调|还是|带着|把|将)"
)
_SPEAKER = re.compile(
    rf" ?(?:(?:said|says|added|told [a-z]+|continued|wrote|explained) {_CAPITAL}(?: {_CAPITAL})+[^\"]*"
    rf"|{_CAPITAL}(?: {_CAPITAL})+,? (?:said|says|added|told|continued|wrote|explained)\b[^\"]*)"
)
"""Follows a quotation: who said it."""
_OWN_SPEAKER = re.compile(
    r"\b(?i:dean|director|head|researcher|scientist|engineer|team|lab|laboratory|institute|cent(?:er|re)|colleague|"
    rf"spokes\w+|manager|secretary)\b(?![^,.;]* (?:at|of|for|with) (?:the )?[A-Z{NAME}])"
)
"""A speaker's office at the owner: none that is said to be elsewhere."""
_OPENS_WITH = re.compile(
    r"[\"' ]*(?:it|its|they|their|he|she|his|her)\b|[\"']?(?:其(?![他中余实次间])|它|他们?|她们?)", re.I
)
_USING = re.compile(
    r"(?:\b(?:with|using|uses?|used|via|ran|runs?|running|tried|applied|applying|on|through) "
    r"(?:the )?(?:[a-z-]+ ){0,2}|"
    r"(?:用|使用|采用|利用|借助|基于|运行|跑了?|拿|以))$",
    re.I,
)
"""Ends right before a product: somebody works with it."""
_ANY_OTHER = re.compile(
    rf"\b(?:{OTHERS_EN})\b|(?:{OTHERS_ZH})(?!研)|(?<![\w])I\b|笔者|(?<![\u4e00-\u9fff])我(?![\u4e00-\u9fff]?[院所们])"
)
_ONESELF = re.compile(
    r"\bmy (?:own )?(?:laptop|machine|pc|computer|gpus?|server|key|numbers|runs?)\b"
    r"|\bi (?:re-?)?(?:ran|run|tried|replicated|tested)\b"
    r"|我(?:自己)?(?:在家|用自己的|拿自己的|的(?:笔记本|电脑|显卡|服务器))|我自己跑|笔者(?:自行|自己)"
)
_OF_SELF = re.compile(
    r"[我本](?:院|所|中心|实验室|研究院)"
    r"|\bour (?:[a-z]+ )?(?:lab|laboratory|institute|centre|center|researchers|evaluators)\b"
    r"|\bthe institute\b"
)
_SELF_OF_OTHER = re.compile(
    r"\b(?:our|my) (?:[a-z-]+ ){0,2}?(?:company|firm|business|bank|school|university|college|hospital|store|shop|brand|"
    r"newspaper|magazine|club|hotel|restaurant|country|nation|family|career|life)\b"
    r"|我们(?:的)?(?:这[个家]?)?(?:企业|公司|集团|学校|银行|医院|工厂|厂|店|球队|报社|民族|国家|家)|"
    r"(?<![一-龥])我(?:司|校|行|厂|店|报|台|刊|社)"
)
"""Speaks of itself as something that no institute is."""

_HEAD = re.compile(
    r"(?:^|[.,;:\"] ?|\b(?:and|but|that) )(?i:(?:yesterday|today|on monday|this week),? )?"
    r"(?i:(?:the|our|its) (?:(?:founding|institute's|outgoing) )?(?:dean|director|president|head))"
    rf"(?!,? (?:[A-Z{NAME}]|of|for|at|who|general)|['’-])(?: [^,;:\"]*)?$"
    rf"|(?:^|[,;:\"])(?:昨[天日]|今[天日]|日前|近日)?(?:我院|本院)?(?:创始)?院长(?![{NAME}助办级]|"
    rf"[\u4e00-\u9fff]{{2,3}}(?:在|于|表示|说|称))[^,;:\"]*$"
)
"""Ends where an event begins: its clause tells of an unnamed head."""


def cased(reading: Reading, start: int, end: int) -> str:
    """A stretch of the view with the capitals of the original; marks stand for names, as in the view."""
    view, text, at = reading.view, reading.text, reading.at
    return "".join(
        text[at[n]] if "a" <= view[n] <= "z" and text[at[n]].lower() == view[n] else view[n] for n in range(start, end)
    )


def subject(reading: Reading, event: Span, names: frozenset[str] = frozenset()) -> tuple[Subject, str]:
    """Whom the clause of an event has for its subject, and its words.

    `names`: single words that the text around uses as names, so that one at a sentence's start is known for a name.
    """
    start = max(0, event[0] - BEFORE)
    before = cased(reading, start, event[0])
    after = reading.view[event[1] : event[1] + AFTER]
    verb = cased(reading, event[0], min(event[1], event[0] + 20))
    said = reading.view[event[0] : event[1]]
    found, words = _han(before) if _is_han(reading.view, event) else _latin(before, verb, after, names)
    if found is Subject.OTHER and (_MUTUAL.search(said) or _DUTY.search(f"{before[-30:]}{said}")):
        return Subject.LAID_ON, words
    return found, words


def _is_han(view: str, event: Span) -> bool:
    around = view[max(0, event[0] - 30) : event[1] + 10]
    return sum("\u3400" <= c <= "\u9fff" for c in around) * 3 > len(around)


def _latin(before: str, verb: str, after: str, names: frozenset[str]) -> tuple[Subject, str]:
    before = before.rpartition("|")[2]
    owned = _OWNED.search(before[-40:])
    if owned:
        return _OWNERS.get(owned.group().partition(" ")[0].lower(), Subject.OTHER), owned.group()
    for segment, sign in _segments(before):
        found = _opening(segment, verb, sign, names)
        verb = ""
        if found:
            return found
    at = _AT_OTHER.match(after)
    return (Subject.OTHER, at.group().strip()) if at else (Subject.OPEN, "")


def _segments(before: str) -> Iterator[tuple[str, str]]:
    """(segment, what it follows), from the event backwards; clauses that are closed before the event are left out."""
    cuts = [(0, "")]
    cuts.extend((hit.end(), hit.group()) for hit in _BREAK.finditer(before))
    end, closed = len(before), False
    for start, sign in reversed(cuts[-DEEP:]):
        if not _RELATIVE.match(sign):
            yield before[start:end], sign
        elif not closed:
            yield "", sign  # the event stands in the clause itself: its subject stands before it
        closed = closed or sign in (",", ")")
        end = start - len(sign)


def _opening(segment: str, verb: str, sign: str, names: frozenset[str]) -> tuple[Subject, str] | None:
    """Whom a segment opens with; None where it opens with nobody, or with what stands for somebody before."""
    bare = segment[_LEAD.match(segment).end() :]  # type: ignore[union-attr]
    if _SELF.match(bare) or _KNOWN.match(bare):
        return Subject.OPEN, ""
    if _READER.match(bare):
        return Subject.READER, bare[:20]
    if _PERSON.match(bare):
        return Subject.PERSON, bare[:3].strip()
    if _STANDS_IN.match(bare):
        return None
    other = _OTHER_EN.match(bare) or _OF_ITSELF.match(bare)
    if other:
        return Subject.OTHER, other.group()
    name = _name(bare, verb, bool(sign), names)
    if name:
        return Subject.OTHER, name
    return (Subject.OPEN, "") if sign in (";", ":") and _THING.match(bare + verb) else None


def _name(bare: str, verb: str, within: bool, names: frozenset[str]) -> str:
    """The unknown name that a segment opens with and that does something; empty where there is none."""
    named = _NAMED.match(bare + verb)
    if not named:
        named = _NAMED_WITHIN.match(bare + verb)
        sure = named and (within or named["name"] in names or (named["own"] and _PROPER.match(bare)))
        named = named if sure else None
    return named["name"] if named and not _PART.search(named["name"]) else ""


def _han(before: str) -> tuple[Subject, str]:
    clauses = _HAN_BREAK.split(before)
    for clause in clauses[: -DEEP - 1 : -1]:
        own = _OURS_ZH.search(clause)
        if "自己" in clause and _PUBLIC_ZH.search(clause):
            return Subject.OTHER, "自己"
        for other in _OTHER_ZH.finditer(clause):
            if own and own.start() < other.start():
                return Subject.OPEN, ""
            if not _GOVERNED.search(clause[: other.start()]):
                return Subject.OTHER, other.group()
        person = _PERSON_ZH.search(clause)
        if person and not (own and own.start() < person.start()):
            return Subject.PERSON, person.group()
        speaker = None if own else _SPEAKS_ZH.match(clause)
        if speaker:
            return Subject.OTHER, speaker.group()
        if own:
            return Subject.OPEN, ""
    return Subject.OPEN, ""


def is_head(before: str) -> bool:
    """True where the clause before an event has the head of a house for its subject, unnamed: "the dean", 院长."""
    return _HEAD.search(before) is not None


def names_in(texts: Iterable[str]) -> frozenset[str]:
    """The words that some texts write with a capital inside a sentence."""
    return frozenset(word for text in texts for word in _INSIDE.findall(text) if not _PART.fullmatch(word))


def self_of_other(view: str) -> bool:
    """True where the first person is a company, a school, a country: somebody who is no institute speaks."""
    return _SELF_OF_OTHER.search(view) is not None


def speaks_of_part(folded: str) -> bool:
    """True where a text speaks of its owner as an institute does of itself: 我院, our lab, the institute's."""
    return _OF_SELF.search(folded) is not None


def stands_for_before(view: str) -> bool:
    """True where a statement opens with a pronoun that stands for the subject of the one before."""
    return _OPENS_WITH.match(view) is not None


def used_by_another(reading: Reading, product: int) -> bool:
    """True where the product at a place of the view is what somebody else works with."""
    before = cased(reading, max(0, product - BEFORE), product)
    using = _USING.search(before)
    return using is not None and _ANY_OTHER.search(before[: using.start()]) is not None


def ran_it_oneself(view: str) -> bool:
    """True where a single person tells of running something: "I ran it on my laptop"."""
    return _ONESELF.search(view) is not None


def said_by_another(reading: Reading, event: Span, ours: str) -> bool:
    """True where the event stands in a quotation of somebody who is no part of the page's owner (`ours`: its marks)."""
    view = reading.view
    end = view.find('"', event[1])
    if end < 0 or view.rfind('"', 0, event[0]) < 0 or end - event[1] > BEFORE:
        return False
    after = cased(reading, end + 1, min(len(view), end + AFTER + 60))
    speaker = _SPEAKER.match(after)
    return speaker is not None and not (_OWN_SPEAKER.search(speaker.group()) or set(ours) & set(speaker.group()))
