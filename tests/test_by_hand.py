"""What a person found: kept at once with its images, read as evidence, whatever the page and wherever it came from."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from crawler import by_hand, catalogue
from crawler.by_hand import About
from crawler.errors import UsageError
from storage.records import AskPurpose, ChangeKind, Health
from tests.extract import files
from tests.website import Answer
from tests.world import World

POST = """<!doctype html><html lang="zh"><head><meta charset="utf-8">
<meta property="og:title" content="海湾研究院获专项支持"></head><body><div id="js_content">
<h1>海湾研究院获专项支持</h1><p>日前，市财政局为海湾机器审慎研究院设立专项预算4200万元，用于评测平台建设。</p>
<p>研究院负责人表示，这笔经费将分三年拨付，主要用于人员与设备。</p>
<p><img data-src="http://pictures.test/one.png" src="data:image/gif;base64,R0lGOD"> <img src="/two.jpg">
<img src="http://pictures.test/dot.gif" width="1"> <img src="http://pictures.test/gone.png"></p>
</div></body></html>"""
PNG, JPG = b"\x89PNG\r\n\x1a\none", b"\xff\xd8\xfftwo"


def capture(world: World, *words: str, day: float = 2, code: int = 0) -> list[dict]:
    """Run `cruxwatch capture --json`."""
    return json.loads(world.call("capture", "--json", *words, day=day, code=code))


def served(world: World) -> None:
    world.page("news", "http://news.test/", "<h1>News</h1><p>The harbour is open to all ships today.</p>")
    world.site.put("http://post.test/s/1", POST)
    world.site.put("http://post.test/two.jpg", Answer(JPG, media_type="image/jpeg"))
    world.site.put("http://pictures.test/one.png", Answer(PNG, media_type="image/png"))
    world.write()


def test_a_post_is_kept_with_its_images_and_is_evidence(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        served(world)
        world.run(day=1)
        (kept,) = capture(
            world, "http://post.test/s/1#rd", "--trigger", "own-budget", "--note", "Seen in a group “海湾”."
        )
        assert (kept["outcome"], kept["read"], kept["title"]) == ("captured", "ok", "海湾研究院获专项支持")
        assert [image["url"] for image in kept["images"]] == [
            "http://pictures.test/one.png",
            "http://post.test/two.jpg",
        ]
        assert kept["images_asked"] == 3  # one is gone; the dot is no picture
        (change,) = kept["changes"]
        assert (change["kind"], change["level"]) == ("new", "alert")
        assert "4200万元" in change["matches"][0]["excerpt"]
        with world.opened() as archive:
            made = archive.capture(kept["capture"])
            assert made.by_hand and made.source_id == "by-hand"
            first, *pictures = archive.notes(made.id)
            assert (first.trigger_id, first.note) == ("own-budget", "Seen in a group “海湾”.")
            assert [archive.body(archive.capture(each.capture_id)) for each in pictures] == [PNG, JPG]
            assert all(archive.reading(each.capture_id).health is Health.OK for each in pictures)
            assert archive.ask_at("by-hand", "http://post.test/s/1").due_at is None  # nobody asks for it again
        # it is in the next digest
        world.run(day=2.5)
        assert world.levels(2)["by-hand"] == ["alert new"]
        told = world.digest(2)
        (entry,) = [entry for section in told["triggers"] for entry in section["evidence"]["entries"]]
        assert entry["notes"][0]["note"] == "Seen in a group “海湾”."
        assert entry["notes"][0]["trigger"]
        page = (world.folder / "data" / "digests" / f"{told['date']}.html").read_text(encoding="utf-8")
        assert "Seen in a group “海湾”." in page
        # and reading the archive again with today's rules keeps it
        world.call("reprocess")
        with world.opened() as archive:
            assert archive.reading(kept["capture"]).health is Health.OK


def test_the_same_again_says_nothing_new_and_an_edit_is_a_change(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        served(world)
        capture(world, "http://post.test/s/1", "--no-images")
        (again,) = capture(world, "http://post.test/s/1", "--no-images", day=3)
        assert (again["read"], again["changes"]) == ("ok", [])
        world.site.put("http://post.test/s/1", POST.replace("4200万元", "4800万元"))
        (edited,) = capture(world, "http://post.test/s/1", "--no-images", day=4)
        assert [change["kind"] for change in edited["changes"]] == ["changed"]


def test_an_old_page_of_a_source_is_evidence_and_its_own_pace_stays(tmp_path: Path) -> None:
    old = '<meta name="date" content="2029-01-05"><h1>Note</h1>'
    old += "<p>The Harbour Institute received a dedicated budget of 42 million yuan.</p>"
    with World(tmp_path) as world:
        served(world)
        world.site.put("http://news.test/old", old)
        world.run(day=1)
        with world.opened() as archive:
            due = archive.ask_at("news", "http://news.test/").due_at
        found, seed = capture(world, "http://news.test/old", "http://news.test/", "--source", "news", day=1.2)
        assert [change["kind"] for change in found["changes"]] == ["new"]
        assert found["changes"][0]["matches"][0]["trigger"] == "own-budget"
        assert seed["changes"] == []
        with world.opened() as archive:
            ask = archive.ask_at("news", "http://news.test/")
            assert ask.purpose is AskPurpose.SEED and ask.due_at >= due


def test_files_are_kept_as_what_an_address_answered(tmp_path: Path) -> None:
    page, notice = tmp_path / "saved page.html", tmp_path / "公示.pdf"
    page.write_text(POST, encoding="utf-8")
    notice.write_bytes(files.pdf(files.lines(["市财政局为海湾机器审慎研究院设立专项预算4200万元。"]), title="公示"))
    with World(tmp_path) as world:
        served(world)
        (saved,) = capture(world, "http://wall.test/s/9", "--file", str(page))
        (pdf,) = capture(world, "http://wall.test/n.pdf", "--file", str(notice), day=3)
        assert not world.site.log  # nothing was fetched
        for kept in (saved, pdf):
            assert kept["why"].startswith("given as a file")
            assert kept["changes"][0]["kind"] == ChangeKind.NEW
            assert kept["changes"][0]["matches"][0]["trigger"] == "own-budget"
        assert pdf["title"] == "公示"


def test_what_does_not_come_is_said_with_the_remedy(tmp_path: Path) -> None:
    with World(tmp_path) as world:
        served(world)
        world.site.put("http://post.test/robots.txt", Answer(b"User-agent: *\nDisallow: /", media_type="text/plain"))
        said = world.call("capture", "http://post.test/s/1", "http://10.0.0.1/", day=2, code=3)
        assert "disallowed" in said and "--file FILE URL" in said
        assert "refused" in said and "not public" in said
        (shell,) = capture(world, "http://news.test/none", day=2, code=3)
        assert (shell["outcome"], shell["capture"]) == ("gone", None)


def test_wrong_use_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "x.html").write_text("<p>x", encoding="utf-8")
    with World(tmp_path) as world:
        served(world)
        assert "no http or https address" in world.call("capture", "ftp://post.test/", code=2)
        loaded = catalogue.load(tmp_path / "sources.yml", tmp_path / "triggers.yml")
        for urls, about, file, said in (
            (["http://post.test/"], About(source_id="new"), None, "is it news?"),
            (["http://post.test/"], About(trigger_id="own-budgets"), None, "is it own-budget?"),
            (["http://a.test/", "http://b.test/"], About(), tmp_path / "x.html", "the one address"),
            (["http://a.test/"], About(), tmp_path / "none.html", "name a file that can be read"),
            (["http://a.test/"], About(note="x" * 5000), None, "4000 are kept"),
        ):
            with pytest.raises(UsageError, match=re.escape(said)):
                by_hand.capture(loaded, world.archive, urls, about=about, file=file)
        assert not world.site.log
        assert not world.archive.exists()
