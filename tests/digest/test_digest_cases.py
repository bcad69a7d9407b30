"""A case is a folder: the day of that name told in every form, byte for byte.

After a wanted change: CRUXWATCH_WRITE_CASES=1 pytest tests/digest/test_digest_cases.py, and read the difference.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import digest_days
import pytest

from crawler.digest import as_atom, as_html, as_json, as_markdown, build, summary

CASES = Path(__file__).parents[1] / "cases" / "digest"
FORMS = {
    "digest.html": as_html,
    "digest.md": as_markdown,
    "digest.json": as_json,
    "atom.xml": lambda account: as_atom([account]),
    "summary.txt": lambda account: "\n".join(summary(account)) + "\n",
}


@pytest.mark.parametrize("name", ["busy", "quiet", "bad", "first", "hostile"])
def test_a_day_is_told_as_expected(name: str) -> None:
    account = build(getattr(digest_days, name)())
    for form, tell in FORMS.items():
        path = CASES / name / form
        told = tell(account)
        if os.environ.get("CRUXWATCH_WRITE_CASES"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(told, "utf-8", newline="\n")
        assert told == path.read_bytes().decode("utf-8"), f"{name}/{form} differs from the case"


def test_the_same_day_gives_the_same_bytes_in_another_process() -> None:
    program = (
        "import hashlib, digest_days\n"
        "from crawler.digest import *\n"
        "a = build(digest_days.busy())\n"
        "text = as_html(a) + as_markdown(a) + as_json(a) + as_atom([a])\n"
        "print(hashlib.sha256(text.encode()).hexdigest())"
    )
    account = build(digest_days.busy())
    here = as_html(account) + as_markdown(account) + as_json(account) + as_atom([account])
    sums = {hashlib.sha256(here.encode()).hexdigest()}
    for seed in ("1", "2"):
        ran = subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent), "TZ": "Asia/Tokyo"},
            capture_output=True,
            text=True,
            check=True,
        )
        sums.add(ran.stdout.strip())
    assert len(sums) == 1


def test_the_order_of_the_findings_does_not_matter() -> None:
    from dataclasses import replace

    day = digest_days.busy()
    turned = replace(day, findings=list(reversed(day.findings)), health=list(reversed(day.health)))
    assert as_json(build(day)) == as_json(build(turned))
