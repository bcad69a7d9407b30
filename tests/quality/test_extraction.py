"""Floors of extraction on the labelled pages beside the checkout. They only rise. Odd responses: test_edge.py."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from statistics import mean

import pytest
import trafilatura

from crawler.errors import ReadingError
from crawler.extract import html
from crawler.extract.decode import decode

pytestmark = pytest.mark.corpus
CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
TOKEN = re.compile(f"[{CJK}]|[^\\W_{CJK}]+")


def manifest(folder: Path) -> list[dict]:
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").split("\n") if line]


def tokens(text: str | None) -> Counter:
    return Counter(TOKEN.findall(unicodedata.normalize("NFKC", text or "").casefold()))


def f1(truth: Counter, told: Counter) -> float:
    shared = (truth & told).total()
    return 2 * shared / max(1, truth.total() + told.total())


_READ: dict[str, str] = {}


def main_text(body: bytes, row: dict) -> str:
    """Of each page read once; '' for one taken for no page."""
    if row["id"] not in _READ:
        try:
            _READ[row["id"]] = html.read(body, charset=row["encoding"], url=row["url"] or "").main
        except ReadingError:
            _READ[row["id"]] = ""
    return _READ[row["id"]]


MODES = {
    "standard": {},
    "fast": {"fast": True},
    "precise": {"favor_precision": True},
    "recall": {"favor_recall": True},
}
"""Of `trafilatura.extract`."""


def test_main_text_beside_trafilatura(shared_data: Path) -> None:
    """Token F1 (characters for CJK) of our main text and of trafilatura's modes, by page type and language."""
    folder = shared_data / "extraction"
    table: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in manifest(folder):
        if row["text"] is None or row["gt_kind"] == "fixture-partial":
            continue
        body = gzip.decompress((folder / row["file"]).read_bytes())
        truth, markup = tokens(row["text"]), decode(body, row["encoding"])[0]
        language = row["lang"] if row["lang"] in {"en", "zh"} else "other"
        told = {"ours": main_text(body, row)}
        told |= {mode: trafilatura.extract(markup, **options) or "" for mode, options in MODES.items()}
        for name, text in told.items():
            score = f1(truth, tokens(text))
            for group in ("all", f"language {language}", f"type {row['page_type']}"):
                table[group][name].append(score)
    print(f"\n{'token F1':24} {'pages':>5} ours   ", *(f"{mode:8}" for mode in MODES))
    for group, modes in sorted(table.items()):
        print(f"{group:24} {len(modes['ours']):5}", *(f"{mean(v):.3f}   " for v in modes.values()))
    score = {group: {name: mean(v) for name, v in modes.items()} for group, modes in table.items()}
    for group, floor in (("all", 0.886), ("type listing", 0.775), ("language zh", 0.903)):
        ours = score[group].pop("ours")
        assert ours >= floor, group
        assert ours > max(score[group].values()), group


def test_no_labelled_page_is_taken_for_a_bad_one(shared_data: Path) -> None:
    folder = shared_data / "extraction"
    bad = [r["id"] for r in manifest(folder) if not main_text(gzip.decompress((folder / r["file"]).read_bytes()), r)]
    assert bad == []
