"""Whether a text can be believed to be this document's: judged by the document's own history, in any language.

A page that suddenly shares almost nothing with itself is a home page, a consent wall, an error in nice clothes, or a
real rewrite. One look cannot tell; a second look that agrees confirms it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from crawler.change.diff import Side
from crawler.change.form import compact, fold, line_id
from crawler.change.similar import likeness
from crawler.change.tokens import words
from storage.records import Health

LONG = 500
"""Letters of main text below which a document is too short to judge."""
KEPT = 0.05
"""Share of the old sentences that must still be there somewhere."""
WORDS_KEPT = 0.6
"""Share of the old words that makes a text without a common sentence a rewrite of the same document."""
SHRUNK = 0.35
NEW = 0.08
"""Text never shown before, as a share of the old, that a rewrite of the same page must bring."""
FILES = frozenset({"pdf", "docx", "sheets"})
"""Extractors of files, in whose place a page is a login or a notice that there is no such file."""
CUT = 0.1
"""Share of the text that a page must have lost at its end to be taken for one that broke off."""
LAYOUT = 0.7
"""Share of the old furniture that makes it the same page of the same site."""


def doubt(
    old: Side,
    new: Side,
    *,
    titles: tuple[str | None, str | None],
    languages: tuple[str | None, str | None],
    extractors: tuple[str, str] = ("", ""),
) -> tuple[Health, str] | None:
    """Why the new text is probably not this document's; None: no reason."""
    before = [s for s in old.spots if s.main]
    size = sum(len(s.folded.encode()) for s in before)  # bytes: a Chinese character says as much as three letters
    was, came = (each.partition("/")[0] for each in extractors)
    if came == "html" and was in FILES and _words_kept(old, new) < WORDS_KEPT:
        return Health.MALFORMED, f"a page in place of a file ({was}), which shares little with it"
    if size < LONG:
        return None
    if lost := _cut_off(old, new):
        return (
            Health.TRUNCATED,
            f"ends in the middle: the last {lost:.0%} of the text and the foot of the page are gone",
        )
    kept = sum(len(s.folded.encode()) for s in before if s.folded in new.folds) / size
    after = [s for s in new.spots if s.main]
    ratio = sum(len(s.folded.encode()) for s in after) / size
    if languages[0] and languages[1] and languages[0].split("-")[0] != languages[1].split("-")[0] and kept < 0.3:
        return Health.LANGUAGE, f"in '{languages[1]}' where it was in '{languages[0]}' at the last look"
    if kept >= KEPT or _words_kept(old, new) >= WORDS_KEPT:
        return None
    said = f"{kept:.0%} of the sentences of the last look are left"
    alike = likeness(words(fold(titles[0] or "")), words(fold(titles[1] or "")))
    anew = sum(len(s.folded.encode()) for s in after if s.folded not in old.folds)
    if alike >= 0.8 and _layout_kept(old, new) >= LAYOUT and anew >= NEW * size:
        return None
    if ratio < SHRUNK:
        return Health.SHRUNK, f"{said}, and the text is {ratio:.0%} as long"
    return Health.PARKED, f"{said}; the title was '{titles[0]}', it is '{titles[1]}'"


def _cut_off(old: Side, new: Side) -> float | None:
    """The share of the old text that is missing at its end, when that is all that differs; None: it is another change.

    A page whose transfer broke off loses its foot, too; an author who shortens a text leaves the foot where it is.
    """
    foot = next((s for s in reversed(old.spots) if s.furniture and not s.beside), None)
    if foot is None or foot.folded in new.folds:
        return None
    came = [s for s in new.spots if s.folded not in old.folds]
    if len(came) > 1 or any(compact(s.folded) not in old.stream for s in came):
        return None
    body = [s for s in old.spots if not s.furniture]
    first = next((n for n, s in enumerate(body) if s.folded not in new.folds), len(body))
    tail = body[first:]
    if sum(s.folded in new.folds for s in tail) > 0.1 * len(tail):
        return None
    lost = sum(len(s.folded.encode()) for s in tail) / max(1, sum(len(s.folded.encode()) for s in body))
    return lost if lost >= CUT else None


def _words_kept(old: Side, new: Side) -> float:
    left = Counter(w for s in old.spots if s.main for w in words(s.folded))
    right = Counter(w for s in new.spots for w in words(s.folded))
    return sum((left & right).values()) / max(1, sum(left.values()))


def _layout_kept(old: Side, new: Side) -> float:
    lines = [s.folded for s in old.spots if s.furniture]
    return sum(line in new.folds for line in lines) / len(lines) if len(lines) >= 5 else 1.0


def signature(side: Side) -> list[str]:
    """What a second look is held against: some lines of the text, evenly spread."""
    spots = [s for s in side.spots if not s.furniture]
    return [line_id(s.folded) for s in spots[:: max(1, len(spots) // 40)][:40]]


def agrees(before: Collection[str], side: Side) -> bool:
    """Whether a second look shows what the first doubtful one showed."""
    here = {line_id(s.folded) for s in side.spots}
    return bool(before) and sum(line in here for line in before) >= 0.6 * len(before)
