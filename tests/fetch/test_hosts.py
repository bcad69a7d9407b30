"""What holds for a host: robots.txt, pace, requests at once, and what its first asks say about the rest."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

import pytest

from tests.fetch.child import START, Told, by_url, crawl, errand
from tests.website import Answer, Website, redirect

# one world for all of them: a worker of its own would make another
pytestmark = pytest.mark.xdist_group("hosts")

PAGE = b"<p>hello</p>"
DISALLOWED, UNREACHABLE = ("disallowed", "robots"), ("disallowed", "robots unreachable")
OK = ("captured", None)

# host: (robots.txt by visit, path asked, what becomes of it)
ROBOTS = {
    "none.test": (None, "/a", OK),
    "empty.test": ([b""], "/a", OK),
    "html.test": ([b"<!doctype html><p>no robots here"], "/a", OK),
    "all.test": ([b"User-agent: *\nDisallow: /"], "/a", DISALLOWED),
    "ours.test": ([b"User-agent: *\nDisallow:\n\nUser-agent: Cruxwatch\nDisallow: /a"], "/a", DISALLOWED),
    "theirs.test": ([b"User-agent: otherbot\nDisallow: /"], "/a", OK),
    "own-group.test": ([b"User-agent: *\nDisallow: /\n\nUser-agent: cruxwatch\nAllow: /"], "/a", OK),
    "longest.test": ([b"User-agent: *\nDisallow: /a\nAllow: /a/b"], "/a/b", OK),
    "wildcard.test": ([b"User-agent: *\nDisallow: /*.pdf$"], "/x.pdf", DISALLOWED),
    "zh.test": (["User-agent: *\nDisallow: /预算".encode()], "/%E9%A2%84%E7%AE%97", DISALLOWED),
    "bom.test": ([b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /a\r\n"], "/a", DISALLOWED),
    "s403.test": ([Answer(b"", 403)], "/a", OK),
    "s500.test": ([Answer(b"", 500)], "/a", UNREACHABLE),
    "s503.test": ([Answer(b"", 503)], "/a", UNREACHABLE),
    "s429.test": ([Answer(b"", 429)], "/a", UNREACHABLE),
    "drops.test": ([Answer(drop=True)], "/a", UNREACHABLE),
    "slow.test": ([Answer(b"", delay=20)], "/a", UNREACHABLE),
    "recovers.test": ([Answer(b"", 503), b"User-agent: *\nDisallow: /x"], "/a", OK),
    "broken-gzip.test": ([Answer(b"xx", headers=[("Content-Encoding", "br")])], "/a", UNREACHABLE),
    "moved.test": ([redirect("http://all.test/robots.txt", 301)], "/a", DISALLOWED),
    "circle.test": ([redirect("/robots.txt")], "/a", OK),
    "private.test": ([redirect("http://10.0.0.1/robots.txt")], "/a", ("refused", "address not public")),
    "large.test": ([b"# \n" * 180_000 + b"User-agent: *\nDisallow: /"], "/a", OK),
    "hostile.test": ([b"User-agent: *\nDisallow: /" + b"*a" * 2000 + b"b"], "/" + "a" * 3000, OK),
}


def nonsense() -> list[bytes]:
    """Answers that were right once and have been bitten."""
    dice = Random(7)
    answers = []
    for _ in range(60):
        answer = bytearray(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Encoding: gzip\r\n"
            b"Transfer-Encoding: chunked\r\nLocation: /x\r\n\r\n5\r\n\x1f\x8b\x08hi\r\n0\r\n\r\n"
        )
        for _ in range(dice.randint(1, 12)):
            at = dice.randrange(len(answer))
            match dice.randrange(4):
                case 0:
                    answer[at] = dice.randrange(256)
                case 1:
                    del answer[at : at + dice.randint(1, 20)]
                case 2:
                    answer[at:at] = dice.randbytes(dice.randint(1, 30))
                case 3:
                    answer[at:at] = dice.choice([b"\r\n", b"\x00", b"302", b"-1", b"99999999999999999999", b": "])
        answers.append(bytes(answer))
    return answers


@pytest.fixture(scope="module")
def world() -> tuple[Website, dict[str, Told]]:
    with Website() as site:
        for host, (answers, path, _) in ROBOTS.items():
            site.put(f"http://{host}{path}", PAGE)
            if answers:
                site.put(f"http://{host}/robots.txt", *answers)
        site.put("http://into.test/a", redirect("http://all.test/a"))
        for number in range(8):
            site.put(f"http://one.test/{number}", Answer(PAGE, delay=0.03))
            site.put(f"http://three.test/{number}", Answer(PAGE, delay=0.15))
            site.put(f"http://slower.test/{number}", Answer(PAGE))
            site.put(f"http://busy.test/{number}", Answer(b"", 429, [("Retry-After", "7200")]))
            site.put(f"http://tired.test/{number}", Answer(b"", delay=20))
        site.put("http://slower.test/robots.txt", b"User-agent: *\nCrawl-delay: 0.2")
        site.put("http://later.test/", Answer(b"", 503, [("Retry-After", "Sat, 01 Mar 2031 09:00:00 GMT")]))
        site.put("http://shut.test/0", PAGE)
        site.put("http://shut.test/1", PAGE)
        options = site.options(timeout=timedelta(seconds=2))
        shut = site.options(hosts=site.hosts | {"shut.test": "127.0.0.1:9"})
        errands = [errand(f"http://{host}{path}", options) for host, (_, path, _) in ROBOTS.items()]
        errands += [errand("http://into.test/a", options), errand("http://later.test/", options)]
        for number in range(8):
            errands += [errand(f"http://{host}.test/{number}", options) for host in ("one", "slower", "busy", "tired")]
            many = site.options(concurrency_per_host=3)
            errands.append(errand(f"http://three.test/{number}", many))
        errands += [errand(f"http://shut.test/{number}", shut) for number in range(5)]
        site.put("http://half.test/", PAGE)
        half = site.options(hosts=site.hosts | {"half.test:443": "127.0.0.1:9"})
        errands += [errand(f"https://half.test/{number}", half) for number in range(3)]
        errands.append(errand("http://half.test/", half))
        site.put("http://xn--fsqu00a.test/", redirect("/%D4%A4".replace("%D4%A4", "\xd4\xa4")))
        site.put("http://xn--fsqu00a.test/%D4%A4", PAGE)
        errands.append(errand("http://例子.test/", site.options()))
        for number, raw in enumerate(nonsense()):
            site.put(f"http://nonsense{number}.test/", Answer(raw=raw))
        errands += [
            errand(f"http://nonsense{number}.test/", site.options(timeout=timedelta(seconds=2))) for number in range(60)
        ]
        yield site, by_url(crawl(errands))


@pytest.mark.parametrize("host", ROBOTS)
def test_robots(world, host):
    _, path, expected = ROBOTS[host]
    site, told = world
    url = f"http://{host}{path}"
    assert told[url].said == expected, told[url].fetch.detail
    assert bool(site.asked(url)) == (expected == OK)
    if expected != OK:
        assert told[url].ask.failures == 1
        assert told[url].ask.due_at > START


def test_the_target_of_a_redirect_has_its_own_robots(world):
    site, told = world
    assert told["http://into.test/a"].said == DISALLOWED
    assert told["http://into.test/a"].fetch.redirects == ((302, "http://all.test/a"),)
    assert not site.asked("http://all.test/a")


def test_requests_at_once(world):
    site, told = world
    assert all(told[f"http://{host}.test/{number}"].said == OK for host in ("one", "three") for number in range(8))
    assert site.at_once["three.test"] in (2, 3)
    others = {
        host: most for host, most in site.at_once.items() if host not in ("three.test", "tired.test", "slow.test")
    }
    assert set(others.values()) == {1}, others


def test_crawl_delay_is_a_lower_bound(world):
    site, _ = world
    at = [asked.at for asked in site.log if asked.host == "slower.test"][1:]
    assert len(at) == 8
    # seven times 0.2 s; the slack is for a machine with other things to do, without any delay it were 0.1 s
    assert at[-1] - at[0] > 0.9


def test_a_host_that_asks_to_come_later_is_left_alone(world):
    site, told = world
    all_told = [told[f"http://busy.test/{number}"] for number in range(8)]
    assert {each.said for each in all_told} == {("limited", "asked to come later")}
    assert len([asked for asked in site.log if asked.host == "busy.test"]) == 2
    for each in all_told:
        assert each.ask.due_at >= START + timedelta(hours=2)
        assert each.fetch.retry_at >= START + timedelta(hours=2)


def test_retry_after_as_a_date(world):
    told = world[1]["http://later.test/"]
    assert told.said == ("limited", "asked to come later")
    assert told.ask.due_at == START + timedelta(hours=3)


def test_a_host_that_cannot_be_reached_speaks_for_all_its_asks(world):
    told = [world[1][f"http://shut.test/{number}"] for number in range(5)]
    assert {each.said for each in told} == {("failed", "connection failed")}
    assert Counter("not asked" in each.fetch.detail for each in told)[True] == 4


def test_a_site_that_cannot_be_reached_does_not_speak_for_the_host_s_other_ports(world):
    told = [world[1][f"https://half.test/{number}"] for number in range(3)]
    assert {each.said for each in told} == {("failed", "connection failed")}
    assert world[1]["http://half.test/"].said == OK


def test_names_and_redirects_in_other_scripts(world):
    told = world[1]["http://例子.test/"]
    assert told.said == OK, told.fetch.detail
    assert told.fetch.final_url == "http://xn--fsqu00a.test/%D4%A4"


def test_any_bytes_end_in_one_record(world):
    told = [world[1][f"http://nonsense{number}.test/"] for number in range(60)]
    assert {each.fetch.outcome.value for each in told} <= {"captured", "failed", "refused", "gone", "disallowed"}
    assert not [each for each in told if each.fetch.reason and each.fetch.reason.value == "other"]


def test_a_host_that_never_answers_is_given_up(world):
    site, told = world
    assert {told[f"http://tired.test/{number}"].said for number in range(8)} == {("failed", "timed out")}
    assert len([asked for asked in site.log if asked.host == "tired.test"]) <= 5


def test_every_ask_ends_once_and_is_due_again(world):
    for told in world[1].values():
        assert told.ask.due_at is not None
        assert told.ask.due_at > told.fetch.finished_at
        assert told.fetch.ask_id == told.ask.id
