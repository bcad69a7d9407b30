"""Every odd response of the corpus through the real run: a good page, the odd one in its place, the good one again.

The odd one must be known for what it is: never a change, and never "no change". Where the corpus holds the good page of
the same address it is that one; else an invented page. What is readable (old encodings, compressed bodies) is served
as it is and must be read. The manifest's status and headers are served; without one, 200, which is the hardest case.
"""

from __future__ import annotations

import gzip
import json
import tarfile
from collections import Counter, defaultdict
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.extract.decode import decode
from storage.records import ChangeKind, Fetch, Health, Outcome, Reading
from tests.website import Answer
from tests.world import DAY_ONE, World

pytestmark = [pytest.mark.corpus, pytest.mark.xdist_group("edge")]

ENCODINGS = {
    "html-br.bin": "br",
    "html-gzip.bin": "gzip",
    "html-gzip-deflate.bin": "gzip, deflate",
    "html-gzip-deflate-gzip.bin": "gzip, deflate, gzip",
    "html-rawdeflate.bin": "deflate",
    "html-zlibdeflate.bin": "deflate",
    "html-zstd-static-content-size.bin": "zstd",
    "html-zstd-static-no-content-size.bin": "zstd",
    "html-zstd-streaming-no-content-size.bin": "zstd",
    "bomb-br.bin": "br",
    "bomb-deflate.bin": "deflate",
    "bomb-gzip.bin": "gzip",
    "bomb-zstd.bin": "zstd",
    "truncated-crc-error.gz": "gzip",
    "truncated-crc-error-short.gz": "gzip",
    "unexpected-eof.gz": "gzip",
}
"""What a body of this name is compressed with; the corpus does not say it otherwise."""
CUT = ("truncated", "unexpected-eof.gz")
LEFT_OUT = frozenset({"content-length", "transfer-encoding", "connection", "keep-alive", "date", "content-encoding"})
HOME = (
    "The harbour office keeps its signal books in a room above the customs house, where visitors may read them.",
    "Its keepers answer questions on weekdays, and the catalogue of the books can be read at the desk by anybody.",
    "A second room will hold the charts that were found in the cellar when the roof was mended last spring.",
    "The council pays for both rooms until the end of the year, and has asked for an account of their visitors.",
    "Whoever wants to copy a chart must ask for a card, which is given for a year and costs two crowns.",
    "阅览室每逢工作日开放，读者可以在服务台查阅信号簿目录，也可以预约查看旧海图。",
)
GOOD = Answer(
    "<!doctype html><html lang=en><head><meta charset=utf-8><title>The reading room</title></head><body><main><article>"
    f"<h1>The reading room</h1>{''.join(f'<p>{line}</p>' for line in HOME)}</article></main></body></html>".encode()
)

GONE_ELSEWHERE = (Health.SHRUNK, Health.PARKED, Health.HOME, Health.CONSENT, Health.LANGUAGE)
HEALTHS = {
    "app-error": (Health.MAINTENANCE,),
    "empty-js-shell": (Health.SHELL,),
    "js-redirect-page": (Health.SHELL,),
    "meta-refresh-redirect": (Health.SHELL,),
    "page-replaced": GONE_ELSEWHERE,
    "redirected-to-home-or-consent": GONE_ELSEWHERE,
    "server-error": (Health.MAINTENANCE,),
    "soft-404": (Health.SOFT_404,),
}
"""Names that are right for a category."""
LEAST = dict(zip(HEALTHS, (3, 4, 2, 2, 6, 7, 1, 2), strict=True))


class Entry:
    """One odd response."""

    def __init__(self, number: int, row: dict, folder: Path) -> None:
        self.row, self.folder = row, folder
        self.id = f"e{number}"
        self.category, self.name = row["category"], (row.get("path") or "").rpartition("/")[2]
        self.host = f"{self.id}.test"
        self.body = gzip.decompress((folder / row["file"]).read_bytes())

    @property
    def expected(self) -> str:
        """What the manifest expects; where it says nothing, what the corpus' README does."""
        if self.category == "decompression-bomb":
            return "capped"
        if self.name == "empty.txt":
            return "not usable content"
        return self.row.get("expect") or ("not whole" if self.name.startswith(CUT) else "text")

    def served(self) -> Answer:
        """As a server sends it."""
        if self.category in ("compressed-body", "decompression-bomb"):
            headers = [("Content-Encoding", ENCODINGS[self.name])] if self.name in ENCODINGS else []
            return Answer(self.body, headers=headers, media_type="text/html")
        http = self.row.get("http") or {"status": {"code": 200}, "headers": None}
        headers = [
            # what lies elsewhere is not asked: its path is, on this host
            (name, urlsplit(value)._replace(scheme="", netloc="").geturl() if name == "Location" else value)
            for name, values in (http["headers"] or {}).items()
            if name.lower() not in LEFT_OUT
            for value in values
        ]
        typed = any(name.lower() == "content-type" for name, _ in headers)
        kind = None if typed else "text/plain" if self.name.endswith(".txt") else "text/html"
        return Answer(self.body, http["status"]["code"], headers, media_type=kind)

    def good(self) -> Answer:
        """The page that should be there."""
        if self.expected == "text":
            return self.served()
        if "outage_id" not in self.row:
            return GOOD
        with tarfile.open(self.folder.parent / "changes" / "outages" / f"{self.row['outage_id']}.tar.xz") as packed:
            member = next(each for each in packed if each.isfile() and Path(each.name).name.startswith("good"))
            return Answer(packed.extractfile(member).read(), media_type="text/html")


