"""A page: one address, one document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from crawler.extract import TextOptions
from crawler.kinds import answer
from crawler.kinds.result import Result
from crawler.kinds.urls import key_of
from crawler.request import plain
from storage.records import Ask, Capture

VERSION = "page/1"
request = plain
ATTACHED_AGAIN = timedelta(weeks=4)
"""How long after reading an attached file it is asked again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What belongs to a page besides its text; what text counts is said under `text`."""

    attachments: bool = field(
        default=False,
        metadata={
            "description": "Whether the files that the page links on its own site (PDF, Word, workbooks) are documents "
            "of this source, too; at most a dozen."
        },
    )

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield (relative path, sentence) for each value that cannot be used."""
        yield from ()


def seeds(url: str, more: Sequence[str], options: Options) -> tuple[tuple[str, str | None], ...]:
    """Give the addresses to ask, each with its document's key."""
    return tuple((each, key_of(each)) for each in dict.fromkeys((url, *more)))


def read(
    capture: Capture, body: bytes, ask: Ask, options: Options, text_options: TextOptions, language: str | None
) -> Result:
    """Read a page to one text."""
    return answer.read(
        capture, body, ask, text_options, language, VERSION, attached=options.attachments, revisit=ATTACHED_AGAIN
    )
