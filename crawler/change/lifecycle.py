"""What happens to a document besides its text: it goes, comes back, moves. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from storage.records import Capture, Change, ChangeKind, Document, Fetch


def gone(document: Document, fetch: Fetch) -> Change:
    """The second 404 or 410 in a row confirms that a document is gone."""
    status = fetch.status or 404
    return Change(
        document_id=document.id,
        kind=ChangeKind.GONE,
        old_version_id=document.version_id,
        seen_at=fetch.finished_at,
        significance=0.5,
        parts=(("document gone", 0.5),),
        reasons=(f"answered {status} at two looks in a row",),
    )


def unlisted(document: Document, capture: Capture, at: datetime, why: str | None = None) -> Change:
    """A document is gone that a complete answer has left out at two looks in a row; the second may be a 304.

    `why`: what that means, where the answer's kind knows.
    """
    return Change(
        document_id=document.id,
        capture_id=capture.id,
        kind=ChangeKind.GONE,
        old_version_id=document.version_id,
        seen_at=at,
        significance=0.5,
        parts=(("document gone", 0.5),),
        reasons=(why or "not in the answer any more, at two looks in a row",),
    )


def returned(document: Document | None, change: Change | None, capture: Capture) -> Change | None:
    """The change to report when a document that was confirmed gone is there again; otherwise `change` as it is."""
    if document is None or document.gone_at is None:
        return change
    reasons = (f"it was gone since {document.gone_at:%Y-%m-%d %H:%M} UTC",)
    if change is not None and change.kind is ChangeKind.CHANGED:
        other = any(hunk.noise is None for hunk in change.hunks)
        text = "with another text" if other else "with the text it had before, but for noise"
        return replace(change, kind=ChangeKind.BACK, reasons=(*reasons, text, *change.reasons))
    return Change(
        kind=ChangeKind.BACK,
        capture_id=capture.id,
        seen_at=capture.fetched_at,
        significance=0.3,
        parts=(("document back", 0.3),),
        reasons=(*reasons, "with the text it had before"),
    )


def moved(capture: Capture, targets_before: Collection[str]) -> Change | None:
    """A redirect that leads where this address never led before.

    `targets_before`: every final address of earlier captures of the same address; empty at the first look, which
    is a baseline. A load balancer that alternates between known targets is not news.
    """
    if not targets_before or capture.final_url in targets_before:
        return None
    return Change(
        kind=ChangeKind.MOVED,
        capture_id=capture.id,
        seen_at=capture.fetched_at,
        significance=0.4,
        parts=(("address moved", 0.4),),
        reasons=(f"now leads to {capture.final_url}",),
    )
