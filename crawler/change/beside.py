"""What is told of text outside the main text: prose is, navigation is not. Pure.

body · not main      told as it stands
furniture that speaks (Spot.beside)    told when it says something new in a sentence
other furniture      recorded as noise, told only when a trigger matches
"""

from __future__ import annotations

import re

from crawler.change.diff import Difference
from crawler.change.form import fold

SENTENCE = 60
"""Letters of a sentence that is prose and no label; a Chinese character counts as two and a half."""
_ENDS = re.compile(r"[。！？；!?][\"'”’」』)）\]]*$|\.[\"'”’)\]]*$")
_DIGITS = re.compile(r"\d+")


def is_prose(line: str) -> bool:
    """Whether a line is a sentence: long enough for one, and ended like one."""
    letters = sum(2.5 if c > "\u2e80" else 1 for c in line)
    return letters >= SENTENCE and _ENDS.search(line.strip()) is not None


def says_something_new(difference: Difference) -> bool:
    """Whether furniture brings a new sentence; a number that ticks and a sentence that is gone are none."""
    old, new = difference.old, difference.new
    if new is None or difference.main or difference.recurs or not new.beside or not is_prose(new.text):
        return False
    return old is None or _DIGITS.sub("0", fold(old.text)) != _DIGITS.sub("0", fold(new.text))
