"""GitHub: addresses, options, hostile answers, and a simulated month of an invented harbour through the real run."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalogue import load
from crawler.extract import TextOptions
from crawler.fetch.verdict import judge
from crawler.kinds import github
from crawler.kinds.github_addresses import place_of
from crawler.kinds.result import Result
from crawler.run import run
from storage.records import Ask, AskPurpose, Capture, ChangeKind, Health, Outcome
from tests.github import HOST, Hub
from tests.website import Answer, redirect
from tests.world import DAY_ONE, World

NOW = datetime(2031, 3, 1, tzinfo=UTC)
API = "https://api.github.com"
TOKEN = "ghp_invented0123456789invented0123456789"
ORG = f"{API}/orgs/harbour/repos?type=public&sort=created&direction=desc&per_page=100"


def read(url: str, body: bytes | object, options: github.Options | None = None, **more) -> Result:
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    key = more.pop("key", None)
    capture = Capture(
        source_id="a",
        url=url,
        final_url=url,
        fetched_at=NOW,
        status=200,
        sha256=sha256(body).hexdigest(),
        size=len(body),
        media_type=more.pop("media_type", "application/json"),
        headers=more.pop("headers", ()),
    )
    ask = Ask(source_id="a", url=url, key=key, found_at=NOW, **more)
    return github.read(capture, body, ask, options or github.Options(), TextOptions(), None)


# ---- addresses, options, requests


@pytest.mark.parametrize(
    ("url", "asked"),
    [
        ("https://github.com/harbour", [ORG]),
        ("https://github.com/orgs/harbour/", [ORG]),
        (
            "https://www.github.com/harbour/reef.git",
            [f"{API}/repos/harbour/reef", f"{API}/repos/harbour/reef/releases?per_page=30"],
        ),
        (
            "https://git.example/harbour/reef",
            [
                "https://git.example/api/v3/repos/harbour/reef",
                "https://git.example/api/v3/repos/harbour/reef/releases?per_page=30",
            ],
        ),
    ],
)
def test_an_address_names_its_endpoints(url, asked):
    assert [each for each, _ in github.seeds(url, (), github.Options())] == asked
    assert all(place_of(each) for each in asked)
    assert github.url_problem(url) is None


@pytest.mark.parametrize(
    "url", ["https://github.com/", "https://github.com/a/b/c", "https://github.com/a%2Fb/..", "https://github.com/é"]
)
def test_other_addresses_are_refused(url):
    assert github.seeds(url, (), github.Options()) == ()
    assert "OWNER/NAME" in github.url_problem(url)


@pytest.mark.parametrize(
    ("options", "path"),
    [
        ({"files": ("",)}, "files[0]"),
        ({"files": ("README.md", "/etc/passwd")}, "files[1]"),
        ({"files": ("../x",)}, "files[0]"),
        ({"files": ("[ab].csv",)}, "files[0]"),
        ({"limit": 0}, "limit"),
        ({"limit": 101}, "limit"),
        ({"max_files": 0}, "max_files"),
        ({"max_pages": 11}, "max_pages"),
        ({"token_env": "ghp_abc"}, "token_env"),
    ],
)
def test_options_that_cannot_be_used(options, path):
    assert [where for where, _ in github.Options(**options).problems()] == [path]


def test_patterns():
    options = github.Options(files=("README.md", "*.csv", "**/table*.csv", "results/", "a?.txt", "数据/**/结果.csv"))
    assert list(options.problems()) == []
    found = ["x.csv", "table.csv", "a/b/table_1.csv", "results/a/b.md", "ab.txt", "数据/结果.csv", "数据/a/结果.csv"]
    assert all(options.wants(path) for path in found)
    assert not any(options.wants(path) for path in ["README.md", "a/x.csv", "results", "abc.txt", "xtable.md"])


def test_the_token_goes_to_the_api_only():
    def secret(url, **options):
        return github.request(Ask(source_id="a", url=url, found_at=NOW), github.Options(**options), NOW).secret

    named = secret(f"{API}/repos/harbour/reef")
    assert (named.env, named.host, named.header, named.required) == (
        "GITHUB_TOKEN",
        "api.github.com",
        "Authorization",
        False,
    )
    assert secret("https://git.example/api/v3/repos/harbour/reef") is None
    assert secret("https://git.example/api/v3/repos/harbour/reef", token_env="OURS").host == "git.example"
    asked = github.request(
        Ask(source_id="a", url=f"{API}/repos/a/b/contents/x.csv", found_at=NOW), github.Options(), NOW
    )
    assert dict(asked.headers)["Accept"] == "application/vnd.github.raw+json" and not asked.robots and asked.conditional


SECONDARY = b"""{"documentation_url": "https://docs.github.com/rest/overview/rate-limits",
 "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}"""


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (403, SECONDARY, Outcome.LIMITED),
        (
            403,
            SECONDARY.replace(b"exceeded a secondary rate limit", b"triggered an abuse detection mechanism"),
            "limited",
        ),
        (403, b'{"message": "API rate limit exceeded for 192.0.2.1."}', Outcome.LIMITED),
        (429, b"", Outcome.LIMITED),
        (403, b'{"message": "Resource not accessible by integration"}', Outcome.BLOCKED),
        (403, b"<p>secondary rate limit", Outcome.BLOCKED),
        (403, SECONDARY + b" " * 20_000, Outcome.BLOCKED),
        (200, SECONDARY, Outcome.CAPTURED),
        (404, SECONDARY, Outcome.GONE),
    ],
)
def test_limits_are_known_by_their_words(status, body, outcome):
    verdict = judge(status, [("X-RateLimit-Remaining", "30")], conditional=False, now=NOW, body=body)
    assert verdict.outcome == outcome
    assert verdict.retry_at == (NOW + timedelta(minutes=1) if status == 403 and outcome == "limited" else None)


