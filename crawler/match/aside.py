"""Names that stand beside an event's subject: inside a clause that is closed before the event, or as a companion.

"The engineer who worked with NAME has left" tells of the engineer; so does 与NAME共事的工程师离职.
"""

from __future__ import annotations

import re

from crawler.match.entities import Mention, Reading
from crawler.match.lexicon import Span
from crawler.match.shapes import NAME
from crawler.match.subject import cased

_BESIDE = r"(?:with|alongside|under|beside|like|unlike|for|to|from|next to|by the side of)"
_IN_RELATIVE = re.compile(
    rf"\b(?:who|which|whom|whose|that)\b[^,;:()]{{1,80}} {_BESIDE} (?:[a-z.]+ ){{0,2}}$"
    rf"|[,(] ?(?:[a-z]+ )?(?:[a-z]+ed|built|written|led|known)(?: [^,;:()]{{0,60}})? {_BESIDE} (?:[a-z.]+ ){{0,2}}$"
)
"""Ends right before a name: it is a companion inside a relative clause or an apposition."""
_WITH = re.compile(
    r"\w+ \w+ (?:alongside|unlike|under|by the side of|next to|(?:who|people|those) [^,;:]{0,30} with) $"
)
_OPENING = re.compile(r"(?:^|[,;:] )(?:unlike|under|in contrast to|as opposed to) (?:[a-z.]+ )?$")
_HIS = re.compile(
    r"(?:'s|的) ?(?:[a-z-]+ ){0,2}?(?:students?|pupils?|deputy|deputies|colleagues?|assistants?|aides?|secretary|"
    r"co-?authors?|collaborators?|successors?|wife|son|daughter|brother|sister|mentor|rivals?|学生|弟子|门生|同事|"
    r"助手|副手|助理|"
    r"合作者|搭档|继任者?|秘书|前同事|前学生|导师|夫人|家人)(?![a-z])"
)
"""Right after a person's name: somebody of theirs."""
_THEIRS = re.compile(
    r"(?<!told )(?<!tells )(?<!thanked )(?<!to )(?<!with )(?<!informed )(?<!and )"
    r"\b(?:his|her) (?:[a-z-]+ ){0,2}?(?:students?|pupils?|deputy|deputies|colleagues?|assistants?|aides?|secretary|"
    r"successors?|wife|husband|son|daughter|brother|sister|mentor|rivals?)\b(?! and\b)[^,;:]*$"
    r"|[,:的][^,;:和与及]{0,12}(?:副[院所校会][长]|副主任|副手|助手|助理|学生|弟子|同事)[^,;:]{0,8}$"
)
"""Right before an event, after a person's name: somebody of theirs is its subject."""
_OF_HIS = re.compile(
    r"\b(?:deputy|deputies|assistants?|advis[eo]rs?|aides?|successors?|heirs?|students?|pupils?|secretary|mentor|wife|"
    r"husband|"
    r"colleagues?|friends?) (?:to|of) (?:the )?$|(?:师从|师承|追随)$"
)
"""Right before a person's name: somebody of theirs is told of."""
_ANOTHER_NAME = re.compile(
    r"\b(?:which|that|when|whom|because|after|as|while|where) [A-Z][a-z]+(?: [A-Z][a-z]+)+ (?:has |had |have )?$"
)
"""Right before an event: its clause has a name of its own for its subject."""
_HAN_BEFORE = re.compile(r"(?:与|和|跟|同|随|师从|曾受|受|由)$")
_HAN_UNLIKE = re.compile(r"(?:不同于|不像|区别于|有别于|不比)$")
_HAN_CLOSED = re.compile(
    rf"[^,;:的{NAME}]{{0,6}}(?:共同|一起|一道|一同|共事|合作|联合|学习|指导|领导|创建|开发|提拔|聘|"
    rf"带)[^,;:]{{0,24}}的[^,;:]{{1,12}}$"
)


