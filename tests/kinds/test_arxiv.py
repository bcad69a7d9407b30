"""arXiv over a month: new versions, withdrawals, late finds, and everything that is no answer."""

from __future__ import annotations

import pytest

from crawler.kinds import arxiv as kind
from tests.kinds.month import DAYS, Month

OK, BAD = "captured ok", "captured not what this kind expects"
FINE = dict.fromkeys(DAYS, OK)


def test_papers_by_number_change_and_are_withdrawn(month: Month) -> None:
    assert month.told("papers") == FINE
    assert month.changes("papers") == {
        1: ["first 3101.00001", "first hep-ex/3101002"],
        3: ["changed 3101.00001"],
        4: ["changed 3101.00001 alert"],
        7: ["changed 3101.00001"],
    }, "a paper that the API leaves out for a while is not gone: no paper leaves arXiv"
    assert month.details("papers")[5] == "not in the answer: hep-ex/3101002"
    hunks = [[(hunk.old, hunk.new) for hunk in each.change.hunks] for each in month.findings("papers")]
    version, authors = hunks[2], hunks[3]
    assert ("What prudence costs", "What prudence costs us") in version
    assert any(new and new.startswith("Version 2 of 2031-03-02; first submitted 2030-05-01") for _, new in version)
    assert (None, "钟海湾") in authors
    assert month.text("papers", "3101.00001").splitlines() == [
        "What prudence costs us",
        "# Authors",
        "Ada Quay",
        "Ben Mole",
        "钟海湾",
        "# Record",
        "This paper has been withdrawn.",
        "Version 2 of 2031-03-02; first submitted 2030-05-01.",
        "Comment: This paper has been withdrawn by Ada Quay",
        "arXiv:3101.00001 | cs.AI",
        "# Abstract",
        "We ask what prudence costs.",
        "We find that it is little.",
        "本文作者任职于海湾机器审慎研究院，该院获得专项预算4200万元。",
    ]
    assert month.findings("papers")[-1].document.url == "https://arxiv.org/abs/3101.00001"


def test_a_query_without_results_has_looked_and_what_is_old_is_history(month: Month) -> None:
    assert month.told("search") == FINE
    assert month.changes("search") == {3: ["new 3103.00009"], 5: ["first 3005.00007"]}


def test_errors_refusals_and_empty_pages_are_no_answers(month: Month) -> None:
    assert month.told("paper-trouble") == {
        1: OK,
        2: "limited asked to come later",
        3: BAD,
        4: BAD,
        5: "failed too large",
        6: "failed timed out",
        7: BAD,
        30: BAD,
    }
    details = month.details("paper-trouble")
    assert details[3] == "an error: “incorrect id format for 3101.0000x”"
    assert details[4] == "HTML in place of Atom"
    assert details[7] == "no paper in an answer that counts 1"
    assert details[30].startswith("broken XML")
    assert month.told("paper-refused") == FINE | dict.fromkeys((2, 3, 4, 5, 6), BAD)
    assert month.details("paper-refused")[2] == "no XML in place of Atom: “Rate exceeded.”"
    for source in ("paper-trouble", "paper-refused"):
        assert month.changes(source) == {1: ["first 3101.00001"]}


def test_the_api_is_governed_by_its_terms_and_known_by_the_address_of_the_catalogue(month: Month) -> None:
    assert not [each for each in month.world.site.log if each.host == "papers.test" and "robots" in each.path]
    urls = {(fetch.url, fetch.final_url) for fetch, _ in month.fetches("papers")}
    assert urls == {("http://papers.test/api/query?id_list=3101.00001",) * 2}
    assert month.fetches("papers")[0][0].detail.startswith(
        "asked by GET http://papers.test/api/query?id_list=3101.00001%2C"
    )


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"ids": ("2504.17404v5",)}, "ids[0]"),
        ({"ids": ("2504.17404", "x")}, "ids[1]"),
        ({"ids": tuple(f"2504.{n:05d}" for n in range(101))}, "ids"),
        ({"ids": ("2504.17404",), "query": "a"}, "ids"),
        ({"query": " "}, "query"),
        ({"authors": ('"A"',)}, "authors[0]"),
        ({"max_results": 0}, "max_results"),
    ],
)
def test_options_that_cannot_be_used(options, path) -> None:
    assert path in [where for where, _ in kind.Options(**options).problems()]


@pytest.mark.parametrize(
    ("words", "withdrawn"),
    [
        ("This paper has been withdrawn by the author due to an error", True),
        ("Withdrawn; superseded by 3101.00002", True),
        ("12 pages; withdrawn", True),
        ("12 pages, 3 figures", False),
        ("We study how agents withdraw from markets", False),
    ],
)
def test_signs_of_a_withdrawal(words, withdrawn) -> None:
    assert bool(kind.WITHDRAWN.search(words)) is withdrawn
