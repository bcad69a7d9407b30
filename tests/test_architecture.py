"""One home per library, and pure stages: what the import contracts cannot say."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

HOMES = {
    "scrapy": ("crawler/fetch/",),
    "twisted": ("crawler/fetch/",),
    "protego": ("crawler/fetch/",),
    "trafilatura": ("crawler/extract/",),
    "feedparser": ("crawler/extract/",),
    "yaml": ("crawler/catalogue/", "crawler/explore/"),
    "pydantic": ("crawler/catalogue/",),
    "apscheduler": ("crawler/schedule.py",),
    "datasette": ("crawler/explore/",),
    "sqlite_utils": ("storage/",),
    "sqlite3": ("storage/", "crawler/explore/"),
    "zstandard": ("storage/", "crawler/fetch/"),
    "jinja2": ("crawler/digest/",),
    "ahocorasick": ("crawler/match/",),
    "opencc": ("crawler/match/", "storage/search.py"),
    "jmespath": ("crawler/kinds/",),
    "pypdfium2": ("crawler/extract/",),
    "docx": ("crawler/extract/",),
    "olefile": ("crawler/extract/",),
    "striprtf": ("crawler/extract/",),
    "python_calamine": ("crawler/extract/",),
    "playwright": ("crawler/fetch/",),
    "typer": ("crawler/cli/",),
    "httpx": ("crawler/judge/",),
}
PURE = ("kinds", "extract", "change", "match", "digest", "coverage.py", "evidence.py")
IMPURE = {
    "socket",
    "sqlite3",
    "subprocess",
    "random",
    "secrets",
    "time",
    "os",
    "urllib.request",
    "http.client",
    "threading",
}
APART = ("crawler/digest/deliver.py", "crawler/extract/apart.py")
"""One writes the digest's files; one runs readers in C and Rust in a child, so that a hostile file ends only that."""
CLOCK = {("datetime", "now"), ("datetime", "utcnow"), ("date", "today"), ("time", "time")}


def modules() -> list[Path]:
    return [path for folder in ("crawler", "storage") for path in sorted((CHECKOUT / folder).rglob("*.py"))]


def imported(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(CHECKOUT)))
def test_a_module_keeps_to_its_place(path: Path) -> None:
    name = path.relative_to(CHECKOUT).as_posix()
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = imported(tree)
    for library, homes in HOMES.items():
        if any(each == library or each.startswith(f"{library}.") for each in found):
            assert name.startswith(homes), f"{name} imports {library}, whose home is {' or '.join(homes)}"
    if name.split("/")[1] in PURE and name not in APART:
        assert not found & IMPURE, f"{name} is pure and may not import {sorted(found & IMPURE)}"
        calls = {
            (node.func.value.id, node.func.attr)
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
        }
        assert not calls & CLOCK, f"{name} is pure and may not read the clock"
    assert ast.get_docstring(tree), f"{name} does not say what it is"
