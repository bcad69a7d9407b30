"""Source health in words: who could not be looked at, why, since when; and what the rest is worth."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from crawler.digest.account import Day, Looked, SourceHealths, SourceLine
from crawler.digest.safe import address, cut, language, plain
from crawler.digest.words import HEALTHS, OUTCOMES, count, name_of_language
from storage.records import LOOKED, Health, Outcome, SourceHealth

_BROKEN = frozenset(str(health) for health in Health if health is not Health.OK)
_NOT_LOOKED = frozenset(str(outcome) for outcome in Outcome if outcome not in LOOKED)


def standing(health: SourceHealth) -> str:
    """The one list of `SourceHealths` that a source belongs in, or 'well'."""
    if not health.source.observable:
        return "not_observable"
    if health.outcome == Outcome.GONE or (health.outcome in _BROKEN and not health.looked):
        return "broken"
    failing = health.failing_since is not None or health.outcome in _NOT_LOOKED | _BROKEN
    if failing:
        return "unsteady" if health.looked else "not_reached"
    if health.last_asked_at is None and health.last_looked_at is None:
        return "not_asked"
    return "well"


def source_health(day: Day) -> SourceHealths:
    """Every source with something to say, in one list each; quiet and recovered ones are named besides."""
    lists: dict[str, list[SourceLine]] = {}
    failed_before = {
        health.source.id for health in day.health_before if standing(health) in ("not_reached", "broken", "unsteady")
    }
    for health in _present(day.health):
        place = standing(health)
        lists.setdefault(place, []).append(_line(health, _why(health, place)))
        if place != "well":
            continue
        if health.quiet:
            lists.setdefault("quiet", []).append(_line(health, _silence(health), quiet=True))
        if health.looked and health.source.id in failed_before:
            lists.setdefault("recovered", []).append(_line(health, "can be read again"))
        elif health.asked > health.looked > 0:
            missed = count(health.asked - health.looked, "attempt")
            lists.setdefault("recovered", []).append(_line(health, f"can be read again after {missed} in vain"))
    lists.pop("well", None)
    return SourceHealths(**{place: tuple(sorted(lines, key=_severity)) for place, lines in lists.items()})


def looked(day: Day) -> Looked:
    """What was looked at in the period, the primary Chinese sources apart."""
    watched = [(health, standing(health)) for health in _present(day.health) if health.source.observable]
    reached = [health for health, place in watched if place in ("well", "unsteady")]
    chinese = [health for health, _ in watched if _primary_chinese(health)]
    languages = Counter(name_of_language(health.source.language) for health in reached)
    return Looked(
        sources=len(watched),
        reached=len(reached),
        today=sum(health.looked > 0 for health in reached),
        primary_chinese=len(chinese),
        primary_chinese_reached=sum(_primary_chinese(health) for health in reached),
        asked=sum(health.asked for health, _ in watched),
        answered=sum(health.looked for health, _ in watched),
        captures=day.captures,
        languages=tuple(sorted(languages.items(), key=lambda pair: (-pair[1], pair[0]))),
    )


def worth(looked: Looked) -> str:
    """What a day's silence is worth, in words."""
    if not looked.sources:
        return "No source can be watched yet, so this silence says nothing."
    if not looked.reached:
        return f"None of {count(looked.sources, 'source')} could be read, so this silence says nothing."
    basis = f"{looked.reached} of {count(looked.sources, 'source')} could be read"
    rest = looked.reached - looked.today
    if rest:
        basis += f" ({rest} of them not due today)"
    if not looked.primary_chinese:
        chinese = "no primary Chinese source is among them"
    elif not looked.primary_chinese_reached:
        chinese = f"but none of {count(looked.primary_chinese, 'primary Chinese source')}"
    else:
        chinese = f"{looked.primary_chinese_reached} of {looked.primary_chinese} primary Chinese ones among them"
    return f"{basis}, {chinese}."


def _present(health: Sequence[SourceHealth]) -> list[SourceHealth]:
    return sorted((h for h in health if h.source.retired_at is None), key=lambda h: h.source.id)


def _primary_chinese(health: SourceHealth) -> bool:
    return health.source.role == "primary" and (health.source.language or "").lower().split("-")[0] == "zh"


def _line(health: SourceHealth, why: str, *, quiet: bool = False) -> SourceLine:
    source = health.source
    return SourceLine(
        id=source.id,
        title=cut(plain(source.title), 160) or source.id,
        url=address(source.url),
        publisher=cut(plain(source.publisher), 120),
        role=source.role,
        language=language(source.language),
        why=why,
        detail=None if quiet else cut(plain(health.detail), 240) or None,
        since_at=health.last_news_at if quiet else health.failing_since,
        last_looked_at=health.last_looked_at,
    )


def _why(health: SourceHealth, place: str) -> str:
    if place == "not_observable":
        return cut(plain(health.source.why_not), 240) or "declared not observable"
    if place == "not_asked":
        return "not asked yet"
    outcome = health.outcome or ""
    words = {str(key): value for key, value in (OUTCOMES | HEALTHS).items()}
    return words.get(outcome) or plain(outcome) or "no usable answer"


def _silence(health: SourceHealth) -> str:
    gap = health.usual_gap_seconds
    if not gap:
        return "nothing new for much longer than usual"
    return f"nothing new for more than three times its usual {_span(gap)}"


def _span(seconds: float) -> str:
    if seconds < 2 * 3600:
        return count(max(1, round(seconds / 60)), "minute")
    if seconds < 2 * 86400:
        return count(round(seconds / 3600), "hour")
    return count(round(seconds / 86400), "day")


def _severity(line: SourceLine) -> tuple:
    """Primary sources first, then those failing longest."""
    since = line.since_at.timestamp() if line.since_at else float("inf")
    return (line.role != "primary", since, line.id)
