"""What is due, what came of asking, and what a conditional request may send."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage.archive import Archive, ArchiveError
from storage.records import Ask, AskPurpose, Health, Outcome, Reason
from tests.storage.invented import DAY, T0, URL, ask_of, at, attempt, begin, read, source

ITEM = "https://veldhoven.example/news/7"


def item(**more) -> Ask:
    given = {"source_id": "veldhoven-news", "url": ITEM, "purpose": AskPurpose.ITEM, "found_at": T0, "due_at": T0}
    return Ask(**(given | more))


def test_a_new_seed_is_due_at_once_and_later_when_it_was_asked(archive):
    begin(archive)
    assert [ask.url for ask in archive.due_asks(T0)] == [URL]
    attempt(archive, T0)
    assert archive.due_asks(T0) == []
    assert archive.pending_count(at(1)) == 1
    archive.make_due(["veldhoven-news"], T0)
    assert archive.pending_count(T0) == 1


def test_a_dropped_seed_is_never_due_until_it_is_declared_again(archive):
    begin(archive)
    attempt(archive, T0)
    archive.sync_seeds({"veldhoven-news": []}, at(1))
    assert archive.due_asks(at(99)) == []
    attempt(archive, at(1))  # an attempt that was under way
    assert archive.due_asks(at(99)) == []
    archive.sync_seeds({"veldhoven-news": [(URL, URL)]}, at(2))
    assert [ask.due_at for ask in archive.due_asks(at(2))] == [at(2)]


def test_a_seed_that_is_never_to_be_asked_stays_so(archive):
    begin(archive)
    archive.db.execute("UPDATE asks SET due_at = NULL")
    archive.sync_seeds({"veldhoven-news": [(URL, "another key")]}, at(1))
    assert ask_of(archive).due_at is None
    assert ask_of(archive).key == "another key"


def test_retired_and_unobservable_sources_are_not_asked(archive):
    begin(archive, source(), source("blind", observable=False, why_not="forbids robots", url="https://b.example/"))
    assert {ask.source_id for ask in archive.due_asks(T0)} == {"veldhoven-news"}
    archive.sync_sources([], at(1))
    assert archive.due_asks(at(2)) == []
    assert [each.retired_at for each in archive.sources()] == [at(1), at(1)]
    archive.sync_sources([source(title="New title", added_at=at(3))], at(3))
    again = archive.sources()[1]
    assert (again.title, again.retired_at, again.added_at) == ("New title", None, T0)


def test_items_are_added_once_and_revived_only_to_be_revisited(archive):
    begin(archive)
    assert archive.add_asks([item(), item(), item(url=URL, title="the seed itself")]) == 1
    archive.db.execute("UPDATE asks SET due_at = NULL WHERE url = ?", (ITEM,))
    assert archive.add_asks([item(due_at=at(1))]) == 0
    assert ask_of(archive, url=ITEM).due_at is None
    archive.add_asks([item(due_at=at(2), revisit_seconds=3600)])
    assert ask_of(archive, url=ITEM).due_at == at(2)
    archive.add_asks([item(due_at=at(3), revisit_seconds=3600)])
    assert ask_of(archive, url=ITEM).due_at == at(2), "what is due already keeps its time"
    assert ask_of(archive).purpose is AskPurpose.SEED


def test_asks_that_were_never_tried_are_pending(archive):
    begin(archive)
    archive.add_asks([item()])
    attempt(archive, T0)
    assert [ask.url for ask in archive.pending("veldhoven-news")] == [ITEM]


def test_due_asks_can_be_narrowed(archive):
    begin(archive, source(), source("other", url="https://o.example/"))
    assert [ask.source_id for ask in archive.due_asks(T0, source_ids=["other"])] == ["other"]
    assert archive.due_asks(T0, source_ids=[]) == []
    assert len(archive.due_asks(T0, limit=1)) == 1


def test_an_attempt_is_kept_whole(archive):
    begin(archive)
    run = archive.begin_run("run", "0.1", T0)
    attempt(
        archive, T0, outcome=Outcome.FAILED, reason=Reason.NAME, detail="veldhoven.example: no address", run_id=run.id
    )
    capture_id = attempt(archive, at(1), b"<p>1</p>", redirects=((301, "https://x.example/"),))
    assert archive.unread_captures() == [capture_id]
    newest = archive.last_fetch("veldhoven-news", URL)
    assert newest.capture_id == capture_id
    assert newest.redirects == ((301, "https://x.example/"),)
    assert [fetch.outcome for fetch in archive.fetches(source_id="veldhoven-news")] == ["captured", "failed"]
    assert archive.outcome_counts(T0, at(9)) == {"veldhoven-news": {"captured": 1, "failed": 1}}
    assert [reading for _, reading in archive.fetches_of("veldhoven-news")] == [None, None]
    assert archive.waiting(at(1)) == {"due": 0, "unread": 1}


def test_the_next_run_closes_one_that_was_killed(archive):
    first = archive.begin_run("run", "0.1", T0)
    second = archive.begin_run("run", "0.1", at(1))
    archive.end_run(second.id, "done", at(1.5), "well")
    assert [(run.state, run.finished_at) for run in archive.runs()] == [("done", at(1.5)), ("interrupted", at(1))]
    assert first.state == "running"


class TestValidators:
    """Validators belong to a body that was accepted."""

    def test_none_before_the_first_capture(self, archive):
        begin(archive)
        assert archive.validators("veldhoven-news", URL) is None

    def test_of_the_newest_capture_even_when_its_text_did_not_change(self, archive):
        begin(archive)
        read(archive, attempt(archive, T0, b"<p>a</p>", etag='"1"'), "a")
        second = attempt(archive, at(1), b"<p>a</p> ", etag='"2"')
        assert archive.validators("veldhoven-news", URL).etag == '"2"', "unread: accepted until it is found bad"
        read(archive, second, "a")
        found = archive.validators("veldhoven-news", URL)
        assert (found.capture_id, found.etag, found.last_modified) == (second, '"2"', None)

    def test_none_when_the_newest_was_rejected(self, archive):
        begin(archive)
        read(archive, attempt(archive, T0), "a")
        read(archive, attempt(archive, at(1), b"<p>Checking your browser</p>"), "", health=Health.CHALLENGE)
        assert archive.validators("veldhoven-news", URL) is None

    def test_none_when_the_newest_has_none(self, archive):
        begin(archive)
        read(archive, attempt(archive, T0, etag='"1"'), "a")
        read(archive, attempt(archive, at(1), b"b", etag=None), "b")
        assert archive.validators("veldhoven-news", URL) is None

    @pytest.mark.parametrize("outcome", [Outcome.GONE, Outcome.BLOCKED, Outcome.CHALLENGED])
    def test_none_after_an_answer_that_was_rejected(self, archive, outcome):
        """A page that comes back must come with its body, or nobody would say that it is back."""
        begin(archive)
        read(archive, attempt(archive, T0), "a")
        attempt(archive, at(1), outcome=outcome)
        assert archive.validators("veldhoven-news", URL) is None
        read(archive, attempt(archive, at(2), b"c"), "c")
        assert archive.validators("veldhoven-news", URL) is not None

    @pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.LIMITED, Outcome.UNCHANGED, Outcome.DISALLOWED])
    def test_kept_when_nothing_was_said_about_the_body(self, archive, outcome):
        begin(archive)
        capture_id = attempt(archive, T0)
        read(archive, capture_id, "a")
        attempt(archive, at(1), outcome=outcome, capture_id=capture_id if outcome is Outcome.UNCHANGED else None)
        assert archive.validators("veldhoven-news", URL).capture_id == capture_id


def test_304_says_that_the_document_was_seen(archive):
    begin(archive)
    capture_id = attempt(archive, T0)
    read(archive, capture_id, "a")
    attempt(archive, at(3), outcome=Outcome.UNCHANGED, capture_id=capture_id)
    ((document, version),) = archive.documents_of("veldhoven-news")
    assert (document.last_seen_at, version.last_seen_at) == (at(3), at(3))
    assert (document.visits, version.seen) == (1, 1), "nothing was read"


def test_the_capture_before_and_where_the_address_led(archive):
    begin(archive)
    first = archive.capture(attempt(archive, T0, b"1"))
    second = archive.capture(attempt(archive, at(1), b"2"))
    assert archive.capture_before(first) is None
    assert archive.capture_before(second) == first
    assert archive.targets_before(second) == {URL}
    with pytest.raises(ArchiveError, match="no capture 99"):
        archive.capture(99)


def test_what_names_something_unknown_is_refused_and_leaves_nothing(archive):
    begin(archive)
    with pytest.raises(ArchiveError, match="FOREIGN KEY"):
        archive.add_asks([item(source_id="nobody")])
    with pytest.raises(ArchiveError, match="FOREIGN KEY"):
        archive.add_asks([item(), item(url="https://n.example/", source_id="nobody")])
    assert archive.pending("veldhoven-news") == archive.due_asks(T0)


def test_a_transaction_inside_another_is_undone_alone(archive):
    with archive.transaction():
        begin(archive)
        with pytest.raises(RuntimeError), archive.transaction():
            archive.sync_sources([source("other")], T0)
            raise RuntimeError
    assert [each.id for each in archive.sources()] == ["veldhoven-news"]
    with pytest.raises(RuntimeError), archive.transaction():
        archive.sync_sources([], at(1))
        raise RuntimeError
    assert archive.sources()[0].retired_at is None


def test_signs_of_life(archive, monkeypatch):
    assert archive.last_beat() is None
    monkeypatch.setattr("storage.archive.TICKS", 5)
    for n in range(12):
        archive.beat(T0 + n * DAY)
    assert archive.last_beat() == at(11)
    assert archive.db.value("SELECT count(*) FROM ticks") == 5


def test_the_same_archive_in_memory():
    with Archive.open(":memory:") as archive:
        begin(archive)
        assert archive.record_fetch(
            replace(_fetch(), source_id="veldhoven-news"), None, None, replace(ask_of(archive), due_at=None)
        ) == (1, None)
        assert archive.due_asks(at(9)) == []


def _fetch():
    from storage.records import Fetch

    return Fetch(source_id="", url=URL, started_at=T0, finished_at=T0, outcome=Outcome.REFUSED, reason=Reason.SCHEME)
