"""An account in a few lines, for a terminal or the body of a notice."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.digest import also
from crawler.digest.account import Account, Entry
from crawler.digest.safe import cut
from crawler.digest.words import DIRECTIONS, count
from storage.records import Direction


def summary(account: Account, *, entries: int = 12) -> list[str]:
    """Plain lines without controls or markup; the caller escapes what its terminal library reads as markup."""
    lines = [f"{account.date}: {account.headline}", account.worth]
    told = list(_told(account))
    lines += told[:entries]
    if len(told) > entries:
        lines.append(f"and {len(told) - entries} more in the digest")
    rest = [
        (account.counts.known, "known already"),
        (account.counts.routine, "routine"),
        (account.counts.noise, "noise"),
    ]
    counted = ", ".join(f"{number} {words}" for number, words in rest if number)
    if counted:
        lines.append(f"besides: {counted}")
    if account.history.sources:
        lines.append(f"{count(account.history.sources, 'source')} read for the first time: dated history, not news")
    return lines


def _told(account: Account) -> Iterator[str]:
    for section in account.triggers:
        words = DIRECTIONS[Direction(section.direction)]
        for entry in section.evidence.entries:
            yield _line(words, section.title, entry)
        for entry in section.against.entries:
            yield _line("against", section.title, entry)
        for entry in section.unsettled.entries:
            yield _line("not a fact yet", section.title, entry)
    for entry in account.notable.entries:
        also_in = also.spread(entry)
        yield f"notable: {entry.title} — {entry.source}{f'; {also_in}' if also_in else ''}"


def _line(words: str, title: str, entry: Entry) -> str:
    quote = entry.quotes[0]
    sentence = cut(f"{quote.before}{quote.words}{quote.after}", 160)
    told = [quote.assertion, entry.source, also.spread(entry), also.before(entry)]
    return f"{words}: {title} — “{sentence}” ({'; '.join(part for part in told if part)})"
