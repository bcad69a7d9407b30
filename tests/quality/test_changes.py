"""Floors of change detection on the labelled corpus beside the checkout, by its own scorer. They only rise.

Visits go through the real readers, the real comparison and a real archive; `cruxwatch evaluate changes` adds matching
and levels. `make quality` prints the figures: pairs, lists, words, sequences, outages by kind, injected truth.
"""

from __future__ import annotations

import hashlib
import importlib.util
import random
import re
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree

from crawler.change import Comparison
from crawler.errors import ReadingError
from crawler.extract import Text, html
from crawler.extract.lines import fold_space
from storage.records import Health
from tests.change.visits import URL, Visits

pytestmark = pytest.mark.corpus


@pytest.fixture(scope="module")
def scorer(shared_data: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("measure_changes", shared_data / "measure_changes.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Reader:
    """Reads each body once: the same pages stand in pairs, sequences and outages, and are visited again."""

    def __init__(self) -> None:
        self.known: dict[tuple, Text | ReadingError] = {}

    def read(self, body: bytes, charset: str | None, language: str | None) -> Text | ReadingError:
        key = hashlib.sha1(body).digest(), charset, language
        if key not in self.known:
            try:
                self.known[key] = html.read(body, charset=charset, url=URL, declared_language=language)
            except ReadingError as bad:
                self.known[key] = bad
        return self.known[key]

    def visit(self, visits: Visits, body: bytes, record: dict) -> Comparison:
        read = self.read(body, record.get("encoding", "utf-8"), record.get("lang"))
        if isinstance(read, Text):
            return visits.text(read, body)
        visits.at += timedelta(days=1)
        return Comparison(health=read.health, detail=read.detail)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.fixture(scope="module")
def corpus(scorer: ModuleType, shared_data: Path, tmp_path_factory: pytest.TempPathFactory):
    tmp = tmp_path_factory.mktemp("pages")
    return scorer.Corpus(str(shared_data / "changes"), str(tmp), ["pairs", "outages", "sequences"])


@pytest.fixture(scope="module")
def found(corpus, reader: Reader) -> dict[str, Comparison]:
    """What comparing came to, by id; successive pairs of a page are visits of one document."""
    pages = defaultdict(list)
    for pair in corpus.pairs:
        pages[pair[5]].append(pair)
    out = {}
    for pairs in pages.values():
        visits = Visits()
        pairs.sort(key=lambda pair: pair[6])
        reader.visit(visits, pairs[0][3], pairs[0][2])
        for identity, _, record, _, new, _, _ in pairs:
            out[identity] = reader.visit(visits, new, record)
    return out


@pytest.fixture(scope="module")
def scores(scorer: ModuleType, corpus, found: dict[str, Comparison]) -> dict:
    results = {}
    for identity, comparison in found.items():
        hunks = [h for h in comparison.change.hunks if h.noise is None] if comparison.news else []
        words = [[word for hunk in hunks for word in scorer.toks(getattr(hunk, side))] for side in ("old", "new")]
        status = "ok" if comparison.health is Health.OK else "unavailable"
        results[identity] = {"changed": comparison.news, "net": scorer.net(*words), "status": status}
    told = scorer.score("ours", results, [1.0], corpus)
    scorer.table([told])
    print("missed", told["missed"], "false", told["false"])
    return told


def shares(counts: list[int]) -> tuple[float, float]:
    """Recall and the share of false positives."""
    hit, missed, false, quiet = counts
    return hit / (hit + missed), false / (false + quiet)


def share(extra: Counter, *names: str) -> float:
    told = sum(extra[name, True] for name in names)
    return told / (told + sum(extra[name, False] for name in names))


def test_pairs(scores: dict) -> None:
    recall, false = shares(scores["g"]["all"])
    print(f"pairs: recall {recall:.3f}, false positives {false:.3f}")
    assert recall >= 0.985
    assert false <= 0.018


def test_lists(scores: dict) -> None:
    recall, false = shares(scores["g"]["page:list"])
    print(f"lists: recall {recall:.3f}, false positives {false:.3f}")
    assert recall >= 0.94
    assert false <= 0.06


def test_words(scores: dict) -> None:
    shared, truth, told, _, _ = scores["tx"]["all"]
    print(f"changed words: recall {shared / truth:.3f}, precision {shared / told:.3f}")
    assert shared / truth >= 0.935
    assert shared / told >= 0.93


def test_sequences(scores: dict, corpus, found: dict[str, Comparison]) -> None:
    """New content is told, returns are not; a page that alternates is the harder half."""
    extra = scores["extra"]
    for identity, kind, record, *_ in corpus.pairs:
        if kind.startswith("step-") and record["step"]["new_content"] and not found[identity].news:
            print("new content not told:", identity, found[identity].detail or "noise only")
    new = ("step-change:new", "step-flipflop:new")
    again = ("step-change:again", "step-flipflop:again")
    for name in (*new, "step-change:same", *again):
        if extra[name, True] + extra[name, False]:
            print(f"{name}: {extra[name, True]} of {extra[name, True] + extra[name, False]} told")
    print(f"new content: {share(extra, *new):.3f}; returns: {share(extra, *again):.3f}")
    assert share(extra, "step-change:new") == 1.0
    # the rest of what alternates with new words is consent text, a footer's link, a form's labels and a home page in
    # place of the document: noise and an outage by every other rule here
    assert share(extra, *new) >= 0.88
    assert share(extra, *again) <= 0.02
    assert share(extra, "step-change:same") <= 0.02


def test_outages(scores: dict, corpus, found: dict[str, Comparison]) -> None:
    """No bad page is a change, no recovery is one, and each bad page has its outcome."""
    table: dict[str, Counter] = defaultdict(Counter)
    for identity, kind, record, *_ in corpus.pairs:
        if kind == "outage":
            table[record["category"]][found[identity].health.name.lower()] += 1
        elif kind in ("recovery", "good-after"):
            table[f"{kind} ({record['category']})"]["told" if found[identity].news else "quiet"] += 1
    for kind, outcomes in sorted(table.items()):
        print(f"{kind:48}", dict(outcomes))
    extra = scores["extra"]
    for name in ("outage", "outage:gone", "recovery", "good-after"):
        assert extra[name, True] == 0, name
    bad = sum(extra[name, False] for name in ("outage", "outage:gone"))
    assert extra["outage:unavailable", True] + extra["outage:gone:unavailable", True] == bad
    assert not any("ok" in outcomes for kind, outcomes in table.items() if "(" not in kind)


SENTENCES = {
    "en": "The Harbour Council has approved a dedicated annual budget of 42 million crowns for the Lantern Institute.",
    "zh": "海湾理事会已批准灯塔研究院每年四千二百万元的专项预算。",
}
INJECTED = 190
"""Pairs tried for each kind of injection."""
_FLIP = re.compile(r"\b(?:is|are|will|may|can|must|shall)\b|可以|应当|必须")


def places(root: etree._Element, shown: str) -> list[etree._Element]:
    """Paragraphs, bullets and cells of the main text."""
    return [
        element
        for element in root.iter("p", "li", "dd", "td")
        if element.text and len(fold_space(element.text)) >= 40 and fold_space(element.text)[:40] in shown
    ]


def inject(markup: bytes, charset: str | None, shown: str, language: str, what: str, chance: random.Random):
    """The page with one thing changed at a random place of its main text; None: there is no place for it."""
    root, _ = html.parse(markup, charset)
    found = places(root, shown)
    if what == "number":
        found = [p for p in found if re.search(r"\d", p.text)]
    if what == "negation":
        found = [p for p in found if _FLIP.search(p.text)]
    if not found:
        return None
    place = chance.choice(found)
    if what == "sentence":
        place.text = f"{SENTENCES[language]} {place.text}"
    elif what == "number":
        place.text = re.sub(r"\d", lambda m: str((int(m.group()) + 1) % 10), place.text, count=1)
    elif what == "negation":
        place.text = _FLIP.sub(lambda m: m.group() + " not" if m.group().isascii() else "不" + m.group(), place.text, 1)
    else:
        place.drop_tree()
    return etree.tostring(root, method="html", encoding="utf-8")


def test_injected_truth(corpus, reader: Reader, found: dict[str, Comparison]) -> None:
    """One thing that happened, at a random place of a page where nothing else did, is told."""
    quiet = [p for p in corpus.pairs if p[1] == "pair" and not p[2]["changed"] and not found[p[0]].news]
    told = Counter()
    for what in ("sentence", "negation", "number", "paragraph"):
        chance = random.Random(what)
        for identity, _, record, old, new, _, _ in chance.sample(quiet, min(INJECTED, len(quiet))):
            read = reader.read(new, record.get("encoding", "utf-8"), record.get("lang"))
            if not isinstance(read, Text):
                continue
            language = "zh" if record["lang"] == "zh" else "en"
            changed = inject(new, record.get("encoding", "utf-8"), read.main, language, what, chance)
            if changed is None:
                continue
            visits = Visits()
            reader.visit(visits, old, record)
            news = visits.page(changed, language=record["lang"]).news
            told[what, news] += 1
            if not news:
                print(f"injected {what} not told: {identity}")
    injected, seen = told.total(), sum(n for (_, news), n in told.items() if news)
    print(
        "injected and told", {what: f"{told[what, True]} of {told[what, True] + told[what, False]}" for what, _ in told}
    )
    print(f"injected truth: {seen / injected:.4f} of {injected}")
    assert injected >= 500
    assert seen >= 0.99 * injected


def claiming(body: bytes, record: dict, sentence: str | None) -> bytes:
    """The page with a sentence in a paragraph of its own before its longest one; None: with none."""
    root, _ = html.parse(body, record.get("encoding", "utf-8"))
    longest = max(root.iter("p", "li", "div", "span"), key=lambda e: (len(e.text or ""), e.tag == "p"), default=None)
    if sentence and longest is not None:
        claim = root.makeelement("p")
        claim.text = sentence
        longest.addprevious(claim)
    return etree.tostring(root, method="html", encoding="utf-8")


CLAIM = "The Lantern Institute may publish the results of its evaluations without asking the Harbour Council."
DENIAL = "The Lantern Institute may not publish the results of its evaluations without asking the Harbour Council."


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("withdrawn", [CLAIM, CLAIM, CLAIM, None, None, None, None, None]),
        ("denied", [CLAIM, CLAIM, CLAIM, DENIAL, DENIAL, DENIAL, DENIAL, DENIAL]),
        ("said again", [CLAIM, DENIAL, DENIAL, CLAIM, CLAIM, CLAIM, CLAIM, CLAIM]),
    ],
)
def test_a_genuine_reversal_in_a_page_that_alternates(corpus, how: str, said: list[str | None]) -> None:
    """Told in every one of them, whatever alternates beside it; the last page is looked at twice more."""
    pages = defaultdict(list)
    for pair in corpus.pairs:
        if pair[1] == "step-flipflop":
            pages[pair[5]].append(pair)
    told = {}
    for page, pairs in pages.items():
        pairs.sort(key=lambda pair: pair[6])
        bodies = [pairs[0][3], *(pair[4] for pair in pairs)]
        bodies += [bodies[-1]] * (len(said) - len(bodies))
        visits = Visits()
        came = [
            visits.page(claiming(body, pairs[0][2], sentence), language=pairs[0][2].get("lang"))
            for body, sentence in zip(bodies, said, strict=True)
        ]
        hunks = [h for c in came[3:] if c.news for h in c.change.hunks if h.noise is None]
        told[page] = any(CLAIM in (h.old or "", h.new or "") for h in hunks)
    print(f"reversals ({how}):", told)
    assert told
    assert all(told.values())
