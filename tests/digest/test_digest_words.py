"""Times and counts in words, in the reader's time zone; a redline alone for another page."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import digest_days as days
import pytest

from crawler.digest.account import Limits
from crawler.digest.as_html import redline_html
from crawler.digest.redline import redline
from crawler.digest.words import ASSERTIONS, DIRECTIONS, HEALTHS, KINDS, OUTCOMES, clock, count, day, since_when
from storage.records import LOOKED, Assertion, ChangeKind, Direction, Health, Outcome

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)


def test_every_value_has_words() -> None:
    assert set(ASSERTIONS) == set(Assertion)
    assert set(DIRECTIONS) == set(Direction)
    assert set(KINDS) == set(ChangeKind)
    assert set(HEALTHS) == set(Health) - {Health.OK}
    assert set(OUTCOMES) >= set(Outcome) - LOOKED


@pytest.mark.parametrize(
    ("timezone", "date", "wanted"),
    [
        ("Europe/Berlin", "2026-03-29", "14:00"),
        ("Europe/Berlin", "2026-03-30", "29 Mar, 14:00"),
        ("Asia/Shanghai", "2026-03-29", "20:00"),
        ("Pacific/Auckland", "2026-03-29", "30 Mar, 01:00"),
        ("UTC", "2027-01-01", "29 Mar 2026, 12:00"),
        ("UTC", None, "29 Mar 2026, 12:00"),
    ],
)
def test_times_are_the_readers(timezone: str, date: str | None, wanted: str) -> None:
    assert clock(NOON, timezone, date) == wanted


@pytest.mark.parametrize(
    ("ago", "wanted"),
    [
        (timedelta(hours=3), "09:00"),
        (timedelta(hours=30), "28 Mar, 06:00"),
        (timedelta(days=3), "26 Mar (3 days)"),
        (timedelta(days=400), "22 Feb 2025 (400 days)"),
    ],
)
def test_since_when_grows_coarser(ago: timedelta, wanted: str) -> None:
    assert since_when(NOON - ago, NOON, "UTC") == wanted


def test_days_and_counts_do_not_follow_the_locale() -> None:
    assert day("2026-11-20") == "Friday 20 November 2026"
    assert (count(1, "source"), count(2000, "source")) == ("1 source", "2,000 sources")


@pytest.mark.parametrize(
    ("old", "new", "language", "went", "came"),
    [
        ("It meets once <b>a</b> year.", "It meets twice <b>a</b> year.", "en", ">once</del>", ">twice</ins>"),
        ("每年开会一次。", "每年开会两次。", "zh-Hans", ">一</del>", ">两</ins>"),
    ],
)
def test_a_redline_alone(old: str, new: str, language: str, went: str, came: str) -> None:
    told = redline_html(redline((days.hunk("edited", old=old, new=new),), Limits()), language=language)
    assert went in told and came in told and f'lang="{language}"' in told
    assert "<b>" not in told
