"""The archive in Datasette: found in two languages, linked, described, and safe against what strangers wrote."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import subprocess
import sys
import urllib.request
from importlib import resources
from pathlib import Path
from urllib.parse import quote

import pytest
from datasette.utils import parse_metadata
from lxml import html

from crawler.errors import UsageError
from crawler.explore import browse, explorer
from storage.archive import Archive, ArchiveError
from tests.storage.invented import T0, begin, visit

METADATA = parse_metadata(resources.files("storage").joinpath("metadata.yml").read_text(encoding="utf-8"))
ARCHIVE = METADATA["databases"]["archive"]
CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("words", ["预算", "預算", "budget", "Budgets", '"budget doubled"', "预算 budget", "三億元"])
@pytest.mark.parametrize("table", ["versions", "texts_now"])
def test_the_search_box_finds_texts(get, table, words):
    rows = get(f"/archive/{table}.json?_shape=array&_search={quote(words)}").json()
    assert [row["title"] for row in rows] == ["Budget notice 预算公告"]


@pytest.mark.parametrize("table", ["hunks", "sentences"])
@pytest.mark.parametrize(
    ("words", "found"), [("预算", 1), ("預算", 1), ("budget", 1), ("研究院", 1), ("算预", 0), ("tests", 1)]
)
def test_the_search_box_finds_sentences(get, table, words, found):
    assert len(get(f"/archive/{table}.json?_shape=array&_search={quote(words)}").json()) == found


@pytest.mark.parametrize("words", ['"', "AND", "a OR", "(", "*", "title:x", "-", "'", "'; --", "NEAR(", "^", "%", "。"])
def test_the_search_box_takes_anything(get, words):
    assert get(f"/archive/versions.json?_shape=array&_search={quote(words)}").status_code == 200


def test_the_search_box_is_there(get):
    for table in ("versions", "hunks", "texts_now", "sentences"):
        assert 'name="_search"' in get(f"/archive/{table}").text, table


@pytest.mark.parametrize("name", ARCHIVE["tables"])
def test_every_table_and_view_opens_with_its_facets(get, name):
    page = get(f"/archive/{name}")
    assert page.status_code == 200
    assert ARCHIVE["tables"][name]["title"] in html.fromstring(page.text).text_content()
    assert "column-descriptions" in page.text
    assert "These facets timed out" not in page.text


@pytest.mark.parametrize("name", ARCHIVE["queries"])
@pytest.mark.parametrize("value", ["", "预算", "dedicated", "2026-11-01", "veldhoven", "' OR 1=1 --"])
def test_every_question_has_an_answer(get, name, value):
    asked = "&".join(f"{parameter}={quote(value)}" for parameter in ARCHIVE["queries"][name]["params"])
    page = get(f"/archive/{name}?{asked}")
    assert page.status_code == 200
    assert "message-error" not in page.text
    assert ARCHIVE["queries"][name]["title"] in page.text


def test_questions_answer(get):
    def ask(name, **given):
        asked = "&".join(f"{key}={quote(value)}" for key, value in given.items())
        return get(f"/archive/{name}.json?_shape=array&{asked}").json()

    assert ask("search", words="預算")[0]["sentence"] == "研究院2026年预算为三亿元。"
    assert {row["speaks"] for row in ask("evidence_for_trigger", trigger="dedicated")} == {"for"}
    assert ask("who_said_it_first", words="TESTS MODELS")[0]["first_seen_at"] == "2026-11-01T05:00:00.000Z"
    assert "三亿元" not in ask("what_it_said_then", page="veldhoven", day="2026-11-01")[0]["main"]
    assert "三亿元" in ask("what_it_said_then", page="veldhoven", day="")[0]["main"]
    assert ask("how_well_we_looked", since="")[0] == {
        "source_id": "gone-dark",
        "attempts": 2,
        "looks": 0,
        "percent": 0.0,
        "unchanged": 0,
        "last_looked_at": None,
        "troubles": "failed",
    }
    assert len(ask("which_proof", page="veldhoven.example")) == 4
    assert [row["source"] for row in ask("what_changed", since="2026-11-03")] != []


def test_views_answer(get):
    def rows(name):
        return get(f"/archive/{name}.json?_shape=array").json()

    missing = {row["source_id"]: row for row in rows("sources_not_reached")}
    assert set(missing) == {"gone-dark", "blind", "veldhoven-news"}
    assert missing["gone-dark"]["failing_since"] == "2026-11-04T05:00:00.000Z"
    assert missing["gone-dark"]["last_looked_at"] is None
    assert missing["blind"]["outcome"] == "not observable"
    assert (missing["veldhoven-news"]["outcome"], missing["veldhoven-news"]["why"]) == ("bot challenge", "a sign of it")
    assert [row["source_id"] for row in rows("alerts_to_review")] == ["hostile"], "the other is judged"
    assert rows("detection_delay")[0]["hours_since_published"] == 12.0
    assert rows("runs_in_short")[0]["not_reached"] == 2
    assert {row["source_id"] for row in rows("last_word_by_source")} >= {"veldhoven-news", "blind"}


PAGES = [
    "/",
    "/archive",
    *(f"/archive/{name}" for name in ARCHIVE["tables"]),
    "/archive/versions/4",
    "/archive/documents/2",
]
PAGES += ["/archive/search?words=gnissap", "/archive/what_changed?since=", "/archive/evidence_for_trigger?trigger="]
PAGES += ["/archive/versions?_search=<script>alert(1)</script>", "/archive/captures/4", "/archive/sources/hostile"]
PAGES += ["/-/change/1", "/-/change/2", "/-/change/4"]


@pytest.mark.parametrize("path", PAGES)
def test_what_a_stranger_wrote_stays_text(get, path):
    page = get(path)
    assert page.status_code == 200
    tree = html.fromstring(page.text)
    assert "<script>alert" not in page.text
    assert "49" not in [text.strip() for text in tree.itertext()]
    assert not tree.xpath("//img"), "no picture of a stranger"
    for element in tree.iter():
        for name, value in element.attrib.items() if isinstance(element.tag, str) else ():
            assert not name.lower().startswith("on"), (name, value)
            if name in ("href", "src", "action", "formaction"):
                assert not re.match(r"(?i)\s*(javascript|data|vbscript):", value), value
    for link in tree.xpath("//a[starts-with(@href, 'http')]"):
        if "cw-out" in link.get("class", ""):
            assert "noreferrer" in link.get("rel")


def test_text_of_strangers_cannot_turn_the_direction_of_the_page(get):
    tree = html.fromstring(get("/archive/versions").text)
    turned = [node for node in tree.iter() if isinstance(node.tag, str) and node.text and "\u202e" in node.text]
    assert turned
    assert {node.tag for node in turned} <= {"bdi", "script", "title"}


def test_cells_link_and_are_short(get):
    page = get("/archive/captures").text
    assert '<a href="/-/body/1">' in page
    assert 'href="/archive/sources/hostile"' in page
    assert '<time datetime="2026-11-01T05:00:00.000Z"' in page
    versions = get("/archive/versions").text
    assert "<details class='cw-long'>" in versions
    assert "characters more" in versions
    assert 'class="cw-mark cw-alert">alert<' in get("/archive/changes").text
    assert "bytes, compressed" in get("/archive/blobs").text
    assert ".blob" not in get("/archive/blobs").text


class TestBodies:
    def test_a_body_is_plain_text_whatever_it_says(self, get):
        answer = get("/-/body/4")
        assert answer.status_code == 200
        assert b"<script>alert(1)</script>" in answer.content
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]
        assert len(answer.headers["x-body-sha256"]) == 64

    def test_there_is_no_other(self, get):
        assert get("/-/body/999").status_code == 404
        assert get("/-/body/x").status_code == 404

    def test_a_damaged_body_is_not_shown(self, tmp_path):
        path = tmp_path / "archive.db"
        with Archive.open(path) as archive:
            begin(archive)
            visit(archive, T0, "a")
            archive.db.execute("UPDATE blobs SET packed = x'00'")
        answer = asyncio.run(explorer(path).client.get("/-/body/1"))
        assert answer.status_code == 500
        assert "capture 1" in answer.text
        assert answer.headers["content-type"].startswith("text/plain")


def test_every_answer_carries_the_safe_headers(get):
    for path in ("/", "/archive/news", "/archive/news.json", "/-/body/1", "/nowhere", "/cruxwatch/explore.css"):
        headers = get(path).headers
        assert headers["x-content-type-options"] == "nosniff", path
        assert headers["referrer-policy"] == "no-referrer"
        assert "content-security-policy" in headers


def test_another_name_that_leads_here_reads_nothing(get, filled):
    assert get("/", host="evil.example:8001").status_code == 421
    assert get("/", host="127.0.0.1:8001").status_code == 200
    assert get("/", host="localhost").status_code == 200
    open_to_all = explorer(filled, host="0.0.0.0")
    assert asyncio.run(open_to_all.client.get("/", headers={"host": "watch.example"})).status_code == 200


def test_own_sql_on_loopback_alone_and_never_a_write(get, filled):
    assert get("/archive.json?sql=select+1+as+one&_shape=array").json() == [{"one": 1}]
    assert get("/archive.json?sql=delete+from+sources").status_code == 400
    public = explorer(filled, host="0.0.0.0")
    assert asyncio.run(public.client.get("/archive.json?sql=select+1")).status_code == 403
    assert asyncio.run(public.client.get("/archive/search.json?words=budget&_shape=array")).json()


def test_what_was_just_recorded_is_seen_and_nothing_is_written(tmp_path):
    path = tmp_path / "archive.db"
    with Archive.open(path) as archive:
        begin(archive)
        datasette = explorer(path)

        def found():
            return asyncio.run(datasette.client.get("/archive/versions.json?_shape=array&_search=预算")).json()

        assert found() == []
        visit(archive, T0, "今年预算")
        assert len(found()) == 1
        connection = datasette.get_database("archive").connect(write=True)
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            connection.execute("DELETE FROM sources")
        connection.close()


def test_the_front_page_begins_with_questions(get):
    tree = html.fromstring(get("/").text)
    asked = [form.xpath("string(.//h3)") for form in tree.xpath("//form[@class='cw-ask']")]
    assert asked == [query["title"] for query in ARCHIVE["queries"].values()]
    assert "1 alerts to judge" in " ".join(tree.text_content().split())
    assert "2 of 4 sources not reached" in " ".join(tree.text_content().split())
    for link in tree.xpath("//section//a/@href"):
        assert get(link).status_code == 200, link


@pytest.mark.parametrize(("there", "says"), [(False, "there is no archive here"), (True, "is not an SQLite file")])
def test_no_archive_no_browser(tmp_path, there, says):
    path = tmp_path / "archive.db"
    if there:
        path.write_text("no" * 1000)
    with pytest.raises(ArchiveError, match=says):
        explorer(path)


def test_a_taken_port_is_told(filled):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UsageError, match="another --port"):
        browse(filled, port=taken.getsockname()[1])


def test_over_real_http_and_ended_by_an_interrupt(filled):
    code = (
        "import sys; from crawler.explore import browse; browse(sys.argv[1], port=0, say=lambda s: print(s, flush=1))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(filled)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=CHECKOUT,
    )
    try:
        address = re.search(r"http://\S+/", child.stdout.readline()).group()
        for words in ("预算", "預算", "budget"):
            with urllib.request.urlopen(
                f"{address}archive/versions.json?_shape=array&_search={quote(words)}"
            ) as answer:
                assert b"Budget notice" in answer.read(), words
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
    finally:
        child.send_signal(2)
        child.wait(20)
        errors = child.stderr.read()
        child.stdout.close()
        child.stderr.close()
    assert "Traceback" not in errors
