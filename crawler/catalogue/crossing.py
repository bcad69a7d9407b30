"""What one part of the catalogue says of another must hold: ids once, references to what is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from pydantic_core import PydanticCustomError

from crawler.catalogue import address
from crawler.catalogue.address import nearest, unknown
from crawler.catalogue.fill import Flaw
from crawler.catalogue.values import duration
from crawler.match.model import Assessment

if TYPE_CHECKING:
    from crawler.catalogue.loading import File
    from crawler.catalogue.model import Settings, SourceEntry

__all__ = ["check", "nearest"]


def check(
    sources: File,
    triggers: File,
    settings: Settings | None,
    entries: Sequence[SourceEntry],
    assessment: Assessment | None,
) -> None:
    """Tell the files what does not hold between their parts; warnings for what is odd but usable."""
    if settings is not None and settings.contact and address.is_example(settings.contact):
        sentence = "is still the example; write your own mail address or page, webmasters must be able to reach you"
        sources.tell(Flaw(("settings", "contact"), sentence), warning=True)
    _unique_ids(sources, entries)
    _addresses(sources, entries)
    if assessment is not None and triggers.tree is not None:
        _owners(sources, entries, assessment)
        if sources.tree is not None and entries:
            _expected(triggers, sources, assessment)
        _assessment_ids(triggers, assessment)
        _tolerances(triggers, assessment)


def _unique_ids(file: File, entries: Sequence[SourceEntry]) -> None:
    first: dict[str, int] = {}
    for n, entry in enumerate(entries):
        if not entry.id:
            continue
        if entry.id in first:
            line = file.tree.at(("sources", first[entry.id], "id")).line
            file.tell(
                Flaw(("sources", n, "id"), f"is also the id of the source in line {line}; ids are unique, rename one")
            )
        first.setdefault(entry.id, n)


def _addresses(file: File, entries: Sequence[SourceEntry]) -> None:
    first: dict[tuple[str, str, str], tuple[str, int]] = {}
    for n, entry in enumerate(entries):
        paths = [(("url",), entry.url), *((("more", m), url) for m, url in enumerate(entry.more))]
        for path, url in paths:
            key = (entry.kind, url, repr(entry.options) if entry.options else "")
            if key in first and not entry.address.placeholder and url:
                other, line = first[key]
                said = f"is also an address of {other} (line {line}), of the same kind; delete one, or tell them apart"
                file.tell(Flaw(("sources", n, *path), said), warning=True)
            first.setdefault(key, (entry.id, file.tree.at(("sources", n, *path)).line))


def _owners(file: File, entries: Sequence[SourceEntry], assessment: Assessment) -> None:
    for n, entry in enumerate(entries):
        if entry.owner is not None and entry.owner not in assessment.entities:
            said = unknown("an entity of the triggers file", entry.owner, assessment.entities)
            file.tell(Flaw(("sources", n, "owner"), said))


def _expected(file: File, sources: File, assessment: Assessment) -> None:
    known = _names(sources)
    for n, trigger in enumerate(assessment.triggers):
        for m, name in enumerate(trigger.expected):
            if name and name not in known:
                said = unknown("the id or a tag of a source", name, known)
                file.tell(Flaw(("triggers", n, "expected", m), said))


def _names(sources: File) -> set[str]:
    """Ids and tags as they are written, also of sources with problems: those are told where they stand."""
    known: set[str] = set()
    listed = sources.tree.child("sources")
    for node in listed.items if listed is not None else []:
        for key in ("id", "tags"):
            if (value := node.child(key)) is not None:
                known |= {part.text for part in (value, *value.items) if part.text}
    return known


def _assessment_ids(file: File, assessment: Assessment) -> None:
    wrong = "is no id; write small letters, digits and hyphens, beginning with a letter or digit"
    _ids(
        file,
        ((("id",), assessment.id), *((("triggers", n, "id"), t.id) for n, t in enumerate(assessment.triggers))),
        wrong,
    )
    _ids(file, ((("entities", key), key) for key in assessment.entities), wrong)
    _ids(file, ((("classes", key), key) for key in assessment.classes), wrong)


def _ids(file: File, places: Iterable[tuple[tuple, str]], wrong: str) -> None:
    for path, name in places:
        if name and not address.is_id(name):
            file.tell(Flaw(path, f"{address.shown(name)} {wrong}", at_key=path[-1] != "id"))


def _tolerances(file: File, assessment: Assessment) -> None:
    for n, trigger in enumerate(assessment.triggers):
        if trigger.tolerance is None:
            continue
        try:
            duration(trigger.tolerance)
        except PydanticCustomError as error:
            file.tell(Flaw(("triggers", n, "tolerance"), error.message()))
