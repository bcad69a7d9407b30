"""A small archive of invented news with flags and verdicts, and a catalogue for it: what `review`, `explain` and
`backtest` work on."""

from __future__ import annotations

import contextlib
import io
import json
from pathlib import Path
from types import SimpleNamespace
from unittest import mock

from crawler import catalogue
from crawler.catalogue import Catalogue
from crawler.cli import main
from storage.archive import Archive
from storage.records import ChangeKind, Level, Review, Verdict
from tests.storage.invented import DAY, T0, URL, begin, match, source, visit
from tests.world import TRIGGERS

BUDGET = "The Harbour Institute received a dedicated budget of 42 million yuan."
BUDGET_ZH = "市财政局为海湾机器审慎研究院设立专项预算4200万元。"
TEA = "The Harbour Institute serves tea at four on every working day of the week."
DENIED = "The Harbour Institute has no dedicated budget, its director said on Monday."


def write_catalogue(folder: Path, triggers: str = TRIGGERS) -> Catalogue:
    """A catalogue of one source, in files of `folder`."""
    told = {
        "settings": {"contact": "mailto:test@cruxwatch.example", "timezone": "Asia/Shanghai"},
        "sources": [
            {
                "id": "veldhoven-news",
                "title": "Veldhoven Bureau of Testing: news",
                "kind": "page",
                "url": URL,
                "role": "primary",
                "tolerance": "1d",
            }
        ],
    }
    (folder / "sources.yml").write_text(json.dumps(told), encoding="utf-8")
    (folder / "triggers.yml").write_text(triggers, encoding="utf-8")
    return catalogue.load(folder / "sources.yml", folder / "triggers.yml")


def fill(path: Path) -> dict[str, int]:
    """Six visits to one page; the numbers of the changes.

    As flagged in their day: `budget` and `tea` (wrongly), not `budget_zh` (missed); `denied` was notable.
    """
    told = "The harbour opened in spring."
    with Archive.open(path) as archive:
        begin(archive, source())
        changes = {"first": visit(archive, T0, told, kind=ChangeKind.FIRST, level=Level.ROUTINE)}

        def next_visit(name: str, sentence: str, level: Level, *matches) -> None:
            nonlocal told
            told += "\n" + sentence
            changes[name] = visit(archive, T0 + len(changes) * DAY, told, level=level, matches=matches)

        next_visit("budget", BUDGET, Level.ALERT, match(BUDGET, "own-budget", fired=True, score=0.9, start=40, end=56))
        next_visit("tea", TEA, Level.ALERT, match(TEA, "own-budget", fired=True, score=0.7))
        next_visit("budget_zh", BUDGET_ZH, Level.NOTABLE)
        next_visit("denied", DENIED, Level.NOTABLE, match(DENIED, "own-budget", fired=False, score=0.3, against=True))
        next_visit("plain", "The pier is closed for repairs until the end of the month.", Level.NOTABLE)
    return changes


def say(path: Path, change_id: int, verdict: Verdict, trigger: str | None = None) -> None:
    """A person's verdict on a change, or on a trigger in it."""
    with Archive.open(path) as archive:
        met = archive.finding(change_id).change.matches
        match_id = next(m.id for m in met if m.trigger_id == trigger) if trigger else None
        archive.record_review(Review(change_id=change_id, match_id=match_id, verdict=verdict, reviewed_at=T0 + 9 * DAY))


def cruxwatch(*words: str) -> SimpleNamespace:
    """Run the command line in this process: what a child's start costs is spent once, in `test_cli`."""
    stdout, stderr, code = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch("sys.argv", ["cruxwatch", *words]),
        mock.patch("sys.stdin", io.StringIO()),
        mock.patch("signal.signal"),
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code or 0
    return SimpleNamespace(returncode=code, stdout=stdout.getvalue(), stderr=stderr.getvalue())
