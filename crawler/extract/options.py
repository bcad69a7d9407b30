"""What the catalogue may say about the text of a source; selectors are compiled here, and only here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError
from lxml import etree

LONGEST_SELECTOR = 500
MOST_SELECTORS = 50
_FORBIDDEN = re.compile(r"\b(document|id|key|unparsed-entity-uri|format-number|generate-id)\s*\(|//.*//.*//.*//.*//")
"""Reaches outside the page, or is quadratic once too often."""


class SelectorProblem(ValueError):
    """A selector that cannot be used; the text is one sentence."""


@lru_cache(maxsize=512)
def compile_selector(selector: str) -> etree.XPath:
    """Compile a CSS selector or an XPath 1.0 expression (starts with '/', './', '(' or 'xpath:').

    Raises SelectorProblem. Compiled XPath objects of lxml are not shared between threads here: one reader, one thread.
    """
    text = selector.strip()
    if not text:
        raise SelectorProblem("is empty; leave it out or name an element")
    if len(text) > LONGEST_SELECTOR:
        raise SelectorProblem(f"is {len(text)} characters long; {LONGEST_SELECTOR} are allowed")
    try:
        if text.startswith("xpath:"):
            path = text.removeprefix("xpath:").strip()
        elif text.startswith(("/", "./", "(", "descendant")):
            path = text
        else:
            path = HTMLTranslator().css_to_xpath(text, prefix="descendant-or-self::")
        if _FORBIDDEN.search(path):
            raise SelectorProblem(f"'{text}' uses a function that is not allowed, or more '//' than four")
        return etree.XPath(path, smart_strings=False)
    except (SelectorError, etree.XPathError) as error:
        kind = "XPath 1.0" if text.startswith(("xpath:", "/", "./", "(", "descendant")) else "CSS"
        raise SelectorProblem(f"'{text}' is no valid {kind} selector: {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextOptions:
    """How to read the text of this source's pages; usually nothing needs to be said."""

    select: tuple[str, ...] = field(
        default=(),
        metadata={
            "description": "CSS selectors or XPath 1.0 expressions of the main text. Default: found by itself. "
            "Where none of them is in the page, the capture counts as not what was expected."
        },
    )
    ignore: tuple[str, ...] = field(
        default=(),
        metadata={"description": "CSS selectors or XPath 1.0 expressions of what to leave out of both texts."},
    )
    min_length: int = field(
        default=0,
        metadata={
            "description": "A page with fewer characters of visible text counts as empty. Default: 0, any text will do."
        },
    )
    language: str | None = field(
        default=None,
        metadata={
            "description": "Language of the pages (en, zh, zh-Hans …); another one is reported as health, "
            "not as a change. Default: whatever it is."
        },
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for whatever cannot be used."""
        for name in ("select", "ignore"):
            selectors = getattr(self, name)
            if len(selectors) > MOST_SELECTORS:
                yield name, f"has {len(selectors)} selectors; {MOST_SELECTORS} are allowed"
            for position, selector in enumerate(selectors):
                try:
                    compile_selector(selector)
                except SelectorProblem as problem:
                    yield f"{name}[{position}]", str(problem)
        if not 0 <= self.min_length <= 1_000_000:
            yield "min_length", f"{self.min_length} is not between 0 and 1000000"
        if self.language is not None and not re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", self.language):
            yield "language", f"'{self.language}' is no BCP 47 language tag; write en, zh, zh-Hans"