@pytest.fixture(scope="module")
def told(shared_data: Path, tmp_path_factory: pytest.TempPathFactory):
    """(entry, its fetch and reading of each day, kinds of its changes) of every entry."""
    folder = shared_data / "edge"
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    entries = [Entry(number, row, folder) for number, row in enumerate(rows)]
    with World(tmp_path_factory.mktemp("edge")) as world:
        for entry in entries:
            days = entry.good(), entry.served(), entry.good()
            world.page(entry.id, f"http://{entry.host}/a/page", fetch={"max_bytes": 5_000_000})
            # by the day and not by the visit: what may pass in a moment is asked twice
            world.site.serve(f"http://{entry.host}/a/page", lambda _, asked, days=days: days[day - 1])
        for day in (1, 2, 3):
            assert not world.run("--no-digest", day=day)["faults"]
        with world.opened() as archive:
            found = archive.findings(DAY_ONE, DAY_ONE.replace(month=4))
            changes = defaultdict(list)
            for each in found:
                changes[each.source.id].append(each.change.kind)
            fetches = {entry.id: archive.fetches_of(entry.id)[::-1] for entry in entries}
            texts = {entry.id: [v.main for _, v in archive.documents_of(entry.id)] for entry in entries}
    return [(entry, fetches[entry.id], changes[entry.id], texts[entry.id]) for entry in entries]


def word(fetch: Fetch, reading: Reading | None) -> str:
    """What a look came to, in a word."""
    if fetch.outcome is not Outcome.CAPTURED:
        return f"{fetch.outcome} ({fetch.reason})" if fetch.reason else str(fetch.outcome)
    return str(reading.health) if reading is not None else "unread"


def test_each_odd_response_is_known_for_what_it_is(told, capsys: pytest.CaptureFixture[str]) -> None:
    table: dict[str, Counter] = defaultdict(Counter)
    for entry, fetches, _, _ in told:
        table[f"{entry.category}: {entry.expected}"][word(*fetches[1])] += 1
    with capsys.disabled():
        print("\nodd responses, by what the manifest expects, and what became of them:")
        for row, counts in sorted(table.items()):
            print(f"  {row:56} {sum(counts.values()):3}  " + ", ".join(f"{n} {got}" for got, n in counts.most_common()))
    # every entry of the manifest has its row
    assert sum(counts.total() for counts in table.values()) == len(told) >= 128
    # floors that only rise; the one challenge that has another name is two ordinary pages pasted one after the other,
    # of which the second asks for a captcha where somebody signs up: told by the page's own past
    assert table["bot-challenge: blocked"][str(Health.CHALLENGE)] >= 31
    for category, least in LEAST.items():
        assert sum(table[f"{category}: not usable content"][str(health)] for health in HEALTHS[category]) >= least


def test_what_is_no_content_is_neither_a_change_nor_no_change(told) -> None:
    bad = [each for each in told if each[0].expected != "text"]
    assert len(bad) >= 72
    for entry, fetches, changes, _ in bad:
        said = [word(*each) for each in fetches]
        assert said[0] == said[2] == str(Health.OK), (entry.row["id"], said)
        assert said[1] not in (str(Health.OK), str(Outcome.UNCHANGED), "unread"), (entry.row["id"], said)
        assert changes == [ChangeKind.FIRST], (entry.row["id"], changes)


def test_a_status_is_told_by_its_number_and_a_redirect_by_its_target(told) -> None:
    for entry, fetches, _, _ in told:
        if entry.expected == "http status":
            status = entry.row["http"]["status"]["code"]
            fetch, _ = fetches[1]
            if status >= 500:
                assert fetch.outcome is Outcome.FAILED and str(status) in fetch.detail, entry.row["id"]
            elif "Location" in (entry.row["http"]["headers"] or {}):
                assert fetch.redirects[0][0] == status, entry.row["id"]
                assert fetch.outcome is not Outcome.CAPTURED, entry.row["id"]


def test_a_bomb_is_capped_and_a_body_cut_short_is_no_page(told) -> None:
    for entry, fetches, _, _ in told:
        if entry.expected == "capped":
            assert word(*fetches[1]) == "failed (too large)", entry.row["id"]
        if entry.expected == "not whole":
            assert fetches[1][0].outcome is Outcome.FAILED, entry.row["id"]


def test_what_can_be_read_is_read_and_stays_as_it_is(told) -> None:
    good = [each for each in told if each[0].expected == "text"]
    assert len(good) >= 45
    for entry, fetches, changes, texts in good:
        assert {word(*each) for each in fetches} == {str(Health.OK)}, (entry.row["id"], [word(*f) for f in fetches])
        assert changes == [ChangeKind.FIRST], (entry.row["id"], changes)
        (text,) = texts
        if encoding := (entry.row.get("expect_encoding") or "").removesuffix("-russian"):
            # the characters of the body as its encoding has them, none lost
            shown = decode(entry.body, encoding)[0]
            assert all(word in shown for word in text.split()[:20] if word.isalpha()), entry.row["id"]