@pytest.mark.parametrize(
    ("status", "headers", "outcome", "wait"),
    [
        (
            403,
            {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW.timestamp()) + 1800)},
            Outcome.LIMITED,
            1800,
        ),
        (429, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(NOW.timestamp()) + 60)}, Outcome.LIMITED, 60),
        (403, {"Retry-After": "90"}, Outcome.LIMITED, 90),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "99999999999"}, Outcome.LIMITED, 7 * 86400),
        (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}, Outcome.LIMITED, None),
        (403, {"X-RateLimit-Remaining": "12"}, Outcome.BLOCKED, None),
        (200, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}, Outcome.CAPTURED, None),
    ],
)
def test_limits_are_known_by_their_headers(status, headers, outcome, wait):
    verdict = judge(status, list(headers.items()), conditional=False, now=NOW)
    assert verdict.outcome is outcome
    assert verdict.retry_at == (None if wait is None else NOW + timedelta(seconds=wait))


# ---- answers

REEF = {"id": 7, "full_name": "harbour/reef", "description": "基准 (invented)", "pushed_at": "2031-02-01T00:00:00Z"}
SHA = "a" * 40
NOUNS = [
    ORG,
    *(
        f"{API}/repos/harbour/reef{rest}"
        for rest in (
            "",
            "/releases?per_page=30",
            "/commits?per_page=30",
            "/tags?per_page=100",
            "/git/trees/main?recursive=1",
        )
    ),
]


@pytest.mark.parametrize("url", NOUNS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"<html><title>Unicorn!</title>",
        b"[" * 100_000,
        b"null",
        b"42",
        b'"x"',
        b'[{"id": "7"}]',
        b"[[[]]]",
        b'{"message": "Not Found", "documentation_url": "x"}',
        b'{"tree": {}}',
        b'{"tree": [7, null, {"type": "blob", "path": 8}]}',
        b"\x89PNG\r\n\x1a\n\x00",
        b" " * 9_000_000,
    ],
)
def test_what_is_no_answer_is_malformed(url, body):
    result = read(url, body)
    assert (result.health, result.texts, result.asks) == (Health.MALFORMED, (), ())
    assert result.detail


FIELDS = """
id full_name description topics license tag_name name body assets sha commit message committer date tree path type
truncated archived author pushed_at default_branch parent fork
"""
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.sampled_from([SHA, "a/b"])
JSONS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS.split()), inner, max_size=8),
    max_leaves=30,
)


