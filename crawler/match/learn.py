"""Thresholds learned from verdicts: what maximises F-beta, drawn towards what the analyst declared. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

LEAST = 20
"""Verdicts of one trigger below which nothing is learned."""
LEAST_OF_A_KIND = 3
"""Verdicts of either kind, relevant and not, below which nothing is learned."""
BETA = 1.0
"""Weight of recall against precision: 1, since a missed event and a false alarm are both unforgivable."""
INERTIA = 20
"""Verdicts that the declared threshold is worth: with so many, the proposal goes half the way to the best."""
LOWEST, HIGHEST = 0.05, 0.95

Sample = tuple[float, bool]
"""Score, and whether a person called it relevant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How a threshold fares on the samples."""

    precision: float | None
    """None: it lets nothing through."""
    recall: float | None
    """None: nothing is relevant."""
    f: float
    """F-beta; 0 where nothing right is let through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What the threshold of a trigger should be, and by what figures."""

    trigger_id: str
    declared: float
    proposed: float | None
    """None: too few verdicts, or no threshold does better."""
    why: str
    relevant: int
    """Verdicts that say relevant."""
    noise: int
    before: Fit
    after: Fit | None = None


def fit(samples: Sequence[Sample], threshold: float, beta: float = BETA) -> Fit:
    """How a threshold fares: a score at or above it is let through."""
    right = sum(relevant for score, relevant in samples if score >= threshold)
    let = sum(score >= threshold for score, _ in samples)
    relevant = sum(relevant for _, relevant in samples)
    weight = beta * beta
    both = weight * relevant + let
    return Fit(
        precision=right / let if let else None,
        recall=right / relevant if relevant else None,
        f=(1 + weight) * right / both if both else 0.0,
    )


def best(samples: Sequence[Sample], declared: float, beta: float = BETA) -> float:
    """The threshold of the best F-beta: of all that are as good, the one nearest to the declared."""
    scores = sorted({score for score, _ in samples if LOWEST <= score <= HIGHEST})
    edges = [LOWEST, *scores, HIGHEST]
    # between two neighbouring scores all thresholds let the same through; the middle is the safest of them
    middles = [(low + high) / 2 for low, high in pairwise(edges) if high > low]
    candidates = [declared, LOWEST, *middles]
    return max(candidates, key=lambda t: (round(fit(samples, t, beta).f, 9), -abs(t - declared), -t))


def propose(trigger_id: str, samples: Sequence[Sample], declared: float, beta: float = BETA) -> Proposal:
    """What the threshold should be: the best one, drawn towards the declared by as much as verdicts are few."""
    relevant = sum(each for _, each in samples)
    noise = len(samples) - relevant
    before = fit(samples, declared, beta)

    def told(why: str, proposed: float | None = None, after: Fit | None = None) -> Proposal:
        return Proposal(
            trigger_id=trigger_id,
            declared=declared,
            proposed=proposed,
            why=why,
            relevant=relevant,
            noise=noise,
            before=before,
            after=after,
        )

    if len(samples) < LEAST:
        return told(f"{len(samples)} verdicts; {LEAST} are needed")
    if min(relevant, noise) < LEAST_OF_A_KIND:
        lacking = "relevant" if relevant < noise else "noise"
        return told(f"too few verdicts say {lacking}; {LEAST_OF_A_KIND} of either kind are needed")
    aim = best(samples, declared, beta)
    drawn = round(declared + (aim - declared) * len(samples) / (len(samples) + INERTIA), 2)
    after = fit(samples, drawn, beta)
    if after.f <= before.f:
        return told("no threshold on the way to the best does better than the declared one")
    return told(f"F rises from {before.f:.2f} to {after.f:.2f}", drawn, after)


def proposals(samples: Mapping[str, Sequence[Sample]], declared: Mapping[str, float]) -> list[Proposal]:
    """A proposal for every trigger that people have judged, in the order of the declared."""
    return [propose(each, samples[each], threshold) for each, threshold in declared.items() if each in samples]
