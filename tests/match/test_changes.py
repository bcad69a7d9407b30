"""Triggers on changes: what an edit makes new, what a removal takes away, and the level it all comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from crawler.match import Context, Matcher, assess
from storage.records import Change, ChangeKind, Hunk, HunkKind, Level, Part
from tests.match.reading import invented

AT = datetime(2030, 5, 1, tzinfo=UTC)
HERE = Context(source_id="s", source_title="A newspaper")
JOINED = "Larkfield Institute has joined the Harrow Network."


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(invented())


def change(*hunks: Hunk, kind: ChangeKind = ChangeKind.CHANGED) -> Change:
    return Change(kind=kind, seen_at=AT, hunks=hunks)


def added(text: str, position: int = 0, **rest) -> Hunk:
    return Hunk(position=position, kind=HunkKind.ADDED, new=text, **rest)


def edited(old: str, new: str) -> Hunk:
    return Hunk(position=0, kind=HunkKind.EDITED, old=old, new=new)


def test_a_flip_is_the_strongest_evidence(matcher):
    plain = matcher.match(change(added(JOINED)), HERE)[0]
    flip = matcher.match(change(edited("Larkfield Institute has not joined the Harrow Network.", JOINED)), HERE)[0]
    assert flip.score > plain.score
    assert flip.reasons[0] == "was denied before"


@pytest.mark.parametrize(
    ("old", "new", "level"),
    [
        (JOINED, JOINED.replace("has joined", "has now joined"), Level.ROUTINE),
        ("云雀研究院获批经费300万元。", "云雀研究院获批经费300万元，特此公告。", Level.ROUTINE),
        ("云雀研究院获批经费300万元。", "云雀研究院获批经费500万元。", Level.ALERT),
        ("云雀研究院申请加入衡安网络。", "云雀研究院加入衡安网络。", Level.ALERT),
    ],
)
def test_what_is_new_in_an_edited_sentence_decides(matcher, old, new, level):
    found = change(edited(old, new))
    assert assess(found, matcher.match(found, HERE), matcher.assessment).level is level


def test_a_name_gone_from_a_page(matcher):
    page = Context(source_title="Larkfield Institute, people", owner="larkfield")
    gone = change(edited("Dean: Ada Quell", "Dean: Ben Foss"))
    (match,) = [m for m in matcher.match(gone, page) if m.trigger_id == "leaves"]
    assert match.side is HunkKind.REMOVED
    assert match.excerpt[match.start : match.end] == "Ada Quell"
    moved = change(
        Hunk(position=0, kind=HunkKind.REMOVED, old="Dean: Ada Quell"), added("Ada Quell is our dean.", position=1)
    )
    assert not [m for m in matcher.match(moved, page) if m.trigger_id == "leaves"]


def test_the_sentence_before_and_the_heading_say_who(matcher):
    by_heading = change(added("3 million pounds were received in March.", heading="Larkfield Institute"))
    by_before = change(added("It received 3 million pounds.", before="Larkfield Institute has moved."))
    for found in (by_heading, by_before):
        assert [m.trigger_id for m in matcher.match(found, HERE)] == ["money"]
    assert (
        matcher.match(change(added("It received 3 million pounds.", before="Fens Laboratory has moved.")), HERE) == ()
    )


def test_noise_is_matched_and_moved_text_is_not(matcher):
    assert matcher.match(change(added(JOINED, noise="counter")), HERE)
    assert matcher.match(change(Hunk(position=0, kind=HunkKind.MOVED, old=JOINED, new=JOINED)), HERE) == ()


def test_a_title_counts(matcher):
    (match,) = matcher.match(change(added(JOINED, part=Part.TITLE)), HERE)
    assert match.part is Part.TITLE


@pytest.mark.parametrize(
    ("text", "kind", "level", "reason"),
    [
        (JOINED, ChangeKind.NEW, Level.ALERT, "Joins the network: asserted, score 0.90"),
        (JOINED, ChangeKind.FIRST, Level.ROUTINE, "baseline: the first reading of this document"),
        (JOINED, ChangeKind.RETURNED, Level.NOISE, "shows a text it has shown before"),
        ("Larkfield Institute has not joined the Harrow Network.", ChangeKind.NEW, Level.NOTABLE, "speaks against"),
        ("Larkfield Institute plans to join the Harrow Network.", ChangeKind.NEW, Level.NOTABLE, "planned, not a fact"),
        ("LarkBench is no longer maintained.", ChangeKind.NEW, Level.NOTABLE, "Work ends: asserted"),
        ("In 2029 Larkfield Institute joined the Harrow Network.", ChangeKind.NEW, Level.ROUTINE, "repeats"),
        ("The weather is fine.", ChangeKind.NEW, Level.ROUTINE, "no trigger met"),
    ],
)
def test_levels_and_their_reasons(matcher, text, kind, level, reason):
    found = change(added(text), kind=kind)
    judged = assess(found, matcher.match(found, HERE), matcher.assessment)
    assert judged.level is level
    assert any(reason in r for r in judged.reasons), judged.reasons


def test_reading_again_alerts_nobody(matcher):
    found = replace(change(added(JOINED), kind=ChangeKind.NEW), reprocessed=True)
    assert assess(found, matcher.match(found, HERE), matcher.assessment).level is Level.NOTABLE


def test_a_bare_text_and_a_change_are_read_alike(matcher):
    bare = matcher.match_text(JOINED).matches
    assert [(m.trigger_id, m.score, m.start, m.end) for m in bare] == [
        (m.trigger_id, m.score, m.start, m.end) for m in matcher.match(change(added(JOINED)), Context())
    ]


def test_what_yields_itself_makes_nobody_yield():
    yields = {"money": ("joins",), "closes": ("money",)}
    chained = replace(
        invented(),
        triggers=tuple(replace(t, yields_to=yields.get(t.id, ())) for t in invented().triggers),
    )
    text = "Larkfield Institute joined the Harrow Network, received 3 million pounds and closed LarkBench."
    assert Matcher(chained).match_text(text).fired == ("closes", "joins")
    assert Matcher(chained).match_text(text.replace("joined", "left")).fired == ("money",)
