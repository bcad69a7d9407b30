"""Crawl in a child process, as the product does, and give back what its sink was told."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crawler.fetch import Errand, FetchOptions
from storage.records import Ask, Capture, Fetch, Validators

CHECKOUT = Path(__file__).resolve().parents[2]
START = datetime(2031, 3, 1, 6, 0, tzinfo=UTC)
"""Time at which the child's clock starts."""
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Told:
    """One call of the sink."""

    fetch: Fetch
    capture: Capture | None
    body: bytes | None
    ask: Ask

    @property
    def said(self) -> tuple[str, str | None]:
        """Outcome and reason."""
        return self.fetch.outcome.value, self.fetch.reason and self.fetch.reason.value


def errand(url: str, options: FetchOptions, *, validators: Validators | None = None, **more: object) -> Errand:
    """An errand to one address."""
    given = {"source_id": "a", "url": url, "found_at": START, "due_at": START}
    ask = Ask(**given | {name: more.pop(name) for name in list(more) if name in Ask.__dataclass_fields__})
    return Errand(ask=ask, validators=validators, options=options, **{"interval": DAY} | more)


def crawl(
    errands: Sequence[Errand], *, timeout: float = 60, script: str | None = None, **environment: str
) -> list[Told]:
    """Crawl the errands; one entry per call of the sink, in order. Fails when the child does."""
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", script or "from tests.fetch.child import main; main()"],
        input=json.dumps([each.to_json() for each in errands]).encode(),
        capture_output=True,
        timeout=timeout,
        cwd=CHECKOUT,
        # a proxy of the environment must change nothing
        env=os.environ | dict.fromkeys(("http_proxy", "https_proxy", "all_proxy"), "http://127.0.0.1:9") | environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    assert b"Traceback" not in done.stderr, done.stderr.decode()[-3000:]
    return [Told(*each) for each in pickle.loads(done.stdout)]


def by_url(told: Sequence[Told]) -> dict[str, Told]:
    """One entry per address; an address told twice is a defect."""
    found = {each.fetch.url: each for each in told}
    assert len(found) == len(told), sorted(each.fetch.url for each in told)
    return found


def main() -> None:
    """The child."""
    from crawler.clock import starting_at
    from crawler.fetch import crawl as crawl_here

    told: list[tuple] = []
    errands = [Errand.from_json(each) for each in json.load(sys.stdin)]
    crawl_here(errands, sink=lambda *each: told.append(each), clock=starting_at(START))
    pickle.dump(told, sys.stdout.buffer)
