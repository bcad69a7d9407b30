"""An account as one HTML file: no script, nothing fetched, readable as a mail and at the width of a phone.

Marks carry their colours inline, for mail programs that drop <style>; the style sheet makes them fit a dark screen.
Templates are package data and escape everything; text of pages is never compiled.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

from jinja2 import DictLoader, Environment, StrictUndefined
from markupsafe import Markup

from crawler.digest import also, words
from crawler.digest import board as boards
from crawler.digest.account import Account, Quote, Redline, Said
from crawler.digest.safe import cut, host, link
from storage.records import Direction

_HERE = files("crawler.digest") / "templates"
_NAMES = ("digest.html.j2", "pieces.html.j2")
_STYLE = Markup((_HERE / "style.css").read_text("utf-8"))  # noqa: S704 - our own file

_ENVIRONMENT = Environment(
    loader=DictLoader({name: (_HERE / name).read_text("utf-8") for name in _NAMES}),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters |= {
    "link": link,
    "host": host,
    "utc": words.utc,
    "day": words.day,
    "cut": lambda text: cut(text, 160),
}
_ENVIRONMENT.globals |= {
    "count": words.count,
    "clock": words.clock,
    "since_when": words.since_when,
    "on_day": words.on_day,
    "covers": words.covers,
    "boards": boards,
    "also": also,
    "kinds": {str(kind): told for kind, told in words.KINDS.items()},
}

_GLYPHS = {
    Direction.UPWARD: ("▲", "Upward"),
    Direction.DOWNWARD: ("▼", "Downward"),
    Direction.ABSENCE: ("◆", "Absence broken"),
    Direction.ASSUMPTION: ("◇", "On an assumption"),
}


def as_html(account: Account) -> str:
    """The whole page."""
    groups = [
        (str(direction), glyph, name, [s for s in account.triggers if s.direction == direction and s.tells])
        for direction, (glyph, name) in _GLYPHS.items()
    ]
    lead, _, rest = account.headline.rstrip(".").partition("; ")
    return _ENVIRONMENT.get_template("digest.html.j2").render(
        account=account,
        style=_STYLE,
        lead=lead,
        rest=rest[:1].upper() + rest[1:],
        groups=[group for group in groups if group[3]],
        faint=[section for section in account.triggers if not section.tells],
    )


def redline_html(redline: Redline, *, language: str | None = None) -> Markup:
    """A redline alone, for a page that shows one change."""
    return _piece("redline", redline, language)


def quote_html(quote: Quote) -> Markup:
    """A sentence that met a trigger alone, with the judge's word on it."""
    return _piece("quote", quote)


def notes_html(notes: Sequence[Said]) -> Markup:
    """What people said of a capture by hand."""
    return _piece("said", notes)


def _piece(name: str, *given: object) -> Markup:
    module = _ENVIRONMENT.get_template("pieces.html.j2").module
    return Markup(getattr(module, name)(*given))  # noqa: S704 - the template has escaped it
