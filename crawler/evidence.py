"""What a change is evidence of: change + what the document shows ─ match ─▶ matches ─ assess ─▶ level. Pure.

Processing and `backtest` both come here, so that what a backtest tells is what a run would have told.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from crawler.change.whole import as_added
from crawler.match import Context, Matcher, assess
from crawler.match.assess import fires
from storage.records import Change, ChangeKind, Match

WHOLE = frozenset({ChangeKind.FIRST, ChangeKind.NEW})
"""Kinds of change in which every line of the text is an addition."""


class Watched(Protocol):
    """A source of the catalogue, as far as evidence goes."""

    id: str
    title: str
    owner: str | None
    publisher: str | None
    language: str | None
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What a document shows at a change."""

    main: str
    full: str
    title: str | None = None
    language: str | None = None


def context(source: Watched, url: str, title: str | None, language: str | None) -> Context:
    """What matching may know of a document besides its text; `language`: of the text, None as declared."""
    return Context(
        source_id=source.id,
        source_title=source.title,
        owner=source.owner,
        publisher=source.publisher,
        url=url,
        document_title=title,
        language=language or source.language,
        role=source.role,
    )


def judge(change: Change, shown: Shown | None, around: Context, matcher: Matcher) -> Change:
    """The change with its matches, its level and why; `shown`: None when the document shows nothing."""
    said = change
    whole = shown is not None and change.kind in WHOLE and matcher.may_meet(shown.full, shown.title, around)
    if whole:
        said = replace(change, hunks=as_added(shown.main, shown.full, shown.title))
    matches = tuple(fired(match, matcher) for match in matcher.match(said, around, looked_over=whole))
    return assess(change, matches, matcher.assessment, role=around.role)


def fired(match: Match, matcher: Matcher) -> Match:
    """The match with its word on whether it is evidence by today's rules."""
    trigger = next((t for t in matcher.assessment.triggers if t.id == match.trigger_id), None)
    return replace(match, fired=trigger is not None and fires(match, trigger))
