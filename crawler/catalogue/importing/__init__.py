"""Watch lists of other tools as entries of sources.yml, and a report of what could not be carried over.

file ─ form ─▶ Watched ─ entries ─▶ ids · kinds · checks ─▶ YAML

Nothing in a file is ever executed, unpacked onto the disk or followed: commands, templates and scripts are named in the
report and left out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from crawler.catalogue.importing import changedetection, jobs, opml, plain
from crawler.catalogue.importing.entries import Entries
from crawler.catalogue.importing.watched import Unreadable, Watched
from crawler.errors import UsageError

LARGEST = 30_000_000
"""Bytes of a file."""
Form = Callable[[bytes], Iterable[Watched]]
FORMS: Mapping[str, Form] = {
    "opml": opml.read,
    "urlwatch": jobs.read,
    "webchanges": jobs.read,
    "changedetection": changedetection.read,
    "list": plain.read,
}
_JOB = re.compile(rb"(?m)^(?:\xef\xbb\xbf)?[ ]{0,4}(?:url|navigate|command|kind|name|filter)[ ]*:")


@dataclass(frozen=True, slots=True)
class Imported:
    """Entries, as plain values, and what a person should know."""

    entries: tuple[dict, ...]
    report: tuple[str, ...]

    def as_yaml(self, *, whole: bool = False) -> str:
        """The entries as they stand in a sources.yml; `whole`: with the settings that a file needs."""
        return Entries.written(self.entries, whole=whole)


def form_of(data: bytes) -> str:
    """Say which form a file has, by its content."""
    start = data[:4000].lstrip(b"\xef\xbb\xbf \t\r\n")
    if data.startswith(b"PK\x03\x04") or start[:1] in (b"{", b"["):
        return "changedetection"
    if b"<opml" in data[:20_000].lower() or start.startswith(b"<?xml"):
        return "opml"
    return "urlwatch" if _JOB.search(data[:200_000]) else "list"


def read(
    files: Iterable[tuple[str, bytes]], form: str | None = None, *, sources: tuple[str, bytes] | None = None
) -> Imported:
    """Read files, given as (name, content), into entries.

    `form`: one of FORMS; None: by each file's content. `sources`: the sources.yml that is to take them, whose ids and
    addresses are not given again. Raises UsageError for a file that is none of its form.
    """
    entries = Entries(sources)
    for name, data in files:
        if len(data) > LARGEST:
            raise UsageError(f"{name}: has {len(data)} bytes; {LARGEST} are allowed")
        if form is not None and form not in FORMS:
            raise UsageError(f"--format {form}: is not known; choose {', '.join(FORMS)}")
        told = form or form_of(data)
        try:
            for watched in FORMS[told](data):
                entries.add(name, told, watched)
        except Unreadable as why:
            raise UsageError(f"{name}: {why} (read as {told}; --format names another form)") from None
    return Imported(tuple(entries.made), tuple(entries.report))


__all__ = ["FORMS", "Imported", "form_of", "read"]
