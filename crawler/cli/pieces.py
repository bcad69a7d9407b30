"""Pieces of what the archive tells, for a terminal: sentences, redlines; strangers' text made harmless."""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text

from crawler.cli.common import out
from crawler.cli.wrap import Pieces, wrapped
from crawler.digest.safe import cut, plain

WIDEST = 100
"""Cells of a line beyond which reading tires."""
STYLES = {"ins": "green", "del": "red strike", "fold": "dim", "same": ""}


def say(*pieces: str | tuple[str, str], indent: str = "") -> None:
    """Print one paragraph: texts, or (text, style); wrapped for its script, and harmless."""
    told: Pieces = [(plain(p), "") if isinstance(p, str) else (plain(p[0]), p[1]) for p in pieces]
    for line in wrapped(told, min(WIDEST, out.width), indent):
        out.print(line, no_wrap=True, overflow="ignore", crop=False)


def quote(sentence: str, start: int, end: int, *, indent: str = "  ") -> None:
    """Print a sentence with the decisive words marked."""
    start, end = max(0, min(start, len(sentence))), max(0, min(end, len(sentence)))
    say(sentence[:start], (sentence[start:end], "bold reverse"), cut(sentence[end:], 1200), indent=indent)


def show_redline(redline, *, indent: str = "  ") -> None:
    """Print rows of differences: what went, what came."""
    for row in redline.rows:
        if row.heading:
            say((f"{row.heading}", "dim italic"), indent=indent)
        for sign, pieces, style in (("-", row.old, "red"), ("+", row.new, "green")):
            if pieces:
                marked = [(p.text, STYLES.get(p.mark, "")) for p in pieces]
                say((f"{sign} ", style), *marked, indent=indent)
    told = [f"{redline.more} more difference(s)"] if redline.more else []
    told += [f"{redline.outside} outside the main text"] if redline.outside else []
    told += [f"{count} × {name}" for name, count in redline.noise]
    if told:
        say((" · ".join(told), "dim"), indent=indent)


def facts(pairs: Iterable[tuple[str, object]], *, indent: str = "  ") -> None:
    """Print label and value, those without a value left out."""
    for label, value in pairs:
        if value not in (None, "", [], ()):
            say((f"{label:12}", "dim"), str(value), indent=indent)


def rule(title: str) -> None:
    out.print(Text(plain(title), style="bold"))
