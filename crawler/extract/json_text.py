"""JSON as a stranger writes it: `"\\ud800"` is JSON by the grammar, and half a character that no UTF-8 can hold."""

from __future__ import annotations

import json
import re
from typing import Any

_HALF = re.compile("[\ud800-\udfff]")


def parse(text: str) -> Any:
    """Read JSON; half surrogate pairs become U+FFFD, so that one hostile item costs no more than its character.

    Raises ValueError and RecursionError as `json.loads` does. Source: RFC 8259, 8.2.
    """
    value = json.loads(text)
    if "\\ud" not in text and "\\uD" not in text:
        return value
    told = json.dumps(value, ensure_ascii=False)
    return json.loads(_HALF.sub("\ufffd", told)) if _HALF.search(told) else value
