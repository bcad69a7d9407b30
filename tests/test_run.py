"""The whole path over a loopback website: what is told, what is kept silent, and what is never lost."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess

import pytest

from storage.records import Health, Outcome
from tests.website import Answer
from tests.world import CHECKOUT, World

PARAGRAPHS = [
    "The harbour office opened a reading room for visitors who want to see the old signal books.",
    "Its keepers answer questions on weekdays, and the catalogue of the books can be read at the desk.",
    "A second room will hold the charts that were found in the cellar when the roof was mended last spring.",
    "阅览室每逢工作日开放,读者可以在服务台查阅信号簿目录。",
]


def page(*paragraphs: str, title: str = "Harbour news") -> str:
    told = "".join(f"<p>{each}</p>" for each in paragraphs)
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>{title}</title></head><body>"
        f"<nav><a href=/>Home</a> <a href=/about>About</a></nav><main><article><h1>{title}</h1>{told}</article></main>"
        "<footer>Harbour office, invented for a test</footer></body></html>"
    )


def feed(*items: tuple[str, str]) -> Answer:
    entries = "".join(
        f"<item><guid isPermaLink='false'>{n}</guid><title>{n}</title><link>http://feed.test/{n}</link>"
        f"<description>{text}</description></item>"
        for n, text in items
    )
    body = f"<?xml version='1.0'?><rss version='2.0'><channel><title>Invented</title>{entries}</channel></rss>"
    return Answer(body.encode(), media_type="application/rss+xml")


@pytest.fixture
def world(tmp_path):
    with World(tmp_path) as made:
        yield made


def test_three_days_of_page_listing_and_feed(world: World) -> None:
    budget = "The Harbour Institute for Machine Prudence received a dedicated budget of 42 million yuan."
    links = '<ul><li><a href="/n/1">First notice of the harbour office</a></li>'
    world.page("page", "http://page.test/", page(*PARAGRAPHS), page(*PARAGRAPHS, budget))
    world.source("list", "listing", "http://list.test/", f"<main>{links}</ul></main>", options={"match": ["/n/"]})
    world.site.put("http://list.test/n/1", page(*PARAGRAPHS, title="First notice of the harbour office"))
    world.source("feed", "feed", "http://feed.test/rss", feed(("one", " ".join(PARAGRAPHS))))
    first = world.run(day=1)
    assert first["levels"].get("alert") is None
    assert set(first["changes"]) == {"first"}, "a new source's first reading is its baseline"

    more = '<li><a href="/n/2">Second notice of the harbour office</a></li>'
    world.site.put("http://list.test/", f"<main>{links}{more}</ul></main>")
    world.site.put(
        "http://list.test/n/2",
        page("市财政局为海湾机器审慎研究院设立专项预算4200万元。", *PARAGRAPHS[:2], title="Second notice"),
    )
    world.site.put(
        "http://feed.test/rss", feed(("two", "A new entry about the tide tables."), ("one", " ".join(PARAGRAPHS)))
    )
    world.run(day=2)
    levels = world.levels(2)
    assert levels["page"] == ["alert changed"]
    assert "alert new" in levels["list"]
    assert levels["feed"] == ["routine new"]

    third = world.run(day=3)
    assert not third["changes"], "nothing changed on the third day"
    assert world.digest(3)["format"].startswith("cruxwatch-digest/")


def test_a_return_a_move_and_a_restamp_are_no_news(world: World) -> None:
    first, second = page(*PARAGRAPHS), page(*PARAGRAPHS[:3], "The reading room is closed for a week from Monday on.")
    world.page("flips", "http://flips.test/", first, second, first, second)
    world.page("moves", "http://moves.test/", page(*PARAGRAPHS), page(*PARAGRAPHS[2:], *PARAGRAPHS[:2]))
    for day in (1, 2, 3, 4):
        world.run(day=day)
    assert world.levels(2) == {"flips": ["routine changed"]} or world.levels(2) == {"flips": ["notable changed"]}
    for day in (3, 4):
        assert world.levels(day).get("flips", ["noise returned"]) == ["noise returned"]


def test_gone_is_confirmed_by_a_second_look_and_back_is_told(world: World) -> None:
    world.page(
        "act", "http://act.test/", page(*PARAGRAPHS), Answer(b"gone", 404), Answer(b"gone", 404), page(*PARAGRAPHS)
    )
    seen = {}
    for day in (1, 2, 3, 4):
        world.run(day=day)
        seen[day] = world.levels(day).get("act", [])
    assert seen[2] == [], "one 404 proves nothing"
    assert [each.split()[1] for each in seen[3]] == ["gone"]
    assert [each.split()[1] for each in seen[4]] == ["back"]


def test_a_bad_page_is_an_outcome_and_its_recovery_no_change(world: World) -> None:
    challenge = (
        "<html><head><title>Just a moment...</title></head><body>"
        "<h1>Checking your browser before accessing the site.</h1>"
        "<noscript>Please enable JavaScript and cookies to continue</noscript></body></html>"
    )
    world.page("wall", "http://wall.test/", page(*PARAGRAPHS), challenge, page(*PARAGRAPHS))
    for day in (1, 2, 3):
        world.run(day=day)
    assert world.levels(2) == {} == world.levels(3)
    with world.opened() as archive:
        healths = [reading.health for _, reading in reversed(archive.fetches_of("wall"))]
    assert sorted(healths) == sorted([Health.OK, Health.CHALLENGE, Health.OK])


def test_validators_are_kept_with_an_unchanged_text_and_dropped_after_a_rejected_answer(world: World) -> None:
    good = Answer(page(*PARAGRAPHS).encode(), etag='"a"', modified="Sat, 01 Mar 2031 05:00:00 GMT")
    restamped = Answer(page(*PARAGRAPHS).replace("Home", "Start").encode(), etag='"b"')
    parked = Answer(b"<html><body><h1>This domain is for sale</h1></body></html>", etag='"c"')
    url = "http://valid.test/"
    world.page("valid", url, good, restamped, restamped, parked, good)
    for day in (1, 2, 3, 4, 5):
        world.run(day=day)
    asked = [each.headers for each in world.site.asked(url)]
    assert "if-none-match" not in asked[0]
    assert asked[1]["if-none-match"] == '"a"'
    assert asked[1]["if-modified-since"] == "Sat, 01 Mar 2031 05:00:00 GMT"
    assert asked[2]["if-none-match"] == '"b"', "the text did not change, the validator did"
    assert asked[3]["if-none-match"] == '"b"'
    assert "if-none-match" not in asked[4], "a rejected answer's validator vouches for nothing"
    with world.opened() as archive:
        outcomes = [fetch.outcome for fetch, _ in reversed(archive.fetches_of("valid"))]
    assert outcomes.count(Outcome.UNCHANGED) == 1


def test_the_same_archive_gives_the_same_digest(world: World) -> None:
    world.page("page", "http://page.test/", page(*PARAGRAPHS), page(*PARAGRAPHS, "A new keeper began on Monday."))
    world.run(day=1)
    world.run(day=2)
    folder = world.folder / "data" / "digests"
    before = {path.name: path.read_bytes() for path in folder.glob("2031-03-0*")}
    assert len(before) == 6
    for date in ("2031-03-01", "2031-03-02"):
        world.call("digest", "--date", date, day=3)
    world.run(day=3)
    world.call("digest", "--date", "2031-03-02", day=3)
    assert {name: (folder / name).read_bytes() for name in before} == before


def test_reprocessing_alerts_nobody_and_finds_the_same(world: World) -> None:
    budget = "The Harbour Institute received a dedicated budget of 42 million yuan."
    world.page("page", "http://page.test/", page(*PARAGRAPHS), page(*PARAGRAPHS, budget))
    world.run(day=1)
    world.run(day=2)
    before = world.digest(2)
    world.call("reprocess")
    world.call("digest", "--date", "2031-03-02", day=3)
    assert world.digest(2) == before, "a delivered digest stays as it was"
    with sqlite3.connect(world.archive) as db:
        again = db.execute(
            "SELECT kind, level, reprocessed FROM changes WHERE forgotten_at IS NULL ORDER BY id"
        ).fetchall()
    assert ("changed", "alert", 1) in again or ("changed", "notable", 1) in again
    world.run(day=3)
    assert world.levels(3) == {}


def test_a_second_run_is_told_that_the_archive_is_held(world: World) -> None:
    world.page("slow", "http://slow.test/", Answer(page(*PARAGRAPHS).encode(), delay=3))
    world.write()
    first = world.start("run")
    for line in iter(lambda: world.site.log, None):
        if line:
            break
    said = world.call("run", code=2)
    assert "another run holds this archive" in said
    first.communicate(timeout=60)


def test_an_unknown_source_is_named_with_the_likely_one(world: World) -> None:
    world.page("gazette", "http://gazette.test/", page(*PARAGRAPHS))
    world.write()
    assert "did you mean 'gazette'?" in world.call("run", "gazete", code=2)


def _can_unshare() -> bool:
    tool = shutil.which("unshare")
    return bool(tool) and subprocess.run([tool, "--net", "true"], capture_output=True, check=False).returncode == 0


@pytest.mark.skipif(not _can_unshare(), reason="needs unshare --net: a network namespace of its own")
def test_without_a_network_every_source_is_reported_and_nothing_is_lost(tmp_path) -> None:
    archive = tmp_path / "archive.db"
    command = ["unshare", "--net", os.sys.executable, "-m", "crawler", "run", "--archive", str(archive), "--json"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 3, done.stdout + done.stderr
    summary = json.loads(done.stdout)
    assert set(summary["fetched"]) <= {"failed", "disallowed", "refused"}
    assert not summary["faults"]
    with sqlite3.connect(archive) as db:
        asked = db.execute("SELECT count(DISTINCT source_id) FROM fetches").fetchone()[0]
        askable = db.execute("SELECT count(DISTINCT source_id) FROM asks").fetchone()[0]
        still_due = db.execute("SELECT count(*) FROM asks WHERE due_at IS NULL").fetchone()[0]
        refused = {row[0] for row in db.execute("SELECT detail FROM fetches WHERE outcome = 'refused'")}
        unsaid = db.execute("SELECT count(*) FROM fetches WHERE reason IS NULL OR detail IS NULL").fetchone()[0]
    assert asked == askable > 60
    assert not still_due
    assert all(detail.startswith("needs ") for detail in refused), "only what lacks its key is refused"
    assert not unsaid, "each attempt says why"
    assert len(list((tmp_path / "digests").glob("*.html"))) == 1


def test_a_trigger_outside_the_main_text_is_told_and_marked(world: World) -> None:
    before = page(*PARAGRAPHS)
    said = "The Harbour Institute for Machine Prudence received a dedicated budget of 42 million yuan."
    after = before.replace("<footer>", f"<footer><p>{said}</p>")
    world.page("foot", "http://foot.test/", before, after, after)
    for day in (1, 2, 3):
        world.run(day=day)
    assert world.levels(2) == {"foot": ["alert changed"]}
    assert world.levels(3) == {}, "told once"


def test_a_return_that_stays_is_told_after_all(world: World) -> None:
    first = page(*PARAGRAPHS)
    second = page(*PARAGRAPHS, "The reading room keeps a second signal book from the winter of the great storm.")
    world.page("undone", "http://undone.test/", first, second, first, first, first, first)
    for day in range(1, 7):
        world.run(day=day)
    later = [each for day in range(3, 7) for each in world.levels(day).get("undone", [])]
    assert later.count("noise returned") <= 1
    assert [each for each in later if each.endswith("changed") and not each.startswith("noise")], later
