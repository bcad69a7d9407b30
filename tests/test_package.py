"""What is built and installed: the wheel holds all it needs, the locks name no host, and no licence binds the user."""

from __future__ import annotations

import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

LOCKS = ("requirements.lock", "tests/requirements.lock", "tests/build.lock")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    done = subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(CHECKOUT)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(list(out.glob("*.tar.gz"))) == 1
    return next(out.glob("*.whl"))


def test_the_wheel_holds_data_and_default_catalogue(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for needed in (
        "crawler/catalogue/shipped/sources.yml",
        "crawler/catalogue/shipped/triggers.yml",
        "crawler/catalogue/sources.schema.json",
        "crawler/catalogue/triggers.schema.json",
        "crawler/demo/sources.yml",
        "storage/views.sql",
        "storage/metadata.yml",
    ):
        assert needed in names, f"{needed} is not in the wheel"
    assert any(name.startswith("crawler/digest/templates/") for name in names)
    assert any(name.startswith("crawler/demo/pages/") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "data/"))]


def test_every_data_file_of_the_checkout_is_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    tracked = subprocess.run(
        ["git", "ls-files", "crawler", "storage"], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )
    if tracked.returncode:
        pytest.skip("not a git checkout")
    for name in tracked.stdout.split():
        assert name in names or not (CHECKOUT / name).exists(), f"{name} is not in the wheel"


def test_the_installed_wheel_works_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    into = tmp_path / "site"
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(into)
    code = (
        f"import sys; sys.path.insert(0, {str(into)!r}); sys.argv = ['cruxwatch', 'check']; "
        "from crawler.cli import main; main()"
    )
    done = subprocess.run([sys.executable, "-P", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "The catalogue is good." in done.stdout


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_has_hashes_and_names_no_host(name: str) -> None:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    assert "://" not in text
    pinned = re.findall(r"^[a-z0-9][^\s=]*==\S+.*$", text, re.M)
    assert pinned
    for line in pinned:
        after = text[text.index(line) :].split("\n", 2)
        assert line.rstrip().endswith("\\") and "--hash=sha256:" in after[1], f"{line} has no hash"


def test_no_licence_of_the_install_binds_the_user() -> None:
    """GPL and AGPL stay out; a choice of licences (tld: MPL, GPL or LGPL) is a choice."""
    lock = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8")
    found = {}
    for name in re.findall(r"^([a-z0-9][a-z0-9._-]*)==", lock, re.M):
        try:
            told = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another system or Python
        licence = " ".join(
            [
                told.get("License-Expression") or "",
                (told.get("License") or "")[:200],
                *(told.get_all("Classifier") or []),
            ]
        )
        if re.search(r"(?<![L])\bA?GPL|GNU (?:Affero )?General", licence) and not re.search(
            r"MPL|Mozilla|LGPL|Lesser", licence
        ):
            found[name] = licence
    assert not found
