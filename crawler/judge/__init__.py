"""The optional judge: a language model's second opinion on candidates, off until settings.judge names an endpoint.

candidate ─ question ─▶ endpoint (guarded address, bounded) ─▶ answer ─ quotation in the text? ─▶ opinion, or discarded

It can only ask a person to look: an opinion never alerts, never hides, never changes a score. So the most that a
hostile page can win by talking to the model is a place among the notable changes.

`endpoint` is imported where a question is asked: everybody loads the settings, few have a judge.
"""

from crawler.judge.options import JudgeOptions
from crawler.judge.question import Discarded, Opinion, Question, Unanswered, key, messages, opinion

__all__ = [
    "Discarded",
    "JudgeOptions",
    "Opinion",
    "Question",
    "Unanswered",
    "key",
    "messages",
    "opinion",
]
