"""How a text says that something happened: asserted, negated, planned, … as a label, never as a filter.

A cue acts inside its scope around the event: the words before it in its clause, the words after it, its clause, or its
whole statement. Cues inside the event's own words do nothing (an event may itself be a negation: "no longer updated"),
and pseudo-cues (不仅, 未来, not only, no doubt) shield what they cover. After NegEx (Chapman et al. 2001), for two
languages. The labels are those of `storage.records.Assertion`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crawler.match.cues import CUES, Cue
from crawler.match.forms import form
from crawler.match.leads import answers_itself
from crawler.match.outlook import backshifted, foreseen
from crawler.match.shapes import Span, is_done, shapes
from crawler.match.titles import BLANK, titles, unread
from storage.records import Assertion

N, P, Q = Assertion.NEGATED, Assertion.PLANNED, Assertion.PROPOSED
C, A, H = Assertion.CONDITIONAL, Assertion.ASKED, Assertion.HISTORICAL
D, R = Assertion.DECIDED, Assertion.REPORTED

OPENING = 6
"""Characters from the start of a statement within which a cue opens it, and acts on all that follows."""
LISTED = 2
"""Semicolons from which a statement is a list."""
_ORDER = (A, C, N, Q, P, H, D, R)
"""Which label wins where several cues act."""

_CLAUSE = re.compile(
    r"[,;:()|]|--| - |\b(?:but|however|although|(?<!as )though|while|whereas|because|since|after|before)\b"
    r"|\b(?:which|who|(?<!or )(?<!and )when)\b"
    r"|\b(?:is|are|has) now\b"
    r"|但|却|而且|然而|不过|因为|由于|虽然"
)
_YEAR = re.compile(r"(?<![\d.])(?:(?<!-)|(?<=(?:19|20)\d\d-))((?:19|20)\d\d)(?:年|\b)(?:[-/]?(\d{1,2})(?:月|\b))?")
_MONTHS = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_DECADE = re.compile(r"\b((?:19|20)\d0)s\b")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})\b(?: \d{{1,2}})?,? ((?:19|20)\d\d)\b")
_NOT_WHEN = re.compile(
    r"(?:\b(?:its|their|his|her)|since|from|than|founded in|established in|set up in|created in|fy|fiscal|budget|"
    "自|较|比|预算|决算|成立于|财年|第|acl|neurips|icml|iclr) ?$"
    # a year that only heads or labels figures: "统计年度:2025", "reporting year: 2025"
    r"|(?:年度|年份|期间|所属期|报告期|统计期|(?:reporting|accounting|financial|tax|calendar)? ?(?:year|period)s?)[:|"
    r"]? ?$"
)
_BORN = re.compile(
    r"(?:\bborn(?: in| on| around| circa| [a-z ,]{0,20}in)?|\(b\.|出?生于|出生(?:年月|日期)?:?)"
    rf"(?: \d{{1,2}})?(?: (?:{'|'.join(_MONTHS)}))?(?: \d{{1,2}})?,? ?(?:early |late |the )*$"
)
_BIRTH = re.compile(r" ?年?(?: ?\d{1,2} ?月)?(?: ?\d{1,2} ?[日号])?(?:出生|生人|生(?=$|[,;:()。、于]))")
"""Before and after the date of a birth, which dates nothing else."""
_NOT_WHEN_AFTER = re.compile(
    r"^(?: ?年?(?:\d{1,2}月)?(?:作出|签署|发布|公布|通过|制定|提出|签订|承诺|启动|建立|开始|设立|成立|开启|"
    "达成|推出|上线|批准|宣布|举行|召开|创立|创办|出台|签下)的|"
    r"年?度|年?(?:部门)?(?:预算|决算)|年?以来|年?成立|财年| budget| edition|版|年版| final)"
)

_RULE = re.compile(
    r"\b(?:no|nobody|none|no one|neither)\b[^.;]{0,160}\b(?:may|can|shall|must|is allowed|are allowed)\b[^.;]{0,200}$"
)
"""Before "unless": it says what nobody may do, which is a rule in force."""
_INQUIRES = re.compile(r"\basks(?: [a-z]+){0,2} whether$")
"""Ends with "whether": an essay asks, and the event before it has happened."""
_UNDONE = re.compile(
    r"\"?[^,;:\"]{0,4}?(?:(?:已|已经|均|全部|悄然|悄悄|都|也|双双|正式|被|遭){1,3}(?:被|遭|失效|作废|落空|删|撤|消失|废|取消|移除|"
    r"终止|搁置|下线|下架)|失效|作废|落空|消失)"
)
"""Right after 承诺, 计划, 方案: they are nouns, and there is an end of what they name."""
_AS_NOUN = re.compile(r"(?:的|该|其|此|[这那上][一项份个]?|安全|暂停|治理|评估|测试)$")
_UNDOES = re.compile(r"\"?[^,;:]{0,3}(?:删|撤|失效|作废|取消|终止|移除|废)")
_RELATIVE = re.compile(
    r"(?:^|\b(?:at|in|during|on|by|with|from|to|for|before|after|under|of) )(?:an?|the|its|their) (?:[a-z-]+ ){1,4}"
    r"(?:that|which|who|whom|where) [^,;:]{0,40}$"
)
_RELATIVE_ZH = re.compile(
    r"(?![在于从由被把向对与和能就如按])[^,;:在]{1,8}的[^,;:]{1,8}?(?:上|中|里|后|下|时|期间|现场)[^,;:]*"
)
"""Between a negation and the event: a clause of its own that only describes where or with whom it was."""
_ADJUNCT = re.compile(
    r" (?!law|bill|rule|regulat|legislat|measure|propos|guid|plan|standard|agreement|treat|text|decision|resolution|"
    r"order|"
    r"amend|polic|code|framework|charter|list|budget|version|statute|decree|notice|circular|memorandum|deal|accord|"
    r"declar|"
    r"strateg|document|report|paper|and\b|or\b|for\b|of\b|is\b|was\b|by\b|to\b|on\b|in\b|at\b|that\b|which\b|under\b|"
    r"says|said|would|will|has|have|the\b|from\b|with\b|calls|circulat|seen|released|published|obtained|"
    r"leaked)[a-z]+ [a-z]"
)
"""Right after "draft": what is drafted is neither a law nor a plan, but draft model cards, say."""
_CELL = re.compile(r"(?:^|[;|] ?)(?:[^:;|,]{1,12}[:|] ?)?(?:19|20)\d\d年?度?(?=$| ?[;|])")
"""A year that is a cell of a row, or the whole of what a label says."""
_SIGNED_ON = re.compile(r"(?:日期|时间|签|date|signed|on|at|when|since)[^;|]*$")

_BYGONE = re.compile(
    r"\b(?:(?:they|it|he|she|we|both|that|which|who) (?:had |have |was |were |first )*[a-z]+(?:ed|gan|gun|ew|set up)|"
    r"(?:launched|signed|begun|opened|agreed|founded|set up|started|created|established|announced|adopted|issued|"
    r"unveiled|struck|formed|inked)) (?:back |only )?(?:in|on|since|during) (?:early |late |mid |[a-z]{3,9} )?$"
)
"""Before the date of something else that the event is about: "the dialogue they began in 2025"."""

_WHEN = re.compile(
    r"(?:for (?:[a-z]+ ){1,3}(?:days|weeks|months|years) in|"
    r"on|in|back|during|as early as|until|before|up to|prior to) [^,;:]{0,30}"
)
"""Before a date at the head of a statement: it says when all that follows was."""


_GOES_ON = re.compile(r", ?(?:and (?:that|to)\b|(?:并且?|同时|以及|且)(?![于已在未没无非不]))")
"""Goes on with what was proposed; 并于, 并已 tell what was done beside it."""
_RULE_ENDS = ("until", "unless", "before", "without")
_RULED = 80
"""Characters between the words of a rule and the event that it makes depend on something."""


@dataclass(frozen=True, slots=True)
class Judgement:
    label: Assertion
    why: str
    """The cue's words, or the date; empty for a plain assertion."""


