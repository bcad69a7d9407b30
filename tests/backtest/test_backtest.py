"""Backtest: today's rules over the archive, read only, whatever the number of processes; figures against verdicts."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from crawler.backtest import backtest, propose
from crawler.backtest import rematch as rematch_module
from storage.archive import Archive
from storage.records import ChangeKind, Level, Verdict
from tests.judged_archive import BUDGET_ZH, cruxwatch, fill, say, write_catalogue
from tests.storage.invented import DAY, T0, begin, match, source, visit
from tests.world import TRIGGERS

DEAF = TRIGGERS.replace("event: [dedicated budget, 专项预算]", "event: [dedicated lighthouse, 专项灯塔]").partition(
    "    examples:"
)[0]


@pytest.fixture
def world(tmp_path: Path):
    path = tmp_path / "archive.db"
    return path, fill(path), write_catalogue(tmp_path)


def contents(path: Path) -> str:
    with Archive.open(path, read_only=True) as archive:
        return hashlib.sha256("\n".join(archive.db.connection.iterdump()).encode()).hexdigest()


def test_it_tells_what_is_flagged_newly_and_no_longer_and_writes_nothing(world):
    path, changes, catalogue = world
    before = contents(path)
    report = backtest(catalogue, path)
    assert [(d.change_id, d.trigger_id) for d in report.newly] == [(changes["budget_zh"], "own-budget")]
    assert [d.change_id for d in report.no_longer] == [changes["tea"]]
    assert report.newly[0].excerpt == BUDGET_ZH
    assert report.newly[0].date == "2026-11-04"
    assert (report.levels_then[Level.ALERT], report.levels_now[Level.ALERT]) == (2, 2)
    assert contents(path) == before


def test_precision_and_recall_are_by_the_verdicts(world):
    path, changes, catalogue = world
    say(path, changes["budget"], Verdict.RELEVANT, "own-budget")
    say(path, changes["tea"], Verdict.NOISE)
    then, now = (getattr(backtest(catalogue, path), side)["own-budget"] for side in ("then", "now"))
    assert (then.right, then.wrong, then.missed, then.precision, then.recall) == (1, 1, 0, 0.5, 1.0)
    assert (now.right, now.wrong, now.missed, now.precision, now.recall) == (1, 0, 0, 1.0, 1.0)
    assert now.unjudged == 1, "nobody has judged the Chinese one yet"


def test_a_rule_that_loses_what_a_person_called_relevant_is_told(world, tmp_path: Path):
    path, changes, _ = world
    say(path, changes["budget"], Verdict.RELEVANT)
    say(path, changes["plain"], Verdict.RELEVANT)
    (tmp_path / "deaf").mkdir()
    report = backtest(write_catalogue(tmp_path / "deaf", DEAF), path)
    lost = [d for d in report.no_longer if d.relevant]
    assert [d.change_id for d in lost] == [changes["budget"]]
    assert (report.now["own-budget"].missed, report.now["own-budget"].recall) == (1, 0.0)
    assert report.unexplained == [changes["budget"], changes["plain"]]


def test_the_newest_verdict_counts_and_wrong_trigger_is_no(world):
    path, changes, catalogue = world
    say(path, changes["budget"], Verdict.RELEVANT)
    say(path, changes["budget"], Verdict.WRONG, "own-budget")
    now = backtest(catalogue, path).now["own-budget"]
    assert (now.right, now.wrong) == (0, 1)


def test_a_period_is_of_days_in_the_catalogue_s_zone(world):
    path, _, catalogue = world
    assert backtest(catalogue, path, from_at=T0 + 2 * DAY, to_at=T0 + 4 * DAY).changes == 2


def test_a_pool_judges_as_one_process_does(world, monkeypatch):
    path, _, catalogue = world
    told = []
    monkeypatch.setattr(rematch_module, "FEW", 0)
    monkeypatch.setattr(rematch_module, "CHUNK", 2)
    pooled = backtest(catalogue, path, workers=2, progress=lambda stage, done, total, note: told.append((done, total)))
    assert pooled == backtest(catalogue, path, workers=1)
    assert told == [(2, 6), (4, 6), (6, 6)]


def test_what_a_later_reading_replaced_counts_for_its_verdict_alone(world):
    path, changes, catalogue = world
    say(path, changes["budget"], Verdict.RELEVANT)
    with Archive.open(path) as archive:
        archive.prepare_reprocess(at=T0 + 9 * DAY)
    report = backtest(catalogue, path)
    assert report.changes == 0
    assert (report.now["own-budget"].right, report.newly, report.no_longer) == (1, [], [])


def test_a_whole_new_text_is_read_in_both_languages(tmp_path: Path):
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        begin(archive, source())
        visit(archive, T0, f"# 通知\n{BUDGET_ZH}", kind=ChangeKind.NEW, level=Level.ROUTINE)
        visit(archive, T0 + DAY, BUDGET_ZH, kind=ChangeKind.FIRST, level=Level.ROUTINE, key="other")
    report = backtest(write_catalogue(tmp_path), path)
    assert [d.change_id for d in report.newly] == [1], "a baseline is never flagged"


def test_a_source_that_left_the_catalogue_is_judged_as_well(tmp_path: Path):
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        begin(archive, source("old-news"))
        visit(archive, T0, BUDGET_ZH, source_id="old-news")
    assert len(backtest(write_catalogue(tmp_path), path).newly) == 1


def test_thresholds_are_proposed_from_verdicts_with_today_s_scores(tmp_path: Path):
    path, catalogue = tmp_path / "archive.db", write_catalogue(tmp_path)
    with Archive.open(path) as archive:
        begin(archive, source())
        for n in range(4):
            visit(archive, T0 + n * DAY, f"{BUDGET_ZH}\n第{n}号", matches=(match(BUDGET_ZH, "own-budget", fired=True),))
    say(path, 1, Verdict.RELEVANT)
    (proposal,) = propose(catalogue, path)
    assert (proposal.trigger_id, proposal.proposed, proposal.relevant) == ("own-budget", None, 1)
    assert "20 are needed" in proposal.why


def test_the_command_prints_the_board_and_json(world, tmp_path: Path):
    path, changes, _ = world
    say(path, changes["tea"], Verdict.NOISE)
    words = ("backtest", "--archive", str(path), "--sources", str(tmp_path / "sources.yml"))
    said = cruxwatch(*words)
    assert said.returncode == 0, said.stderr
    assert "flagged now, not then: 1" in said.stdout
    assert BUDGET_ZH in said.stdout
    told = json.loads(cruxwatch(*words, "--json").stdout)
    assert told["overall"]["then"] | {"flagged": 2, "wrong": 1} == told["overall"]["then"]
    assert [each["change_id"] for each in told["no_longer"]] == [changes["tea"]]
