"""Verdicts of people as labels of (change, trigger). Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from storage.records import Review, Verdict

Verdicts = dict[tuple[int, str | None], bool]
"""(change id, trigger id; None: the change as a whole) → relevant. The newest verdict counts."""


def of_reviews(reviews: Iterable[Review], triggers: Mapping[int, str]) -> Verdicts:
    """What people said of changes and of triggers in them; `triggers`: that of each judged match.

    "Wrong trigger" says no to that trigger; of a whole change, which does not say what would be right, it says no to
    every trigger that was met, as noise does.
    """
    said: Verdicts = {}
    for review in reviews:
        trigger = triggers.get(review.match_id) if review.match_id is not None else None
        if review.match_id is not None and trigger is None:
            continue
        said.pop((review.change_id, trigger), None)  # the newest last, whichever it is of
        said[review.change_id, trigger] = review.verdict is Verdict.RELEVANT
    return said


def label(verdicts: Verdicts, change_id: int, trigger: str, *, flagged: bool, alone: bool) -> bool | None:
    """Whether a trigger was rightly met in a change; None: nobody said.

    A word on the very trigger decides. Else one on the whole change: noise says no to every trigger that was met;
    relevant says yes to what was flagged there, if that was one trigger alone: of several, it does not say which.
    """
    own = verdicts.get((change_id, trigger))
    if own is not None:
        return own
    whole = verdicts.get((change_id, None))
    if whole is None or (whole and not (flagged and alone)):
        return None
    return whole
