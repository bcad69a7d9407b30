"""One cell of a table as HTML: links from ids to rows, addresses, times, reasons; everything a stranger wrote escaped.

Every text is put in <bdi>, so that characters which turn the direction of writing end with their cell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

SHORT = 240
"""Longer text is folded away behind its beginning."""
LONGEST = 20_000
"""Of a text folded away, so much is on the page; the rest is in the row's JSON."""

ROWS = {
    "source_id": "sources",
    "document_id": "documents",
    "first_document_id": "documents",
    "version_id": "versions",
    "old_version_id": "versions",
    "new_version_id": "versions",
    "capture_id": "captures",
    "first_capture_id": "captures",
    "change_id": "changes",
    "match_id": "matches",
    "hunk_id": "hunks",
    "run_id": "runs",
    "ask_id": "asks",
    "digest_date": "digests",
}
"""Columns that name a row of a table."""

IDS = {"looks": "fetches", "unread_captures": "captures", "changes": "changes"}
"""Tables and views whose `id` is the id of a table's rows."""

MARKED = {
    "level": {"alert", "notable", "routine", "noise"},
    "speaks": {"for", "against"},
    "kind": {"added", "removed", "edited"},
    "outcome": {"captured", "unchanged", "gone", "blocked", "challenged", "disallowed", "refused", "limited", "failed"},
    "health": {"ok"},
    "verdict": {"relevant", "noise"},
}
"""Words that get a colour; anything else is plain text."""

Link = Callable[[str, str], str]
"""(table, id) -> path of the row's page."""


def cell(column: str, value: Any, table: str | None, row: Mapping[str, Any], link: Link) -> Markup | None:
    """The cell's HTML, or None to leave it to Datasette (numbers, empty cells)."""
    if isinstance(value, dict):  # a foreign key with the label of the row it names
        if column in ROWS:
            return _row(ROWS[column], value.get("value"), value.get("label"), link)
        value = value.get("value")
    if value is None or value == "":
        return None
    if isinstance(value, bytes):
        return Markup("<span class='cw-dim'>{} bytes, compressed</span>").format(f"{len(value):,}")
    if column in ("sha256", "base_sha256") and isinstance(value, str):
        return _sha256(column, value, table, row)
    if column == "id" and table in IDS:
        return _row(IDS[table], value, f"{value}: its redline" if table == "changes" else None, link)
    if column in ("title", "match_id") and (change := _change(row)) is not None:
        anchor = f"#match-{value}" if column == "match_id" else ""
        shown = _cut(str(value), SHORT)
        return Markup('<a href="/-/change/{}{}"><bdi class="cw-text">{}</bdi></a>').format(change, anchor, shown)
    if column in ROWS and isinstance(value, int | str):
        return _row(ROWS[column], value, None, link)
    if not isinstance(value, str):
        return None
    if value in MARKED.get(column, ()):
        return Markup('<span class="cw-mark cw-{}">{}</span>').format(value.replace(" ", "-"), value)
    if _TIME.fullmatch(value):
        return _time(value)
    if column in ("reasons", "parts", "headers", "redirects"):
        return _json(value)
    return _address(value) or _text(value)


def _change(row: Mapping[str, Any]) -> int | None:
    """The change that a row of an answer is about; None: it is about none, or is a record itself."""
    keys = row.keys()
    value = row["change_id"] if "change_id" in keys and "id" not in keys else None
    return value if isinstance(value, int) else None


_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def _row(table: str | None, value: Any, label: Any, link: Link) -> Markup | None:
    if table is None or value is None:
        return None
    shown = str(value) if label in (None, "", value) else _cut(str(label), 80)
    # a change is read as its redline, which leads to the record
    path = f"/-/change/{value}" if table == "changes" else link(table, str(value))
    return Markup('<a href="{}"><bdi>{}</bdi></a>').format(path, shown)


def _sha256(column: str, value: str, table: str | None, row: Mapping[str, Any]) -> Markup:
    """Short; of a captured body, with the way to its bytes."""
    short = Markup('<code title="{}">{}…</code>').format(value, value[:12])
    keys = row.keys()
    capture = None
    if column == "sha256" and table == "captures" and "id" in keys:
        capture = row["id"]
    elif column == "sha256" and table not in ("versions", "blobs", "digests") and "capture_id" in keys:
        capture = row["capture_id"]
    if isinstance(capture, dict):
        capture = capture.get("value")
    return Markup('<a href="/-/body/{}">{}</a>').format(capture, short) if isinstance(capture, int) else short


def _time(value: str) -> Markup:
    return Markup('<time datetime="{0}" title="{0} (UTC)">{1}&nbsp;{2}</time>').format(value, value[:10], value[11:16])


def _address(value: str) -> Markup | None:
    """Only http and https can be clicked; the site it leads to is not told where from."""
    if not re.fullmatch(r"https?://[!-~\u00a1-\U0010ffff]+", value, re.IGNORECASE):
        return None
    try:
        if not urlsplit(value).hostname:
            return None
    except ValueError:
        return None
    shown = _cut(re.sub(r"^https?://", "", value, flags=re.IGNORECASE), 60)
    return Markup(
        '<a href="{0}" title="{0}" rel="noreferrer noopener nofollow" class="cw-out"><bdi>{1}</bdi></a>'
    ).format(value, shown)


def _json(value: str) -> Markup:
    try:
        parsed = json.loads(value)
    except ValueError:
        return _text(value)
    if not isinstance(parsed, list):
        return _text(value)
    parts = [" ".join(str(part) for part in item) if isinstance(item, list) else str(item) for item in parsed]
    return _text("\n".join(parts)) if parts else Markup("&nbsp;")


def _text(value: str) -> Markup:
    if len(value) <= SHORT:
        return Markup('<bdi class="cw-text">{}</bdi>').format(value)
    more = len(value) - LONGEST
    rest = Markup("<p class='cw-dim'>… {} characters more; the row as JSON has them</p>").format(f"{more:,}")
    return Markup(
        "<details class='cw-long'><summary><bdi>{}</bdi></summary><bdi class='cw-text'>{}</bdi>{}</details>"
    ).format(_cut(" ".join(value[: 2 * SHORT].split()), SHORT), value[:LONGEST], rest if more > 0 else "")


def _cut(value: str, length: int) -> str:
    return value if len(value) <= length else value[:length] + "…"
