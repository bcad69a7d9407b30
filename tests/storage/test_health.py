"""Whether a source could be watched: what failed, since when, and what has gone quiet."""

from __future__ import annotations

from storage.records import ChangeKind, Health, Level, Outcome, Reason
from tests.storage.invented import T0, at, attempt, begin, read, source, visit


def health(archive, to=30.0, since=0.0):
    (found,) = archive.source_health(at(since), at(to))
    return found


def test_a_source_never_asked(archive):
    begin(archive)
    found = health(archive)
    assert (found.asked, found.looked, found.outcome, found.last_looked_at) == (0, 0, None, None)
    assert found.due_at == T0


def test_a_source_that_is_well(archive):
    begin(archive)
    visit(archive, T0, "a")
    attempt(archive, at(1), outcome=Outcome.UNCHANGED, capture_id=1)
    found = health(archive)
    assert (found.asked, found.looked, found.outcome, found.failing_since) == (2, 2, "unchanged", None)
    assert (found.last_asked_at, found.last_looked_at) == (at(1), at(1))


def test_a_source_that_fails_says_since_when_and_why(archive):
    begin(archive)
    visit(archive, T0, "a")
    for n in (1, 2, 3):
        attempt(archive, at(n), outcome=Outcome.FAILED, reason=Reason.TIMEOUT, detail=f"no answer, try {n}")
    found = health(archive, since=2)
    assert (found.asked, found.looked) == (2, 0)
    assert (found.failing_since, found.last_looked_at) == (at(1), T0)
    assert (found.outcome, found.detail) == ("failed", "no answer, try 3")


def test_a_page_that_is_not_what_it_was_counts_as_not_looked(archive):
    begin(archive)
    visit(archive, T0, "a")
    read(archive, attempt(archive, at(1), b"Checking your browser"), "", health=Health.CHALLENGE)
    found = health(archive)
    assert (found.looked, found.failing_since, found.outcome) == (1, at(1), "bot challenge")
    assert found.detail == "a sign of it"
    visit(archive, at(2), "b")
    assert health(archive).failing_since is None


def test_health_is_as_of_the_end_of_the_period(archive):
    begin(archive)
    visit(archive, T0, "a")
    attempt(archive, at(5), outcome=Outcome.FAILED, reason=Reason.TIMEOUT)
    assert health(archive, to=4).failing_since is None
    assert health(archive, to=6).failing_since == at(5)


def test_an_item_that_is_gone_is_no_failure_of_its_source(archive):
    from storage.records import Ask, AskPurpose

    begin(archive)
    visit(archive, T0, "a")
    url = "https://veldhoven.example/7"
    archive.add_asks([Ask(source_id="veldhoven-news", url=url, purpose=AskPurpose.ITEM, found_at=T0, due_at=T0)])
    attempt(archive, at(1), outcome=Outcome.FAILED, reason=Reason.STATUS, url=url)
    found = health(archive)
    assert (found.asked, found.looked, found.failing_since, found.outcome) == (2, 1, None, "captured")


def test_one_of_several_addresses_failing_is_told(archive):
    begin(archive)
    more = "https://veldhoven.example/more"
    archive.sync_seeds({"veldhoven-news": [(source().url, source().url), (more, more)]}, T0)
    attempt(archive, at(1), outcome=Outcome.BLOCKED, reason=Reason.STATUS, detail="403 Forbidden", url=more)
    visit(archive, at(2), "a")
    found = health(archive)
    assert (found.failing_since, found.outcome, found.detail) == (at(1), "blocked", "403 Forbidden")
    assert found.last_looked_at == at(2)


def test_silence_of_three_usual_gaps_is_quiet(archive):
    begin(archive)
    for n in (0, 2, 4, 4.1, 6):
        visit(archive, at(n), f"news {n}")
    visit(archive, at(9), "noise", level=Level.NOISE)
    found = health(archive, to=11.9)
    assert (found.usual_gap_seconds, found.last_news_at, found.quiet) == (2 * 86400, at(6), False)
    assert health(archive, to=12.1).quiet


def test_too_few_news_say_nothing_about_silence(archive):
    begin(archive)
    for n in (0, 2):
        visit(archive, at(n), f"news {n}")
    found = health(archive, to=300)
    assert (found.usual_gap_seconds, found.quiet) == (None, False)


def test_what_a_source_dated_itself_tells_its_usual_gap_from_the_first_day(archive):
    begin(archive)
    capture = attempt(archive, T0)
    for n in range(1, 8):
        read(archive, capture, f"post {n}", key=f"post-{n}", kind=ChangeKind.FIRST, published_at=at(-7 * n))
    found = health(archive, to=1)
    assert (found.usual_gap_seconds, found.quiet) == (7 * 86400, False)
    assert found.last_news_at is None, "the baseline is no news"
    assert health(archive, to=15).quiet


def test_retired_sources_are_left_out_and_unobservable_ones_are_not(archive):
    begin(archive, source("a"), source("b", observable=False, why_not="forbids robots"), source("c"))
    archive.sync_sources([source("a"), source("b", observable=False, why_not="forbids robots")], at(1))
    assert [each.source.id for each in archive.source_health(T0, at(2))] == ["a", "b"]
