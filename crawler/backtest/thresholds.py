"""Verdicts with the scores that today's rules give: what thresholds are learned from. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from crawler.backtest.compare import label_of, triggers_named
from crawler.backtest.rematch import Judged
from crawler.backtest.verdicts import Verdicts


def samples(judged: Iterable[Judged], verdicts: Verdicts) -> dict[str, list[tuple[float, bool]]]:
    """By trigger: (score, relevant) of every change with a verdict on it; a trigger not met scores 0."""
    out: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    named = triggers_named(verdicts)
    for each in judged:
        if each.fault:
            continue
        for trigger in sorted({*each.then, *each.now, *named[each.change_id]}):
            relevant = label_of(verdicts, each, trigger)
            if relevant is not None:
                found = each.now.get(trigger)
                out[trigger].append((found.score if found else 0.0, relevant))
    return dict(out)
