"""Review as a person meets it: cards in a terminal, words in a script, taken back; and explain."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest
from rich.cells import cell_len

from crawler import explain, review
from crawler.change import lines_of
from storage.archive import Archive
from storage.records import Verdict
from tests.conftest import CHECKOUT
from tests.judged_archive import BUDGET, BUDGET_ZH, DENIED, cruxwatch, fill, say, write_catalogue
from tests.storage.invented import DAY, T0


@pytest.fixture
def world(tmp_path: Path):
    path = tmp_path / "archive.db"
    return path, fill(path), write_catalogue(tmp_path)


def at(path: Path) -> tuple[str, ...]:
    return ("--archive", str(path), "--sources", str(path.parent / "sources.yml"))


def test_alerts_and_notable_changes_wait_newest_first(world):
    path, changes, catalogue = world
    with Archive.open(path, read_only=True) as archive:
        told = [(item.finding.change.id, item.match is not None) for item in review.waiting(archive, catalogue)]
        by_trigger = [i.finding.change.id for i in review.waiting(archive, catalogue, trigger="own-budget")]
        recent = [i.finding.change.id for i in review.waiting(archive, catalogue, since=T0 + 4 * DAY)]
    order = ("plain", "denied", "budget_zh", "tea", "budget")
    assert told == [(changes[name], name in ("tea", "budget")) for name in order]
    assert by_trigger == [changes["tea"], changes["budget"]]
    assert recent == [changes["plain"], changes["denied"]]


def test_what_has_a_verdict_waits_no_more_but_with_all(world):
    path, changes, catalogue = world
    say(path, changes["budget"], Verdict.RELEVANT, "own-budget")
    say(path, changes["plain"], Verdict.NOISE)
    with Archive.open(path, read_only=True) as archive:
        told = {item.finding.change.id for item in review.waiting(archive, catalogue)}
        every = {i.finding.change.id: i.verdict for i in review.waiting(archive, catalogue, every=True)}
    assert told == {changes[name] for name in ("denied", "budget_zh", "tea")}
    assert every[changes["budget"]].verdict is Verdict.RELEVANT


def test_a_script_judges_lists_and_takes_back(world):
    path, changes, _ = world
    done = cruxwatch("review", str(changes["tea"]), "--verdict", "noise", "--note", "茶不是预算", *at(path))
    assert done.returncode == 0, done.stderr
    with Archive.open(path, read_only=True) as archive:
        (kept,) = archive.reviews(changes["tea"])
    assert (kept.verdict, kept.note, kept.match_id is not None) == (Verdict.NOISE, "茶不是预算", True)
    waits = json.loads(cruxwatch("review", "--json", *at(path)).stdout)
    assert [each["change"] for each in waits] == [changes[n] for n in ("plain", "denied", "budget_zh", "budget")]
    assert waits[-1] | {"trigger": "own-budget", "sentence": BUDGET, "score": 0.9} == waits[-1]
    assert "taken back: noise" in cruxwatch("review", "--undo", *at(path)).stdout
    plain = cruxwatch("review", *at(path)).stdout
    assert BUDGET_ZH in plain
    assert "5 to judge" in plain


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("999", "--verdict", "noise"), "has no change 999"),
        (("2", "--verdict", "perhaps"), "say relevant, noise or wrong"),
        (("2",), "say --verdict"),
        (("--verdict", "noise"), "needs the number of the change"),
        (("2", "--verdict", "noise", "--trigger", "none-such"), "it met own-budget"),
        (("--source", "veldhoven-new"), "did you mean 'veldhoven-news'"),
        (("--undo",), "there is no verdict to take back"),
    ],
)
def test_what_cannot_be_judged_is_said(world, words, told):
    done = cruxwatch("review", *words, *at(world[0]))
    assert done.returncode in (2, 5)
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def sitting(path: Path, keys: list[bytes], columns: int = 60) -> str:
    """Run `review` in a terminal, press each key when the hint stands there; what the screen showed."""
    parent, child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "crawler", "review", *at(path)],
        cwd=CHECKOUT,
        stdin=child,
        stdout=child,
        stderr=child,
        close_fds=True,
        env=os.environ | {"NO_COLOR": "1", "COLUMNS": str(columns), "TERM": "xterm"},
    )
    os.close(child)
    screen, seen, until = b"", 0, time.monotonic() + 60
    try:
        while time.monotonic() < until:
            if select.select([parent], [], [], 0.2)[0]:
                try:
                    got = os.read(parent, 65536)
                except OSError:
                    break
                if not got:
                    break
                screen += got
            asked = screen.count(b"q quit") + screen.count(b"note: ")
            if keys and asked > seen:
                seen = asked
                time.sleep(0.1)  # the terminal is put into its mode after the hint is printed
                os.write(parent, keys.pop(0))
        assert process.wait(timeout=10) == 0, screen.decode()
    finally:
        process.kill()
        os.close(parent)
    return re.sub(r"\x1b\[[0-9;]*m", "", screen.decode())


def test_one_key_a_verdict_in_a_terminal(world):
    path, changes, _ = world
    # plain: skip; denied: relevant, then taken back and called noise; budget_zh: with a note; tea: wrong; quit
    screen = sitting(path, [b"s", b"r", b"u", b"n", b"o", "好\n".encode(), b"r", b"w", b"q"])
    with Archive.open(path, read_only=True) as archive:
        said = {review.change_id: (str(review.verdict), review.note) for review in archive.reviews()}
    assert said == {
        changes["denied"]: ("noise", None),
        changes["budget_zh"]: ("relevant", "好"),
        changes["tea"]: ("wrong trigger", None),
    }
    assert "taken back: relevant" in screen
    assert "3 verdict(s) given." in screen
    assert "https://veldhoven.example/news" in screen
    assert [line for line in screen.replace("\r", "").splitlines() if cell_len(line.rstrip()) > 60] == []


def test_a_hostile_sentence_cannot_speak_to_the_terminal(world, tmp_path: Path):
    from tests.storage.invented import visit

    path, _, _ = world
    with Archive.open(path) as archive:
        number = visit(archive, T0 + 8 * DAY, "\x1b]0;owned\x07 [red]The lamp\x1b[2J is out of order again today.[/]")
    for words in (("review",), ("explain", str(number))):
        said = cruxwatch(*words, *at(path))
        assert said.returncode == 0, said.stderr
        assert "\x1b" not in said.stdout
        assert "[red]The lamp" in said.stdout


def test_explain_tells_why_with_the_proof(world):
    path, changes, catalogue = world
    with Archive.open(path) as archive:
        archive.touch_lines(1, lines_of(BUDGET, BUDGET), T0 + DAY)
        told = explain.explain(archive, catalogue, changes["budget"])
        (match,) = archive.finding(changes["budget"]).change.matches
    (evidence,) = told["evidence"]
    assert (evidence["sentence"], evidence["words"], evidence["threshold"]) == (BUDGET, BUDGET[40:56], 0.5)
    assert told["differences"][0]["ledger"]["source_id"] == "veldhoven-news"
    assert [v["side"] for v in told["variants"]][:2] == ["before", "after"]
    assert told["proof"]["capture"]["sha256"]
    assert told["proof"]["capture"]["headers"] == [["Content-Type", "text/html"]]
    assert told["proof"]["fetch"]["outcome"] == "captured"
    said = cruxwatch("explain", "match", str(match.id), *at(path))
    assert said.returncode == 0, said.stderr
    assert "own-budget" in said.stdout or "A budget line of its own" in said.stdout
    assert told["proof"]["capture"]["sha256"] in said.stdout
    assert json.loads(cruxwatch("explain", str(changes["budget"]), "--json", *at(path)).stdout) == told


def test_explain_names_the_rule_that_calls_a_hunk_noise(tmp_path: Path):
    from dataclasses import replace

    from storage.records import Change, ChangeKind, Hunk, HunkKind, Level

    path = tmp_path / "archive.db"
    changes = fill(path)
    with Archive.open(path) as archive:
        document = archive.finding(changes["tea"]).document
        change = Change(document_id=document.id, kind=ChangeKind.CHANGED, seen_at=T0, level=Level.NOISE)
        hunk = Hunk(position=0, kind=HunkKind.EDITED, old="5 views", new="7 views", noise="counter")
        number = archive.record_change(replace(change, hunks=(hunk, replace(hunk, noise="a rule of old"))))
    write_catalogue(tmp_path)
    said = cruxwatch("explain", str(number), *at(path)).stdout
    assert "noise by the rule “counter”: a count of views" in said
    assert "a rule that is no more" in said
    assert "no capture" in said


@pytest.mark.parametrize("words", [("999",), ("match", "999"), ("nonsense",), ("match",), ("1", "2", "3")])
def test_explain_of_what_is_not_there(world, words):
    done = cruxwatch("explain", *words, *at(world[0]))
    assert done.returncode in (2, 5)
    assert "Traceback" not in done.stderr


def test_thresholds_are_shown_and_written_only_on_request(world, tmp_path: Path):
    path, changes, _ = world
    from dataclasses import replace

    from crawler.match.learn import LEAST

    with Archive.open(path) as archive:
        for name, sentence in (("denied", DENIED), ("budget", BUDGET)):
            change = archive.finding(changes[name]).change
            for _ in range(LEAST // 2):
                matches = tuple(replace(m, fired=True) for m in change.matches)
                number = archive.record_change(replace(change, id=None, hunks=change.hunks, matches=matches))
                verdict = Verdict.RELEVANT  # of both: the denied ones, which score low today, too
                found = review.chosen(archive, write_catalogue(tmp_path), number, "own-budget")
                review.record(
                    archive, found, verdict if name == "denied" else Verdict.NOISE, at=T0, note=None, reviewer=None
                )
            assert sentence
    triggers = tmp_path / "triggers.yml"
    before = triggers.read_text(encoding="utf-8")
    said = cruxwatch("review", "--thresholds", *at(path))
    assert said.returncode == 0, said.stderr
    assert "own-budget" in said.stdout
    assert triggers.read_text(encoding="utf-8") == before
    told = json.loads(cruxwatch("review", "--thresholds", "--write", "--json", *at(path)).stdout)
    (proposal,) = told["proposals"]
    assert (proposal["relevant"], proposal["noise"]) == (10, 10)
    if proposal["proposed"] is not None:
        assert f"threshold: {proposal['proposed']:g}" in triggers.read_text(encoding="utf-8")
