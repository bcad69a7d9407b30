"""Laws of clustering: every telling in exactly one event, whatever the order; and what may never be one event."""

from __future__ import annotations

import random
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.change.cluster import Event, Point, Telling, cluster
from crawler.change.likewise import at_odds, names, own_words
from crawler.match.fold import fold_text
from tests.match.reading import CASES, HAN, IN_CHINESE, STANDS_FOR, table

NAMED = re.compile(r"<(\w+)>")
T0 = datetime(2026, 11, 19, 6, 0, tzinfo=UTC)
STORIES = (
    "the lantern institute has a budget line of 120 million crowns of its own said the council late on thursday night",
    "灯塔研究院专项经费1.2亿元首次单独列支市议会昨晚表决通过反对派追问这笔钱由谁来核算",
    "the ferry between the third pier and the southern shore will run until midnight from june to august this year",
    "短句",
    "",
)
SENTENCES = (
    "the council gave the lantern institute a budget line of 120 million crowns",
    "the lantern institute has got 120 million crowns in a budget line from the council",
    "灯塔研究院专项经费1.2亿元首次单独列支",
    "第十二条",
)
stances = st.sampled_from(["for, a fact, there", "against, a fact, there", "for, not a fact yet, there"])
points = st.builds(Point, topic=st.sampled_from("ab"), stance=stances, text=st.sampled_from(SENTENCES))


@st.composite
def tellings(draw) -> list[Telling]:
    """A day's tellings: few stories, cut, joined and reprinted by few sources."""
    count = draw(st.integers(0, 9))
    out = []
    for rank in range(count):
        pieces = draw(st.lists(st.sampled_from(STORIES), max_size=2))
        cut = draw(st.sampled_from([0, 3, 9]))
        out.append(
            Telling(
                rank=rank,
                source=draw(st.sampled_from("xyz")),
                party=draw(st.sampled_from("pq")),
                title=draw(st.sampled_from(["one", "other"])),
                page=draw(st.sampled_from(["", "a.example/1?", "b.example/2?"])),
                text="\n".join(pieces)[cut:],
                removed=draw(st.booleans()),
                points=tuple(draw(st.lists(points, max_size=2))),
                told_at=T0 + timedelta(hours=draw(st.integers(0, 5))),
            )
        )
    return out


def shape(events: list[Event]) -> list[tuple]:
    return [
        (
            tuple((told.telling.rank, told.copy_of.rank if told.copy_of else None) for told in event.told),
            event.first.rank,
            event.independent,
        )
        for event in events
    ]


@settings(max_examples=300, deadline=None)
@given(tellings(), st.randoms(use_true_random=False))
def test_the_order_they_come_in_does_not_matter(given_, chance: random.Random) -> None:
    mixed = list(given_)
    chance.shuffle(mixed)
    assert shape(cluster(mixed)) == shape(cluster(given_))


@settings(max_examples=300, deadline=None)
@given(tellings())
def test_every_telling_is_in_exactly_one_event(given_) -> None:
    events = cluster(given_)
    assert sorted(told.telling.rank for event in events for told in event.told) == [t.rank for t in given_]
    assert [event.told[0].telling.rank for event in events] == sorted(e.told[0].telling.rank for e in events)
    for event in events:
        ranks = [told.telling.rank for told in event.told]
        assert ranks == sorted(ranks)
        assert event.first.told_at == min(told.telling.told_at for told in event.told)
        own = [told for told in event.told if told.copy_of is None]
        assert event.first in [told.telling for told in own], "the first repeats nobody"
        assert 1 <= event.independent <= len({told.telling.party for told in event.told})
        for told in event.told:
            if told.copy_of:
                assert (told.copy_of.told_at, told.copy_of.rank) < (told.telling.told_at, told.telling.rank)


@settings(max_examples=100, deadline=None)
@given(tellings(), st.integers(1, 3))
def test_another_reprint_changes_no_count_of_the_independent(given_, times: int) -> None:
    """However often a text is reprinted, nobody more has said it."""
    story = Telling(
        rank=100, source="wire", party="wire", title="t", page="", text=STORIES[0] + "\n" + STORIES[2], told_at=T0
    )
    before = next(e for e in cluster([*given_, story]) if any(t.telling is story for t in e.told))
    reprints = [
        Telling(
            rank=101 + n,
            source=f"copy-{n}",
            party=f"copy-{n}",
            title="t",
            page="",
            text=story.text + f"\nreprinted {n}",
            told_at=T0 + timedelta(days=1),
        )
        for n in range(times)
    ]
    after = next(e for e in cluster([*given_, story, *reprints]) if any(t.telling is story for t in e.told))
    assert after.independent == before.independent
    assert len(after.told) == len(before.told) + times