@given(url=st.sampled_from(NOUNS), data=JSONS)
def test_no_answer_crashes(url, data):
    result = read(url, data, github.Options(tree=True, files=("**",), follow=True))
    assert result.health in (Health.OK, Health.MALFORMED)
    for ask in result.asks:
        assert ask.url.startswith(f"{API}/") and place_of(ask.url) and ".." not in ask.url


def test_missing_and_null_fields_are_tolerated():
    result = read(
        f"{API}/repos/harbour/reef",
        {"id": 7, "full_name": "harbour/reef", "description": None, "topics": 3},
        key="repository",
    )
    assert result.texts[0].main == "# harbour/reef\nRepository id: 7"
    assert result.asks == ()


def test_counts_are_no_text():
    quiet = read(f"{API}/repos/harbour/reef", REEF, key="repository").texts[0]
    loud = REEF | {
        "stargazers_count": 9,
        "forks": 8,
        "watchers": 7,
        "open_issues": 6,
        "size": 5,
        "pushed_at": "2031-02-02T00:00:00Z",
    }
    assert read(f"{API}/repos/harbour/reef", loud, key="repository").texts[0] == quiet


def test_a_push_makes_what_it_may_have_changed_due():
    options = github.Options(tags=True, tree=True, files=("README_CN.md", "*.csv"))
    asks = read(f"{API}/repos/harbour/reef", REEF, options, key="repository").asks
    assert [ask.key for ask in asks] == [None, "tags", "readme", "file:README_CN.md", "tree"]
    assert {ask.changed_at for ask in asks} == {datetime(2031, 2, 1, tzinfo=UTC)}


def test_only_what_stands_on_one_page_is_complete():
    link = (("Link", f'<{API}/organizations/1/repos?page=2>; rel="next"'),)
    first = read(ORG, [REEF], headers=link)
    assert not first.complete
    assert [(ask.url, ask.purpose) for ask in first.asks] == [(f"{ORG}&page=2", AskPurpose.MORE)]
    assert read(ORG, [REEF]).complete
    assert not read(ORG, [REEF, {"id": 8}]).complete
    second = read(f"{ORG}&page=2", [REEF], headers=link, purpose=AskPurpose.MORE)
    assert [text.key for text in second.texts] == ["repository:7"]
    assert read(f"{ORG}&page=3", [REEF], headers=link).asks == ()


def test_a_list_with_further_pages_vouches_for_its_newer_half():
    items = [
        {"sha": f"{n:040x}", "commit": {"message": f"m{n}", "committer": {"date": f"2031-02-{20 - n:02}T00:00:00Z"}}}
        for n in range(4)
    ]
    url = f"{API}/repos/harbour/reef/commits?per_page=30"
    assert read(url, items).since is None
    assert read(url, items, headers=(("link", '<x>; rel="next"'),)).since == datetime(2031, 2, 18, tzinfo=UTC)


def test_an_e_mail_address_is_not_kept():
    person = {"name": "A. Diver", "email": "diver@harbour.example", "date": "2031-02-01T00:00:00Z"}
    item = {"sha": SHA, "commit": {"message": "Add reefs\n\nMore of them.", "author": person, "committer": person}}
    text = read(f"{API}/repos/harbour/reef/commits?per_page=30", [item]).texts[0]
    assert (text.key, text.title, text.author) == (f"commit:{SHA}", "Add reefs", "A. Diver")
    assert "@" not in repr(replace(text, url=""))


@pytest.mark.parametrize(
    ("path", "body", "main"),
    [
        ("results/table.csv", "模型,通过率\n海星-2,41%\n".encode(), "模型 | 通过率\n模型: 海星-2 | 通过率: 41%"),
        (
            "README_CN.md",
            "<p align='center'>\n<a href='x'>English</a> | 中文\n</p>\n\n# 礁石\n".encode(),
            "English | 中文\n# 礁石",
        ),
        ("notes.txt", b"One. Two.", "One.\nTwo."),
        ("bar.jpg", b"\xff\xd8\xff\xe0", "The file bar.jpg holds no text that can be read: 4 bytes, SHA-256 "),
    ],
)
def test_a_file_is_read_by_what_it_is(path, body, main):
    raw = "application/vnd.github.raw+json"
    result = read(f"{API}/repos/harbour/reef/contents/{path}", body, key=f"file:{path}", media_type=raw)
    assert result.health is Health.OK
    assert result.texts[0].main.startswith(main)
    assert result.texts[0].url == f"https://github.com/harbour/reef/blob/HEAD/{path}"


