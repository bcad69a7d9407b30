"""Who else has a piece of news, in words: 'also in 4 sources, 2 of them in their own words; first: …'."""

from __future__ import annotations

from crawler.digest.account import Brief, Entry, First, Mention, More
from crawler.digest.words import clock, count, on_day

_MOST_NAMED = 24


def spread(entry: Entry) -> str:
    """'also in 4 other sources, 2 in their own words'; '' where nobody else has it."""
    sources, rest = entry.spread.sources, len(entry.mentions) + entry.mentions_more.count
    if not rest:
        return ""
    if not sources:
        return f"also on {count(rest, 'other page')} of this source"
    return f"also in {count(sources, 'other source')}, {_echoes(entry)}"


def _echoes(entry: Entry) -> str:
    """How many of the others are more than echoes."""
    sources, own = entry.spread.sources, entry.spread.own_words
    if own:
        if own < sources:
            return f"{own} in {'its' if own == 1 else 'their'} own words"
        return "in its own words" if sources == 1 else "all in their own words"
    if any(not mention.copy and not mention.origin for mention in entry.mentions):
        return "of the same publisher" if sources == 1 else "none of another publisher in its own words"
    return "a copy" if sources == 1 else "all of them copies"


def first(entry: Entry, timezone: str, date: str) -> str:
    """'The Courier, dated 19 Nov, 08:30'; '' where nobody else has it."""
    return teller(entry.spread.first, timezone, date) if entry.spread.first else ""


def teller(told: First, timezone: str, date: str) -> str:
    """Who told it and when."""
    who = "this one" if told.here else told.source
    if told.day_only:
        return f"{who}, dated {on_day(told.at, told.at, 'UTC')}"
    return f"{who}, {'dated' if told.dated else 'seen'} {clock(told.at, timezone, date)}"


def before(entry: Entry) -> str:
    """'a copy of what was told before: '; '' where nothing was told before."""
    if not entry.spread.before:
        return ""
    return "a copy of what was told before" if entry.spread.repeats else "told before"


def wording(mention: Mention) -> str:
    """Whether it speaks for itself."""
    if mention.origin:
        return "which this one repeats"
    if not mention.copy:
        return "own words"
    return f"a copy with {count(mention.own, 'sentence')} of its own" if mention.own else "a copy"


def elsewhere(brief: Brief) -> str:
    """', also in The Courier, Slow Letter and 3 more (change 12, 13)'; '' where nobody else has it."""
    if not brief.also:
        return ""
    named = f"in {', '.join(brief.also_in[:3])}" if brief.also_in else "on other pages of it"
    rest = f" and {len(brief.also_in) - 3} more" if len(brief.also_in) > 3 else ""
    changes = ", ".join(str(change) for change in brief.also[:_MOST_NAMED])
    return f", also {named}{rest} (change {changes}{' …' if len(brief.also) > _MOST_NAMED else ''})"


def left_out(more: More) -> str:
    """'and 3 more: change 12, 13, 14'."""
    named = ", ".join(str(change) for change in more.changes[:_MOST_NAMED])
    dots = " …" if len(more.changes) > _MOST_NAMED else ""
    return f"and {more.count} more" + (f": change {named}{dots}" if named else "")