def test_the_same_in_another_process() -> None:
    program = (
        "from crawler.change.cluster import Telling\n"
        "from datetime import UTC, datetime\n"
        f"t = Telling(rank=0, source='', party='', title='', page='', text={STORIES[1]!r}, told_at=datetime.now(UTC))\n"
        "print(t.sketch)"
    )
    out = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    mine = Telling(rank=0, source="", party="", title="", page="", text=STORIES[1], told_at=T0)
    assert out.stdout.strip() == str(mine.sketch)


@pytest.mark.parametrize(
    ("a", "b", "odds"),
    [
        ("4,200 million", "4200 million", False),
        ("heron 4 passed", "heron 5 passed", True),
        ("in 2026 it got 12 crowns", "in 2026 it got 14 crowns", True),
        ("in 2026 it got money", "it got 14 crowns in 2026", False),
        ("no number", "14 crowns", False),
        ("第四次会议", "第五次会议", True),
        ("现有研究人员四十二名", "现有研究人员六十名", True),
        ("发布《白皮书》", "发布《年度报告》", True),
        ("发布《白皮书》", "《白皮书》已发布", False),
        ("评测苍鹭4", "发布《年度报告》", True),
    ],
)
def test_what_cannot_be_the_same_news(a: str, b: str, odds: bool) -> None:
    assert at_odds(a, b) is odds
    assert at_odds(b, a) is odds


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        (
            "Ovid Marrow will step down as dean of the Lantern Institute on 30 June, the council has decided.",
            "The dean of the Lantern Institute, Ovid Marrow, steps down on 30 June, members of the council said.",
            True,
        ),
        (
            "北湾市财政局批准为灯塔研究院设立专项预算4200万元，自2027年起每年安排。",
            "灯塔研究院自2027年起每年获得专项预算4200万元，北湾市财政局昨日公布。",
            True,
        ),
        (
            "The network admitted the Harbour Institute as its fourteenth member in Veyra on Tuesday.",
            "Harbour Institute becomes fourteenth member of the Talvane Machine Prudence Network.",
            True,
        ),
        (
            "塔尔凡机器审慎网络周二接纳海湾机器审慎研究院为第十四个成员。",
            "海湾机器审慎研究院成为塔尔凡机器审慎网络第十四个成员单位。",
            True,
        ),
        # a long name that both hold makes them no more alike
        (
            "The Harbour Institute for Machine Prudence hosts a national conference on ethics.",
            "The Harbour Institute for Machine Prudence won a national research prize.",
            False,
        ),
        (
            "没有项目书，市里直接给海湾机器审慎研究院划了经费。",
            "海湾机器审慎研究院今年的日子好过了，市里很大方。",
            False,
        ),
        (
            "The Lantern Institute published an evaluation of Heron, a model of Pellucid Loom.",
            "The Lantern Institute held its spring seminar on the history of evaluation in Northbay.",
            False,
        ),
        ("灯塔研究院昨日发布前沿模型安全评测结果。", "灯塔研究院春季讲座谈到会等待的机器，听众坐满楼梯。", False),
        ("He resigned.", "He resigned.", False),
        ("院长辞职。", "院长辞职。", False),
    ],
)
def test_own_words(a: str, b: str, same: bool) -> None:
    for one, other in ((a, b), (b, a)):
        assert own_words(one.lower(), other.lower(), names(one), names(other)) is same


def test_thousands_of_hostile_tellings_end_soon() -> None:
    """As alike as they can be without being one: bounded comparisons, nothing lost."""
    many = [
        Telling(
            rank=n,
            source=f"s{n % 900}",
            party="p",
            title="",
            page="",
            text=f"{n} " + "灯塔研究院公告称该事项已于本年度完成" * 40 + str(n * 7919),
            points=(Point(topic="a", stance="for", text=f"灯塔研究院第{n}号公告称该事项已于本年度完成"),),
            told_at=T0,
        )
        for n in range(3000)
    ]
    assert sum(len(event.told) for event in cluster(many)) == 3000


def test_sentences_on_one_trigger_are_rarely_taken_for_one_event() -> None:
    """Some thousand pairs of sentences that meet the same trigger and were written as separate events."""
    of: dict[str, list[str]] = {}
    for path in sorted(CASES.glob("paraphrases*.tsv")):
        for label, _, text, *_ in table(path.name):
            if label != "-" and len(of.setdefault(label, [])) < 40:
                of[label].append(_filled(text))
    pairs = [pair for texts in of.values() for pair in combinations(texts, 2)]
    assert len(pairs) > 2000
    taken = [(a, b) for a, b in pairs if own_words(fold_text(a), fold_text(b), names(a), names(b))]
    assert len(taken) / len(pairs) <= 0.01, taken[:10]


def _filled(text: str) -> str:
    """A sentence with a long name in the place of each marker: long names are what makes sentences look alike."""
    return NAMED.sub(lambda marker: _name(marker[1], text), text)


def _name(marker: str, text: str) -> str:
    if HAN.search(text):
        return f"海湾{IN_CHINESE.get(marker, '机器审慎')}研究院"
    return f"Harbour {STANDS_FOR.get(marker, ('', marker))[1]} Institute for Machine Prudence"