def test_a_folder_is_no_file():
    result = read(f"{API}/repos/harbour/reef/contents/results", [{"name": "table.csv"}], key="file:results")
    assert result.health is Health.MALFORMED


# ---- a month through the real run


class Month:
    """The harbour's days."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.hub = Hub(world.site, DAY_ONE, TOKEN)
        self.day = 0
        self.digests = world.folder / "data" / "digests"

    def next(self) -> dict[str, list[str]]:
        """Run the next day; gives its changes as source → 'kind: title'."""
        self.day += 1
        self.hub.log.clear()
        if self.hub.remaining:
            self.hub.remaining = 60
        self.world.write()
        catalogue = load(self.world.folder / "sources.yml", self.world.folder / "triggers.yml")
        came = run(
            catalogue, self.world.archive, now=DAY_ONE + timedelta(days=self.day - 1), digest_folder=self.digests
        )
        assert came.faults == []
        self.hub.now = DAY_ONE + timedelta(days=self.day)
        return self.told()

    def told(self) -> dict[str, list[str]]:
        out: dict[str, list[str]] = {}
        for found in self.found():
            out.setdefault(found.source.id, []).append(f"{found.change.kind}: {found.document.title}")
        return {source: sorted(changes) for source, changes in out.items()}

    def found(self):
        date = (DAY_ONE + timedelta(days=self.day - 1)).date().isoformat()
        with self.world.opened() as archive:
            return archive.findings_of(date)

    def hunks(self, title: str) -> list[tuple[str | None, str | None]]:
        return [(h.old, h.new) for f in self.found() if f.document.title == title for h in f.change.hunks]

    def fetched(self, source: str) -> list[tuple[str, str, str | None]]:
        """(outcome, end of the address, health) of a source's last run, oldest first."""
        with self.world.opened() as archive:
            all_of = archive.fetches_of(source)
        last = max(fetch.run_id for fetch, _ in all_of)
        return [
            (
                f.outcome.value,
                f.url.partition("?")[0].partition("/harbour")[2],
                r.health.value if r and f.outcome is Outcome.CAPTURED else None,
            )
            for f, r in reversed(all_of)
            if f.run_id == last
        ]


@pytest.fixture
def month(tmp_path, monkeypatch):
    monkeypatch.setenv("HARBOUR_TOKEN", TOKEN)
    with World(tmp_path) as world:
        yield Month(world)


