"""One crawl, in a child process: what is due goes in, fetches and captures are in the archive when it ends.

parent: due asks ─ errands (JSON lines) ─▶ stdin ┐
                                                 ├ child.py: fetch.crawl ─ sink ─▶ archive, one transaction per attempt
parent: progress ◀─ stdout (JSON lines) ─────────┘

A child of its own because a crash, a leak or a SIGKILL in the network part then costs no more than the attempts
in flight, which stay due; and because Twisted's reactor cannot be started twice in one process.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from crawler.catalogue import Catalogue
from crawler.fetch import Errand
from crawler.kinds import KINDS
from storage.archive import Archive
from storage.records import Ask, AskPurpose

PACE = 0.75
"""Share of a source's tolerance after which it is asked again: a daily run meets a tolerance of a day."""

Progress = Callable[[str, int, int, str], None]
"""Called with the stage, how many are done, how many there are, and what was done last."""


@dataclass(frozen=True, slots=True)
class Crawled:
    """What one crawl came to."""

    outcomes: Counter[str] = field(default_factory=Counter)
    fault: str | None = None
    """Why the child ended early, in words; None: it ended well."""

    @property
    def done(self) -> int:
        """Attempts recorded."""
        return self.outcomes.total()


def errands(archive: Archive, catalogue: Catalogue, at: datetime, only: Sequence[str] | None) -> list[Errand]:
    """What is due at that time, with what the archive remembers of it."""
    out = []
    for ask in archive.due_asks(at, source_ids=only):
        entry = catalogue.source(ask.source_id)
        if entry is None or entry.observable is False:
            continue
        validators = archive.validators(ask.source_id, ask.url)
        options = catalogue.fetch_options(entry)
        pace = interval(ask, entry.tolerance)
        request = KINDS[entry.kind].request(ask, entry.options, at)
        out.append(
            Errand(
                ask=ask,
                request=request,
                validators=validators,
                options=options,
                interval=pace,
                language=entry.language,
            )
        )
    return out


def interval(ask: Ask, tolerance: timedelta) -> timedelta | None:
    """How long after a good look to ask again; None: once is enough."""
    if ask.purpose is AskPurpose.SEED:
        return tolerance * PACE
    return timedelta(seconds=ask.revisit_seconds) if ask.revisit_seconds else None


def crawl_in_child(
    archive_path: Path,
    run_id: int,
    due: Sequence[Errand],
    *,
    now: datetime | None,
    progress: Progress,
    limit: timedelta = timedelta(hours=2),
    by_hand: bool = False,
) -> Crawled:
    """Crawl in a child process and wait for it.

    `now`: the time the child's clock starts at; None: the machine's. The child is stopped after `limit`.
    `by_hand`: captures are marked so, and what was asked for that alone is never asked again.
    """
    header = {"archive": str(archive_path), "run_id": run_id, "now": now.isoformat() if now else None}
    header["by_hand"] = by_hand
    told = "\n".join([json.dumps(header), *(json.dumps(e.to_json(), ensure_ascii=False) for e in due)])
    outcomes: Counter[str] = Counter()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as log, tempfile.TemporaryFile("w+", encoding="utf-8") as asked:
        asked.write(told)
        asked.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-m", "crawler.child"],
            stdin=asked,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            encoding="utf-8",
        )
        # a child that never ends would hold up the digest for ever
        watchdog = threading.Timer(limit.total_seconds(), child.kill)
        watchdog.start()
        try:
            for line in child.stdout or ():
                said = json.loads(line)
                outcomes[said["outcome"]] += 1
                progress("crawl", said["done"], said["total"], f"{said['source']}: {said['outcome']}")
            code = child.wait()
        except BaseException:
            _stop(child)
            raise
        finally:
            watchdog.cancel()
        if code == 0:
            return Crawled(outcomes)
        log.seek(0)
        last = [line.strip() for line in log if line.strip()]
        why = f"ended by signal {-code}" if code < 0 else f"exit code {code}"
        return Crawled(outcomes, f"the crawl {why}" + (f": {last[-1]}" if last else ""))


def _stop(child: subprocess.Popen[str]) -> None:
    """End the child: politely, then not."""
    child.terminate()
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
