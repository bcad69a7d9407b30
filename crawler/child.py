"""The child process of a crawl: errands on stdin, one line per attempt on stdout, everything else in the archive.

`python -m crawler.child`, started by `crawling`. It imports the network part and the archive and nothing more, since
every run pays for its start.
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TextIO

from crawler import clock
from crawler.fetch import Errand, crawl
from storage.archive import Archive
from storage.records import Ask, AskPurpose, Capture, Fetch


def crawl_asks(told: TextIO, said: TextIO) -> None:
    """Read errands, crawl, record each attempt in one transaction, and say so."""
    header = json.loads(told.readline())
    due = [Errand.from_json(json.loads(line)) for line in told if line.strip()]
    start = datetime.fromisoformat(header["now"]) if header["now"] else None
    done = 0
    with Archive.open(Path(header["archive"]), create=False) as archive:

        def sink(fetch: Fetch, capture: Capture | None, body: bytes | None, ask: Ask) -> None:
            nonlocal done
            if header.get("by_hand"):
                capture = capture and replace(capture, by_hand=True)
                if ask.purpose is AskPurpose.ITEM and ask.revisit_seconds is None:
                    ask = replace(ask, due_at=None)
            archive.record_fetch(replace(fetch, run_id=header["run_id"]), capture, body, ask)
            done += 1
            line = {"source": fetch.source_id, "outcome": fetch.outcome, "done": done, "total": len(due)}
            print(json.dumps(line, ensure_ascii=False), file=said, flush=True)

        crawl(due, sink=sink, clock=clock.starting_at(start))


if __name__ == "__main__":
    crawl_asks(sys.stdin, sys.stdout)