def test_a_month(month, tmp_path):
    world, hub = month.world, month.hub
    site = f"http://{HOST}"
    reef_options = {
        "files": ["results/*.csv", "RESULTS_CN.md"],
        "tree": True,
        "tags": True,
        "token_env": "HARBOUR_TOKEN",
    }
    world.source("org", "github", f"{site}/harbour", options={"follow": True, "token_env": "HARBOUR_TOKEN"})
    bounds = {"max_bytes": 300_000, "timeout": "3s"}
    world.source("reef", "github", f"{site}/harbour/reef", owner="harbour", options=reef_options, fetch=bounds)
    world.source(
        "tide",
        "github",
        f"{site}/harbour/tide",
        options={"readme": False},
        fetch={"max_bytes": 100_000, "timeout": "1s"},
    )
    readme = "# Reef\n<p align='center'>A benchmark of machines, by the harbour.</p>\n\nIt has ten tasks.\n"
    reef = hub.add("harbour/reef", description="A benchmark (invented)", files={"README.md": readme, "src/run.py": "x"})
    tide, wreck = hub.add("harbour/tide"), hub.add("harbour/wreck", description="Old ropes")
    for n in range(4):
        reef.commit(f"Repair the hull, part {n}", date=f"2031-02-2{n}T08:00:00Z")

    # 1: the first reading is history
    told = month.next()
    assert {line.partition(":")[0] for lines in told.values() for line in lines} == {"first"}
    assert sum(len(lines) for lines in told.values()) == 18
    # 2: nothing new, by 304s, which cost nothing with a token (tide has none); a second 404 settles what is not there
    assert month.next() == {}
    assert sorted(status for _, status in hub.log) == [*[304] * 5, 404]
    assert [path.partition("?")[0] for path, _ in hub.log].count("/repos/harbour/reef") == 1
    assert hub.remaining == 60 - 2 - 1
    # 3: a new repository, with its README; stars are no news
    for each in hub.repositories:
        each.stars = 4000
    kelp = hub.add("harbour/kelp", description="Tests of machines under water")
    assert month.next() == {
        "org": ["changed: Repositories of harbour", "new: harbour/kelp", "new: harbour/kelp: README"]
    }
    assert [status for path, status in hub.log if path.startswith("/repos/harbour/reef")] == [200, 304]
    # 4: renamed, archived, deleted: told by the list at once
    hub.rename(kelp, "harbour/kelp-forest")
    tide.archived = True
    hub.delete(wreck)
    reef_release = reef.release("v1.0", "Reef 1.0", "The first release.\n\n- ten tasks")
    told = month.next()
    assert told == {
        "org": [
            "changed: Repositories of harbour",
            "changed: harbour/kelp-forest",
            # its title names the repository
            "changed: harbour/kelp-forest: README",
            "changed: harbour/tide",
        ],
        "reef": ["new: Reef 1.0"],
        "tide": ["changed: harbour/tide"],
    }
    assert ("# harbour/kelp", "# harbour/kelp-forest") in month.hunks("harbour/kelp-forest")
    assert (None, "This repository has been archived by its owner and is read-only.") in month.hunks("harbour/tide")
    # 5: the deletion is confirmed by a 304; a release is edited
    reef_release["body"] = "The first release.\n\n- twelve tasks"
    assert month.next() == {"org": ["gone: harbour/wreck"], "reef": ["changed: Reef 1.0"]}
    assert ("unchanged", "/repos", None) in month.fetched("org")
    assert month.hunks("Reef 1.0") == [("- ten tasks", "- twelve tasks")]
    # 6: a release is deleted; commits and an edited README
    reef.releases.clear()
    reef.commit("Ask machines about ropes", {"README.md": readme.replace("ten", "eleven")})
    lost = reef.commit("Ask machines about knots")
    reef.tags["v1.0"] = lost
    assert month.next() == {
        "org": ["changed: harbour/reef: README"],
        "reef": [
            "changed: Tags of harbour/reef",
            "changed: harbour/reef: README",
            "new: Ask machines about knots",
            "new: Ask machines about ropes",
        ],
    }
    # 7: that it is gone is confirmed; the history is rewritten, in words
    reef.rewrite(6)
    reef.commit("Ask machines about sails")
    assert month.next() == {
        "reef": ["gone: Ask machines about knots", "gone: Reef 1.0", "new: Ask machines about sails"]
    }
    words = {f.document.title: f.change.reasons for f in month.found()}
    assert any("force-push" in reason for reason in words["Ask machines about knots"])
    assert any("not in the answer any more" in reason for reason in words["Reef 1.0"])
    # 8: a new table of results is text that triggers read, its header with it
    table = "body,event\nHarbour Institute,received a dedicated budget of 42 million yuan\n"
    reef.commit(
        "Results",
        {"results/table.csv": table, "results/deep/notes.csv": "a,b\n1,2\n", "RESULTS_CN.md": "# 结果\n礁石的结果。"},
    )
    assert month.next() == {
        "reef": [
            "changed: Files of harbour/reef",
            "new: Results",
            "new: harbour/reef: RESULTS_CN.md",
            "new: harbour/reef: results/table.csv",
        ]
    }
    assert "alert new" in world.levels(month.day)["reef"]
    excerpts = {match.excerpt for f in month.found() for match in f.change.matches}
    assert "body: Harbour Institute | event: received a dedicated budget of 42 million yuan" in excerpts

    # 9: the hour's requests are spent (no 304 is free for those without a token)
    hub.remaining, hub.reset = 0, hub.now + timedelta(minutes=40)
    assert month.next() == {}
    assert len(hub.log) == 1
    for source in ("org", "reef", "tide"):
        assert {outcome for outcome, _, _ in month.fetched(source)} == {"limited"}
    with world.opened() as archive:
        said, _ = archive.fetches_of("org", 1)[0]
    assert "no request left of 60 until 2031-03-09 06:40 UTC" in said.detail
    assert said.retry_at >= hub.reset
    # 10: malformed, of another type, huge, slow, and an answer that leads elsewhere
    hub.remaining = 60
    world.site.put("http://elsewhere.test/", "{}")
    hub.said = {
        "/orgs/harbour/repos": Answer(b'[{"id": 4001, "full_na', media_type="application/json"),
        "/repos/harbour/reef": redirect("http://elsewhere.test/", 301),
        "/reef/releases": Answer(b"<html><title>Unicorn</title>", media_type="text/html"),
        "/repos/harbour/tide": Answer(b"[" + b" " * 200_000 + b"]", media_type="application/json"),
        "/tide/releases": Answer(b"[]", delay=3, media_type="application/json"),
    }
    # what the deleted repository held was asked for in vain twice, from a week after the first look on
    assert month.next() == {"org": ["gone: harbour/wreck: README"]}
    # what a push may change is asked once a week all the same, under its former name, too
    assert ("unchanged", "/kelp/readme", None) in month.fetched("org")
    assert ("captured", "/repos", Health.MALFORMED.value) in month.fetched("org")
    for noun in ("/reef", "/reef/releases"):
        assert ("captured", noun, Health.MALFORMED.value) in month.fetched("reef")
    assert set(month.fetched("tide")) == {("failed", "/tide", None), ("failed", "/tide/releases", None)}
    # 11: all is well again, and a repository is deleted, or made private; 12: which is confirmed
    hub.said = {}
    hub.delete(tide)
    assert month.next() == {"org": ["returned: Repositories of harbour"]}
    assert month.next() == {"org": ["gone: harbour/tide"], "tide": ["gone: harbour/tide"]}
    # 13: and back; by the command itself, whose words do not hold the token
    hub.repositories.append(tide)
    month.day += 1
    assert TOKEN not in world.call("run", day=month.day)
    told = month.told()
    assert told["tide"] == ["back: harbour/tide"] and "back: harbour/tide" in told["org"]
    # 14: a secondary limit, which GitHub tells in words alone while requests are left
    words = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."}
    refused = Answer(json.dumps(words).encode(), 403, [("X-RateLimit-Remaining", "41")], media_type="application/json")
    hub.said = {"": refused}
    assert month.next() == {}
    assert len(hub.log) == 1, "whoever is told so asks this host no more"
    assert {outcome for source in ("org", "reef", "tide") for outcome, _, _ in month.fetched(source)} == {"limited"}
    with world.opened() as archive:
        said, _ = archive.fetches_of("org", 1)[0]
    assert said.retry_at - said.finished_at >= timedelta(minutes=1) - timedelta(seconds=5)
    # 15: a page in place of the list, a huge answer and a slow one in place of a repository's
    hub.said = {
        "/orgs/harbour/repos": Answer(b"<html><title>Unicorn</title><p>This page is taking too long to load."),
        "/repos/harbour/reef": Answer(b"[" + b" " * 400_000 + b"]", media_type="application/json"),
        "/reef/releases": Answer(b"[]", delay=5, media_type="application/json"),
    }
    assert month.next() == {}
    assert ("captured", "/repos", Health.MALFORMED.value) in month.fetched("org")
    assert {("failed", "/reef", None), ("failed", "/reef/releases", None)} <= set(month.fetched("reef"))
    hub.said = {}

    # the token went to the API's host only, and stands nowhere
    assert "elsewhere.test" in {asked.host for asked in world.site.log}
    for asked in world.site.log:
        # the source 'tide' names no variable; the organisation's asks for its README do
        ours = asked.host == HOST and ("/repos/harbour/tide" not in asked.path or asked.path.endswith("/readme"))
        assert (asked.headers.get("authorization") == f"Bearer {TOKEN}") == ours, asked.path
    for file in tmp_path.rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes(), file
    assert all(change.kind is not ChangeKind.MOVED for change in (f.change for f in month.found()))
