"""Every outcome over the real crawl in a child process, many addresses in few crawls."""

from __future__ import annotations

import gzip
import zlib
from datetime import timedelta

import brotli
import pytest

from storage.records import Validators
from tests.fetch.child import START, Told, by_url, crawl, errand
from tests.website import Answer, Website, redirect

# one world for all of them: a worker of its own would make another
pytestmark = pytest.mark.xdist_group("outcomes")

OK = ("captured", None)
SEEN = Validators(capture_id=7, etag='"v1"', last_modified="Sat, 01 Mar 2031 00:00:00 GMT")


def zstd(body: bytes) -> bytes:
    from crawler.fetch.encoding import zstd as module

    return module.compress(body)


def encoded(name: str, body: bytes) -> Answer:
    return Answer(body, headers=[("Content-Encoding", name)])


def endless_headers():
    yield b"HTTP/1.1 200 OK\r\n"
    for number in range(200_000):
        yield b"X-%d: %s\r\n" % (number, b"a" * 1000)


def endless_body():
    yield b"HTTP/1.1 200 OK\r\n\r\n"
    for _ in range(20_000):
        yield b"a" * 10_000


BOMB = bytes(8_000_000)
PAGE = b"<p>hello</p>"

# address: (expected outcome and reason, words its detail holds, answers by visit)
SINGLE = {
    "http://plain.test/": (OK, None, [PAGE]),
    "http://zh.test/预算?年=2031": (OK, None, None),
    "http://gz.test/": (OK, None, [Answer(PAGE, gzipped=True)]),
    "http://deflate.test/": (OK, None, [encoded("deflate", zlib.compress(PAGE))]),
    "http://bare-deflate.test/": (OK, None, [encoded("deflate", zlib.compress(PAGE)[2:-4])]),
    "http://br.test/": (OK, None, [encoded("br", brotli.compress(PAGE))]),
    "http://zstd.test/": (OK, None, [encoded("zstd", zstd(PAGE))]),
    "http://twice.test/": (OK, None, [encoded("gzip, gzip", gzip.compress(gzip.compress(PAGE)))]),
    "http://liar.test/": (OK, None, [encoded("gzip", PAGE)]),
    "http://empty.test/": (OK, None, [b""]),
    "http://gone.test/404": (("gone", "status"), "404", [Answer(b"no", 404)]),
    "http://gone.test/410": (("gone", "status"), "410", [Answer(b"no", 410)]),
    "http://blocked.test/401": (("blocked", "status"), "401", [Answer(b"no", 401)]),
    "http://blocked.test/403": (("blocked", "status"), "403 Forbidden", [Answer(b"no", 403)]),
    "http://blocked.test/451": (("blocked", "status"), "451", [Answer(b"no", 451)]),
    "http://odd.test/204": (("failed", "status"), "204", [Answer(b"", 204)]),
    "http://odd.test/304": (("failed", "status"), "304", [Answer(b"", 304)]),
    "http://odd.test/206": (("failed", "status"), "206", [Answer(PAGE, 206)]),
    "http://odd.test/999": (("failed", "status"), "999", [Answer(PAGE, 999)]),
    "http://odd.test/300": (("failed", "status"), "300", [Answer(PAGE, 300)]),
    "http://odd.test/302": (("failed", "status"), "302", [Answer(PAGE, 302)]),
    "http://down.test/": (("failed", "status"), "503", [Answer(b"", 503)]),
    "http://cf.test/": (
        ("challenged", "bot challenge"),
        "cf-mitigated",
        [Answer(b"Just a moment", 403, [("cf-mitigated", "challenge")])],
    ),
    "http://waf.test/": (
        ("challenged", "bot challenge"),
        "x-amzn-waf-action",
        [Answer(b"", 202, [("x-amzn-waf-action", "challenge")])],
    ),
    "http://ruishu.test/": (
        ("challenged", "bot challenge"),
        "412",
        [Answer(b"<script>", 412, [("Set-Cookie", "x=1")])],
    ),
    "http://jsl.test/": (
        ("challenged", "bot challenge"),
        "521",
        [Answer(b"<script>", 521, [("Set-Cookie", "__jsluid=1")])],
    ),
    "http://bomb.test/": (("failed", "too large"), "gzip", [encoded("gzip", gzip.compress(BOMB))]),
    "http://br-bomb.test/": (("failed", "too large"), "br", [encoded("br", brotli.compress(BOMB, quality=1))]),
    "http://zstd-bomb.test/": (("failed", "too large"), "zstd", [encoded("zstd", zstd(BOMB))]),
    "http://deflate-bomb.test/": (("failed", "too large"), "deflate", [encoded("deflate", zlib.compress(BOMB))]),
    "http://layers.test/": (("failed", "content encoding broken"), "4", [encoded("gzip, gzip, gzip, gzip", PAGE)]),
    "http://unknown.test/": (("failed", "content encoding broken"), "'rot13'", [encoded("rot13", PAGE)]),
    "http://half-gzip.test/": (
        ("failed", "content encoding broken"),
        "ends too early",
        [encoded("gzip", gzip.compress(bytes(range(256)) * 100)[:-200])],
    ),
    "http://huge.test/": (("failed", "too large"), None, [b"a" * 1_200_000]),
    "http://endless.test/": (("failed", "too large"), None, [Answer(raw=endless_body())]),
    "http://cut.test/": (("failed", "connection failed"), "ended before", [Answer(b"<p>half", length=5000)]),
    "http://dropped.test/": (("failed", "connection failed"), "broke", [Answer(drop=True)]),
    "http://head-bomb.test/": (("failed", "connection failed"), None, [lambda *_: Answer(raw=endless_headers())]),
    "http://long-line.test/": (
        ("failed", "connection failed"),
        None,
        [Answer(raw=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 500_000 + b"\r\n\r\nhello")],
    ),
    "http://ssh.test/": (("failed", "connection failed"), "not HTTP", [Answer(raw=b"SSH-2.0-OpenSSH_9\r\n\r\n")]),
    "http://drip.test/": (("failed", "timed out"), "in time", [Answer(b"a" * 1000, drip=(1, 0.1))]),
    "http://silent.test/": (("failed", "timed out"), "in time", [Answer(b"", delay=20.0)]),
    "http://old.test/": (
        OK,
        None,
        [Answer(raw=b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n<p>hello</p>")],
    ),
    "http://bad-header.test/": (
        OK,
        None,
        [Answer(raw=b"HTTP/1.1 200 OK\r\nnonsense\r\nX-A: b\r\nContent-Length: 12\r\n\r\n<p>hello</p>")],
    ),
    "http://again.test/503": (OK, None, [Answer(b"", 503), PAGE]),
    "http://again.test/drop": (OK, None, [Answer(drop=True), PAGE]),
    "http://chain.test/a": (OK, None, [redirect("/b", 301)]),
    "http://loop.test/a": (("refused", "too many redirects"), "circle", [redirect("/b")]),
    "http://many.test/0": (("refused", "too many redirects"), "more than 3", [redirect("/1")]),
    "http://gate.test/": (OK, None, None),
    "http://leads.test/private": (("refused", "address not public"), "10.0.0.1", [redirect("http://10.0.0.1/")]),
    "http://leads.test/meta": (
        ("refused", "address not public"),
        "link-local",
        [redirect("http://169.254.169.254/latest/meta-data/")],
    ),
    "http://leads.test/file": (("refused", "scheme not allowed"), "file:", [redirect("file:///etc/passwd")]),
    "http://leads.test/script": (("refused", "scheme not allowed"), "javascript:", [redirect("javascript:alert(1)")]),
    "http://leads.test/back": (("refused", "scheme not allowed"), None, [redirect("http://x.test\\@10.0.0.1/")]),
    "http://leads.test/user": (("refused", "scheme not allowed"), "user name", [redirect("http://a:b@plain.test/")]),
    "http://leads.test/nowhere": (("refused", "too many redirects"), "circle", [Answer(b"", 302, [("Location", "")])]),
    "http://leads.test/gone": (("gone", "status"), "404", [redirect("/not-there")]),
}
REFUSED = {
    "http://0x7f000001:{port}/": "loopback",
    "http://2130706433:{port}/": "loopback",
    "http://127.1:{port}/": "loopback",
    "http://0177.0.0.1:{port}/": "loopback",
    "http://[::ffff:127.0.0.1]:{port}/": "loopback",
    "http://[::1]:{port}/": "loopback",
    "http://[64:ff9b::7f00:1]:{port}/": "loopback",
    "http://localhost:{port}/": "loopback",
    "http://0:{port}/": "unspecified",
    "http://10.1.2.3/": "private",
    "https://10.1.2.4/": "private",
    "https://[::ffff:10.1.2.4]:{port}/": "private",
    "http://100.64.0.1/": "carrier-grade",
    "http://[2002:7f00:1::]/": "6to4",
    "http://[fe80::1]/": "link-local",
    "http://224.0.0.1/": "multicast",
}
NO_ADDRESS = [
    "file:///etc/passwd",
    "ftp://plain.test/",
    "http://",
    "http:///x",
    "nonsense",
    "http://u:p@plain.test/",
    "",
]


def put_all(site: Website) -> None:
    for url, (_, _, answers) in SINGLE.items():
        if answers:
            site.put(url, *answers)
    site.put("http://zh.test/%E9%A2%84%E7%AE%97?%E5%B9%B4=2031", PAGE)
    site.put("http://chain.test/b", redirect("http://plain.test/", 302))
    site.put("http://loop.test/b", redirect("/a"))
    for number in range(1, 9):
        site.put(f"http://many.test/{number}", redirect(f"/{number + 1}"))

    def gate(visit, asked):
        if "pass=1" in asked.headers.get("cookie", ""):
            return Answer(PAGE)
        return redirect("/", headers=[("Set-Cookie", "pass=1")])

    site.put("http://gate.test/", gate)
    site.put("http://known.test/etag", Answer(PAGE, etag='"v1"'))
    site.put("http://known.test/date", Answer(PAGE, modified=SEEN.last_modified))
    site.put("http://known.test/new", Answer(PAGE, etag='"v2"'))


@pytest.fixture(scope="module")
def world() -> tuple[Website, dict[str, Told]]:
    with Website() as site:
        put_all(site)
        options = site.options(timeout=timedelta(seconds=3), max_bytes=1_000_000, max_redirects=3)
        errands = [errand(url, options) for url in SINGLE]
        errands += [errand(url, options, validators=SEEN) for url in KNOWN]
        errands += [errand(url.format(port=site.port), options) for url in REFUSED]
        errands += [errand(url, options) for url in NO_ADDRESS]
        errands += [errand(f"http://{'long' * 20}.test/{number}", options) for number in range(3)]
        yield site, by_url(crawl(errands))


KNOWN = {
    "http://known.test/etag": ("unchanged", None),
    "http://known.test/date": ("unchanged", None),
    "http://known.test/new": OK,
}


@pytest.mark.parametrize("url", SINGLE)
def test_outcome(world, url):
    expected, words, _ = SINGLE[url]
    told = world[1][url]
    assert told.said == expected, told.fetch.detail
    assert words is None or words in told.fetch.detail
    assert (told.capture is None) == (told.body is None) == (expected != OK)
    assert (told.fetch.reason is None) == (expected[0] in ("captured", "unchanged"))
    assert told.fetch.started_at <= told.fetch.finished_at


@pytest.mark.parametrize("url", [url for url, (said, *_) in SINGLE.items() if said == OK and "empty" not in url])
def test_a_capture_holds_the_decoded_body(world, url):
    told = world[1][url]
    assert told.body == PAGE
    assert told.capture.size == len(PAGE)
    assert told.capture.status == told.fetch.status == 200
    assert told.fetch.address == "127.0.0.1"
    assert told.ask.failures == 0
    assert told.ask.due_at > START + timedelta(hours=23)


@pytest.mark.parametrize("url", KNOWN)
def test_conditional(world, url):
    site, told = world
    assert told[url].said == KNOWN[url]
    asked = site.asked(url)[0].headers
    assert asked["if-none-match"] == '"v1"'
    assert asked["if-modified-since"] == SEEN.last_modified
    assert told[url].fetch.capture_id == (7 if KNOWN[url][0] == "unchanged" else None)


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_is_not_public_gets_no_packet(world, url):
    site, told = world
    url = url.format(port=site.port)
    assert told[url].said == ("refused", "address not public")
    assert REFUSED.get(url.replace(str(site.port), "{port}"), "") in told[url].fetch.detail
    assert {asked.host for asked in site.log} <= site.names


@pytest.mark.parametrize("url", NO_ADDRESS)
def test_what_is_no_http_address_is_refused(world, url):
    assert world[1][url].said == ("refused", "scheme not allowed")


def test_a_name_without_an_address_speaks_for_its_host(world):
    told = [world[1][f"http://{'long' * 20}.test/{number}"] for number in range(3)]
    assert {each.said for each in told} == {("failed", "name not resolved")}
    assert sum("not asked" in each.fetch.detail for each in told) == 2
    assert all(each.ask.failures == 1 and each.ask.due_at > START for each in told)


def test_redirects_are_recorded_with_their_status(world):
    fetch = world[1]["http://chain.test/a"].fetch
    assert fetch.redirects == ((301, "http://chain.test/b"), (302, "http://plain.test/"))
    assert fetch.final_url == "http://plain.test/"
    assert len(world[1]["http://many.test/0"].fetch.redirects) == 4


def test_a_cookie_lives_as_long_as_its_chain(world):
    site, told = world
    asked = [each.headers.get("cookie") for each in site.asked("http://gate.test/")]
    assert asked == [None, "pass=1"]
    headers = told["http://gate.test/"].capture.headers
    assert not [name for name, _ in headers if "cookie" in name.lower()]


def test_a_passing_fault_is_tried_once_more(world):
    site, _ = world
    for url, times in (
        ("http://again.test/503", 2),
        ("http://down.test/", 2),
        # on a connection kept open Twisted itself asks again, so once more each time
        ("http://silent.test/", 2),
        ("http://blocked.test/403", 1),
        ("http://gone.test/404", 1),
    ):
        assert len(site.asked(url)) == times, url


def test_we_say_who_we_are_and_nothing_more(world):
    site, _ = world
    for asked in site.log:
        assert asked.headers["user-agent"] == "cruxwatch/0.1.0 (+https://example.org/about)"
        assert not {"referer", "from", "authorization", "x-forwarded-for"} & set(asked.headers)


def test_robots_is_asked_first_and_once(world):
    site, _ = world
    for host in site.names:
        paths = [asked.path for asked in site.log if asked.host == host]
        if paths:
            assert paths[0] == "/robots.txt", host
            assert paths.count("/robots.txt") == 1, host
