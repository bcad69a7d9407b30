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


def main_text(body: bytes, row: dict) -> str:
    try:
        return html.read(body, charset=row["encoding"], url=row["url"] or "").main
    except ReadingError:
        return ""


def test_main_text_beside_trafilatura(shared_data: Path) -> None:
    """Token F1 (characters for CJK) of our main text and of trafilatura's standard and precise modes."""
    folder = shared_data / "extraction"
    table: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for row in manifest(folder):
        if row["text"] is None or row["gt_kind"] == "fixture-partial":
            continue
        body = gzip.decompress((folder / row["file"]).read_bytes())
        truth, markup = tokens(row["text"]), decode(body, row["encoding"])[0]
        language = row["lang"] if row["lang"] in {"en", "zh"} else "other"
        told = {"ours": main_text(body, row), "standard": trafilatura.extract(markup) or ""}
        if language == "zh":
            told["precise"] = trafilatura.extract(markup, favor_precision=True) or ""
        for group in ("all", f"language {language}", f"type {row['page_type']}"):
            for name, text in told.items():
                table[group][name].append(f1(truth, tokens(text)))
    for group, modes in sorted(table.items()):
        print(f"{group:22} {len(modes['ours']):4}", *(f"{name} {mean(v):.3f}" for name, v in modes.items()))
    assert mean(table["all"]["ours"]) >= 0.88
    assert mean(table["all"]["ours"]) > mean(table["all"]["standard"])
    assert mean(table["type listing"]["ours"]) > mean(table["type listing"]["standard"])
    chinese = table["language zh"]
    assert mean(chinese["ours"]) >= 0.895
    assert mean(chinese["ours"]) > max(mean(chinese["standard"]), mean(chinese["precise"]))


def test_no_labelled_page_is_taken_for_a_bad_one(shared_data: Path) -> None:
    folder = shared_data / "extraction"
    bad = [r["id"] for r in manifest(folder) if not main_text(gzip.decompress((folder / r["file"]).read_bytes()), r)]
    assert bad == []
