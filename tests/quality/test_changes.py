"""Floors of change detection on the labelled corpus beside the checkout, by its own scorer. They only rise.

Visits go through the real readers, the real comparison and a real archive; `cruxwatch evaluate changes` adds matching
and levels. `make quality` prints the figures.
"""

from __future__ import annotations

import importlib.util
import random
import re
from collections import Counter, defaultdict
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree

from crawler.extract import html
from crawler.extract.lines import fold_space
from storage.records import Health
from tests.change.visits import Visits

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def scorer(shared_data: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_changes", shared_data / "measure_changes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def visit(visits: Visits, body: bytes, record: dict):
    return visits.page(body, charset=record.get("encoding", "utf-8"), language=record.get("lang"))


def predictions(corpus) -> dict[str, dict]:
    pages = defaultdict(list)
    for pair in corpus.pairs:
        pages[pair[5]].append(pair)
    out = {}
    for pairs in pages.values():
        visits = Visits()
        pairs.sort(key=lambda pair: pair[6])
        visit(visits, pairs[0][3], pairs[0][2])
        for identity, _, record, _, new, _, _ in pairs:
            found = visit(visits, new, record)
            hunks = [h for h in found.change.hunks if h.noise is None] if found.news else []
            out[identity] = {
                "changed": found.news,
                "added": [h.new for h in hunks if h.new],
                "removed": [h.old for h in hunks if h.old],
                "status": "ok" if found.health is Health.OK else "unavailable",
            }
    return out


def score(scorer: ModuleType, folder: Path, tmp: Path, sets: list[str]) -> dict:
    corpus = scorer.Corpus(str(folder), str(tmp), sets)
    results = {}
    for identity, told in predictions(corpus).items():
        words = [[word for line in told[side] for word in scorer.toks(line)] for side in ("removed", "added")]
        results[identity] = {"changed": told["changed"], "net": scorer.net(*words), "status": told["status"]}
    found = scorer.score("ours", results, [1.0], corpus)
    scorer.table([found])
    print("missed", found["missed"], "false", found["false"])
    return found


def rate(counts: Counter, name: str, total: int | None = None) -> float:
    return counts[name, True] / (total or counts[name, True] + counts[name, False])


def test_pairs(scorer: ModuleType, shared_data: Path, tmp_path: Path) -> None:
    found = score(scorer, shared_data / "changes", tmp_path, ["pairs"])
    hit, missed, false, quiet = found["g"]["all"]
    assert hit / (hit + missed) >= 0.98
    assert false / (false + quiet) <= 0.02
    hit, missed, false, quiet = found["g"]["page:list"]
    assert hit / (hit + missed) >= 0.94
    assert false / (false + quiet) <= 0.06
    shared, truth, told, _, _ = found["tx"]["all"]
    assert shared / truth >= 0.935, "recall of the changed words"
    assert shared / told >= 0.93, "precision of the changed words"


def test_outages_and_sequences(scorer: ModuleType, shared_data: Path, tmp_path: Path) -> None:
    found = score(scorer, shared_data / "changes", tmp_path, ["outages", "sequences"])["extra"]
    for name in ("outage", "outage:gone", "recovery", "good-after"):
        assert found[name, True] == 0, name
    bad = sum(found[name, False] for name in ("outage", "outage:gone"))
    assert found["outage:unavailable", True] + found["outage:gone:unavailable", True] == bad
    assert rate(found, "step-change:new") == 1.0
    assert rate(found, "step-change:same") <= 0.02
    assert rate(found, "step-flipflop:again") <= 0.02


SENTENCES = {
    "en": "The Harbour Council has approved a dedicated annual budget of 42 million crowns for the Lantern Institute.",
    "zh": "海湾理事会已批准灯塔研究院每年四千二百万元的专项预算。",
}
_FLIP = re.compile(r"\b(?:is|are|will|may|can|must|shall)\b|可以|应当|必须")


def inject(markup: bytes, charset: str | None, language: str, what: str, chance: random.Random) -> bytes | None:
    """The page with one thing changed at a random place of its main text; None: there is no place for it."""
    root, _ = html.parse(markup, charset)
    shown = html.read(markup, charset=charset, url="https://harbour.example/").main
    places = [
        element
        for element in root.iter("p", "li", "dd")
        if element.text and len(fold_space(element.text)) >= 40 and fold_space(element.text)[:40] in shown
    ]
    if what == "number":
        places = [p for p in places if re.search(r"\d", p.text)]
    if what == "negation":
        places = [p for p in places if _FLIP.search(p.text)]
    if not places:
        return None
    place = chance.choice(places)
    if what == "sentence":
        place.text = f"{SENTENCES[language]} {place.text}"
    elif what == "number":
        place.text = re.sub(r"\d", lambda m: str((int(m.group()) + 1) % 10), place.text, count=1)
    elif what == "negation":
        place.text = _FLIP.sub(lambda m: m.group() + " not" if m.group().isascii() else "不" + m.group(), place.text, 1)
    else:
        place.drop_tree()
    return etree.tostring(root, method="html", encoding="utf-8")


def test_injected_truth(scorer: ModuleType, shared_data: Path, tmp_path: Path) -> None:
    corpus = scorer.Corpus(str(shared_data / "changes"), str(tmp_path), ["pairs"])
    quiet = [pair for pair in corpus.pairs if not pair[2]["changed"]]
    told = Counter()
    for what in ("sentence", "negation", "number", "paragraph"):
        chance = random.Random(what)
        for identity, _, record, old, new, _, _ in quiet[::6]:
            charset, language = record.get("encoding", "utf-8"), "zh" if record["lang"] == "zh" else "en"
            changed = inject(new, charset, language, what, chance)
            if changed is None:
                continue
            visits = Visits()
            visit(visits, old, record)
            news = visits.page(changed, charset="utf-8", language=record["lang"]).news
            told[what, news] += 1
            if not news:
                print(f"injected {what} not told: {identity}")
    print("injected and told", dict(told))
    assert sum(n for (_, news), n in told.items() if news) >= 0.97 * told.total()
