"""The daily account: a day's findings and source health, told to a reader.

    Day ─ build ─▶ Account ─ as_html · as_markdown · as_json · as_atom · as_text ─▶ deliver.write

Everything but `deliver` is pure; the same Day gives the same bytes.
"""

from __future__ import annotations

from crawler.digest import deliver
from crawler.digest.account import MEMORY, Account, Day, DayTrigger
from crawler.digest.as_atom import as_atom
from crawler.digest.as_html import as_html
from crawler.digest.as_json import as_json
from crawler.digest.as_markdown import as_markdown
from crawler.digest.as_text import summary
from crawler.digest.build import build
from crawler.digest.group import events
from crawler.digest.period import Period, period

__all__ = [
    "MEMORY",
    "Account",
    "Day",
    "DayTrigger",
    "Period",
    "as_atom",
    "as_html",
    "as_json",
    "as_markdown",
    "build",
    "deliver",
    "events",
    "period",
    "summary",
]
