"""The demonstration is the acceptance test of the whole path: five days, and exactly what the story tells."""

from __future__ import annotations

import io
import re

import pytest
from rich.console import Console

from crawler.catalogue import load
from crawler.demo import demo, play, prepare
from crawler.demo.serve import served
from crawler.demo.site import Site
from crawler.demo.story import story
from crawler.digest.as_json import read
from crawler.errors import UsageError
from storage.archive import Archive
from storage.records import ChangeKind, Level, Outcome


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The five days, and what they said on a terminal."""
    folder = tmp_path_factory.mktemp("demo")
    told = io.StringIO()
    code = demo(folder, console=Console(file=told, width=80, highlight=False))
    return folder, told.getvalue(), code


@pytest.fixture(scope="module")
def archive(played):
    with Archive.open(played[0] / "archive.db", create=False, read_only=True) as opened:
        yield opened


def findings(archive, source=None):
    """(day, source, kind, level) of all that is no baseline."""
    return [
        (found.change.seen_at.day - 10, found.source.id, found.change.kind, found.change.level)
        for day in story()
        for found in archive.findings_of(day.now.date().isoformat())
        if found.change.kind is not ChangeKind.FIRST and source in (None, found.source.id)
    ]


def test_every_day_says_what_the_story_tells_and_nothing_else(played):
    _, told, code = played
    wrong = re.search(r"were not as the story tells:\n(?:  .+\n)+", told)
    assert code == 0, wrong[0] if wrong else told


def test_alerts_are_exactly_these(archive):
    alerts = {
        (found.change.seen_at.day - 10, found.source.id, match.trigger_id)
        for day in story()
        for found in archive.findings_of(day.now.date().isoformat())
        for match in found.change.matches
        if found.change.level is Level.ALERT and not match.against
    }
    assert alerts == {
        (2, "news", "evaluation-published"),
        (2, "notes", "evaluation-published"),
        (3, "budget", "own-budget"),
        (3, "tide", "own-budget"),
        (3, "notes", "own-budget"),
        (4, "members", "network-member"),
        (5, "leadership", "director-leaves"),
        (5, "lantern", "director-leaves"),
        (5, "shore", "director-leaves"),
    }


@pytest.mark.parametrize(
    ("date", "trigger", "lead", "mentions"),
    [
        ("2026-05-13", "own-budget", "budget", [("tide", False), ("notes", True)]),
        ("2026-05-15", "director-leaves", "leadership", [("lantern", False), ("shore", True)]),
    ],
)
def test_what_several_tell_is_one_event_and_a_copy_confirms_nothing(played, date, trigger, lead, mentions):
    account = read((played[0] / "digests" / f"{date}.json").read_text(encoding="utf-8"))
    (section,) = [section for section in account.triggers if section.id == trigger]
    (entry,) = section.evidence.entries
    ids = {source.title: source.id for source in load(played[0] / "sources.yml", played[0] / "triggers.yml").sources}
    assert entry.source_id == lead
    assert [(ids[mention.source], mention.copy) for mention in entry.mentions] == mentions
    assert (entry.spread.sources, entry.spread.own_words) == (2, 1)
    assert ids[entry.spread.first.source] == mentions[0][0]


def test_a_denial_speaks_against(archive):
    matches = [
        (match.trigger_id, match.against)
        for found in archive.findings_of("2026-05-14")
        for match in found.change.matches
        if found.source.id == "lantern"
    ]
    assert matches
    assert set(matches) == {("network-member", True)}


def test_a_flip_is_told_once_and_never_again(archive):
    kinds = [(day, kind) for day, _, kind, level in findings(archive, "about") if level is not Level.NOISE]
    assert kinds == [(2, ChangeKind.CHANGED)]


def test_a_moved_paragraph_is_no_change(archive):
    assert [kind for _, _, kind, level in findings(archive, "charter") if level is not Level.NOISE] == []


def test_gone_is_told_at_the_second_look_and_back_once(archive):
    kinds = [(day, kind) for day, _, kind, level in findings(archive, "act") if level is not Level.NOISE]
    assert kinds == [(3, ChangeKind.GONE), (4, ChangeKind.BACK)]


def test_what_was_asked_and_what_came(archive):
    outcomes = {
        source: [fetch.outcome for fetch, _ in reversed(archive.fetches_of(source))]
        for source in ("orders", "registry", "methods", "act")
    }
    assert outcomes == {
        "orders": [Outcome.CAPTURED, Outcome.CAPTURED, *[Outcome.CHALLENGED] * 3],
        "registry": [Outcome.DISALLOWED] * len(outcomes["registry"]),
        "methods": [Outcome.CAPTURED, *[Outcome.UNCHANGED] * 4],
        "act": [Outcome.CAPTURED, Outcome.GONE, Outcome.GONE, Outcome.CAPTURED, Outcome.CAPTURED],
    }


def test_the_archive_is_whole(archive):
    assert archive.check() == []


@pytest.mark.parametrize("ending", ["html", "md", "json"])
def test_every_digest_is_marked_as_invented(played, ending):
    for day in story():
        told = (played[0] / "digests" / f"{day.now.date()}.{ending}").read_text(encoding="utf-8")
        assert "invented for the demonstration" in told


def test_the_print_says_where_everything_lies(played):
    folder, told, _ = played
    assert told.count("Invented for the demonstration") >= 2
    for name in ("digests", "archive.db", "sources.yml"):
        assert (folder / name).exists()
        assert f"{folder}/{name}" in told


def test_it_begins_in_an_empty_folder_only(played):
    with pytest.raises(UsageError, match="holds an archive already"):
        demo(played[0], console=Console(file=io.StringIO()))


def test_the_robots_rule_is_kept(tmp_path):
    with served(Site()) as site:
        loaded = prepare(tmp_path, site.port)
        play(story()[0], site, loaded, tmp_path)
    assert {path for _, host, path, _ in site.log if host == "registry"} == {"/robots.txt"}
    assert not any(path.startswith(("/more/", "/delegates")) for _, _, path, _ in site.log)
