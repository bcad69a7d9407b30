"""The page of one change: a redline to be read, in two languages, with its evidence, its proof, and who else has it."""

from __future__ import annotations

import asyncio
import re

import pytest
from lxml import html

from crawler.explore import explorer
from storage.archive import Archive
from storage.records import (
    Change,
    ChangeKind,
    Digest,
    Hunk,
    HunkKind,
    Judgement,
    Level,
    Note,
    Part,
    Review,
    Verdict,
)
from tests.explore.conftest import HOSTILE
from tests.storage.invented import T0, at, begin, match, source, visit

SENTENCES = {
    "en": {
        "old": "The council meets once a year and publishes its minutes within ninety days of the meeting.",
        "new": "The council meets twice a year and publishes its minutes within thirty days of the meeting.",
        "gone": "Its budget is part of the budget of the host university.",
        "came": "It has a budget line of 120 million crowns of its own, the city council decided on Thursday night.",
        "moved": "The dean reports to the council.",
        "views": "12,201 views",
        "marks": [("del", "once"), ("ins", "twice"), ("del", "ninety"), ("ins", "thirty")],
        "words": "a budget line of 120 million crowns",
        "language": "en",
    },
    "zh": {
        "old": "理事会每年开会一次，会后九十日内公布会议纪要。",
        "new": "理事会每年开会两次，会后三十日内公布会议纪要。",
        "gone": "其经费列入所在大学的预算。",
        "came": "市议会周四晚决定，为该院单独列支专项经费1.2亿元，自明年起每年安排。",
        "moved": "院长向理事会负责。",
        "views": "浏览12,201次",
        "marks": [("del", "一"), ("ins", "两"), ("del", "九十"), ("ins", "三十")],
        "words": "专项经费1.2亿元",
        "language": "zh-Hans",
    },
}


@pytest.fixture(params=["en", "zh"])
def said(request) -> dict:
    return SENTENCES[request.param]


@pytest.fixture
def get(tmp_path, said):
    """Ask the Datasette of an archive with one change in every kind of difference, and a reprint of it."""
    path = tmp_path / "archive.db"
    start = said["came"].index(said["words"])
    with Archive.open(path) as archive:
        begin(
            archive, source(language=said["language"]), source("paper", url="https://paper.example/", role="secondary")
        )
        visit(archive, at(0), said["old"], kind=ChangeKind.FIRST, level=Level.ROUTINE, language=said["language"])
        first = visit(archive, at(1), said["new"], language=said["language"])
        capture = archive.finding(first).change.capture_id
        change = Change(
            document_id=1,
            capture_id=capture,
            kind=ChangeKind.CHANGED,
            old_version_id=1,
            new_version_id=2,
            seen_at=at(1),
            level=Level.ALERT,
            significance=0.5,
            parts=(("prose", 0.35), ("numbers", 0.1)),
            reasons=("Money: asserted, score 0.90",),
            hunks=(
                Hunk(position=0, kind=HunkKind.EDITED, old=said["old"], new=said["new"], heading="1"),
                Hunk(position=1, kind=HunkKind.ADDED, new=said["came"], before="0"),
                Hunk(position=2, kind=HunkKind.REMOVED, old=said["gone"], before="0"),
                Hunk(position=3, kind=HunkKind.MOVED, old=said["moved"], new=said["moved"]),
                Hunk(position=4, kind=HunkKind.ADDED, new="Elsewhere.", part=Part.REST),
                Hunk(position=5, kind=HunkKind.EDITED, old="1", new=said["views"], noise="counter"),
            ),
            matches=(match(said["came"], "money", start=start, end=start + len(said["words"])),),
        )
        main = archive.record_change(change)
        copy = Change(
            document_id=1,
            kind=ChangeKind.CHANGED,
            seen_at=at(1),
            level=Level.NOTABLE,
            new_version_id=2,
            hunks=(Hunk(position=0, kind=HunkKind.ADDED, new=said["came"]),),
            matches=(match(said["came"], "money"),),
        )
        archive.record_change(copy)
        archive.record_note(Note(capture_id=capture, note=HOSTILE, trigger_id="money", made_at=T0))
        archive.record_review(Review(change_id=main, verdict=Verdict.RELEVANT, note=HOSTILE, reviewed_at=at(2)))
        archive.record_judgement(
            Judgement(
                key="k",
                trigger_id="money",
                model="oracle-1",
                sentence=said["came"],
                outcome="yes",
                quotation=said["words"],
                attempts=1,
                asked_at=at(1),
            )
        )
        archive.assign_to_digest("2026-11-02", at(3))
        archive.record_digest(Digest(date="2026-11-02", from_at=at(0), to_at=at(3)))
    datasette = explorer(path)
    ask = lambda where: asyncio.run(datasette.client.get(where))  # noqa: E731
    ask.change = main
    return ask


