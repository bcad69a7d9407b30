"""The command line as a person meets it: clear errors, exit codes, nothing done when something is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT


def cruxwatch(*words: str, cwd: Path = CHECKOUT, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "crawler", *words],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env=os.environ | {"NO_COLOR": "1", "COLUMNS": "160", "PYTHONPATH": str(CHECKOUT)},
    )


def test_help_lists_the_commands_and_the_exit_codes() -> None:
    said = cruxwatch("--help").stdout
    for word in ("check", "run", "digest", "browse", "status", "demo", "evaluate", "Exit codes"):
        assert word in said
    assert "crawl-asks" not in said


def test_version() -> None:
    assert cruxwatch("--version").stdout.startswith("cruxwatch 0.")


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("run", "--sources", "/nowhere/sources.yml"), 2, "/nowhere/sources.yml:1:1: file: cannot be read"),
        (("status", "--archive", "/nowhere/archive.db"), 5, "/nowhere/archive.db"),
        (("digest", "--archive", "/nowhere/archive.db"), 5, "/nowhere/archive.db"),
        (("verify", "--archive", "README.md"), 5, "README.md"),
        (("nonsense",), 2, "No such command"),
        (("evaluate", "triggers", "--items", "/nowhere.jsonl", "--out", "/tmp/never"), 2, "/nowhere.jsonl"),
    ],
)
def test_what_cannot_be_used_is_named_without_a_traceback(words, code, told) -> None:
    done = cruxwatch(*words)
    assert done.returncode == code, done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_check_tells_every_problem_and_writes_nothing(tmp_path: Path) -> None:
    (tmp_path / "sources.yml").write_text("sources: [{id: a}]\n", encoding="utf-8")
    (tmp_path / "triggers.yml").write_text("id: x\ntitel: y\n", encoding="utf-8")
    done = cruxwatch("check", cwd=tmp_path)
    assert done.returncode == 2
    assert "sources.yml:1:" in done.stderr
    assert "triggers.yml:2:1: titel:" in done.stderr
    assert "did you mean" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sources.yml", "triggers.yml"]
    as_json = json.loads(cruxwatch("check", "--json", cwd=tmp_path).stdout)
    assert as_json["ok"] is False
    assert len(as_json["problems"]) >= 4


def test_the_shipped_catalogue_is_good() -> None:
    done = cruxwatch("check")
    assert done.returncode == 0, done.stderr
    assert "The catalogue is good." in done.stdout


def test_the_shipped_catalogue_is_found_from_anywhere(tmp_path: Path) -> None:
    assert cruxwatch("check", cwd=tmp_path).returncode == 0


@pytest.mark.parametrize("line", ["not json", "[1]", '{"id": "a"}'])
def test_evaluate_names_a_bad_line(line: str, tmp_path: Path) -> None:
    done = cruxwatch("evaluate", "changes", stdin=line + "\n")
    assert done.returncode == 2
    assert "line 1" in done.stderr
    assert "Traceback" not in done.stderr


def test_evaluate_triggers_writes_a_prediction_a_line(tmp_path: Path) -> None:
    items = tmp_path / "items.jsonl"
    texts = ["Nothing of interest happened in the harbour.", "港口没有发生任何值得注意的事。"]
    items.write_text(
        "\n".join(json.dumps({"id": str(n), "text": text}) for n, text in enumerate(texts)), encoding="utf-8"
    )
    done = cruxwatch("evaluate", "triggers", "--items", str(items), "--out", str(tmp_path / "out.jsonl"))
    assert done.returncode == 0, done.stderr
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [line["id"] for line in lines] == ["0", "1"]
    assert all(line["triggers"] == [] and isinstance(line["scores"], dict) for line in lines)


def test_evaluate_changes_remembers_earlier_visits_of_a_page(tmp_path: Path) -> None:
    def page(name: str, *told: str) -> str:
        path = tmp_path / name
        body = "".join(f"<p>{each}</p>" for each in told)
        path.write_text(f"<html><body><main><h1>Pier</h1>{body}</main></body></html>", encoding="utf-8")
        return str(path)

    first = "The pier is open every day from eight to six, and the lamps are lit at dusk."
    old = page("a", first, "Dogs are welcome on the pier when they are on a lead.")
    new = page("b", first, "Dogs are not allowed on the pier between June and September.")
    pairs = [("p1", old, new), ("p2", new, old), ("p3", old, old)]
    given = "\n".join(
        json.dumps({"id": i, "page": "pier", "seq": n, "url": "http://pier.example/", "old": a, "new": b, "lang": "en"})
        for n, (i, a, b) in enumerate(pairs)
    )
    done = cruxwatch("evaluate", "changes", stdin=given)
    assert done.returncode == 0, done.stderr
    said = {line["id"]: line for line in map(json.loads, done.stdout.splitlines())}
    assert [said[i]["changed"] for i in ("p1", "p2", "p3")] == [True, False, False], "a return is not news"
    assert "not" in " ".join(said["p1"]["added"])
    assert said["p1"]["status"] == "ok"
