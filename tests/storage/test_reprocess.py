"""Reading again: what was told and judged stays, the rest is found anew, and searching finds no ghosts."""

from __future__ import annotations

from storage.records import Health, Review, Verdict
from tests.storage.invented import T0, URL, at, attempt, begin, line, read, source, visit

M = {"source_id": "mirror", "url": "https://mirror.example/"}


def again(archive, captures, text="{}"):
    for n, capture_id in enumerate(captures):
        read(archive, capture_id, f"second reading {n}\nShared.", reprocessed=True)


def test_all_is_forgotten_and_read_again_in_order(archive):
    begin(archive)
    visit(archive, T0, "first 预算\nShared.")
    visit(archive, at(1), "second\nShared.")
    captures = archive.prepare_reprocess(at=at(2))
    assert captures == [1, 2] == archive.unread_captures()
    assert archive.document("veldhoven-news", URL) is None
    history = archive.history("veldhoven-news", URL, [line("Shared.")])
    assert (history.document, history.variants, history.ledger) == (None, (), {})
    assert archive.documents_of("veldhoven-news") == []
    again(archive, captures)
    document = archive.document("veldhoven-news", URL)
    assert (document.id, document.visits, document.first_seen_at, document.last_seen_at) == (1, 2, T0, at(1))
    assert archive.search("预算") == [], "the text was read differently"
    assert len(archive.search("second reading")) == 1
    assert archive.check() == []


def test_what_was_told_stays_as_it_was_told(archive):
    begin(archive)
    visit(archive, T0, "told")
    archive.assign_to_digest("2026-11-02", at(1))
    before = archive.findings_of("2026-11-02")
    again(archive, archive.prepare_reprocess(at=at(2)))
    archive.assign_to_digest("2026-11-03", at(3))
    after = archive.findings_of("2026-11-02")
    assert after[0].change == before[0].change
    assert after[0].new == before[0].new
    assert archive.findings_of("2026-11-03") == []
    assert [f.change.reprocessed for f in archive.findings(T0, at(1))] == [False]
    assert [f.change.reprocessed for f in archive.findings(T0, at(1), include_reprocessed=True)] == [True]


def test_what_was_found_and_not_told_yet_will_be_told(archive):
    begin(archive)
    visit(archive, T0, "not told yet")
    again(archive, archive.prepare_reprocess(at=at(1)))
    archive.assign_to_digest("2026-11-02", at(2))
    assert [f.new.main for f in archive.findings_of("2026-11-02")] == ["not told yet"]


def test_verdicts_stay(archive):
    begin(archive)
    change_id = visit(archive, T0, "judged")
    archive.record_review(Review(change_id=change_id, verdict=Verdict.NOISE, reviewed_at=at(1)))
    for n in range(3):
        again(archive, archive.prepare_reprocess(at=at(2 + n)))
    assert len(archive.reviews(change_id)) == 1
    assert archive.finding(change_id).new.main == "judged"


def test_reading_again_often_does_not_pile_up(archive):
    begin(archive)
    visit(archive, T0, "a")
    counts = []
    for n in range(4):
        again(archive, archive.prepare_reprocess(at=at(2 + n)))
        counts.append(
            [archive.db.value(f"SELECT count(*) FROM {t}") for t in ("changes", "hunks", "versions", "lines")]
        )
    assert counts[0] == counts[1] == counts[2] == counts[3]
    archive.db.execute("INSERT INTO versions_fts (versions_fts) VALUES ('integrity-check')")


def test_the_ledger_gives_lines_to_others_who_showed_them(archive):
    begin(archive, source(), source("mirror", url=M["url"]))
    visit(archive, T0, "Only here.\nShared.")
    visit(archive, at(1), "Shared.", **M)
    assert archive.prepare_reprocess(source_ids=["veldhoven-news"]) == [1]
    ledger = archive.history("mirror", M["url"], [line("Shared."), line("Only here.")]).ledger
    assert list(ledger) == [line("Shared.").fold]
    assert ledger[line("Shared.").fold].first_seen_at == at(1)
    assert archive.document("mirror", M["url"]) is not None
    assert archive.check() == []


def test_a_defect_is_read_again_alone_when_nothing_came_after(archive):
    begin(archive, source(), source("mirror", url=M["url"]))
    visit(archive, T0, "fine")
    bad = attempt(archive, at(1), b"odd")
    read(archive, bad, "", health=Health.ERROR)
    visit(archive, at(1), "fine too", **M)
    assert archive.prepare_reprocess(failed=True) == [bad]
    assert archive.document("veldhoven-news", URL) is not None


def test_a_defect_overtaken_by_later_readings_takes_its_source_along(archive):
    """Read alone, the old text would count as the newest."""
    begin(archive)
    bad = attempt(archive, T0, b"odd")
    read(archive, bad, "", health=Health.ERROR)
    visit(archive, at(1), "fine")
    assert archive.prepare_reprocess(failed=True) == [1, 2]


def test_captures_of_a_source_that_left_are_let_be(archive):
    begin(archive)
    visit(archive, T0, "a")
    archive.sync_sources([], at(1))
    assert archive.prepare_reprocess() == []
    assert archive.search("a")