def clause(view: str, event: Span) -> Span:
    """The stretch of a statement between the breaks around the event."""
    start, end = 0, len(view)
    for hit in _CLAUSE.finditer(view):
        if hit.end() <= event[0]:
            start = hit.end()
        elif hit.start() >= event[1]:
            end = hit.start()
            break
    return start, end


def item(view: str, event: Span) -> Span:
    """The item of a list on one line around the event, items parted by semicolons; the whole where it is no list."""
    if view.count(";", 0, -1) < LISTED:
        return 0, len(view)
    start, end = view.rfind(";", 0, event[0]) + 1, view.find(";", event[1])
    return start, end if end >= 0 else len(view)


def judge(
    view: str,
    event: Span,
    cues: Mapping[str, Sequence[Span]],
    *,
    asked: bool,
    baseline: tuple[int, int],
    answered: bool = False,
) -> Judgement:
    """How the event at a place of a statement is said.

    `cues` holds the places of each cue of `CUES` by name; `baseline` is (year, month): what happened before is known.
    `answered`: the statement is a question, and somebody said yes to it.
    """
    view = unread(view, titles(view, event))
    if not answered and (asked or view.rstrip("\"') ").endswith("?")):
        return Judgement(A, "a question")
    shields = cues.get("shield", ())
    ruled = any(a < event[0] <= b + _RULED and view[a:b].endswith(_RULE_ENDS) for a, b in shields)
    found, found_at, denied = _met(view, event, cues)
    if denied:
        return Judgement(N, denied)
    for label, words in shapes(view, event, baseline[0]):
        if not (ruled and words in _RULE_ENDS):  # "no model may be sold until it has passed" is a rule in force
            found.setdefault(label, words)
    if A in found and (answered or (said := answers_itself(view[event[1] :])) is not None):
        del found[A]
        if not answered and not said:
            return Judgement(N, "answered no")
    unsaid = form(view, event)
    if unsaid and not (found.keys() - {R, D}) and not _right_before(found_at.get(D), event):
        found[unsaid[0]] = unsaid[1]
    if not (found.keys() - {R, D}) and (words := foreseen(view, event, baseline[0], found.get(D, ""))):
        found[P] = words
    when = _before_baseline(view, event, clause(view, event), baseline)
    if when:
        found.setdefault(H, when)
    for label in _ORDER:
        if label in found:
            return Judgement(label, found[label])
    return Judgement(Assertion.ASSERTED, "")


