"""What a good catalogue holds, as rows for `cruxwatch check` to print."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from crawler.catalogue.model import Catalogue, Confidence
from crawler.fetch import browser


def report(catalogue: Catalogue) -> list[tuple[str, str]]:
    """Rows (label, value): what is watched, what is not yet, and whose addresses want a look."""
    sources, assessment = catalogue.sources, catalogue.assessment
    cited = {entry.citation for entry in sources if entry.citation is not None}
    examples = [trigger.examples for trigger in assessment.triggers]
    rows = [
        ("sources", f"{len(sources)}: {_counted(entry.kind for entry in sources)}"),
        ("roles", _counted(entry.role.value for entry in sources)),
        ("languages", _counted(entry.language or "not declared" for entry in sources)),
        ("cited", f"{len(cited)} citations{_gaps(cited)}"),
        ("asked", f"{sum(entry.askable for entry in sources)} of {len(sources)}"),
        ("rendered by a browser", _rendered(catalogue)),
        ("not observable", _named(entry.id for entry in sources if not entry.observable)),
        ("placeholders", _named(entry.id for entry in sources if entry.address.placeholder)),
        (
            "address to be confirmed",
            _named(e.id for e in sources if e.address.confidence is Confidence.LOW and not e.address.confirmed),
        ),
        ("entities", str(len(assessment.entities))),
        ("triggers", f"{len(assessment.triggers)}: {_counted(t.direction.value for t in assessment.triggers)}"),
        (
            "examples",
            f"{sum(len(e.match) for e in examples)} that must match, "
            f"{sum(len(e.no_match) for e in examples)} that must not",
        ),
    ]
    return [(label, value) for label, value in rows if value]


def _rendered(catalogue: Catalogue) -> str:
    named = _named(entry.id for entry in catalogue.sources if entry.fetch.render and entry.askable)
    lacking = browser.missing()
    return f"{named}; {lacking}" if named and lacking else named


def _counted(words: Iterable[str]) -> str:
    return ", ".join(f"{count} {word}" for word, count in sorted(Counter(words).items(), key=lambda c: (-c[1], c[0])))


def _named(ids: Iterable[str]) -> str:
    ids = list(ids)
    return f"{len(ids)}: {', '.join(ids)}" if ids else ""


def _gaps(cited: set[int]) -> str:
    missing = [str(n) for n in range(1, max(cited, default=0) + 1) if n not in cited]
    return f"; no source for {', '.join(missing)}" if missing else ""
