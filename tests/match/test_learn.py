"""Thresholds learned from verdicts: deterministic, drawn to the declared one, better where it differs."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.match.learn import LEAST, LEAST_OF_A_KIND, best, fit, proposals, propose

SCORES = st.floats(0, 1).map(lambda value: round(value, 2))
SAMPLES = st.lists(st.tuples(SCORES, st.booleans()), max_size=60)


def cloud(right: float, wrong: float, each: int = 15) -> list[tuple[float, bool]]:
    return [(right, True)] * each + [(wrong, False)] * each


def test_a_threshold_that_lets_noise_through_goes_up_part_of_the_way():
    found = propose("budget", cloud(0.9, 0.6), 0.5)
    assert found.proposed == 0.65
    assert (found.before.precision, found.after.precision) == (0.5, 1.0)
    assert found.after.recall == 1.0


def test_a_threshold_that_misses_goes_down():
    found = propose("budget", cloud(0.4, 0.1), 0.5)
    assert found.proposed < 0.5
    assert (found.before.recall, found.after.recall) == (0.0, 1.0)


def test_one_that_is_good_stays():
    found = propose("budget", cloud(0.9, 0.1), 0.5)
    assert found.proposed is None
    assert found.before.f == 1.0


def test_few_verdicts_or_of_one_kind_teach_nothing():
    assert "20 are needed" in propose("budget", cloud(0.9, 0.6, 9), 0.5).why
    lopsided = [(0.9, True)] * 30 + [(0.6, False)] * (LEAST_OF_A_KIND - 1)
    assert "too few verdicts say noise" in propose("budget", lopsided, 0.5).why
    assert "too few verdicts say relevant" in propose("budget", [(s, not r) for s, r in lopsided], 0.5).why


def test_more_verdicts_carry_further():
    steps = [propose("b", cloud(0.9, 0.6, n), 0.5).proposed for n in (10, 40, 400)]
    assert steps == sorted(steps)
    assert 0.6 < steps[0] < steps[-1] <= 0.75


def test_triggers_come_in_their_declared_order_and_only_those_judged():
    told = proposals({"b": cloud(0.9, 0.6), "a": cloud(0.9, 0.6), "gone": []}, {"a": 0.5, "b": 0.5, "c": 0.5})
    assert [each.trigger_id for each in told] == ["a", "b"]


@given(SAMPLES, st.sampled_from([0.3, 0.5, 0.7]))
def test_a_proposal_is_better_than_the_declared_and_does_not_depend_on_the_order(samples, declared):
    found = propose("t", samples, declared)
    assert found == propose("t", samples[::-1], declared)
    if found.proposed is not None:
        assert found.after.f > found.before.f
        assert 0 < found.proposed < 1
        assert len(samples) >= LEAST


@settings(max_examples=40)
@given(SAMPLES, st.sampled_from([0.3, 0.5, 0.7]))
def test_no_threshold_beats_the_best(samples, declared):
    top = fit(samples, best(samples, declared)).f
    assert all(fit(samples, step / 100).f <= top + 1e-9 for step in range(5, 96, 3))
