"""What a change deserves: alert, notable, routine or noise, with the reasons in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from crawler.match.model import Assessment, Trigger
from storage.records import Assertion, Change, ChangeKind, HunkKind, Level, Match

FIRES = frozenset({Assertion.ASSERTED, Assertion.DECIDED, Assertion.REPORTED})
ALERTING = frozenset({ChangeKind.NEW, ChangeKind.CHANGED, ChangeKind.BACK})
NOTABLE_FROM = 0.35
"""Significance from which a change that meets no trigger is worth a look."""
ORDER = (Level.NOISE, Level.ROUTINE, Level.NOTABLE, Level.ALERT)


def assess(change: Change, matches: Sequence[Match], assessment: Assessment, *, role: str = "secondary") -> Change:
    """The change with its matches, its level and why."""
    level, reasons = _level(change, matches, {t.id: t for t in assessment.triggers}, role)
    # what happened stands first: why it counts as gone, where it leads now
    happened = [reason for reason in change.reasons if reason not in reasons]
    return replace(change, matches=tuple(matches), level=level, reasons=(*reasons, *happened))


def fires(match: Match, trigger: Trigger) -> bool:
    """True when the match is evidence: not known, and sure enough (a denial or a plan never is)."""
    return not match.known and match.score >= trigger.threshold


def _level(
    change: Change, matches: Sequence[Match], triggers: Mapping[str, Trigger], role: str
) -> tuple[Level, list[str]]:
    level, reason = _plain(change, role)
    if change.kind is ChangeKind.FIRST:
        return Level.ROUTINE, [reason, *_named(matches, triggers)]
    if change.kind is ChangeKind.RETURNED:
        return Level.NOISE, [reason]
    reached: list[tuple[Level, str]] = []
    for match in matches:
        if match.trigger_id in triggers:
            reached.append(_of(match, triggers[match.trigger_id], change.kind))
    top = max((r[0] for r in reached), key=ORDER.index, default=Level.NOISE)
    if ORDER.index(top) < ORDER.index(level):
        return level, [reason, *(why for _, why in reached)]
    reasons = [why for _, why in sorted(reached, key=lambda r: -ORDER.index(r[0]))]
    if change.reprocessed and top is Level.ALERT:
        return Level.NOTABLE, ["found by reading the archive again, which alerts nobody", *reasons]
    return top, reasons or [reason]


def _plain(change: Change, role: str) -> tuple[Level, str]:
    """The level without any trigger."""
    if change.kind is ChangeKind.FIRST:
        return Level.ROUTINE, "baseline: the first reading of this document"
    if change.kind is ChangeKind.RETURNED:
        return Level.NOISE, "shows a text it has shown before"
    if change.kind is ChangeKind.GONE:
        return Level.NOTABLE, "the document is gone"
    if change.kind is ChangeKind.BACK:
        return Level.NOTABLE, "the document is there again"
    if change.kind is ChangeKind.MOVED:
        return Level.ROUTINE, "the document has a new address"
    if change.hunks and all(hunk.noise or hunk.kind is HunkKind.MOVED for hunk in change.hunks):
        names = sorted({hunk.noise or "moved" for hunk in change.hunks})
        return Level.NOISE, f"nothing but noise: {', '.join(names)}"
    if change.significance >= NOTABLE_FROM:
        what = "a primary source changed" if role == "primary" else "a change of some weight"
        return Level.NOTABLE, f"{what} (significance {change.significance:.2f}), no trigger met"
    return Level.ROUTINE, f"no trigger met, significance {change.significance:.2f}"


def _of(match: Match, trigger: Trigger, kind: ChangeKind) -> tuple[Level, str]:
    """What one match makes of a change."""
    said = match.assertion.value
    if match.known:
        return Level.ROUTINE, f"{trigger.title}: repeats what the assessment holds"
    if fires(match, trigger):
        urgent = trigger.priority <= 2 and kind in ALERTING
        words = f"{trigger.title}: {said}, score {match.score:.2f}"
        return (Level.ALERT if urgent else Level.NOTABLE), words
    if match.against:
        return Level.NOTABLE, f"{trigger.title}: {said}, which speaks against it"
    if match.assertion not in FIRES:
        return Level.NOTABLE, f"{trigger.title}: {said}, not a fact"
    return Level.ROUTINE, f"{trigger.title}: too weak to fire, score {match.score:.2f}"


def _named(matches: Sequence[Match], triggers: Mapping[str, Trigger]) -> list[str]:
    titles = dict.fromkeys(triggers[m.trigger_id].title for m in matches if m.trigger_id in triggers)
    return [f"bears on {', '.join(titles)}"] if titles else []
