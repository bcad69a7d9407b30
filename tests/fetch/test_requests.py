"""Requests as kinds want them, over the real crawl: keys, forms, hosts that answer by their terms."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request as Sent

from crawler.fetch import Errand, FetchOptions
from crawler.fetch.faults import Stopped
from crawler.fetch.pace import Pace
from crawler.fetch.seal import Seal
from crawler.request import Request, Secret
from storage.records import Outcome, Reason, Validators
from tests.fetch.child import CHECKOUT, Told, by_url, crawl, errand
from tests.website import Answer, Asked, Website, redirect

KEY = "key/invented+0123456789ab=="
NAME = "HARBOUR_KEY"
SEEN = Validators(capture_id=7, etag='"v1"', last_modified="Sat, 01 Mar 2031 00:00:00 GMT")


def keyed(url: str, **more: object) -> Request:
    host = url.split("/")[2]
    return Request(url=url, secret=Secret(env=NAME, host=host, **more or {"parameter": "api_key"}), robots=False)


def asking(request: Request, options: FetchOptions, **more: object) -> Errand:
    return errand(more.pop("url", request.url), options, request=request, **more)


def ask(site: Website, *requests: Request, **environment: str) -> dict[str, Told]:
    errands = [asking(each, site.options()) for each in requests]
    return by_url(crawl(errands, **({NAME: KEY} | environment)))


def test_a_key_is_sent_once_and_never_recorded() -> None:
    with Website() as site:
        site.serve("http://a.test/q", lambda _, asked: Answer(asked.path.encode(), headers=[("X-Path", asked.path)]))
        site.put("http://b.test/", lambda _, asked: Answer(asked.headers.get("x-key", "none").encode()))
        told = ask(
            site,
            keyed("http://a.test/q?x=1"),
            keyed("http://b.test/", header="X-Key", prefix="Key "),
        )
        assert site.log[0].path in ("/q?x=1&api_key=key%2Finvented%2B0123456789ab%3D%3D", "/")
        assert {each.path for each in site.log} == {"/q?x=1&api_key=key%2Finvented%2B0123456789ab%3D%3D", "/"}
        assert told["http://b.test/"].body == b"Key hidden-HARBOUR_KEY"
        assert told["http://a.test/q?x=1"].body == b"/q?x=1&api_key=hidden-HARBOUR_KEY"
        assert told["http://a.test/q?x=1"].fetch.final_url == "http://a.test/q?x=1"
        assert "0123456789ab" not in repr(told)


def test_a_redirect_takes_no_key_to_another_host_and_keeps_it_at_home() -> None:
    def away(_: int, asked: Asked) -> Answer:
        return redirect(f"http://thief.test{asked.path}")

    def home(_: int, asked: Asked) -> Answer:
        return redirect(f"http://home.test/there?{asked.path.partition('?')[2]}")

    with Website() as site:
        site.serve("http://away.test/q", away)
        site.serve("http://away.test/h", lambda _, asked: redirect("http://thief.test/q"))
        site.serve("http://home.test/here", home)
        site.serve("http://home.test/there", lambda _, asked: Answer(b"fine"))
        site.serve("http://thief.test/q", lambda _, asked: Answer(b"mine"))
        told = ask(
            site,
            keyed("http://away.test/q"),
            keyed("http://away.test/h", header="X-Key"),
            keyed("http://home.test/here"),
        )
        thief = [each for each in site.log if each.host == "thief.test"]
        assert {each.path for each in thief} == {"/robots.txt", "/q", "/q?api_key=hidden-HARBOUR_KEY"}
        assert "0123456789ab" not in repr(thief)
        assert not any("x-key" in each.headers for each in thief)
        there = [each.query["api_key"] for each in site.log if each.path.startswith("/there")]
        assert there == [KEY]
        assert "0123456789ab" not in repr(told)
        assert not any(each.path == "/robots.txt" for each in site.log if each.host != "thief.test")


def test_a_missing_or_broken_key_asks_nobody() -> None:
    values = {"A": ("", "needs A in the environment"), "B": ("short", "is no key"), "C": ("ключ" * 4, "is no key")}
    with Website() as site:
        site.serve("http://a.test/q", lambda _, asked: Answer(b"{}"))
        requests = [
            Request(url=f"http://a.test/q?{name}", secret=Secret(env=name, host="a.test", parameter="key"))
            for name in values
        ]
        told = ask(site, *requests, **{name: value for name, (value, _) in values.items()})
        for name, (_, said) in values.items():
            each = told[f"http://a.test/q?{name}"]
            assert each.said == ("refused", "no key in the environment")
            assert said in each.fetch.detail
            assert each.ask.due_at - each.fetch.finished_at == timedelta(days=1), "asked again at its own pace"
        assert site.log == []


def test_nothing_that_scrapy_logs_holds_the_key() -> None:
    """It logs the address of an answer that is too large or cut short."""
    with Website() as site:
        site.serve("http://large.test/q", lambda _, asked: Answer(b"x" * 3000))
        site.serve("http://short.test/q", lambda _, asked: Answer(b"x" * 300, length=900))
        site.serve("http://broken.test/q", lambda _, asked: Answer(raw=b"no http at all\r\n\r\n"))
        options = site.options(max_bytes=1000)
        errands = [asking(keyed(f"http://{host}.test/q"), options) for host in ("large", "short", "broken")]
        done = subprocess.run(
            [sys.executable, "-c", "from tests.fetch.child import main; main()"],
            input=json.dumps([each.to_json() for each in errands]).encode(),
            capture_output=True,
            cwd=CHECKOUT,
            env=os.environ | {NAME: KEY},
            timeout=60,
            check=True,
        )
        assert b"hidden-HARBOUR_KEY" in done.stderr
        assert b"0123456789ab" not in done.stderr + done.stdout
        assert KEY.encode() not in json.dumps([each.to_json() for each in errands]).encode()
        assert any("0123456789ab" in each.path for each in site.log), "it was sent"


def test_a_form_is_posted_without_conditions_and_becomes_a_get_where_a_redirect_says_so() -> None:
    def post(url: str, **more: object) -> Request:
        headers = (("Content-Type", "application/x-www-form-urlencoded"),)
        return Request(url=url, method="POST", body="名=港口", headers=headers, robots=False, **more)

    with Website() as site:
        site.serve("http://a.test/post", lambda _, asked: Answer(b"posted", etag='"v1"'))
        site.serve("http://a.test/303", lambda _, asked: redirect("/seen", 303))
        site.serve("http://a.test/307", lambda _, asked: redirect("/again", 307))
        site.serve("http://a.test/seen", lambda _, asked: Answer(b"seen"))
        site.serve("http://a.test/again", lambda _, asked: Answer(b"again"))
        options = site.options()
        told = by_url(
            crawl(
                [
                    asking(post("http://a.test/post"), options, validators=SEEN, url="http://a.test/#each=1"),
                    asking(post("http://a.test/303"), options),
                    asking(post("http://a.test/307"), options),
                ]
            )
        )
        asked = {each.path: each for each in site.log}
        assert (asked["/post"].method, asked["/post"].body) == ("POST", "名=港口".encode())
        assert "if-none-match" not in asked["/post"].headers
        assert (asked["/seen"].method, asked["/seen"].body) == ("GET", b"")
        assert (asked["/again"].method, asked["/again"].body) == ("POST", "名=港口".encode())
        fetch, capture = told["http://a.test/#each=1"].fetch, told["http://a.test/#each=1"].capture
        assert fetch.outcome is Outcome.CAPTURED
        assert (capture.url, capture.final_url) == ("http://a.test/#each=1",) * 2
        assert fetch.detail == "asked by POST http://a.test/post with 名=港口"
        assert told["http://a.test/303"].fetch.final_url == "http://a.test/seen"


def test_robots_txt_decides_unless_the_kind_says_that_terms_do() -> None:
    with Website() as site:
        site.put("http://a.test/robots.txt", "User-agent: *\nDisallow: /")
        site.put("http://a.test/api", "fine")
        site.put("http://a.test/page", "no")
        told = by_url(
            crawl(
                [
                    asking(Request(url="http://a.test/api", robots=False), site.options()),
                    asking(Request(url="http://a.test/page"), site.options()),
                ]
            )
        )
        assert told["http://a.test/api"].said == ("captured", None)
        assert told["http://a.test/page"].said == ("disallowed", "robots")


def test_our_contact_goes_where_the_service_wants_it_and_into_no_record() -> None:
    with Website() as site:
        site.serve("http://a.test/works", lambda _, asked: Answer(json.dumps(asked.query).encode()))
        request = Request(url="http://a.test/works?q=1", contact="mailto", robots=False)
        (told,) = by_url(crawl([asking(request, site.options(contact="me@example.org"))])).values()
        assert json.loads(told.body) == {"q": "1", "mailto": "me@example.org"}
        assert told.capture.final_url == "http://a.test/works?q=1"


def test_the_strictest_of_the_sources_of_a_host_sets_its_pace() -> None:
    pace = Pace(2.0)
    for delay, concurrency in ((3.0, 4), (6.0, 8), (1.0, 2)):
        pace.declare("api.test", delay, concurrency)
    assert (pace.of("api.test").delay, pace.of("api.test").concurrency) == (6.0, 2)


def seal(**more: object) -> Seal:
    secret = Secret(env=NAME, host="api.example", **more or {"parameter": "key"})
    made = Seal.of(secret, FetchOptions(), {NAME: KEY})
    assert made is not None
    return made


@pytest.mark.parametrize(
    ("url", "there"),
    [
        ("https://api.example/a?b=c", True),
        ("https://API.EXAMPLE/a", True),
        ("http://api.example/a", False),
        ("https://api.example:8443/a", False),
        ("https://api.example.evil.test/a", False),
        ("https://evil.test/api.example", False),
    ],
)
def test_a_key_goes_to_its_host_by_https_only(url, there) -> None:
    assert (KEY in str(seal(header="X-Key").put(Sent(url)).headers)) is there
    assert ("0123456789ab" in seal().put(Sent(url)).url) is there


def test_a_seal_does_not_show_its_value() -> None:
    assert KEY not in repr(seal())
    assert KEY not in str(seal())


def test_what_is_not_needed_may_be_missing() -> None:
    optional = Secret(env=NAME, host="a.test", header="X", required=False)
    assert Seal.of(optional, FetchOptions(), {}) is None
    with pytest.raises(Stopped) as refused:
        Seal.of(Secret(env=NAME, host="a.test", header="X"), FetchOptions(), {})
    assert refused.value.fault.reason is Reason.NO_KEY


texts = st.text(max_size=20)


@given(
    body=st.none() | texts,
    headers=st.lists(st.tuples(texts, texts), max_size=3),
    secret=st.none() | st.builds(Secret, env=texts, host=texts, header=st.none() | texts, required=st.booleans()),
    flags=st.tuples(st.booleans(), st.booleans()),
    contact=st.none() | texts,
)
def test_a_request_survives_its_way_to_the_child(body, headers, secret, flags, contact) -> None:
    robots, conditional = flags
    made = Request(
        url="http://a.test/",
        method="POST",
        body=body,
        headers=tuple(headers),
        secret=secret,
        contact=contact,
        robots=robots,
        conditional=conditional,
    )
    assert Request.from_json(json.loads(json.dumps(made.to_json()))) == made