def _met(
    view: str, event: Span, cues: Mapping[str, Sequence[Span]]
) -> tuple[dict[Assertion, str], dict[Assertion, list[Span]], str]:
    """The words of each label whose cue acts on the event, the places of them all, and the words of a flat denial."""
    # 是不是, 有没有 ask; they deny nothing
    shields = (*cues.get("shield", ()), *cues.get("asked", ()), *cues.get("should", ()))
    around = clause(view, event)
    found: dict[Assertion, str] = {}
    found_at: dict[Assertion, list[Span]] = {}
    for cue in CUES:
        for span in cues.get(cue.name, ()) if cue.label else ():
            inside = cue.scope != "statement" and _overlap(span, event)
            if inside or view[span[0]] == BLANK or _covered(span, shields) or not _acts(cue, span, event, around, view):
                continue
            words = view[span[0] : span[1]].strip()
            if _says_nothing(words, span, event, view) or (cue.label is N and _of_beside(span, event, view)):
                continue
            if cue.name == "denied":
                return found, found_at, words
            label = (words.startswith("would") and cue.name == "might" and backshifted(view, span)) or cue.label
            found_at.setdefault(label, []).append(span)
            found.setdefault(label, words)
    return found, found_at, ""


def _says_nothing(words: str, span: Span, event: Span, view: str) -> bool:
    """True for a cue that its place makes harmless: a rule in force, a question asked later, a draft of something."""
    if words == "只有":  # without 才 it singles out, and asks for nothing
        return "才" not in view[span[1] :]
    if words in ("承诺", "计划", "方案") and span[1] <= event[0] + len(words):
        return _UNDONE.match(view, span[1]) is not None or (
            _AS_NOUN.search(view[: span[0]]) is not None and _UNDOES.match(view, span[1]) is not None
        )
    if words == "unless":
        return _RULE.search(view[: span[0]]) is not None
    if words.endswith("whether"):
        return span[0] >= event[1] and _INQUIRES.search(view[: span[1]]) is not None
    return words in ("draft", "drafts") and _ADJUNCT.match(view, span[1]) is not None