_PLACE = r"(?:of|at|to|with|from|in|by|for|near|under|beside|against) (?:the |an? )?(?:[a-z-]+ ){0,2}"
_INSERTED = re.compile(
    r"(?:^|[.;:] ?)(?!(?:on|in|at|after|before|since|last|this|during|from|by|for|with|yesterday|today|as|when|while|"
    r"if|although|"
    r"though|according|early|late|to|asked|meanwhile|instead|however)\b)[^,;:()]{1,90}, "
    rf"(?:(?:an?|the|one|once|long|itself|now|then) (?:[a-z-]+ ){{1,5}}{_PLACE}|(?:[a-z]+ )?(?:[a-z]+ed|built|led|run|"
    rf"set up|known) "
    rf"(?:[a-z-]+ ){{0,4}}{_PLACE}|(?:who|which|whom|whose|that)\b[^,;:()]{{0,80}} ?)$"
)
"""Ends right before a name in words put between a subject and what it does."""
_CLOSED = re.compile(r"(?!'s|,? (?:and|or)\b)[^,;:()]{0,60},(?! (?:and|or)\b)(?!\d)")
"""Right after that name: the inserted words end."""
_ONCE_THERE = re.compile(
    r"\b(?:who|that) (?:(?:had )?(?:once|formerly|previously|earlier)|used to|left|quit|had left)\b[^,;:()]{0,40} $"
    r"|\bformer(?:ly)? [^,;:()]{0,30}(?:of|at) (?:the )?$"
)
"""Right before a name: somebody was there once, and has gone since."""
_ONCE_THERE_ZH = re.compile(r"(?:曾经?|此前|以前|早年|一度)(?:长期)?[在于]$|(?:离开|毕业于)$")
_WORKED_ZH = re.compile(r"[^,;:]{0,10}(?:工作|任职|就职|供职|学习|实习|服务|效力)?[^,;:]{0,6}的[^,;:]{1,12}")


_TOLD = re.compile(
    r"(?:[^;:]{0,40}[ ,])?(?:sa(?:id|ys|y)|t(?:old|ells?)|recall(?:s|ed)|reveal(?:s|ed)|disclos(?:es|ed)|claim(?:s|ed)|"
    r"alleg(?:es|ed)|confirm(?:s|ed)|describ(?:es|ed)|wr(?:ote|ites)|explain(?:s|ed)|testif(?:ies|ied)|report(?:s|ed)|"
    r"admit(?:s|ted)|complain(?:s|ed)|remember(?:s|ed)|add(?:s|ed)|"
    r"(?:was|were|been|being|is|are|got) (?:told|asked|ordered|instructed|made|directed|forbidden))\b"
    r"|[^;:]{0,24}(?:透露|表示|说(?!明)|称|告诉|爆料|回忆|证实|披露|坦言|讲述|指出|介绍|写道|承认|抱怨|被(?:要求|告知|责令))"
)
"""After the name: whoever was or is there tells of it."""
_ELSEWHERE = re.compile(
    r"\b(?:his|her|their|my|whose) (?:[a-z-]+ ){0,2}?(?:employer|company|start[- ]?up|firm|lab|laboratory|school|"
    r"university|business|shop|boss)\b|'s (?:partner|rival|neighbou?r|sponsor|auditor|supplier|contractor)s?\b"
    r"|[他她](?:们)?(?:的|所在的|创办的|现在的)(?:新)?(?:公司|企业|学校|单位|实验室|东家)|新东家|新雇主"
)
"""After the name: who was there tells of somebody else."""
_HANDED = re.compile(
    r"\b(?:and|which|who|then) (?:[a-z]+ly |later |then |also )?(?:sent|shared|gave|passed|handed|forwarded|showed|"
    r"lent|copied) [^,;:]{0,30}?(?:sets?|data|results?|reports?|findings|copy|copies|scenarios|questions|prompts|"
    r"methods|tools?|code) (?:to|with) (?:the )?$"
    r"|[,;][^,;:]{0,10}(?:把|将)[^,;:]{0,8}(?:题库|题目|试题|数据|结果|报告|场景|方法|工具|代码)"
    r"(?:转?交给?|分享给|抄送|寄给|发给|送给|转给)了?$"
)
"""Right before a name, after the event: whoever did it handed something on to this one."""
_ITS_PERSON = re.compile(
    r", (?:an?|the|one) (?:[a-z-]+ ){0,4}?(?:engineer|researcher|scientist|annotator|employee|worker|staffer|official|"
    r"spokes\w+|evaluator|tester|analyst|manager|director|head|dean|member|fellow|postdoc|programmer|developer|expert|"
    r"coordinator|secretary|officer|co-?author|author)s? (?:of|at|from|with|in|for|by) (?:the )?(?:[a-z-]+ ){0,2}$"
    r"|\bwho (?:works?|serves?|leads?|heads?|runs?|is employed|is based|has worked) [^,;:()]{0,40}$"
)
"""Right before a name: somebody who is there now, whose work is its work."""
_WAS_ITS_PERSON = re.compile(
    r"\b(?:once|formerly|previously|used to|former|left|quit|until [a-z0-9 ]{2,20}) [^,;:()]{0,50}$"
)
_NOT_ALONE = re.compile(r" (?:alone|only|just)\b|(?:一家|一院|独自|单独|一个)")
"""Right after a name that "not" stands before: it was, and so were others."""
_LEFT_OUT = re.compile(
    r"\b(?:everyone|everybody|all|every [a-z]+|anyone|any [a-z]+)(?: [a-z]+)? (?:but|except(?: for)?|other than|"
    r"save) (?:the )?$"
    r"|\b(?:not|rather than|instead of|in place of) (?:the )?$|(?:不是|并非|而非)$"
)
"""Right before a name: whatever happened, it was not to this one."""
_APART_ZH = re.compile(r"(?:以|之)?外,[^,;:也还]{0,12}(?:其他|其余|均|都|全部)")
"""Right after a name that stands behind 除: all but this one."""


