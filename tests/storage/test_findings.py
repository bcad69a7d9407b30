"""Changes with what a reader needs beside them, verdicts, and which digest tells what."""

from __future__ import annotations

import pytest

from storage.archive import ArchiveError
from storage.records import ChangeKind, Digest, Level, Review, Verdict
from tests.storage.invented import T0, at, begin, match, source, visit

B = {"source_id": "beta", "url": "https://beta.example/"}


def two_sources(archive):
    begin(archive, source(), source("beta", url=B["url"]))


def test_a_change_survives_with_its_hunks_and_matches(archive):
    begin(archive)
    change_id = visit(archive, T0, "预算公布。\nB.", matches=(match("预算公布。"), match("B.", "other", against=True)))
    finding = archive.finding(change_id)
    assert [hunk.new for hunk in finding.change.hunks] == ["预算公布。", "B."]
    assert [m.trigger_id for m in finding.change.matches] == ["budget", "other"]
    assert finding.change.parts == (("words", 0.5),)
    assert finding.new.main == "预算公布。\nB."
    assert finding.old is None
    assert finding.capture.id == finding.change.capture_id
    assert (finding.source.id, finding.document.title) == ("veldhoven-news", "News")
    with pytest.raises(ArchiveError, match="no change 77"):
        archive.finding(77)


def test_findings_come_by_level_source_and_order(archive):
    two_sources(archive)
    visit(archive, T0, "1", level=Level.ROUTINE)
    visit(archive, at(0.1), "2", level=Level.ALERT)
    visit(archive, at(0.2), "3", level=Level.ALERT, **B)
    visit(archive, at(0.3), "4", level=Level.NOISE, **B)
    visit(archive, at(0.4), "5", level=Level.NOTABLE)
    found = archive.findings(T0, at(1))
    assert [(f.change.level, f.source.id, f.new.main) for f in found] == [
        ("alert", "beta", "3"),
        ("alert", "veldhoven-news", "2"),
        ("notable", "veldhoven-news", "5"),
        ("routine", "veldhoven-news", "1"),
        ("noise", "beta", "4"),
    ]
    assert [f.new.main for f in archive.findings(at(0.1), at(0.3))] == ["3", "2"], "from included, to left out"


def test_every_change_is_in_one_digest(archive):
    begin(archive)
    visit(archive, T0, "1")
    visit(archive, at(0.5), "2")
    visit(archive, at(2), "3")
    assert archive.assign_to_digest("2026-11-02", at(1)) == 2
    assert archive.assign_to_digest("2026-11-02", at(1)) == 0
    late = visit(archive, at(0.6), "captured before, read after the digest")
    visit(archive, at(0.7), "found by reading again", reprocessed=True)
    archive.assign_to_digest("2026-11-03", at(1.5))
    assert [f.new.main for f in archive.findings_of("2026-11-02")] == ["1", "2"]
    assert [f.change.id for f in archive.findings_of("2026-11-03")] == [late]


def test_digests_are_found_by_date(archive):
    for n in (1, 2, 4):
        archive.record_digest(Digest(date=f"2026-11-0{n}", from_at=at(n - 1), to_at=at(n), sha256="a"))
    archive.record_digest(Digest(date="2026-11-02", from_at=at(1), to_at=at(2), sha256="b"))
    assert archive.digest("2026-11-02").sha256 == "b"
    assert archive.digest("2026-11-03") is None
    assert archive.digest_before("2026-11-04").date == "2026-11-02"
    assert archive.digest_before("2026-11-01") is None


def test_verdicts_stand_beside_their_change(archive):
    begin(archive)
    change_id = visit(archive, T0, "a", matches=(match("a"),))
    match_id = archive.finding(change_id).change.matches[0].id
    archive.record_review(Review(change_id=change_id, verdict=Verdict.RELEVANT, reviewed_at=T0, note="<b>yes</b>"))
    archive.record_review(
        Review(change_id=change_id, match_id=match_id, verdict=Verdict.WRONG, reviewed_at=T0, reviewer="王")
    )
    assert archive.finding(change_id).reviews == tuple(archive.reviews(change_id)) == tuple(archive.reviews())
    assert [review.verdict for review in archive.reviews()] == ["relevant", "wrong trigger"]


def test_what_digests_of_the_days_before_told_is_found_again(archive):
    begin(archive)
    visit(archive, at(0), "A first text.", kind=ChangeKind.FIRST, level=Level.ROUTINE)
    told = visit(archive, at(1), "A first text.\nMoney.", level=Level.ALERT)
    visit(archive, at(1.1), "A first text.\nMoney.\nRain.", level=Level.ROUTINE)
    archive.assign_to_digest("2026-11-02", at(1.5))
    today = visit(archive, at(2), "A first text.\nMoney.\nRain.\nMore money.", level=Level.NOTABLE)
    archive.assign_to_digest("2026-11-03", at(2.5))
    assert [f.change.id for f in archive.told_before("2026-11-03", at(0))] == [told]
    assert [f.change.id for f in archive.told_before("2026-11-04", at(0))] == [told, today]
    assert archive.told_before("2026-11-03", at(1.05)) == []
    assert archive.told_before("2026-11-02", at(0)) == []