def page_of(get) -> html.HtmlElement:
    answer = get(f"/-/change/{get.change}")
    assert answer.status_code == 200
    return html.fromstring(answer.text)


def test_words_are_marked_and_what_went_stands_before_what_came(get, said):
    tree = page_of(get)
    redline = tree.xpath("//h2[@id='redline']/following-sibling::div[@class='redline']")[0]
    rows = [re.sub(r"\s+", " ", row.get("class")).split()[1] for row in redline.xpath("div")]
    assert rows == ["edited", "removed", "added", "moved"]
    edited = redline.xpath("div")[0]
    marks = [(node.tag, node.text) for node in edited.iter("ins", "del")]
    assert sorted(marks) == sorted(said["marks"])
    assert "moved, unchanged" in redline.text_content()
    assert edited.get("lang") == said["language"]


def test_titles_and_matches_of_an_answer_lead_to_the_redline(get):
    news = html.fromstring(get("/archive/news").text)
    assert f"/-/change/{get.change}" in news.xpath("//td[contains(@class, 'col-title')]//a/@href")
    evidence = html.fromstring(get("/archive/evidence").text)
    (where,) = [link for link in evidence.xpath("//td//a/@href") if link.startswith(f"/-/change/{get.change}#match-")]
    page, _, anchor = where.partition("#")
    assert html.fromstring(get(page).text).xpath(f"//*[@id='{anchor}']")


def test_nothing_is_left_out(get, said):
    text = page_of(get).text_content()
    for name in ("new", "gone", "came", "moved", "views"):
        assert said[name] in text or name == "new"
    assert "Elsewhere." in text
    assert "left out as noise by the rule “counter”: a count of views" in text


def test_evidence_verdict_note_and_the_judges_word_stand_with_it(get, said):
    tree = page_of(get)
    (evidence,) = tree.xpath("//div[@class='cw-evidence']")
    assert evidence.xpath(".//mark")[0].text == said["words"]
    assert "the judge (oracle-1) says: yes" in " ".join(evidence.text_content().split())
    text = " ".join(tree.text_content().split())
    assert "relevant" in text
    assert "<script>alert(1)</script>" in text, "shown as text"
    assert not tree.xpath("//script[contains(., 'alert(1)')]")


def test_it_leads_to_the_bytes_and_to_who_else_has_it(get):
    tree = page_of(get)
    links = tree.xpath("//section//a/@href")
    assert any(link.startswith("/-/body/") for link in links)
    assert f"/-/change/{get.change + 1}" in links
    for link in links:
        if link.startswith("/"):
            assert get(link).status_code == 200, link


def test_a_document_new_as_a_whole_shows_its_text(tmp_path, said):
    path = tmp_path / "whole.db"
    with Archive.open(path) as archive:
        begin(archive)
        change_id = visit(archive, at(0), f"{said['old']}\n{said['came']}", kind=ChangeKind.NEW)
        archive.db.execute("DELETE FROM hunks")  # as a run leaves it: a new document has none
    answer = asyncio.run(explorer(path).client.get(f"/-/change/{change_id}"))
    text = html.fromstring(answer.text).text_content()
    assert "The text, new as a whole" in text
    assert said["old"] in text
    assert said["came"] in text


def test_every_list_of_changes_leads_there(get):
    for path in ("/archive/news", "/archive/evidence", "/archive/hunks", f"/archive/changes/{get.change}"):
        assert f'href="/-/change/{get.change}"' in get(path).text, path


@pytest.mark.parametrize(
    ("path", "status"), [("/-/change/999", 404), ("/-/change/x", 404), ("/-/change/" + "9" * 18, 404)]
)
def test_there_is_no_other(get, path, status):
    assert get(path).status_code == status
