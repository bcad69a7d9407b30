"""What comparing remembers of a document: JSON in `Document.memory`, bounded, rebuilt by reprocess."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field

MOST_LINES = 1_500
MOST_SLOTS = 300
MOST_PENDING = 60
LONGEST = 1_000
STAYED = 2
"""Further looks after which a text that returned has come to stay."""
OFTEN = 3
"""Differences in one place before it counts as changing at every visit."""
FLAPS = 2
"""Returns after which a document counts as alternating."""


@dataclass(slots=True)
class Memory:
    """All counts are of compared looks."""

    looks: int = 0
    toggles: dict[str, int] = field(default_factory=dict)
    """Line -> how often it came or went."""
    slots: dict[str, list[int]] = field(default_factory=dict)
    """Place -> [first look, times, last look] it differed."""
    gone: list[str] = field(default_factory=list)
    """Lines of the current version that the last look did not show, dealt with."""
    extra: list[str] = field(default_factory=list)
    """Lines that the last look showed and the current version does not hold, dealt with."""
    pending: list[list] = field(default_factory=list)
    """Returns that wait to be confirmed: [look, times, kind, part, old, new, heading, before]; times: how often
    the line stood there then."""
    unsure: list[str] | None = None
    """Signature of a doubtful text; a second look that agrees confirms it."""
    returns: int = 0
    flapping: bool = False
    """Known, and told once, to alternate between known texts."""

    def toggled(self, line: str) -> None:
        """Count a line that came or went at this look."""
        self.toggles[line] = self.toggles.pop(line, 0) + 1

    def counted(self, line: str, counts: tuple[int, int]) -> bool:
        """Whether a line that recurs has stood there this often before; remembers both counts."""
        before, now = (f"{line}x{count}" for count in counts)
        known = now in self.toggles
        for state in (before, now):
            self.toggles.setdefault(state, 0)
        return known

    def differs(self, slot: str) -> None:
        """Count a difference in a place, once a look."""
        first, times, last = self.slots.get(slot, [self.looks, 0, -1])
        if last != self.looks:
            self.slots.pop(slot, None)
            self.slots[slot] = [first, times + 1, self.looks]

    def restless(self, slot: str) -> bool:
        """Whether a place has differed at nearly every look since it first did."""
        first, times, _ = self.slots.get(slot, [0, 0, 0])
        return times >= OFTEN and times >= 0.6 * (self.looks - first + 1)


def load(text: str | None) -> Memory:
    """Read what was remembered; what cannot be read is forgotten."""
    try:
        found = json.loads(text) if text else {}
        if isinstance(found.get("pending"), dict):  # as it was written until html/1
            old = found["pending"]
            found["pending"] = [[old["look"], None, *row] for row in old["hunks"]]
        known = {name: found[name] for name in Memory.__dataclass_fields__ if name in found}
        return Memory(**known)
    except (ValueError, TypeError, AttributeError, KeyError):
        return Memory()


def dump(memory: Memory) -> str:
    """Write it, the oldest left out beyond the bounds; keys without content left out."""
    kept = asdict(memory)
    for name, most in (("toggles", MOST_LINES), ("slots", MOST_SLOTS)):
        kept[name] = dict(list(kept[name].items())[-most:])
    for name in ("gone", "extra"):
        kept[name] = kept[name][-MOST_LINES:]
    return json.dumps({k: v for k, v in kept.items() if v}, ensure_ascii=False, separators=(",", ":"))


def waiting(text: str | None) -> bool:
    """Whether the next look must be compared even when its bytes are the same: a return waits to be confirmed."""
    return '"pending"' in (text or "")
