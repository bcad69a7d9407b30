"""Candidates put to the optional judge, each question once; what comes of it is kept and told as a reason.

matches that did not fire ─ question ─▶ known answer, or the judge ─▶ judgement; "yes" makes a routine change notable
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from crawler import judge
from crawler.catalogue import Catalogue
from crawler.clock import Clock
from crawler.match.model import Trigger
from storage.archive import Archive
from storage.records import Change, ChangeKind, HunkKind, Judgement, Match

if TYPE_CHECKING:
    from crawler.judge.endpoint import Endpoint

ATTEMPTS = 3
"""Failures of one question after which it is not asked again."""
QUIET = frozenset({ChangeKind.FIRST, ChangeKind.RETURNED})


def consult(
    archive: Archive,
    catalogue: Catalogue,
    after: int,
    clock: Clock,
    *,
    progress=lambda stage, done, total, note: None,
    endpoint: Endpoint | None = None,
) -> Counter[str]:
    """Ask about the candidates of changes recorded after the one numbered `after`; counts of what came of it."""
    options = catalogue.settings.judge
    came: Counter[str] = Counter()
    if options.url is None:
        return came
    if endpoint is None:
        from crawler.judge.endpoint import Endpoint

        endpoint = Endpoint(options)
    waiting = list(_candidates(archive, catalogue, after))
    for done, (change, match, trigger) in enumerate(waiting, 1):
        question = _question(change, match, trigger)
        judgement = _judged(archive, endpoint, question, options.model, match, clock)
        if judgement is None:
            came["not asked"] += 1
            continue
        came[judgement.outcome] += 1
        if judgement.outcome == "yes":
            words = (
                f"the judge ({options.model}) reads “{judgement.quotation}” as: {trigger.title}; for a person to see"
            )
            archive.note_opinion(change.id, words)
        progress("judge", done, len(waiting), f"{trigger.id}: {judgement.outcome}")
    return came


def _candidates(archive: Archive, catalogue: Catalogue, after: int) -> Iterator[tuple[Change, Match, Trigger]]:
    """Matches between the score worth a question and the threshold, best first in each change."""
    options = catalogue.settings.judge
    triggers = {trigger.id: trigger for trigger in catalogue.assessment.triggers}
    ids = [change_id for change_id in archive.change_ids() if change_id > after]
    for at in range(0, len(ids), 100):
        for recorded in archive.recorded(ids[at : at + 100]):
            change = recorded.change
            if change.kind in QUIET or change.reprocessed:
                continue
            for match in change.matches:
                trigger = triggers.get(match.trigger_id)
                if trigger and not match.known and options.from_score <= match.score < trigger.threshold:
                    yield change, match, trigger


def _question(change: Change, match: Match, trigger: Trigger) -> judge.Question:
    around = next((h for h in change.hunks if match.excerpt in f"{h.new or ''}\n{h.old or ''}"), None)
    return judge.Question(
        trigger_id=trigger.id,
        statement=trigger.statement,
        counts=trigger.counts,
        does_not_count=trigger.does_not_count,
        sentence=match.excerpt,
        heading=around.heading if around else None,
        before=around.before if around else None,
        removed=match.side is HunkKind.REMOVED,
    )


def _judged(
    archive: Archive, endpoint: Endpoint, question: judge.Question, model: str, match: Match, clock: Clock
) -> Judgement | None:
    """The judgement of a question: as kept, or asked for now; None: it may not be asked."""
    key = judge.key(question, model)
    kept = archive.judgement(key)
    if kept is not None and (kept.outcome != "failed" or kept.attempts >= ATTEMPTS):
        return kept
    messages = judge.messages(question)
    if endpoint.why_stop(messages) is not None:
        return None
    judgement = _asked(endpoint, messages, question, key, model, match, clock(), kept.attempts if kept else 0)
    archive.record_judgement(judgement)
    return judgement


def _asked(endpoint, messages, question, key: str, model: str, match: Match, at: datetime, before: int) -> Judgement:
    given = {
        "key": key,
        "trigger_id": question.trigger_id,
        "model": model,
        "sentence": match.excerpt,
        "asked_at": at,
        "attempts": before + 1,
    }
    try:
        answer = endpoint.ask(messages)
    except judge.Unanswered as fault:
        return Judgement(outcome="failed", detail=str(fault), **given)
    given |= {"tokens_in": answer.tokens_in, "tokens_out": answer.tokens_out, "cost": answer.cost}
    try:
        told = judge.opinion(answer.text, question)
    except judge.Discarded as why:
        return Judgement(outcome="discarded", detail=f"{why}: {answer.text[:200]}", **given)
    return Judgement(outcome=told.verdict, quotation=told.quotation, **given)
