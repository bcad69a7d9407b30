"""How a text says that something happened: more than seven hundred sentences in two languages, with their labels."""

from __future__ import annotations

from collections import Counter

import pytest

from crawler.match import Matcher
from storage.records import Assertion
from tests.match.reading import invented, table

ROWS = [(label, sentence.replace("\\n", "\n")) for label, sentence in table("assertions.tsv")]
FLOOR = 0.98


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(invented())


def label_of(matcher: Matcher, sentence: str) -> str:
    matches = matcher.match_text(sentence).matches
    return matches[0].assertion.value if matches else "none"


def confusion(matcher: Matcher) -> Counter[tuple[str, str]]:
    return Counter((label, label_of(matcher, sentence)) for label, sentence in ROWS)


def test_the_table_is_large_and_speaks_both_languages():
    assert len(ROWS) >= 876
    assert {label for label, _ in ROWS} == {a.value for a in Assertion}
    chinese = [s for _, s in ROWS if any("\u4e00" <= c <= "\u9fff" for c in s)]
    assert 0.35 < len(chinese) / len(ROWS) < 0.65


def test_labels_are_read_right(matcher):
    counts = confusion(matcher)
    right = sum(n for (want, got), n in counts.items() if want == got)
    wrong = [(label, label_of(matcher, s), s) for label, s in ROWS if label_of(matcher, s) != label]
    assert right / len(ROWS) >= FLOOR, wrong


def test_only_what_happened_or_was_decided_fires(matcher):
    fires = {"asserted", "decided", "reported"}
    wrong = [s for label, s in ROWS if bool(matcher.match_text(s).fired) != (label in fires)]
    assert len(wrong) <= len(ROWS) * (1 - FLOOR), wrong


@pytest.mark.parametrize(
    ("sentence", "against"),
    [
        ("Larkfield Institute has not joined the Harrow Network.", True),
        ("云雀研究院没有加入衡安网络。", True),
        ("Larkfield Institute plans to join the Harrow Network.", False),
        ("云雀研究院拟加入衡安网络。", False),
    ],
)
def test_a_denial_speaks_against_and_a_plan_does_not(matcher, sentence, against):
    (match,) = matcher.match_text(sentence).matches
    assert match.against is against
    assert match.score < 0.5


def test_reasons_never_show_the_masks_of_names(matcher):
    for _, sentence in ROWS:
        for match in matcher.match_text(sentence).matches:
            assert not any("\ue000" <= c <= "\uf8ff" or c >= "\U000f0000" for r in match.reasons for c in r), (
                match.reasons
            )
