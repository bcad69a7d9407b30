"""Titles of works in a statement: what a paper, a book or a talk is called says nothing of how the sentence is said.

"At the launch of 'If Machines Could Plan', the institute joined" has no condition in it; 凭论文《是否应当禁止》成名
asks nothing. The title of a law or a draft is another matter: 《管理办法（征求意见稿）》 is what the sentence tells of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crawler.match.shapes import Span

BLANK = "\u2581"
"""Stands for each character of a title that is not to be read."""
LONGEST = 120
"""Characters of a title."""
_WORK = (
    r"(?:papers?|books?|talks?|essays?|articles?|lectures?|films?|movies?|documentar(?:y|ies)|novels?|series|sessions?|"
    r"seminars?|panels?|keynotes?|speech(?:es)?|columns?|songs?|podcasts?|episodes?|courses?|memoirs?|posts?|"
    r"preprints?|"
    r"titled|entitled|headlined|called|launch of|author of)"
)
_WORK_ZH = (
    "(?:论文|文章|新书|专著|著作|一书|一文|撰文|演讲|讲座|主旨报告|报告会|随笔|散文|小说|电影|影片|纪录片|节目|专栏|"
    "博文|帖文|"
    "推文|长文|课程|歌曲|话剧|题为|题目为|名为|发文|书名|播客|回忆录|访谈录)"
)
_LAW = re.compile(
    r"(?:法|条例|规定|办法|意见|通知|方案|规则|准则|决定|细则|公告|计划|规划|标准|指南|决议|协议|公约|宣言|协定|"
    r"备忘录|稿)"
    r"(?:\([^()]*\))?$|草案|征求意见|[议讨审]稿|试行"
)
"""In a title between angle brackets: it is a law's, a plan's or a treaty's."""
_ANGLED = re.compile(rf"《[^《》]{{1,{LONGEST}}}》")
_QUOTED = re.compile(rf"\b{_WORK}(?: is| was|,|:| on| of)? ?\"([^\"]{{1,{LONGEST}}})\"")
_QUOTED_ZH = re.compile(rf"{_WORK_ZH}[是为:,]?\"([^\"]{{1,{LONGEST}}})\"|\"([^\"]{{1,{LONGEST}}})\"(?:的)?{_WORK_ZH}")
_WORDING = re.compile(
    r"\b(?:sentence|line|phrase|words?|clause|passage|wording|paragraph|promise|pledge|commitment|vow|provision|text)s?"
    rf"(?: reading| that read|,|:)? ?\"([^\"]{{8,{LONGEST}}})\""
    rf"|\"([^\"]{{8,{LONGEST}}})\" (?:(?:is|was|are|has been|had been|have been) (?:quietly |now |simply |also )?)?"
    r"(?:gone|deleted|removed|struck|dropped|cut|missing|erased|scrapped|taken (?:out|down)|no longer)\b"
    rf"|(?:承诺|条款|一句|句子|段落|字样|表述|措辞|的话|原文|规定)[:,]?\"([^\"]{{4,{LONGEST}}})\""
    rf"|\"([^\"]{{4,{LONGEST}}})\"(?:的|这|那|这一|这句|一|等)?(?:承诺|条款|一句|句|句子|话|一段|段落|字样|表述|措辞|规定|"
    r"(?:已|被|遭|均|悄然|不见|消失|删)+)"
)
"""A wording, put between quotation marks: what it says is what the sentence tells of, and no part of the telling."""
_MUSED = re.compile(
    r"\b(?:find(?:ing)? out|stud(?:y|ies|ied|ying)|test(?:s|ed|ing)?|examin(?:e|es|ed|ing)|prob(?:e|es|ed|ing)|see|"
    r"learn|understand(?:ing)?|ask(?:s|ed|ing)?|check(?:s|ed|ing)?|show(?:s|ed|ing)?|know|on|about|into|of) "
    r"((?:what|how|whether|if|where|when) (?:[^,;:]{1,40} )?(?:could|might|would|may|can)\b[^,;:]{0,40}?)"
    r"(?= (?:has|have|had|was|were|is|are) (?!to\b))"
    r"|(?:研究|查明|弄清|评估|测试|排查|寻找|检查|判断|探究|找出)([^,;:]{0,20}?(?:可能|会|能否|如果|是否)[^,;:]{0,16}?的)"
    r"(?=[^,;:的]{0,16}(?:已|被|遭|均))"
)
"""An object clause about what might be, closed before the verb of the sentence."""
_NAMED_WORK = re.compile(rf"(?:{_WORK_ZH}|\b{_WORK})[^,;《]{{0,6}}$")
_RAW = re.compile(
    rf"《[^《》\n]{{1,{LONGEST}}}》|\b(?i:{_WORK})(?: is| was|,|:| on| of)? ?[\"“]([^\"”\n]{{1,{LONGEST}}})[\"”]"
    rf"|{_WORK_ZH}[是为：，]?[\"“「]([^\"”」\n]{{1,{LONGEST}}})[\"”」]"
)


def titles(view: str, event: Span) -> list[Span]:
    """Where titles of works stand in a folded statement, without their signs; none that the event stands in."""
    found: list[Span] = []
    if "《" in view:
        for hit in _ANGLED.finditer(view):
            inside = view[hit.start() + 1 : hit.end() - 1]
            if not _LAW.search(inside) or _NAMED_WORK.search(view[max(0, hit.start() - 16) : hit.start()]):
                found.append((hit.start() + 1, hit.end() - 1))
    if '"' in view:
        for hit in (*_QUOTED.finditer(view), *_QUOTED_ZH.finditer(view), *_WORDING.finditer(view)):
            found.append(hit.span(hit.lastindex or 0))
    found.extend(hit.span(hit.lastindex or 0) for hit in _MUSED.finditer(view, 0, event[0]))
    return [span for span in found if not (span[0] < event[1] and event[0] < span[1])]


def unread(view: str, spans: Sequence[Span]) -> str:
    """A statement with its titles blanked; every place stays where it was."""
    for a, b in spans:
        view = view[:a] + BLANK * (b - a) + view[b:]
    return view


def unbroken(line: str) -> list[Span]:
    """Where titles stand in a line as it was written: a question mark inside one ends no sentence."""
    return [hit.span() for hit in _RAW.finditer(line)] if any(sign in line for sign in '《"“「') else []
