"""The standing of each trigger in words: how it stands, how far it was watched, who is out of sight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from crawler.coverage import Board, Group, Missed, Standing, TriggerStanding
from crawler.digest.account import Limits
from crawler.digest.safe import cut, language, plain
from crawler.digest.words import HEALTHS, OUTCOMES, count, on_day, since_when

SYMBOLS = {
    Standing.FOR: "●",
    Standing.AGAINST: "✕",
    Standing.CANNOT_SAY: "?",
    Standing.NONE: "○",
    Standing.NOT_OBSERVABLE: "–",
}
HEADINGS = {
    Standing.FOR: "Evidence for",
    Standing.AGAINST: "Evidence against",
    Standing.CANNOT_SAY: "Cannot say",
    Standing.NONE: "No evidence",
    Standing.NOT_OBSERVABLE: "Not observable",
}
WHY = {str(key): told for key, told in (OUTCOMES | HEALTHS).items()} | {
    "not asked yet": "not asked yet",
    "overdue": "not looked at for longer than its tolerance",
    "never asked": "never asked",
}
CELLS = 5
LIMITS = Limits()
UNSHOWN = "No source can show"


def clean(board: Board, limits: Limits = LIMITS) -> Board:
    """The board with strangers' words fit to be shown, cut to what one digest holds."""

    def gap(missed: Missed) -> Missed:
        return replace(
            missed,
            id=cut(plain(missed.id), 120),
            title=cut(plain(missed.title), 160) or plain(missed.id),
            role=cut(plain(missed.role), 40),
            language=language(missed.language),
            why=cut(plain(missed.why), 120),
            detail=cut(plain(missed.detail), 240) or None,
        )

    def row(standing: TriggerStanding) -> TriggerStanding:
        return replace(
            standing,
            id=cut(plain(standing.id), 120),
            title=cut(plain(standing.title), limits.title),
            why=cut(plain(standing.why), 600) or None,
            missed=tuple(gap(missed) for missed in standing.missed[: limits.missed]),
        )

    beyond = tuple((cut(plain(said), 600), cut(plain(why), 600)) for said, why in board.beyond)
    return replace(board, rows=tuple(row(each) for each in board.rows), beyond=beyond)


def groups(board: Board) -> list[tuple[Standing, tuple[TriggerStanding, ...]]]:
    """The rows by standing, in the order of the board; standings of no trigger are left out."""
    told = [(kind, board.standing(kind)) for kind in Standing]
    return [(kind, rows) for kind, rows in told if rows]


def span(board: Board) -> str:
    """The period in words."""
    days = (board.to_at - board.from_at) / timedelta(days=1)
    if days < 1:
        return "since the watching began"
    return "in the last day" if days < 2 else f"in the last {int(days)} days"


def percent(share: float | None) -> str:
    """'82 %', rounded down: only what was watched with hardly a gap is 100 %."""
    return "none" if share is None else f"{int(share * 100 + 0.1)} %"


def bar(share: float | None) -> str:
    """'■■■■□' of 0.82: a coverage at a glance."""
    full = round((share or 0.0) * CELLS)
    return "■" * full + "□" * (CELLS - full)


def words(row: TriggerStanding) -> str:
    """How a trigger stands, beside the name of its standing."""
    if row.standing in (Standing.CANNOT_SAY, Standing.NOT_OBSERVABLE):
        return row.why or ""
    parts = []
    if row.evidence:
        parts.append(f"{count(row.evidence, 'event')} for it")
    if row.against:
        parts.append(f"{count(row.against, 'event')} against it")
    if row.new and parts:
        parts.append("new today" if row.new == row.evidence + row.against else f"{row.new} of them new")
    if row.since_at:
        parts.append(f"read by it since {row.since_at:%Y-%m-%d} only; `cruxwatch reprocess` reads what came before")
    return ", ".join(parts)


def watched(row: TriggerStanding) -> str:
    """'19 of 20 sources in sight; primary Chinese: 3 of 4, 91 %'."""
    if row.standing is Standing.NOT_OBSERVABLE or not row.all.sources:
        return ""
    return f"{in_sight(row.all)}; primary Chinese: {_chinese(row.chinese_primary)}"


def in_sight(group: Group) -> str:
    if group.in_sight == group.sources:
        return "its one source in sight" if group.sources == 1 else f"all {group.sources} sources in sight"
    return f"{group.in_sight} of {count(group.sources, 'source')} in sight"


def _chinese(group: Group) -> str:
    return f"{group.in_sight} of {group.sources}, {percent(group.coverage)}" if group.sources else "none declared"


def since(gap: Missed, now: datetime, timezone: str) -> str:
    """Why a source is out of sight, and since when."""
    told = (gap.detail or "never asked") if gap.why == "never asked" else WHY.get(gap.why, gap.why)
    if gap.detail and gap.why != "never asked":
        told += f" ({gap.detail})"
    if gap.since_at:
        told += f", since {since_when(gap.since_at, now, timezone)}"
    if gap.last_looked_at:
        return f"{told}; last read {on_day(gap.last_looked_at, now, timezone)}"
    return told if gap.why in ("never asked", "not asked yet") else f"{told}; never read"


def lines(row: TriggerStanding, board: Board, timezone: str, *, most: int = 4) -> list[str]:
    """A row for a terminal, below its title: how it stands, how it was watched, who is out of sight."""
    told = [f"{row.standing}: {words(row)}" if words(row) else str(row.standing)]
    told[0] += f" · {watched(row)}" if watched(row) else ""
    told += [f"  {gap.title}: {since(gap, board.to_at, timezone)}" for gap in row.missed[:most]]
    return told + ([f"  and {len(row.missed) - most} more"] if len(row.missed) > most else [])


def odds(row: TriggerStanding) -> str:
    """How likely a short-lived signal would have been seen."""
    if row.chance_day is None or row.chance_week is None:
        return ""
    day, week = _likely(row.chance_day), _likely(row.chance_week)
    if day == week:
        return f"The chance to see a notice up for a day at all of them: {day}."
    return f"The chance to see a notice up for a day at all of them: {day}; for a week: {week}."


def _likely(chance: float) -> str:
    return "over\u00a099\u00a0%" if chance > 0.99 else f"{int(chance * 100)}\u00a0%"


def silence(board: Board | None) -> str:
    """What the silence on the triggers without evidence is worth, in one sentence."""
    if board is None or not board.rows:
        return ""
    silent, unknown = board.standing(Standing.NONE), board.standing(Standing.CANNOT_SAY)
    hidden = len(board.standing(Standing.NOT_OBSERVABLE))
    return "; ".join(_silence(board, silent, len(unknown), hidden)) + "." if silent or unknown else ""


def _silence(board: Board, silent: tuple[TriggerStanding, ...], unknown: int, hidden: int) -> Iterator[str]:
    if silent:
        least = percent(min(row.all.coverage or 0.0 for row in silent))
        at = f"coverage {least}" if len(silent) == 1 or least == "100 %" else f"coverage {least} or more"
        yield f"No sign of {count(len(silent), 'trigger')} {span(board)}, at {at}"
        if late := sum(row.since_at is not None for row in silent):
            yield f"{late} of them {'is' if late == 1 else 'are'} new, and saw less of that time"
        yield from [f"of {unknown} more we cannot say"] if unknown else []
    else:
        yield f"Of {count(unknown, 'trigger')} without evidence we cannot say that nothing happened"
    if hidden:
        yield f"{hidden} cannot be observed"
