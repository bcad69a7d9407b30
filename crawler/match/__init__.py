"""Triggers on changes: which statements assert, deny or plan what an assessment waits for. Pure.

fold → statements → entities (names masked) → frames (who, event, companions) → assertion (cues, shapes, forms)
→ novelty → assess
"""

from crawler.match.assess import assess
from crawler.match.matcher import Context, Matcher, TextMatches
from crawler.match.model import Assessment

__all__ = ["Assessment", "Context", "Matcher", "TextMatches", "assess"]
