"""An archive as a crawl leaves it, with what strangers may put in it, and a Datasette on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from crawler.explore import explorer
from storage.archive import Archive
from storage.records import ChangeKind, Health, Level, Outcome, Reason, Review, Verdict
from tests.storage.invented import at, attempt, begin, match, read, source, visit

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> {{7*7}} {% raw %} \u202egnissap' \"&"
LONG = "一句很长的话。" * 9000


def fill(archive: Archive) -> None:
    begin(
        archive,
        source(),
        source("hostile", title=HOSTILE, url="https://hostile.example/", publisher=HOSTILE),
        source("gone-dark", title="Osterhagen Institute", url="https://osterhagen.example/", role="secondary"),
        source("blind", title="Forbids robots", url="https://b.example/", observable=False, why_not="robots.txt"),
    )
    run = archive.begin_run("run", "0.1.0", at(0))
    visit(archive, at(0), "The bureau tests models.\n无关内容。", kind=ChangeKind.FIRST, level=Level.ROUTINE)
    sentence = "研究院2026年预算为三亿元。"
    change_id = visit(
        archive,
        at(1),
        f"The bureau tests models.\n{sentence}\nIts budget doubled.",
        title="Budget notice 预算公告",
        level=Level.ALERT,
        matches=(match(sentence, "dedicated-budget", start=7, end=9), match("Its budget doubled.", "dedicated-budget")),
        published_at=at(0.5),
    )
    archive.record_review(Review(change_id=change_id, verdict=Verdict.RELEVANT, reviewed_at=at(2), note=HOSTILE))
    read(archive, attempt(archive, at(1.2), b"item"), "An item.", key="item-1", title="Item", published_at=at(0.7))
    h = {"source_id": "hostile", "url": "https://hostile.example/"}
    page = attempt(archive, at(2), f"<html><body>{HOSTILE}</body></html>".encode(), **h)
    read(
        archive,
        page,
        f"{HOSTILE}\n{LONG}",
        key="javascript:alert(3)",
        title=HOSTILE,
        level=Level.ALERT,
        author="javascript:alert(4)",
        matches=(match(HOSTILE, HOSTILE, reasons=(HOSTILE, "javascript:alert(5)")),),
    )
    document = archive.document("hostile", "javascript:alert(3)")
    archive.db.execute("UPDATE documents SET url = 'javascript:alert(6)' WHERE id = ?", (document.id,))
    for n in (3, 4):
        attempt(
            archive,
            at(n),
            outcome=Outcome.FAILED,
            reason=Reason.TIMEOUT,
            detail=f"no answer in 30 s <b>{n}</b>",
            source_id="gone-dark",
            url="https://osterhagen.example/",
            run_id=run.id,
        )
    read(archive, attempt(archive, at(5), b"Checking your browser"), "", health=Health.CHALLENGE)
    archive.end_run(run.id, "done", at(5.01))


@pytest.fixture(scope="session")
def filled(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("explore") / "any name, 100% ours?.db"
    with Archive.open(path) as archive:
        fill(archive)
    return path


@pytest.fixture(scope="session")
def get(filled) -> Callable:
    """Ask the Datasette of that archive: get(path, **headers) -> response."""
    datasette = explorer(filled)

    def ask(path: str, **headers: str):
        return asyncio.run(datasette.client.get(path, headers=headers))

    return ask
