"""What a statement says of those after it: a scenario's lead, a plain condition, the answer to a question."""

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
    r"^\W*(?:(?:A|Answer|Guest|[\u3400-\u9fff]{0,12}(?:答|答复|回答|表示|回复))(?:\s*[（(][^）)]{1,30}[)）])?\s*[:：,，]\s*)?[\"“「]?"
)
_NO = re.compile(
    r"(?:no|not yet|not so|never|none|nothing of the (?:sort|kind)|by no means|not at all|nope|negative|they have not|"
    r"it has not|it did not|it does not|it is not|we have not|we did not|we do not|we are not)\b"
    r"(?! (?:doubt|problem|longer|less|fewer))|"
    r"没有|没|并没有|并未|尚未|还没|还未|否|不是|不会|从未|从来没有|暂时没有|暂无|目前没有|目前尚未|无此事|绝无",
    re.IGNORECASE,
)


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
