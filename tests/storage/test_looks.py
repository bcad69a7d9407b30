"""What the standing of a trigger rests on: every look at the catalogue's addresses, every match with its verdict."""

from __future__ import annotations

from storage.records import Ask, AskPurpose, ChangeKind, Health, Outcome, Reason, Review, Verdict
from tests.storage.invented import T0, URL, at, attempt, begin, match, read, source, visit


def looks(archive, since=0.0, to=30.0):
    """(day, good, outcome) of each look at the one address."""
    found = archive.looks(at(since), at(to))["veldhoven-news"][URL]
    return [((each.at - T0).days, each.good, each.outcome) for each in found]


def test_every_look_and_whether_it_showed_what_stands_there(archive):
    begin(archive)
    assert looks(archive) == [], "an address never asked is there, without looks"
    assert archive.first_attempt() is None
    visit(archive, T0, "a")
    attempt(archive, at(1), outcome=Outcome.UNCHANGED, capture_id=1)
    read(archive, attempt(archive, at(2), b"Checking your browser"), "", health=Health.CHALLENGE)
    attempt(archive, at(3), outcome=Outcome.BLOCKED, reason=Reason.STATUS)
    attempt(archive, at(4), outcome=Outcome.GONE, reason=Reason.STATUS)
    attempt(archive, at(5), b"unread")
    assert looks(archive) == [
        (0, True, "captured"),
        (1, True, "unchanged"),
        (2, False, "bot challenge"),
        (3, False, "blocked"),
        (4, False, "gone"),
        (5, True, "captured"),
    ]
    assert archive.first_attempt() == T0


def test_what_was_known_before_the_period(archive):
    begin(archive)
    for day in range(3):
        visit(archive, at(day), f"text of day {day}")
    for day in range(3, 6):
        attempt(archive, at(day), outcome=Outcome.FAILED, reason=Reason.TIMEOUT)
    assert looks(archive, since=1, to=2) == [(0, True, "captured"), (1, True, "captured")]
    assert looks(archive, since=5) == [(2, True, "captured"), (3, False, "failed"), (5, False, "failed")]
    assert looks(archive, since=9) == [(2, True, "captured"), (3, False, "failed")], "since when it fails is known"


def test_items_and_addresses_no_longer_declared_are_no_looks(archive):
    begin(archive)
    item, dropped = "https://veldhoven.example/7", "https://veldhoven.example/dropped"
    archive.add_asks([Ask(source_id="veldhoven-news", url=item, purpose=AskPurpose.ITEM, found_at=T0, due_at=T0)])
    attempt(archive, at(1), url=item)
    archive.sync_seeds({"veldhoven-news": [(source().url, source().url), (dropped, dropped)]}, T0)
    attempt(archive, at(2), url=dropped)
    archive.sync_seeds({"veldhoven-news": [(source().url, source().url)]}, at(3))
    assert archive.looks(T0, at(30)) == {"veldhoven-news": {URL: []}}


def test_sightings_carry_what_decides_and_the_newest_verdict(archive):
    begin(archive)
    visit(archive, T0, "Nothing yet.", kind=ChangeKind.FIRST, matches=(match("Nothing yet."),))
    change_id = visit(archive, at(1), "A line for it.", kind=ChangeKind.CHANGED, matches=(match("A line for it."),))
    found = archive.sightings(at(0.5), at(30))
    assert [(each.change_id, each.trigger_id, each.kind, each.at, each.verdict) for each in found] == [
        (change_id, "budget", ChangeKind.CHANGED, at(1), None)
    ]
    assert [each.kind for each in archive.sightings(T0, at(30))] == [ChangeKind.FIRST, ChangeKind.CHANGED]
    archive.record_review(Review(change_id=change_id, verdict=Verdict.NOISE, reviewed_at=at(2)))
    assert archive.sightings(at(0.5), at(30))[0].verdict is Verdict.NOISE
    archive.record_review(
        Review(change_id=change_id, match_id=found[0].match_id, verdict=Verdict.RELEVANT, reviewed_at=at(3))
    )
    assert archive.sightings(at(0.5), at(30))[0].verdict is Verdict.RELEVANT
