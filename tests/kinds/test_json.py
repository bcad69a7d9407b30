"""JSON endpoints over a month, and what their options refuse."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extract import TextOptions
from crawler.kinds import json as kind
from crawler.kinds import json_values as values
from crawler.kinds.json_options import Absence, Paging
from crawler.request import SecretOptions
from storage.records import Ask, AskPurpose, Capture, Health
from tests.kinds.month import DAYS, Month, day_of
from tests.kinds.services.json_services import KEY, TOKEN

NOW = datetime(2031, 3, 5, 6, 0, tzinfo=UTC)
OK, BAD = "captured ok", "captured not what this kind expects"
FINE = dict.fromkeys(DAYS, OK)


def test_items_come_new_are_edited_and_leave(month: Month) -> None:
    assert month.told("works") == FINE
    assert month.changes("works") == {
        1: ["first https://works.test/W1", "first https://works.test/W2"],
        3: ["new https://works.test/W3 alert"],
        4: ["changed https://works.test/W1"],
    }, "an item that leaves a list of the newest is no news"
    assert month.text("works", "https://works.test/W1").splitlines()[-1] == "Dora Lock"
    assert "潮汐表与机器审慎" in month.text("works", "https://works.test/W2")


def test_every_way_to_fail_is_told_apart_and_none_is_a_change(month: Month) -> None:
    assert month.told("articles") == {
        1: OK,
        2: "limited asked to come later",
        3: BAD,
        4: BAD,
        5: "failed too large",
        6: "failed timed out",
        7: OK,
        30: OK,
    }
    assert month.changes("articles") == {1: ["first https://press.test/a", "first https://press.test/b"]}
    details = month.details("articles")
    assert "“Please limit requests to one every 5 seconds" in details[3], "a refusal is quoted, not read as silence"
    assert details[4] == "HTML in place of JSON: “Sign in”"
    assert month.told("mixed") == {1: OK} | dict.fromkeys(DAYS[1:], BAD)
    assert [month.details("mixed")[day][:24] for day in DAYS[1:]] == [
        "the body is empty",
        "an error in place of an ",
        "a document or picture in",
        "JSON nested deeper than ",
        "no list at 'results': “j",
        "no item has a key at 'id",
        "broken JSON (Expecting '",
    ]
    assert month.changes("mixed") == {1: ["first 1"]}


def test_posts_of_a_graphql_forum_are_paged_and_dated_and_matched(month: Month) -> None:
    assert month.told("posts") == FINE | {2: BAD}
    first = ["first p1", "first p2", "first p3"]
    assert month.changes("posts") == {1: first, 3: ["new p4 alert"], 5: ["changed p1"]}, "one that leaves is no news"
    assert month.text("posts", "p4").splitlines()[1:] == [
        "The Harbour Institute received a dedicated budget of 42 million yuan.",
        "So it lasts.",
    ]
    first = month.asked("posts.test")[0]
    body = json.loads(first.body)
    assert (first.method, first.headers["content-type"]) == ("POST", "application/json")
    assert 'after:"2031-02-26"' in body["query"], "{since} is a day before the look, by the run's clock"
    assert body["variables"] == {"offset": "0"}
    assert len({fetch.url for fetch, _ in month.fetches("posts", AskPurpose.SEED)}) == 1, "one identity for every day"
    found = next(each for each in month.findings("posts") if each.document.key == "p4")
    assert found.document.url == "http://posts.test/posts/p4/post-4"
    assert found.new.published_at == datetime(2031, 3, 3, 1, 2, 3, tzinfo=UTC)


def test_a_form_is_posted_and_a_code_is_a_refusal(month: Month) -> None:
    assert month.told("tenders") == FINE | {2: BAD}
    assert month.details("tenders")[2] == "refused: 'code' is 829: “请完成验证码”"
    assert month.changes("tenders") == {4: ["new /t/1"]}, "an empty list was a look: what comes later is new"
    assert month.text("tenders", "/t/1") == "海湾机器审慎研究院算力采购公告"


def test_an_absence_is_broken_once_and_only_a_good_answer_has_looked(month: Month) -> None:
    key = "https://authority.test/data"
    assert month.told("authority") == FINE | {2: BAD, 7: BAD}
    assert month.details("authority")[2] == "an error in place of an answer: “系统繁忙”"
    assert month.changes("authority") == {
        1: [f"first {key}"],
        4: [f"changed {key} alert"],
        5: [f"changed {key} alert"],
        30: [f"returned {key} noise"],
    }
    found = next(each for each in month.findings("authority") if day_of(each.change.seen_at) == 4)
    assert found.new.main.splitlines()[:2] == [
        "查到1条（已知0条）：提到海湾机器审慎研究院的政策文件。",
        "市财政局为海湾机器审慎研究院设立专项预算4200万元。",
    ]
    assert month.changes("authority-trouble") == {1: ["first https://autrouble.test/data"]}


def test_what_is_above_the_baseline_at_the_first_look_is_news(month: Month) -> None:
    anchor, buoy = (f"https://shared.test/works#each={lab}" for lab in ("Anchor", "Buoy"))
    assert month.changes("shared") == {1: [f"new {anchor}", f"first {buoy}"]}
    assert month.text("shared", anchor) == "Found 3, of which 2 were known: papers shared with Anchor."
    assert month.text("shared", buoy) == "Nothing found beyond the 2 known: papers shared with Buoy."


def test_an_item_that_a_complete_list_leaves_out_twice_is_gone(month: Month) -> None:
    assert month.changes("hub") == {
        1: ["first harbour/tides", "first harbour/ropes"],
        3: ["new harbour/results"],
        4: ["changed harbour/tides"],
        6: ["gone harbour/ropes"],
        7: ["back harbour/ropes"],
    }
    assert not any("if-none-match" in each.headers for each in month.asked("hub.test")), "304 would confirm nothing"


def test_a_cursor_is_followed_to_its_end_with_our_contact(month: Month) -> None:
    assert month.changes("polite") == {1: ["first 10.1/a", "first 10.1/b", "first 10.1/c"]}
    assert [each.query["cursor"] for each in month.asked("polite.test")][:3] == ["*", "c2", "c3"]
    fetch, _ = month.fetches("polite")[0]
    assert (fetch.url, fetch.final_url) == ("http://polite.test/works",) * 2


def test_pages_of_items_are_asked_by_robots_txt_and_the_endpoint_by_its_terms(month: Month) -> None:
    assert month.told("titles") == FINE
    assert month.changes("titles") == {1: ["first 1"]}
    assert list(month.told("titles", AskPurpose.ITEM).items())[:1] == [(1, OK)]
    outcomes = {fetch.url: fetch.outcome.value for fetch, _ in month.fetches("titles", AskPurpose.ITEM)}
    assert outcomes["http://titles.test/story/2"] == "disallowed"


def test_a_key_goes_to_its_host_and_nowhere_else(month: Month) -> None:
    assert month.told("leaving") == FINE
    hosts = {each.host for each in month.world.site.log if KEY in str(each) or "9f8e7d6c5b4a" in str(each)}
    assert hosts == {"works.test", "leaving.test"}
    assert {each.host for each in month.world.site.log if TOKEN in str(each)} == {"tokened.test"}
    assert "hidden-HARBOUR_KEY" in month.asked("elsewhere.test")[0].path


def test_a_key_is_in_no_record_no_body_no_log(month: Month) -> None:
    needles = [KEY, TOKEN, "key%2Finvented%2B9f8e7d6c5b4a", "key\\/invented+9f8e7d6c5b4a", "9f8e7d6c5b4a"]
    told = [text.encode() for text in month.output]
    told += [path.read_bytes() for path in month.world.folder.rglob("*") if path.is_file()]
    with month.world.opened() as archive:
        told += [archive.body(capture) for capture in month.captures(archive)]
        told += [str(capture).encode() for capture in month.captures(archive)]
    with closing(sqlite3.connect(month.world.archive)) as archive:
        told += ["\n".join(archive.iterdump()).encode()]
    assert len(told) > 100
    for needle in needles:
        assert not any(needle.encode() in text for text in told), needle


def test_a_missing_key_is_said_and_nobody_is_asked(month: Month) -> None:
    assert month.told("keyless") == dict.fromkeys(DAYS, "refused no key in the environment")
    assert set(month.details("keyless").values()) == {"needs HARBOUR_ABSENT in the environment"}
    assert month.asked("keyless.test") == []
    assert month.changes("tokened") == {1: ["first 1", "first 2"]}
    assert month.changes("tokenless") == {1: ["first 1"]}, "a token that is not needed only allows for more"


GOOD = {"key": "id"}


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({}, "key"),
        (GOOD | {"items": "$.a"}, "items"),
        (GOOD | {"items": "a[?"}, "items"),
        (GOOD | {"text": ("ok", "a" * 501)}, "text[1]"),
        (GOOD | {"url": "https://a.test/{x.[}"}, "url"),
        (GOOD | {"refusals": {"a[": ("1",)}}, "refusals.a["),
        (GOOD | {"limit": 0}, "limit"),
        (GOOD | {"form": {"a": "b"}}, "method"),
        (GOOD | {"method": "POST", "form": {"a": "b"}, "body": "x"}, "body"),
        (GOOD | {"headers": {"Authorization": "x"}}, "headers.Authorization"),
        (GOOD | {"headers": {"X-Y": "a\r\nHost: b"}}, "headers.X-Y"),
        (GOOD | {"each": ("a",)}, "each"),
        (GOOD | {"query": {"a": "{each}"}}, "each"),
        (GOOD | {"query": {"a": "{page}"}}, "paging"),
        (GOOD | {"paging": Paging(by="page", size=10)}, "paging"),
        (GOOD | {"fetch_items": True}, "fetch_items"),
        (GOOD | {"since": timedelta(hours=1)}, "since"),
        (GOOD | {"revisit": timedelta(minutes=1)}, "revisit"),
        (
            GOOD | {"complete": True, "query": {"p": "{page}"}, "paging": Paging(by="page", size=1)},
            "complete",
        ),
    ],
)
def test_options_that_cannot_be_used(options, path) -> None:
    assert path in [where for where, _ in kind.Options(**options).problems()]


def test_parts_that_cannot_be_used() -> None:
    def wrong(part) -> list[str]:
        return [where for where, _ in part.problems()]

    assert wrong(Paging(by="cursor")) == ["by"]
    assert wrong(Paging(by="page")) == ["size"]
    assert wrong(Paging(by="page", size=5, first="one", max_pages=1)) == ["max_pages", "first"]
    assert wrong(Absence(what=" ", baseline=-1, count="$")) == ["what", "baseline", "count"]
    assert wrong(SecretOptions(env="sk-1234", header="A")) == ["env"], "the value itself was written"
    assert wrong(SecretOptions(env="KEY")) == ["env"]
    assert wrong(SecretOptions(env="KEY", header="a b")) == ["header"]
    assert wrong(SecretOptions(env="KEY", parameter="a", prefix="x")) == ["prefix"]


def read(body: bytes, options: kind.Options, url: str = "http://a.test/", language: str | None = None):
    capture = Capture(
        source_id="a", url=url, final_url=url, fetched_at=NOW, status=200, sha256="0" * 64, size=len(body)
    )
    ask = Ask(source_id="a", url=url, found_at=NOW)
    return kind.read(capture, body, ask, options, TextOptions(), language)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda x: st.lists(x) | st.dictionaries(st.text(), x),
        max_leaves=20,
    )
)
def test_no_answer_breaks_the_reading(answer) -> None:
    options = kind.Options(
        items="@", key="id || @", title="title", text=("@", "a.b[].c"), time="@", url="url", author="@"
    )
    result = read(json.dumps(answer).encode(), options)
    assert result.health in (Health.OK, Health.MALFORMED)
    assert len({text.key for text in result.texts}) == len(result.texts)


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(body) -> None:
    assert read(body, kind.Options(key="id")).health in (Health.OK, Health.MALFORMED)


def test_an_answer_is_bounded() -> None:
    options = kind.Options(key="id", title="t", limit=3)
    result = read(json.dumps([{"id": n, "t": f"Title {n}"} for n in range(5)]).encode(), options)
    assert [text.key for text in result.texts] == ["0", "1", "2"]
    assert result.detail == "5 items, of which 3 are taken"
    large = b"[" + b"1," * 4_000_000 + b"1]"
    assert read(large, options).health is Health.MALFORMED


@pytest.mark.parametrize("name", ["error", "results", "status"])
@pytest.mark.parametrize(("opening", "closing_"), [("[", "]"), ('{"error":', "}"), ('{"a":[', "]}")])
@pytest.mark.parametrize("depth", [50, 300, 700, 950])
def test_depth_breaks_nothing(name, opening, closing_, depth) -> None:
    body = f'{{"{name}": {opening * depth}1{closing_ * depth}}}'.encode()
    result = read(body, kind.Options(items="results", key="id || @", text=("@",), refusals={"a.b": ("1",)}))
    assert result.health is Health.MALFORMED


@pytest.mark.parametrize(
    ("told", "when"),
    [
        ("2031-03-01", datetime(2031, 3, 1, tzinfo=UTC)),
        ("20310301T060709Z", datetime(2031, 3, 1, 6, 7, 9, tzinfo=UTC)),
        (1930000000, datetime(2031, 2, 27, 23, 6, 40, tzinfo=UTC)),
        ("1930000000000", datetime(2031, 2, 27, 23, 6, 40, tzinfo=UTC)),
        ([[2031, 3]], datetime(2031, 3, 1, tzinfo=UTC)),
        ("2031年3月1日", datetime(2031, 3, 1, tzinfo=UTC)),
        ([2031, 13, 1], None),
        (1e300, None),
        ({"a": 1}, None),
        (None, None),
        (True, None),
    ],
)
def test_times_in_every_form(told, when) -> None:
    assert values.time_of(told)[1] == when