def _of_beside(span: Span, event: Span, view: str) -> bool:
    """True for a negation inside a relative clause that tells of something beside the event: "… he did not attend"."""
    if span[0] >= event[1]:
        return _RELATIVE.search(view[event[1] : span[0]]) is not None
    return _RELATIVE_ZH.fullmatch(view[span[1] : event[0]]) is not None


def _right_before(spans: Sequence[Span] | None, event: Span) -> bool:
    """True when one of the spans ends where the event begins, but for a word."""
    return any(0 <= event[0] - span[1] <= 12 for span in spans or ())


def _acts(cue: Cue, span: Span, event: Span, around: Span, view: str) -> bool:
    if cue.scope == "statement":
        return True
    if cue.scope == "trailing":
        return span[0] >= event[1]
    inside = around[0] <= span[0] and span[1] <= around[1]
    if cue.scope == "opening" and span[0] <= OPENING and span[1] <= event[0]:
        return inside or cue.name != "if" or not is_done(view, event)
    if cue.scope in ("clause", "opening"):
        return inside
    if cue.scope == "onward":
        return span[1] <= event[0] and event[0] - span[1] <= cue.reach
    if cue.scope == "before":
        inside = inside or (cue.label is Q and _joined(view, span[1], event[0]))
        return inside and span[1] <= event[0] and event[0] - span[1] <= cue.reach
    gap = view[event[1] : span[0]]
    return inside and span[0] >= event[1] and len(gap) <= cue.reach and " and " not in gap


def _joined(view: str, start: int, end: int) -> bool:
    """True when nothing but "and that …", "，并…" parts a proposal from what it goes on to propose."""
    between = view[start:end]
    return bool(_GOES_ON.search(between)) and not _CLAUSE.search(_GOES_ON.sub(" ", between))


def _covered(span: Span, by: Sequence[Span]) -> bool:
    return any(a <= span[0] and span[1] <= b and (b - a) > (span[1] - span[0]) for a, b in by)


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def dates(view: str) -> list[tuple[int, int, int]]:
    """(place, year, month) of each date that says when something happened; month 0: only the year is said."""
    found = [(m.start(), int(m.group(1)) + 9, 12) for m in _DECADE.finditer(view)]
    found += [(m.start(), int(m.group(2)), _MONTHS.index(m.group(1)) + 1) for m in _MONTH.finditer(view)]
    taken = {place + k for place, _, _ in found for k in range(24)}
    cells = [c.span() for c in _CELL.finditer(view) if not _SIGNED_ON.search(c.group().split("2")[0])]
    for hit in _YEAR.finditer(view):
        if any(a <= hit.start() < b for a, b in cells):
            continue
        if hit.start() in taken or _NOT_WHEN.search(view[: hit.start()]) or _NOT_WHEN_AFTER.search(view[hit.end(1) :]):
            continue
        if _BIRTH.match(view, hit.end(1)):
            continue
        month = int(hit.group(2) or 0)
        found.append((hit.start(), int(hit.group(1)), month if month <= 12 else 0))
    return sorted(f for f in found if not _BORN.search(view[max(0, f[0] - 60) : f[0]]))


def is_past(found: Sequence[tuple[int, int, int]], baseline: tuple[int, int]) -> bool:
    """True when there are dates and the newest lies before the baseline."""
    if not found:
        return False
    year, month = max((y, m or (12 if y < baseline[0] else baseline[1])) for _, y, m in found)
    return (year, month) < baseline


def _before_baseline(view: str, event: Span, around: Span, baseline: tuple[int, int]) -> str:
    """The date that puts the event before the baseline; empty where none does. Dates at the head count for all."""
    every = dates(view)
    if not is_past(every, baseline):
        return ""
    every = [d for d in every if not _BYGONE.search(view[event[1] : d[0]])]
    if not every or not is_past(every, baseline):
        return ""
    near = [d for d in every if around[0] <= d[0] <= around[1] or d[0] <= 12 or _WHEN.fullmatch(view, 0, d[0])]
    if not near:
        return ""
    _, year, month = near[-1]
    return f"{year}-{month:02d}" if month else str(year)
