"""Reading beside `trafilatura.extract` on the same pages in one run; large and hostile pages. Part of `make bench`.

Ratios hold when the machine's speed drifts: each page is read by both, in turn.
"""

from __future__ import annotations

import gzip
import json
import statistics
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import trafilatura

from crawler.change import compare
from crawler.errors import ReadingError
from crawler.extract import html
from crawler.extract.decode import decode
from storage.records import History, Version
from tests.change.visits import START, URL
from tests.extract.test_hostile import HOSTILE

CORPUS = Path(__file__).resolve().parents[2] / "shared" / "data" / "changes"
PAGES = 120
LARGE = 2_000_000


def pages() -> list[tuple[bytes, str | None]]:
    """Real pages of the corpus beside the checkout, evenly spread; none where it is absent."""
    if not CORPUS.is_dir():
        return []
    rows = [json.loads(line) for line in (CORPUS / "manifest.jsonl").read_text("utf-8").splitlines() if line]
    return [
        (gzip.decompress((CORPUS / row["new"]).read_bytes()), row.get("encoding"))
        for row in rows[:: max(1, len(rows) // PAGES)]
    ]


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the quicker of two turns."""
    took = []
    for _ in range(2):
        began = time.process_time()
        with suppress(ReadingError):
            work()
        took.append(time.process_time() - began)
    return min(took)


def processed(body: bytes, charset: str | None) -> None:
    """Read a page and compare it with itself less its last sentence: a visit that brings something."""
    text = html.read(body, charset=charset, url=URL)
    lines = text.main.split("\n")
    before = Version(
        sha256="", title=text.title, language=text.language, main="\n".join(lines[:-1]), full=text.full,
        extractor=text.extractor, first_seen_at=START, last_seen_at=START,
    )  # fmt: skip
    compare(text, History(current=before), seen_at=START)


def ratio(bodies: Iterable[tuple[bytes, str | None]]) -> tuple[float, float]:
    """Median milliseconds of ours over the median of `trafilatura.extract`, and ours."""
    ours, theirs = [], []
    for body, charset in bodies:
        ours.append(seconds(lambda body=body, charset=charset: processed(body, charset)))
        theirs.append(seconds(lambda body=body, charset=charset: trafilatura.extract(decode(body, charset)[0])))
    return statistics.median(ours) / statistics.median(theirs), 1000 * statistics.median(ours)


def large() -> float:
    """Seconds for a page of 2 MB: paragraphs of an article, thousands of them."""
    sentence = "The Harbour Council met for the {n}th time and discussed item {n} of its plan with the pilots."
    told, size, number = [], 0, 0
    while size < LARGE:
        told.append(f"<p class='body-text'>{sentence.format(n=number)} 海湾理事会举行第{number}次会议。</p>")
        size += len(told[-1].encode())
        number += 1
    body = f"<!doctype html><title>Minutes</title><main><h1>Minutes</h1>{''.join(told)}</main>".encode()
    return seconds(lambda: processed(body, "utf-8"))


def hostile() -> dict[str, float]:
    """Seconds for each page made to hurt."""
    return {
        name: seconds(lambda markup=markup: html.read(markup.encode(), url=URL)) for name, markup in HOSTILE.items()
    }


def tell() -> list[str]:
    """Print the figures; every bound that does not hold, in words."""
    wrong = []
    bodies = pages()
    if bodies:
        times, ours = ratio(bodies)
        print(f"reading and comparing / trafilatura.extract: {times:.2f} (medians; at most 1.3), {ours:.1f} ms a page")
        if times > 1.3:
            wrong.append("reading costs more than 1.3 times trafilatura.extract")
    took = large()
    print(f"a page of 2 MB: {took:.2f} s (at most 1)")
    if took > 1:
        wrong.append("a page of 2 MB takes more than a second")
    slowest = max(hostile().items(), key=lambda pair: pair[1])
    print(f"the slowest hostile page ({slowest[0]}): {slowest[1]:.2f} s (at most 5)")
    if slowest[1] > 5:
        wrong.append("a hostile page takes more than five seconds")
    return wrong


if __name__ == "__main__":
    tell()
