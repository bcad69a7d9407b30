"""What the assessment already holds: a statement that repeats one of its facts is known, and alerts nobody."""

from __future__ import annotations

from crawler.match.entities import Reading
from crawler.match.lexicon import Element, Lexicon
from crawler.match.model import Trigger


class Known:
    """The baseline facts of every trigger, with the terms by which a repeat is known."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.facts: dict[str, list[tuple[str, list[Element]]]] = {
            t.id: [
                (f"{f.text} ({f.date})", [lexicon.element((term,)) for term in f.terms]) for f in t.baseline if f.terms
            ]
            for t in lexicon.assessment.triggers
        }

    def repeats(self, trigger: Trigger, reading: Reading) -> str | None:
        """The fact that this statement repeats; None: it repeats none."""
        for text, elements in self.facts.get(trigger.id, ()):
            if all(
                any(n in reading.hits for n in e.classes) or any(reading.of(who) for who in e.entities)
                for e in elements
            ):
                return text
        return None
