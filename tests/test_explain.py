"""What `explain` says of the parts of the significance is what there is; notes and the judge's word stand with it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.change import lifecycle
from crawler.change.significance import weigh
from crawler.explain import PARTS, explain
from storage.archive import Archive
from storage.records import Capture, ChangeKind, Document, Hunk, HunkKind, Judgement, Level, Note, Part
from tests.storage.invented import T0, at, begin, match, source, visit

texts = st.sampled_from(
    [
        None,
        "# 概况",
        "Ada Quill and Tomas Wren lead the new council, which meets twice a year in the old tower.",
        "理事会由《灯塔章程》设立，现有成员四十二名，每年在旧塔开会两次，并公布会议纪要。",
        "12 members",
        "short",
    ]
)
hunks = st.builds(
    Hunk,
    position=st.integers(0, 9),
    kind=st.sampled_from(HunkKind),
    part=st.sampled_from(Part),
    old=texts,
    new=texts,
)


@settings(max_examples=200, deadline=None)
@given(st.lists(hunks, max_size=4), st.integers(0, 4000))
def test_every_part_of_the_significance_is_explained(given_hunks, size) -> None:
    total, parts = weigh(given_hunks, main_size=size)
    assert {name for name, _ in parts} <= set(PARTS)
    assert total <= 1


def test_every_part_that_is_explained_can_be_met() -> None:
    prose = "The council, led by Ada Quill and Tomas Wren, has 42 members and meets twice a year in the tower."
    told = [
        Hunk(position=0, kind=HunkKind.ADDED, new=prose),
        Hunk(position=1, kind=HunkKind.ADDED, new="# 概况"),
        Hunk(position=2, kind=HunkKind.EDITED, old="One", new="Other", part=Part.TITLE),
        Hunk(
            position=3,
            kind=HunkKind.EDITED,
            old="The tower has 42 rooms, and each of them looks out on the sea.",
            new="The tower has 47 rooms, and each of them looks out on the sea.",
        ),
    ]
    capture = Capture(id=1, source_id="s", url="u", final_url="v", fetched_at=T0, status=200, sha256="", size=0)
    gone_at = Document(id=1, source_id="s", key="k", url="u", first_seen_at=T0, last_seen_at=T0, gone_at=T0)
    whole = [
        lifecycle.unlisted(gone_at, capture, T0),
        lifecycle.returned(gone_at, None, capture),
        lifecycle.moved(capture, ["u"]),
    ]
    names = {name for name, _ in weigh(told, main_size=400)[1]}
    assert names | {name for change in whole for name, _ in change.parts} == set(PARTS)


def test_who_else_has_the_news_and_what_was_said_of_it(tmp_path) -> None:
    sentence = "研究院2026年预算为三亿元，自明年起每年单独列支，市议会周四晚决定。"
    with Archive.open(tmp_path / "archive.db") as archive:
        other = source("paper", url="https://paper.example/", role="secondary", publisher="Paper")
        begin(archive, source(publisher="Bureau"), other)
        visit(archive, at(0), "无关内容。", kind=ChangeKind.FIRST, level=Level.ROUTINE)
        first = visit(archive, at(1), sentence, level=Level.ALERT, matches=(match(sentence),))
        copy = visit(
            archive,
            at(1.1),
            sentence,
            source_id="paper",
            url="https://paper.example/",
            level=Level.ALERT,
            kind=ChangeKind.CHANGED,
            matches=(match(sentence),),
        )
        capture = archive.finding(first).change.capture_id
        archive.record_note(Note(capture_id=capture, note="Found by a colleague.", made_at=T0))
        archive.record_note(Note(capture_id=capture, part_of_id=capture, made_at=T0))
        archive.record_judgement(
            Judgement(
                key="k",
                trigger_id="budget",
                model="oracle-1",
                sentence=sentence,
                outcome="unclear",
                quotation="三亿元",
                asked_at=T0,
            )
        )
        archive.assign_to_digest("2026-11-02", at(3))
        told = explain(archive, None, first)
    assert [note["note"] for note in told["notes"]] == ["Found by a colleague."]
    assert told["evidence"][0]["opinions"][0]["verdict"] == "unclear"
    assert [(each["change"], each["copy_of"], each["first"]) for each in told["also"]] == [
        (first, None, True),
        (copy, first, False),
    ]
