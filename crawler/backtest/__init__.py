"""Today's rules over the whole archive: what would have been flagged, newly and no longer, and how that fares by the
verdicts of people. Reads only; alerts nobody.

recorded changes ─ judge again, in a pool ─▶ flags now ┬─ compare ─▶ precision, recall, differences by date
flags of their day, verdicts ──────────────────────────┘

The pool's processes are started afresh and import matching alone: this package, at its top, imports nothing heavier.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.backtest.compare import Report, compare
from crawler.backtest.rematch import Judged, Known, Plan, rematched
from crawler.backtest.thresholds import samples
from crawler.backtest.verdicts import of_reviews
from crawler.match.learn import Proposal, proposals
from storage.archive import Archive

if TYPE_CHECKING:
    from crawler.catalogue import Catalogue

__all__ = ["Judged", "Proposal", "Report", "backtest", "propose"]


def backtest(
    catalogue: Catalogue,
    archive_path: Path,
    *,
    from_at: datetime | None = None,
    to_at: datetime | None = None,
    workers: int | None = None,
    progress=lambda stage, done, total, note: None,
) -> Report:
    """Judge every recorded change seen in [from_at, to_at) again by the catalogue's triggers; nothing is written.

    `workers`: processes; None: one per processor, or none where there is little to do.
    """
    with Archive.open(archive_path, create=False, read_only=True) as archive:
        ids = archive.change_ids(from_at, to_at)
        verdicts = of_reviews(archive.reviews(), archive.triggers_of_reviews())
        plan = _plan(catalogue, archive, archive_path)
    judged = rematched(plan, ids, workers=workers, progress=progress)
    return compare(judged, verdicts, catalogue.assessment, catalogue.settings.timezone)


def propose(
    catalogue: Catalogue, archive_path: Path, *, progress=lambda stage, done, total, note: None
) -> list[Proposal]:
    """For every trigger with a verdict, what its threshold should be by today's scores; nothing is written."""
    with Archive.open(archive_path, create=False, read_only=True) as archive:
        verdicts = of_reviews(archive.reviews(), archive.triggers_of_reviews())
        plan = _plan(catalogue, archive, archive_path)
    ids = sorted({change_id for change_id, _ in verdicts})
    judged = rematched(plan, ids, progress=progress)
    declared = {trigger.id: trigger.threshold for trigger in catalogue.assessment.triggers if trigger.frames}
    return proposals(samples(judged, verdicts), declared)


def _plan(catalogue: Catalogue, archive: Archive, path: Path) -> Plan:
    """What a process needs; sources that left the catalogue are known as the archive knew them."""
    sources = {
        each.id: Known(
            id=each.id, title=each.title, publisher=each.publisher, language=each.language, role=str(each.role)
        )
        for each in archive.sources()
    }
    sources |= {
        each.id: Known(
            id=each.id,
            title=each.title,
            owner=each.owner,
            publisher=each.publisher,
            language=each.language,
            role=str(each.role),
        )
        for each in catalogue.sources
    }
    return Plan(archive=str(path), assessment=catalogue.assessment, sources=sources)
