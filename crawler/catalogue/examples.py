"""Each trigger's own examples, run through the real matcher: a rule that fails its author's example is a problem."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.catalogue.address import shown
from crawler.catalogue.fill import Flaw
from crawler.match import Assessment, Matcher
from crawler.match.model import Example, Trigger


def failing(assessment: Assessment) -> Iterator[Flaw]:
    """Yield a flaw at each example whose trigger does not do what the example says."""
    matcher = Matcher(assessment)
    for n, trigger in enumerate(assessment.triggers):
        wanted = (("match", trigger.examples.match, True), ("no_match", trigger.examples.no_match, False))
        for name, examples, must in wanted:
            for m, example in enumerate(examples):
                if sentence := _failure(matcher, trigger, example, must=must):
                    yield Flaw(("triggers", n, "examples", name, m), sentence)


def _failure(matcher: Matcher, trigger: Trigger, example: Example, *, must: bool) -> str | None:
    if trigger.not_observable and must:
        return f"can never match, since {trigger.id} is not observable; delete the example, or give the trigger frames"
    found = matcher.match_text(
        example.text, removed=example.removed, source=example.source, kind="", lang=example.language
    )
    if (trigger.id in found.fired) is must:
        return None
    text = shown(example.text or example.removed)
    if must:
        score = found.scores.get(trigger.id)
        near = f"it scores {score:.2f}, {trigger.threshold:.2f} is needed" if score is not None else "no frame meets it"
        return f"{text} must match and does not: {near}; add a term or a frame, or correct the example"
    why = next((m.excerpt for m in found.matches if m.trigger_id == trigger.id), "")
    return f"{text} must not match and does, by {shown(why)}; narrow the frame, or correct the example"