def inserted(mention: Mention, event: Span, reading: Reading) -> bool:
    """True for a name left out, or inside words put in before an event of another: "X, near NAME, joined"."""
    view = reading.view
    alone = _NOT_ALONE.match(view, mention.at + 1) is not None
    if mention.at >= event[0]:
        if _HANDED.search(view[event[1] : mention.at]):
            return True
        return not alone and _LEFT_OUT.search(view[max(0, mention.at - 40) : mention.at]) is not None
    before, between = view[max(0, mention.at - 180) : mention.at], view[mention.at + 1 : event[0]]
    if (_LEFT_OUT.search(before) and not alone) or (
        before.endswith(("除", "除了")) and _APART_ZH.match(view, mention.at + 1)
    ):
        return True
    told = _TOLD.match(between) is not None and not _ELSEWHERE.search(between)
    if "," in between and "," in before and _CLOSED.match(between) and _INSERTED.search(before):
        return not told if _WAS_ITS_PERSON.search(before) else not _ITS_PERSON.search(before)
    if told:
        return False
    if _ONCE_THERE.search(before):
        return True
    return _ONCE_THERE_ZH.search(before) is not None and _WORKED_ZH.match(between) is not None


def aside(mention: Mention, event: Span, reading: Reading) -> bool:
    """True for a person's name that only accompanies whomever the event is told of."""
    if mention.at >= event[0]:
        return False
    view = reading.view
    before, between = view[max(0, mention.at - 120) : mention.at], view[mention.at + 1 : event[0]]
    if _HIS.match(between) or _THEIRS.search(between):
        return True
    if _OF_HIS.search(before) and not between.startswith("和"):
        return True
    if _ANOTHER_NAME.search(cased(reading, mention.at + 1, event[0])[-80:]):
        return True
    if _HAN_UNLIKE.search(before) or (_HAN_BEFORE.search(before) and _HAN_CLOSED.match(between)):
        return True
    if _IN_RELATIVE.search(before) or _WITH.search(before):
        return True
    return _OPENING.search(before) is not None and "," in between
