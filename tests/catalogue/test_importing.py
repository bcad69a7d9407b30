"""Watch lists of other tools: a case is a folder with an input, the entries it gives and the report.

CRUXWATCH_WRITE_CASES=1 writes the expectations anew; read the difference before you believe it.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler import catalogue
from crawler.catalogue import importing, located
from crawler.errors import UsageError
from tests.conftest import CHECKOUT
from tests.world import TRIGGERS

CASES = sorted(folder for folder in (CHECKOUT / "tests/cases/import").iterdir() if folder.is_dir())


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_a_case(folder: Path, tmp_path: Path) -> None:
    (given,) = folder.glob("input.*")
    came = importing.read([(given.name, given.read_bytes())])
    told, report = came.as_yaml(), "".join(f"{line}\n" for line in came.report)
    if os.environ.get("CRUXWATCH_WRITE_CASES"):
        (folder / "expected.yml").write_text(told, encoding="utf-8")
        (folder / "expected-report.txt").write_text(report, encoding="utf-8")
    assert told == (folder / "expected.yml").read_text(encoding="utf-8")
    assert report == (folder / "expected-report.txt").read_text(encoding="utf-8")
    assert loads(came, tmp_path) == [entry["id"] for entry in came.entries]


def loads(came: importing.Imported, folder: Path) -> list[str]:
    """The ids that a catalogue made of the entries has."""
    if not came.entries:
        return []
    (folder / "sources.yml").write_text(came.as_yaml(whole=True), encoding="utf-8")
    (folder / "triggers.yml").write_text(TRIGGERS, encoding="utf-8")
    return [entry.id for entry in catalogue.load(folder / "sources.yml", folder / "triggers.yml").sources]


def test_no_secret_and_no_command_is_repeated() -> None:
    for folder in CASES:
        for name in ("expected.yml", "expected-report.txt"):
            text = (folder / name).read_text(encoding="utf-8")
            for word in ("secret-", "whoami", "root:", "steal", "touch"):
                assert word not in text, f"{folder.name}/{name}: {word}"
    assert not Path("/tmp/cruxwatch-was-here").exists()


def packed(**files: bytes | str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            archive.writestr(name.replace("__", "/"), body)
    return out.getvalue()


WATCH = "aaaaaaaa-0000-0000-0000-00000000000%d__watch.json"


def urls(data: bytes) -> list[str]:
    return [entry["url"] for entry in importing.read([("backup.zip", data)]).entries]


def test_a_backup_is_read_in_its_old_and_new_shape() -> None:
    one, two = ({"url": f"https://{name}.invalid/"} for name in "ab")
    old = packed(**{"url-watches.json": json.dumps({"watching": {"x": one, "y": two}}), "x__1.html": "<p>"})
    new = packed(
        **{"changedetection.json": json.dumps({"settings": {}}), WATCH % 1: json.dumps(one), WATCH % 2: json.dumps(two)}
    )
    bare = packed(**{"url-list.txt": "https://a.invalid/\r\nhttps://b.invalid/\r\n"})
    assert urls(old) == urls(new) == urls(bare) == ["https://a.invalid/", "https://b.invalid/"]


@pytest.mark.parametrize(
    "data",
    [
        packed(**{"..__..__url-watches.json": "{}"}),
        packed(**{"url-watches.json": "not json"}),
        packed(**{"url-watches.json": "[" * 100_000}),
        packed(**{"url-watches.json": b" " * 31_000_000 + b"{}"}),
        packed(**{WATCH % 1: b'{"url": "' + b"a" * 29_999_000, WATCH % 2: b" " * 29_999_000}),
        packed(**{"url-watches.json": "{}"})[:-30],
        b"PK\x03\x04" + bytes(range(256)) * 20,
    ],
    ids=["traversal", "no json", "deep", "bomb", "two bombs", "cut off", "noise"],
)
def test_a_hostile_archive_ends_in_a_sentence(data: bytes, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError, match=r"^backup\.zip: "):
        importing.read([("backup.zip", data)])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", sorted(importing.FORMS))
@given(data=st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
@settings(max_examples=60, deadline=None)
def test_anything_gives_entries_or_one_sentence(form: str, data: bytes) -> None:
    try:
        came = importing.read([("f", data)], form)
    except UsageError as why:
        assert "\n" not in str(why)
        return
    tree, faults = located.read((came.as_yaml() or "[]").encode())
    assert not faults
    assert tree.plain() == list(came.entries)


def test_what_the_catalogue_has_is_not_given_again() -> None:
    known = b"sources: [{id: harbour, kind: page, url: 'https://harbour.invalid/'}]"
    text = b"https://harbour.invalid\nHarbour https://harbour.invalid/new\n"
    came = importing.read([("list", text)], sources=("sources.yml", known))
    assert [entry["id"] for entry in came.entries] == ["harbour-2"]
    assert "watched already as harbour of the catalogue" in came.report[0]


def command(*words: str, code: int = 0) -> subprocess.CompletedProcess:
    done = subprocess.run(
        [sys.executable, "-m", "crawler", "import", *words], capture_output=True, text=True, cwd=CHECKOUT, check=False
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done


def test_the_command(tmp_path) -> None:
    case = CHECKOUT / "tests/cases/import/list"
    done = command(str(case / "input.txt"))
    assert done.stdout == (case / "expected.yml").read_text(encoding="utf-8")
    assert "4 source(s)" in done.stderr
    new = tmp_path / "sources.yml"
    command(str(case / "input.txt"), str(CHECKOUT / "tests/cases/import/opml/input.opml"), "--write", str(new))
    (tmp_path / "triggers.yml").write_text(TRIGGERS, encoding="utf-8")
    assert len(catalogue.load(new, tmp_path / "triggers.yml").sources) == 8
    assert "is there already" in command(str(case / "input.txt"), "--write", str(new), code=2).stderr
    assert "no watch list that is known" in command(str(CHECKOUT / "Makefile"), code=2).stderr
    assert "no such file" in command(str(tmp_path / "absent"), code=2).stderr
