"""What a statement says of those beside it: a scenario's lead, a condition, the answer to a question, a denial."""

from __future__ import annotations

import re

SHORT = 60
"""Characters up to which a line that stands alone may be the lead of the next."""

_ANNOUNCES = re.compile(
    r"^[\"'(]?(?:in|on|at|during|this is|what follows|the following|here is) |"
    r"^[\"'(]?(?:the|this|a|an|our|his|her|their) [^,;:.]{0,30}(?:begins?|opens?|starts?|runs?|goes|imagines?|tells?)\b"
    r"|:\W*$|"
    r"^[\"'(]?(?:以下|下文|下面|下述|本文|这是|这则|在|据此|按照|按|为)|(?:中|里|写道|讲述|描写|设定|如下)\W*$"
)
_WORLD = re.compile(
    r"\b(?:in reality|in fact|in real life|back in the real world|so much for|meanwhile|as for the facts|outside the "
    r"(?:novel|game|film|scenario))\b|现实中|事实上|实际上|回到现实|与此同时|言归正传"
)
_ANSWER = re.compile(
    r"^\W*(?:(?:A|Answer|Guest|[\u3400-\u9fff]{0,12}(?:答|答复|回答|表示|"
    r"回复))(?:\s*[（(][^）)]{1,30}[)）])?\s*[:：,，]\s*"
    r"|[^:：,，。?？!！\d]{1,24}[:：]\s*)?[\"“「]?"
)
_NO = re.compile(
    r"(?:no|not yet|not so|never|none|nothing of the (?:sort|kind)|by no means|not at all|nope|negative|they have not|"
    r"it has not|it did not|it does not|it is not|we have not|we did not|we do not|we are not)\b"
    r"(?! (?:doubt|problem|longer|less|fewer))|"
    r"没有|没(?![错事关])|并没有|并未|尚未|还没|还未|否(?!则)|不是|不会|从未|从来没有|暂时没有|暂无|目前没有|目前尚未|"
    r"无此事|绝无",
    re.IGNORECASE,
)

_YES = re.compile(
    r"(?:yes|yeah|yep|indeed|correct|affirmative|certainly|absolutely|exactly|of course|so it (?:has|did|does|is)|"
    r"it (?:has|did|does|is|was)|they (?:have|did|do|are)|we (?:have|did|do|are)|i (?:have|did)|"
    r"(?:that|this|it)(?:'s| is) (?:right|correct|so|true|the case)|(?:right|true|confirmed)(?=[,.!;]|\W*$))\b"
    r"(?!,? (?:and no|but|if|in a sense|in part|not|n't|unlikely|possible|unclear|unknown|hard|too))|"
    r"是的|是(?=[,，。!！]|$)|对(?=[,，。!！]|的?[,，。!！]|$)|没错|不错(?=[,，。!！]|$)|确实|的确|确有其?事|当然|"
    r"有的(?=[,，。!！]|$)|属实|已经(?=[^\d一二三四五六七八九十])|"
    r"正是|肯定的?(?=[,，。!！]|$)|嗯",
    re.IGNORECASE,
)
_SAID_YES = re.compile(
    r"[^;?]{0,80}?(?:\b(?:said|says|answered|replied|responded)[,:]? \"?(?:yes\b|(?:that )?(?:it|they) ha(?:d|s|"
    r"ve)\b(?! not))"
    r"|\bnodded\b|(?:答|说|回答|回应)道?[:,]?\"?(?:是的|对[,。\"]|没错|已经|确实|属实)|点了?点头|点头称是|肯定的?答复)"
)
_SAID_NO = re.compile(
    r"[^;?]{0,80}?(?:\b(?:said|says|answered|replied|responded)[,:]? \"?(?:no\b|not yet|never\b|(?:that )?(?:it|"
    r"they) ha(?:d|s|ve) not)"
    r"|\bshook (?:his|her|their) heads?\b|(?:答|说|回答|回应)道?[:,]?\"?(?:没有|没[,。\"]|不是|尚未|还没)|摇了?摇头|"
    r"否定的?答复)"
)
_FALSE = re.compile(
    r"\W*(?:(?:but|however|yet|in fact|actually),? )?(?:(?:this|that|it|none of (?:this|that|it)|nothing of (?:this|"
    r"that|it)|"
    r"(?:the|this|that) (?:claim|report|story|post|rumou?r|message|news|item|statement|image|screenshot)s?) "
    r"(?:is|was|are|were|has been|turned out to be|proved|proved to be)(?: [a-z]+ly| all| just| in fact| a)? "
    r"(?:false|not true|untrue|not so|not the case|wrong|fake|made up|hoax|incorrect|baseless|fabricated|invented)|"
    r"(?:it|they|he|she) (?:has|have|had|did|does|is|was) not(?=\W*$)|"
    r"(?:false|fake|untrue|not true|not so|wrong|a hoax))(?=\W*$|[,.!;:])"
    r"|\W*(?:但|然而|不过|事实上|实际上|事实|情况|实情|后)?[,，]?(?:经(?:核[查实]?|查证?|核对|证实|记者核实|"
    r"本[院所刊]核[查实])[,，:：]?)?"
    r"(?:(?:此|该|上述|这一?|以上|相关|有关|网传)(?:事|说法|消息|内容|报道|信息|传言|传闻|帖子?|文章|图片?|截图|视频|"
    r"言论)?)?"
    r"(?:均|全|都|纯|并|完全|实|其实|系|是|为|属){0,3}"
    r"(?:不属实|不实(?:信息|消息|之词)?|不是真的|失实|假的|假消息|虚假信息|谣言|捏造的?|子虚乌有|与事实不符|没有这回事|"
    r"没有的事|并非如此|不是这样|无此事|无稽之谈|没有(?:事实)?依据)(?=\W*$|[,，。；!！])",
    re.IGNORECASE,
)
"""A statement that calls the one before it false."""


def announces(view: str) -> bool:
    """True when a statement introduces what follows: "In his new novel …", "以下内容…"."""
    return _ANNOUNCES.search(view) is not None


def returns_to_the_world(view: str) -> bool:
    """True when a statement leaves a scenario again."""
    return _WORLD.search(view) is not None


def is_lead(text: str) -> bool:
    """True for a line of a few words that the next line hangs on."""
    return len(text) <= SHORT


def is_mere_condition(view: str) -> bool:
    """True for a whole sentence that is a condition and draws no conclusion: what follows does."""
    return "," not in view and ":" not in view and not re.search(r"[就则便]|\bthen\b", view)


def says_no(text: str) -> bool:
    """True for a statement that answers no to the question before it."""
    return _NO.match(text, _ANSWER.match(text).end()) is not None


def says_yes(text: str) -> bool:
    """True for a statement that answers yes to the question before it."""
    return _YES.match(text, _ANSWER.match(text).end()) is not None and not says_no(text)


def answers_itself(rest: str) -> bool | None:
    """True where what follows a reported question answers yes to it ("…, he said yes"), False: no, None: neither."""
    if _SAID_NO.match(rest):
        return False
    return True if _SAID_YES.match(rest) else None


def calls_false(text: str) -> bool:
    """True for a statement that says of the one before it that it is not true, and hardly more."""
    return _FALSE.match(text) is not None
