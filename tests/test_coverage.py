"""Where a trigger stands: what was observed, who is out of sight, and when silence says something."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.coverage import (
    Indicator,
    Standing,
    Witness,
    chance,
    coverage,
    missed,
    share,
    speaks,
    standing,
    standings,
)
from storage.records import Assertion, ChangeKind, Direction, Level, Look, Sighting, Verdict

BEGIN = datetime(2031, 3, 1, tzinfo=UTC)
END = BEGIN + timedelta(days=10)
DAY = timedelta(days=1)


def look(at: float, good: bool = True, outcome: str | None = None) -> Look:
    """A look so many days after the beginning of the period."""
    told = outcome or ("captured" if good else "bot challenge")
    return Look(source_id="s", url="http://s.test/", at=BEGIN + at * DAY, good=good, outcome=told)


def looks(*at: float, bad: tuple[float, ...] = ()) -> tuple[Look, ...]:
    return tuple(sorted((*map(look, at), *(look(n, False) for n in bad)), key=lambda each: each.at))


DAILY = looks(*range(-1, 10))
BLOCKED = looks(*range(-1, 9), bad=(9,))
"""Looked at daily; the last attempt failed."""


def witness(name: str = "s", *addresses: tuple[Look, ...], **more) -> Witness:
    told = {"id": name, "title": f"{name} (invented)", "role": "primary", "language": "en", "tolerance": DAY}
    return Witness(**(told | more), addresses=addresses)


def stands(*expected: Witness, sightings=(), **more):
    indicator = Indicator(id="t", title="T", direction=Direction.UPWARD, expected=expected, **more)
    return standing(indicator, sightings, BEGIN, END, new_since=END - DAY)


SHARES = [
    ("never looked at", (), 0.0),
    ("failures alone", looks(bad=(1, 2, 3)), 0.0),
    ("daily looks, without a gap", DAILY, 1.0),
    ("every second day: every other day, and the next is waited for", looks(*range(-2, 10, 2)), 4 / 9),
    ("looks in one day are not added up", looks(*(4 + n / 24 for n in range(24))), (1 + 23 / 24) / (10 - 1)),
    ("two far apart", looks(3, 7), 2 / 9),
    ("a look in the first hours answers for those alone", looks(0.5), 0.5 / 9),
    ("since the last look is not missed while none is due", looks(*range(-1, 9), 9.5), 9 / 9.5),
    ("but it is once an attempt has failed", BLOCKED, 0.8),
    ("and it is once the tolerance has passed", looks(*range(-1, 8)), 7 / 9),
    ("a failure between good looks costs only its time", looks(*range(-1, 4), *range(5, 10), bad=(4,)), 8 / 9),
    ("a look before the period, nothing due since", looks(-0.1), 0.0),
]


@pytest.mark.parametrize(("_", "seen", "expected"), SHARES, ids=[case[0] for case in SHARES])
def test_an_address_is_observed_for_a_share_of_the_period(_, seen, expected) -> None:
    assert share(seen, DAY, BEGIN, END) == pytest.approx(expected)


def test_a_long_tolerance_needs_few_looks() -> None:
    assert share(looks(-5, 5), 14 * DAY, BEGIN, END) == 1.0
    assert share(looks(-5), 14 * DAY, BEGIN, END) == pytest.approx(0.0), "only its last day has passed unanswered"
    assert share(looks(-3), 14 * DAY, BEGIN, END) == 1.0, "the next look is not due, so nothing was missed"
    assert share(looks(-3, bad=(8,)), 14 * DAY, BEGIN, END) == 0.0, "the next look failed"


def test_a_period_of_no_length_was_observed_or_not() -> None:
    assert share(looks(-0.1), DAY, BEGIN, BEGIN) == 1.0
    assert share(looks(-0.2, bad=(-0.1,)), DAY, BEGIN, BEGIN) == 0.0
    assert share(looks(-2), DAY, BEGIN, BEGIN) == 0.0


# --- laws

days = st.floats(min_value=-3, max_value=12, allow_nan=False).map(lambda number: round(number, 3))
several = st.lists(st.tuples(days, st.booleans()), max_size=12).map(lambda told: tuple(look(*each) for each in told))
tolerances = st.sampled_from([DAY / 4, DAY, 3 * DAY, 20 * DAY])


@given(several, tolerances)
def test_a_share_is_a_share(seen, tolerance) -> None:
    assert 0.0 <= share(seen, tolerance, BEGIN, END) <= 1.0


@given(several, days, tolerances)
def test_a_good_look_never_lowers_it(seen, at, tolerance) -> None:
    before = share(seen, tolerance, BEGIN, END)
    assert share((*seen, look(at)), tolerance, BEGIN, END) >= before - 1e-9


@given(several, days, tolerances)
def test_a_failure_never_raises_it(seen, at, tolerance) -> None:
    before = share(seen, tolerance, BEGIN, END)
    assert share((*seen, look(at, False)), tolerance, BEGIN, END) <= before + 1e-9


@given(several, tolerances)
def test_the_same_looks_twice_are_one(seen, tolerance) -> None:
    assert share((*seen, *seen), tolerance, BEGIN, END) == share(seen, tolerance, BEGIN, END)


@given(several, st.randoms(use_true_random=False), tolerances)
def test_the_order_of_looks_does_not_matter(seen, random, tolerance) -> None:
    shuffled = list(seen)
    random.shuffle(shuffled)
    assert share(shuffled, tolerance, BEGIN, END) == share(seen, tolerance, BEGIN, END)


@given(
    st.lists(st.tuples(several, st.sampled_from(["primary", "query", "secondary"])), min_size=1, max_size=5), several
)
def test_coverage_lies_between_its_sources(told, more) -> None:
    witnesses = [witness(str(n), seen, role=role) for n, (seen, role) in enumerate(told)]
    shares = [share(seen, DAY, BEGIN, END) for seen, _ in told]
    assert min(shares) - 1e-9 <= coverage(witnesses, BEGIN, END) <= max(shares) + 1e-9
    assert 0.0 <= chance(witnesses, 1) <= chance([*witnesses, witness("more", more)], 1) <= 1.0


# --- coverage and chance


def test_primary_sources_weigh_three_times_queries_twice() -> None:
    dark = witness("dark")
    assert coverage([witness("a", DAILY), witness("b", role="secondary")], BEGIN, END) == pytest.approx(3 / 4)
    assert coverage([witness("a", DAILY, role="query"), dark], BEGIN, END) == pytest.approx(2 / 5)
    assert coverage([witness("a", DAILY, role="newsletter"), dark], BEGIN, END) == pytest.approx(1 / 4)
    assert coverage([], BEGIN, END) is None


def test_a_source_is_the_mean_of_its_addresses() -> None:
    assert coverage([witness("a", DAILY, ())], BEGIN, END) == pytest.approx(1 / 2)


def test_the_chance_of_a_short_signal() -> None:
    weekly = {"tolerance": 7 * DAY}
    half = looks(1, 3, bad=(2, 4))
    assert chance([witness("a", DAILY)], 1) == 1.0
    assert chance([witness("a", DAILY, **weekly)], 1) == pytest.approx(1 / 7)
    assert chance([witness("a", half)], 1) == pytest.approx(1 / 2)
    assert chance([witness("a", half), witness("b", DAILY, **weekly)], 1) == pytest.approx(1 - 1 / 2 * 6 / 7)
    assert chance([witness("a", DAILY, why_not="needs an account")], 30) == 0.0
    assert chance([], 1) is None


# --- in sight or not


def gap(*addresses, **more):
    found = missed(witness("s", *addresses, **more), END)
    return found and (found.why, found.since_at, found.last_looked_at)


def test_who_is_out_of_sight_why_and_since_when() -> None:
    assert gap(DAILY) is None
    assert gap(looks(9.9, bad=(9.95,))) is None, "one failure before the next look was due"
    assert gap(BLOCKED) == ("bot challenge", BEGIN + 9 * DAY, BEGIN + 8 * DAY)
    assert gap(looks(6, bad=(7, 8, 9))) == ("bot challenge", BEGIN + 7 * DAY, BEGIN + 6 * DAY)
    assert gap(looks(bad=(1, 9))) == ("bot challenge", BEGIN + 1 * DAY, None)
    assert gap(looks(8.9)) == ("overdue", BEGIN + 8.9 * DAY, BEGIN + 8.9 * DAY)
    assert gap(()) == ("not asked yet", None, None)
    assert gap() == ("not asked yet", None, None)
    assert gap(DAILY, why_not="needs an account") == ("never asked", None, None)
    assert gap(DAILY, BLOCKED)[0] == "bot challenge", "each of its addresses has to be seen"


# --- the rule


PRIMARY = witness("p", DAILY)
CHINESE = witness("zh", DAILY, language="zh-Hans")
LETTER = witness("letter", DAILY, role="newsletter")
RULE = [
    ("all in sight", [PRIMARY, CHINESE, LETTER], None),
    ("none declared", [], "no source is declared where it would be seen"),
    ("none can be asked", [witness("a", why_not="robots")], "none of its sources can be asked"),
    ("its only source", [witness("a", BLOCKED)], "its only source is out of sight"),
    ("all", [witness("a", BLOCKED), witness("b", BLOCKED)], "all its sources are out of sight"),
    ("one primary of two", [witness("a", BLOCKED), PRIMARY], "1 of 2 primary sources out of sight"),
    (
        "one primary of ten",
        [witness("a", BLOCKED), *(witness(str(n), DAILY) for n in range(9))],
        None,
    ),
    (
        "two primary of ten",
        [witness("a", BLOCKED), witness("b", BLOCKED), *(witness(str(n), DAILY) for n in range(8))],
        "2 of 10 primary sources out of sight",
    ),
    (
        "one of nine, the tenth is never asked",
        [witness("a", BLOCKED), witness("b", why_not="robots"), *(witness(str(n), DAILY) for n in range(8))],
        "1 of 9 primary sources out of sight",
    ),
    ("never asked does not decide while others see", [witness("a", why_not="robots"), PRIMARY], None),
    ("the only primary", [witness("a", BLOCKED), LETTER], "its only primary source is out of sight"),
    ("a letter among primary ones", [PRIMARY, witness("a", BLOCKED, role="newsletter")], None),
    (
        "letters stand in for one another",
        [witness("a", BLOCKED, role="newsletter"), LETTER],
        None,
    ),
    (
        "all Chinese ones",
        [LETTER, witness("a", BLOCKED, role="secondary", language="zh")],
        "no Chinese source is in sight",
    ),
    (
        "Chinese ones that are never asked",
        [LETTER, witness("a", role="secondary", language="zh-Hant", why_not="needs an account")],
        "no Chinese source is in sight",
    ),
    (
        "all others",
        [witness("a", DAILY, language="zh"), witness("b", BLOCKED, role="secondary")],
        "no source in another language is in sight",
    ),
    ("back, but long away", [witness("a", looks(0, 9.9, bad=(1, 2, 5)))], "watched for less than half of the time"),
]


@pytest.mark.parametrize(("_", "expected", "why"), RULE, ids=[case[0] for case in RULE])
def test_when_silence_says_something(_, expected, why) -> None:
    row = stands(*expected)
    assert (row.standing, row.why) == (Standing.CANNOT_SAY if why else Standing.NONE, why)


def test_what_the_assessment_declares_not_observable() -> None:
    row = stands(PRIMARY, not_observable="Nobody writes it down.")
    assert (row.standing, row.why, row.missed) == (Standing.NOT_OBSERVABLE, "Nobody writes it down.", ())


def test_the_groups_and_the_missed_are_named() -> None:
    away = witness("away", BLOCKED, language="zh-Hant")
    shut = witness("shut", why_not="robots", language="zh")
    row = stands(PRIMARY, CHINESE, away, shut, LETTER)
    assert (row.all.sources, row.all.in_sight) == (5, 3)
    assert (row.chinese.sources, row.chinese.in_sight) == (3, 1)
    assert (row.others.sources, row.others.in_sight) == (2, 2)
    assert (row.primary.sources, row.chinese_primary.sources) == (4, 3)
    assert row.chinese_primary.coverage == pytest.approx((1 + 0.8 + 0) / 3)
    assert [gap.id for gap in row.missed] == ["away", "shut"]


# --- evidence


def sighting(**more) -> Sighting:
    told = {
        "match_id": 1,
        "change_id": 1,
        "trigger_id": "t",
        "source_id": "p",
        "at": BEGIN + 5 * DAY,
        "kind": ChangeKind.CHANGED,
        "level": Level.ALERT,
        "assertion": Assertion.ASSERTED,
        "score": 0.9,
    }
    return Sighting(**(told | more))


SPOKEN = [
    ({}, "for"),
    ({"assertion": Assertion.REPORTED}, "for"),
    ({"kind": ChangeKind.NEW, "level": Level.NOTABLE}, "for"),
    ({"verdict": Verdict.RELEVANT}, "for"),
    ({"against": True, "assertion": Assertion.NEGATED, "score": 0.2}, "against"),
    ({"kind": ChangeKind.FIRST}, None),
    ({"known": True}, None),
    ({"score": 0.4}, None),
    ({"assertion": Assertion.PLANNED}, None),
    ({"assertion": Assertion.ASKED}, None),
    ({"level": Level.ROUTINE}, None),
    ({"level": Level.NOISE}, None),
    ({"verdict": Verdict.NOISE}, None),
    ({"verdict": Verdict.WRONG, "against": True}, None),
]


@pytest.mark.parametrize(("more", "expected"), SPOKEN, ids=[str(case[0]) for case in SPOKEN])
def test_what_speaks_for_and_against(more, expected) -> None:
    assert speaks(sighting(**more), 0.5) == expected


def test_evidence_stands_whoever_is_out_of_sight() -> None:
    row = stands(
        witness("a", BLOCKED), sightings=[sighting(), sighting(match_id=2), sighting(change_id=2, at=END - DAY)]
    )
    assert (row.standing, row.evidence, row.new, row.newest_at) == (Standing.FOR, 2, 1, END - DAY)


def test_evidence_for_and_against_are_both_told() -> None:
    row = stands(PRIMARY, sightings=[sighting(), sighting(change_id=2, against=True)])
    assert (row.standing, row.evidence, row.against) == (Standing.FOR, 1, 1)
    assert stands(PRIMARY, sightings=[sighting(against=True)]).standing is Standing.AGAINST


def test_a_verdict_takes_evidence_away() -> None:
    assert stands(PRIMARY, sightings=[sighting(verdict=Verdict.NOISE)]).standing is Standing.NONE


def test_the_board_has_the_most_important_first() -> None:
    def indicator(name: str, *expected: Witness, **more) -> Indicator:
        return Indicator(id=name, title=name, expected=expected, **({"direction": Direction.UPWARD} | more))

    told = [
        indicator("hidden", not_observable="nobody sees it"),
        indicator("calm", PRIMARY),
        indicator("blind", witness("a", BLOCKED), priority=3),
        indicator("blind-first", witness("a", BLOCKED), priority=1),
        indicator("met", PRIMARY),
        indicator("denied", PRIMARY),
    ]
    seen = [
        sighting(trigger_id="met"),
        sighting(trigger_id="denied", against=True),
        sighting(trigger_id="calm", at=END),
    ]
    board = standings(told, seen, BEGIN, END)
    assert [row.id for row in board] == ["met", "denied", "blind-first", "blind", "calm", "hidden"]
