"""Assessments of the test cases, read as the catalogue reads them but without its checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from pydantic import TypeAdapter

from crawler.match import Assessment

CASES = Path(__file__).resolve().parent.parent / "cases" / "match"
SHIPPED = Path(__file__).resolve().parent.parent.parent / "triggers.yml"
HAN = re.compile("[\u3400-\u9fff]")


def assessment(path: Path) -> Assessment:
    return TypeAdapter(Assessment).validate_python(yaml.safe_load(path.read_text(encoding="utf-8")))


def invented() -> Assessment:
    return assessment(CASES / "invented" / "triggers.yml")


def table(name: str) -> Iterator[list[str]]:
    """Rows of a table of cases, comments and blank lines left out."""
    for line in (CASES / name).read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            yield line.split("\t")


class Item(NamedTuple):
    labels: frozenset[str]
    source: str
    text: str
    removed: str


STANDS_FOR = {
    "inst": ("bjaisi", "Beijing-AISI"),
    "dean": ("yi_zeng", "Zeng Yi"),
    "net": ("cnaisda", "CnAISDA"),
    "lab": ("cn_labs", "Qwen"),
    "lab2": ("cn_labs", "Kimi"),
    "tool": ("bjaisi", "ForesightSafety-Bench"),
    "rival": ("other_bodies", "Shanghai AI Laboratory"),
    "ministry": ("cn_state", "MIIT"),
    "country": ("", "China"),
    "abroad": ("west", "Britain"),
}
"""Which entity a marker of `paraphrases*.tsv` stands for, and an English name of it."""
IN_CHINESE = {
    "inst": "北京前瞻人工智能安全与治理研究院",
    "dean": "曾毅",
    "net": "中国人工智能发展与安全研究网络",
    "lab": "千问",
    "lab2": "豆包",
    "tool": "前瞻安全基准",
    "rival": "上海人工智能实验室",
    "ministry": "工信部",
    "country": "中国",
    "abroad": "英国",
}


def paraphrases(name: str) -> Iterator[Item]:
    """Statements of a set, their markers filled in with the assessment's own names in the statement's language."""
    for labels, source, text, *rest in table(name):
        chinese = bool(HAN.search(text + source))

        def fill(words: str, chinese: bool = chinese) -> str:
            name = (lambda m: IN_CHINESE[m.group(1)]) if chinese else (lambda m: STANDS_FOR[m.group(1)][1])
            return re.sub(r"<(\w+)>", name, words).replace("\\n", "\n")

        wanted = frozenset() if labels == "-" else frozenset(labels.split(","))
        yield Item(wanted, fill(source), fill(text), fill(rest[0] if rest else ""))
