"""What the README shows is so: the commands, the examples, and the reference made from the code.

`CRUXWATCH_WRITE_README=1 pytest tests/test_readme.py` writes the reference anew.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from crawler import catalogue
from crawler.catalogue import reference
from crawler.cli import app
from tests.conftest import CHECKOUT

README = CHECKOUT / "README.md"
BEGIN = "<!-- reference: made by `python -m crawler.catalogue.reference` -->\n"
END = "<!-- end of the reference -->\n"


def readme() -> str:
    return README.read_text(encoding="utf-8")


def commands() -> set[str]:
    named = {
        info.name or info.callback.__name__.replace("_", "-") for info in app.registered_commands if not info.hidden
    }
    return named | {group.name for group in app.registered_groups}


def test_the_reference_is_what_the_code_says() -> None:
    before, rest = readme().split(BEGIN)
    told, after = rest.split(END)
    if os.environ.get("CRUXWATCH_WRITE_README"):
        README.write_text(f"{before}{BEGIN}\n{reference.render().strip()}\n\n{END}{after}", encoding="utf-8")
        pytest.skip("the README's reference was written anew")
    assert told.strip() == reference.render().strip(), (
        "write it anew: CRUXWATCH_WRITE_README=1 pytest tests/test_readme.py"
    )


def test_every_command_is_shown_and_every_command_shown_is_there() -> None:
    shown = set(re.findall(r"`cruxwatch ([a-z-]+)", readme()))
    assert shown == commands()


@pytest.mark.parametrize("name", sorted(commands()))
def test_each_command_teaches(name: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "crawler", name, "--help"], capture_output=True, text=True, cwd=CHECKOUT, check=False
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) > 5


def test_make_targets_shown_exist() -> None:
    makefile = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:`|^)make ([a-z]+)(?=`|\s+#)", readme(), re.M)):
        assert re.search(rf"^{target}:", makefile, re.M), f"the README shows `make {target}`"


def test_the_catalogue_examples_load(tmp_path) -> None:
    blocks = re.findall(r"```yaml\n# (sources|triggers)\.yml\n(.*?)```", readme(), re.S)
    assert {name for name, _ in blocks} == {"sources", "triggers"}
    for name, text in blocks:
        (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    loaded = catalogue.load(tmp_path / "sources.yml", tmp_path / "triggers.yml", examples=True)
    assert loaded.sources
    assert loaded.assessment.triggers


def test_exit_codes_shown_are_those_of_the_help() -> None:
    codes = set(
        re.findall(r"(\d) (well|a defect|wrong use|nothing could be reached|interrupted|the archive)", readme())
    )
    assert {int(code) for code, _ in codes} == {0, 1, 2, 3, 4, 5}
