"""What a history of visits comes to: returns, reversals, pages that alternate, doubtful pages, learned noise."""

from __future__ import annotations

import pytest

from crawler.change import waiting
from storage.records import ChangeKind, Health
from tests.change.visits import Visits

PROSE = {
    "en": [f"The Harbour Council met for the {n}th time and discussed item {n} of its plan." for n in range(4, 24)],
    "zh": [f"海湾理事会举行第{n}次会议，讨论了计划的第{n}项内容，并听取了灯塔研究院的汇报。" for n in range(4, 24)],
}
NEWS = {
    "en": "It approved a dedicated budget of 42 million crowns.",
    "zh": "会议批准了四千二百万元的专项预算。",
}
OTHER = {"en": "The Lantern Institute is a member of the network.", "zh": "灯塔研究院是该网络的成员。"}
both = pytest.mark.parametrize("language", ["en", "zh"])


def text(*lines: str) -> str:
    return "\n".join(lines)


@both
def test_the_first_look_is_a_baseline_and_the_same_again_is_nothing(language: str) -> None:
    visits = Visits()
    first = visits.lines(text(*PROSE[language]))
    assert (first.change.kind, first.news) == (ChangeKind.FIRST, False)
    again = visits.lines(text(*PROSE[language]))
    assert (again.change, again.version, again.known_version_id is not None) == (None, None, True)


@both
def test_one_decisive_sentence_in_a_long_page_is_news_and_weighs(language: str) -> None:
    visits = Visits()
    long = PROSE[language] * 1 + [f"{line} {n}" for n in range(40) for line in PROSE[language]]
    visits.lines(text(*long))
    found = visits.lines(text(*long[:300], NEWS[language], *long[300:]))
    assert [h.new for h in found.change.hunks] == [NEWS[language]]
    assert found.news
    assert found.change.significance >= 0.3
    assert found.change.significance == pytest.approx(
        min(1.0, sum(weight for _, weight in found.change.parts)), abs=0.01
    )


@both
def test_a_moved_paragraph_is_no_change(language: str) -> None:
    visits = Visits()
    visits.lines(text(*PROSE[language]))
    found = visits.lines(text(*PROSE[language][5:], *PROSE[language][:5]))
    assert not found.news


@both
def test_a_return_is_no_news_and_a_page_that_alternates_is_told_once(language: str) -> None:
    visits = Visits()
    old, new = text(*PROSE[language]), text(*PROSE[language], OTHER[language])
    visits.lines(old)
    assert visits.lines(new).news
    kinds = [found.change.kind if found.change else None for found in map(visits.lines, [old, new, old, new, old])]
    assert kinds == [ChangeKind.RETURNED, ChangeKind.RETURNED, None, None, None]


@both
def test_a_reversal_that_stays_is_news_after_two_further_looks(language: str) -> None:
    visits = Visits()
    old, new = text(*PROSE[language]), text(*PROSE[language], OTHER[language])
    visits.lines(old)
    visits.lines(new)
    withdrawn = visits.lines(old)
    assert (withdrawn.change.kind, withdrawn.news) == (ChangeKind.RETURNED, False)
    assert waiting(withdrawn.memory)
    assert not visits.lines(old).news
    told = visits.lines(old)
    assert told.news
    assert [(h.old, h.new) for h in told.change.hunks] == [(OTHER[language], None)]
    assert not visits.lines(old).news


@both
def test_a_genuine_reversal_in_a_page_that_alternates_is_told(language: str) -> None:
    visits = Visits()
    banner = "Version B of the banner is here." if language == "en" else "这里是横幅的第二种写法。"
    with_claim, without = [*PROSE[language], OTHER[language]], PROSE[language]
    alternating = [[], [banner], [], [banner], [], [banner]]
    for extra in alternating:
        visits.lines(text(*with_claim, *extra))
    told = [visits.lines(text(*without, *extra)).news for extra in alternating]
    assert told == [True, False, False, False, False, False], "the claim is withdrawn: told at once, once"
    told = [visits.lines(text(*with_claim, *extra)).news for extra in alternating]
    assert told == [False, False, True, False, False, False], "it is made again and stays: told once it has stayed"


def test_text_beside_the_main_text_is_told_once_and_marked() -> None:
    visits = Visits()
    visits.lines(text(*PROSE["en"]))
    told = [visits.lines(text(*PROSE["en"]), NEWS["en"]) for _ in range(4)]
    assert [found.news for found in told] == [True, False, False, False]
    assert told[0].change.outside_main


def test_numbers_that_change_at_every_visit_are_learned() -> None:
    visits = Visits()
    told = []
    for n in range(8):
        told.append(visits.lines(text(*PROSE["en"], f"Pilots on the water: {100 + 7 * n}")).news)
    assert told[1:3] == [True, True]
    assert told[4:] == [False, False, False, False]


@pytest.mark.parametrize(
    ("main", "title", "health"),
    [
        ("Welcome to the harbour.", "A notice", Health.SHRUNK),
        ("\n".join(f"Buy cheap sails number {n} here today with discount." for n in range(30)), "Sails", Health.PARKED),
    ],
)
def test_a_page_that_is_suddenly_another_is_doubted_until_a_second_look_agrees(main, title, health) -> None:
    visits = Visits()
    visits.lines(text(*PROSE["en"]))
    first = visits.lines(main, title=title)
    assert (first.health, first.version, first.change) == (health, None, None)
    assert visits.lines(text(*PROSE["en"])).change is None, "and a recovery is nothing"
    assert visits.lines(main, title=title).health is health
    second = visits.lines(main, title=title)
    assert second.health is Health.OK
    assert second.news


def test_another_language_is_doubted() -> None:
    visits = Visits()
    page = "<html lang={}><title>{}</title><body><main>{}</main>"
    visits.page(page.format("en", "Notice", "".join(f"<p>{line}</p>" for line in PROSE["en"])))
    found = visits.page(page.format("zh", "通知", "".join(f"<p>{line}</p>" for line in PROSE["zh"])))
    assert found.health is Health.LANGUAGE
