"""A case is a folder: changes as a day brings them, and which of them are one event; told by the real digest."""

from __future__ import annotations

import random
import re
import tomllib
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import digest_days as days
import pytest

from crawler.digest import as_atom, as_html, as_json, as_markdown, build
from crawler.digest.group import grouped
from storage.records import Assertion, ChangeKind, Finding, Level

CASES = Path(__file__).parents[1] / "cases" / "cluster"
NAMES = sorted(case.name for case in CASES.iterdir())


def read(name: str) -> dict:
    return tomllib.loads((CASES / name / "case.toml").read_text("utf-8"))


def finding(number: int, told: dict) -> Finding:
    """One new page of the case."""
    text = told["text"].strip()
    at = days.source(
        told["source"],
        role=told.get("role", "secondary"),
        language=told.get("language", "en"),
        publisher=told.get("publisher", told["source"]),
    )
    sentence = next((line for line in text.splitlines() if told.get("words", "\0") in line), None)
    matches = ()
    if sentence:
        assertion = Assertion(told.get("assertion", "asserted"))
        against = told.get("against", False)
        matches = (days.match(told["trigger"], sentence, told["words"], assertion=assertion, against=against),)
    level = Level.ALERT if matches else Level.ROUTINE
    url = told.get("url") or f"https://{told['source']}.example/{number}"
    made = days.finding(number, at=at, title=told["title"], url=url, kind=ChangeKind.NEW, level=level, matches=matches)
    seen = datetime.combine(days.FROM.date(), told["at"], UTC)
    version = replace(made.new, main=text, full=text, published_at=told.get("dated"))
    return replace(made, new=version, change=replace(made.change, seen_at=seen))


@pytest.mark.parametrize("name", NAMES)
def test_one_event_is_one_piece_of_news(name: str) -> None:
    case = read(name)
    findings = [finding(number, told) for number, told in enumerate(case["telling"], 1)]
    of = {number: told["event"] for number, told in enumerate(case["telling"], 1)}
    wanted = {frozenset(n for n in of if of[n] == event) for event in of.values()}
    for seed in range(4):
        mixed = random.Random(seed).sample(findings, len(findings))
        news = grouped(mixed)
        assert {frozenset(f.change.id for f in piece.findings) for piece in news} == wanted
        copies = {piece.findings[place].change.id for piece in news for place in piece.copies}
        assert copies == {n for n, told in enumerate(case["telling"], 1) if told.get("copy")}


@pytest.mark.parametrize("name", [name for name in NAMES if "first" in read(name)])
def test_the_digest_counts_sources_and_names_the_first(name: str) -> None:
    case = read(name)
    account = build(days.day(findings=[finding(number, told) for number, told in enumerate(case["telling"], 1)]))
    shelves = [section.evidence for section in account.triggers]
    entries = [entry for shelf in shelves for entry in shelf.entries if entry.mentions]
    if not entries:
        (brief,) = [brief for brief in account.routine if brief.also]
        assert len(brief.also_in) == case["sources"]
        return
    (entry,) = entries
    assert (entry.spread.sources, entry.spread.own_words) == (case["sources"], case["own_words"])
    assert entry.spread.first.source == f"The {case['first'].title()}"


@pytest.mark.parametrize("name", NAMES)
def test_no_change_and_no_sentence_is_lost(name: str) -> None:
    """Every match of the case stands in every form, with the number of its change to look it up by."""
    case = read(name)
    findings = [finding(number, told) for number, told in enumerate(case["telling"], 1)]
    account = build(days.day(findings=findings))
    for told in (as_html(account), as_markdown(account)):
        assert all(f"change {each.change.id}" in told for each in findings)
    assert {str(each.change.id) for each in findings} <= set(re.findall(r"\d+", as_json(account)))
    for tell in (as_html, as_markdown):
        plain = tell(account).replace("\\", "")
        for tag in ("<b>", "</b>", "</mark>", '<mark style="background:#ffe7a0;color:#3a2d00">'):
            plain = plain.replace(tag, "")
        for each in findings:
            for match in each.change.matches:
                # a reprint in the other script, or of the same words, is told by the sentence it repeats
                copy = (
                    any(match.excerpt in other.new.main for other in findings if other is not each)
                    or each.source.language == "zh-Hant"
                )
                assert match.excerpt in plain or copy
    assert as_atom([account])


@pytest.mark.parametrize("name", ["reprint-en", "reprint-zh"])
def test_what_was_told_days_ago_is_named_and_nothing_is_hidden(name: str) -> None:
    """A weekly prints on Friday what a paper told on Monday: it is quoted all the same, and said to be a copy."""
    paper, *_, weekly = [finding(number, told) for number, told in enumerate(read(name)["telling"][1:], 1)]
    earlier = replace(paper, change=replace(paper.change, seen_at=paper.change.seen_at - timedelta(days=4)))
    account = build(days.day(findings=[weekly], earlier=[earlier]))
    (entry,) = account.triggers[0].evidence.entries
    assert entry.proof.change == weekly.change.id
    assert entry.quotes
    assert (entry.mentions, entry.spread.repeats) == ((), True)
    assert [told.change for told in entry.spread.before] == [paper.change.id]
    for told in (as_html(account), as_markdown(account), as_atom([account])):
        assert "a copy of what was told before" in told.lower()
    alone = build(days.day(findings=[weekly], earlier=[]))
    assert alone.counts == account.counts
    assert alone.headline == account.headline


def test_what_was_told_before_makes_no_news_of_its_own() -> None:
    told = [finding(number, each) for number, each in enumerate(read("two-events-en")["telling"], 1)]
    account = build(days.day(findings=told[1:2], earlier=[told[0], told[2]]))
    (entry,) = account.triggers[0].evidence.entries
    assert entry.proof.change == 2
    assert [each.change for each in entry.spread.before] in ([], [3]), "never that of the other event"


@pytest.mark.parametrize("name", ["reprint-en", "reprint-zh"])
def test_of_many_reprints_none_is_lost_and_own_words_stand_first(name: str) -> None:
    lead, own, copy, *_ = read(name)["telling"]
    told = [lead, *({**copy, "source": f"copy-{n}", "at": time(12, n)} for n in range(12)), own]
    findings = [finding(number, each) for number, each in enumerate(told, 1)]
    account = build(days.day(findings=findings))
    (entry,) = account.triggers[0].evidence.entries
    assert (entry.spread.sources, entry.spread.own_words) == (13, 1)
    assert [mention.copy for mention in entry.mentions] == [False] + [True] * 7
    assert entry.mentions_more.count == 5
    for told_ in (as_html(account), as_markdown(account)):
        named = set(re.findall(r"\d+", told_))
        assert {str(each.change.id) for each in findings} <= named
        assert "and 5 more: change " in told_
