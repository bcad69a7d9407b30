"""A MediaWiki over a month: edits, vandalism, a deletion, a move, and a service that lags."""

from __future__ import annotations

import pytest

from crawler.kinds import mediawiki as kind
from storage.records import AskPurpose
from tests.kinds.month import DAYS, Month

OK, BAD = "captured ok", "captured not what this kind expects"
FINE = dict.fromkeys(DAYS, OK)


def test_an_article_is_followed_through_vandalism_deletion_and_a_move(month: Month) -> None:
    assert month.told("article") == FINE
    changes = month.changes("article")
    # whether a text that returned has come to stay is told some looks later, and is for the tests of comparing
    assert {day: told for day, told in changes.items() if day < 30} == {
        1: ["first page 7"],
        3: ["changed page 7"],
        4: ["returned page 7 noise"],
        6: ["gone page 7"],
        7: ["back page 7 alert"],
    }
    details = month.details("article")
    assert details[5] == "no page “Harbour Institute”", "one look without it proves nothing"
    assert details[7] == "redirected to “Harbour Institute for Machine Prudence”"
    assert month.text("article", "page 7").splitlines() == [
        "The Harbour Institute (海湾机器审慎研究院) is an invented body that thinks about machines and their prudence.",
        "# History",
        "It was founded in 2029.",
        "It moved into the old customs house a year later.",
        "# Funding",
        "The Harbour Institute received a dedicated budget of 42 million yuan in 2031.",
    ]
    last = month.findings("article")[4]
    assert last.new.author == "Quay"
    assert last.document.title == "Harbour Institute for Machine Prudence"
    assert last.document.url == "http://article.test/w/index.php?title=Harbour_Institute_for_Machine_Prudence"


def test_an_answer_in_two_parts_and_another_page_in_its_place(month: Month) -> None:
    assert month.told("zh-article") == FINE
    assert month.details("zh-article")[1] == "the answer goes on"
    assert month.changes("zh-article") == {1: ["first page 8"], 4: ["changed page 8"], 5: ["new page 99"]}
    assert month.told("zh-article", AskPurpose.MORE)[1] == OK
    assert month.text("zh-article", "page 8").splitlines()[-1] == "今年新增研究员十名。"


def test_a_service_that_lags_is_limited_and_other_errors_are_told(month: Month) -> None:
    assert month.told("wiki-trouble") == {
        1: OK,
        2: "limited asked to come later",
        3: BAD,
        4: BAD,
        5: "failed too large",
        6: "failed timed out",
        7: "captured maintenance page",
        30: OK,
    }
    details = month.details("wiki-trouble")
    assert details[2] == "200 OK; MediaWiki-API-Error: maxlag"
    assert details[7] == "asked to come later: maxlag: “Waiting for db7: 7.3 seconds lagged.”"
    assert month.told("wiki-odd") == dict.fromkeys(DAYS, BAD) | {
        1: OK,
        2: "limited asked to come later",
        7: "captured no text",
        30: OK,
    }
    assert "needs TextExtracts" in month.details("wiki-odd")[5]
    assert month.changes("wiki-trouble") == {1: ["first page 5"]}
    assert month.changes("wiki-odd") == {1: ["first page 6"]}


@pytest.mark.parametrize("titles", [(), ("a|b",), ("",), ("x" * 256,), ("长" * 86,)])
def test_titles_that_are_none(titles) -> None:
    assert list(kind.Options(titles=titles).problems())


def test_titles_that_are_some() -> None:
    assert list(kind.Options(titles=("Yi Zeng (AI researcher)", "曾毅 (人工智能)")).problems()) == []
