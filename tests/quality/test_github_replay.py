"""The real history of Beijing-AISI/ForesightSafety-Bench, replayed commit by commit through the API and the real run.

Real: every commit (sha, author, date, message), the paths it added, changed and deleted, every version of README.md and
README_CN.md. Not in the data, and so not real here: GitHub's answers themselves (made as its documentation says),
the repository's description, the contents of all other files, and the paths beyond the 200 that the data list of a
commit (27 and 147 are missing of two commits). The two result tables of 2026-03-11 are reconstructed: their paths are
real, the models are those that the catalogue's note says they held, the figures are invented.
"""

from __future__ import annotations

import json
import tarfile
from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from crawler.catalogue import load
from crawler.run import run
from storage.records import ChangeKind, Level
from tests.conftest import CHECKOUT
from tests.github import HOST, Hub
from tests.world import World

OWNER, BENCH = "Beijing-AISI", "ForesightSafety-Bench"
OTHERS = {
    "panda-guard": "gh-panda-guard",
    "CVC": "gh-cvc",
    "NGSD": "gh-ngsd",
    "Foresight-ToM": "gh-foresight-tom",
}
"""The other repositories with a history in the data, and their entries in the shipped catalogue."""
MOST_ALERTS = {"panda-guard": 5, "CVC": 0, "NGSD": 0, "Foresight-ToM": 1}
MOST_RUNS = 9
"""Runs of one replay; a history of more days is run on the days that change a README, else every few days."""
TRIGGER = "bjaisi-evaluation-published"
TABLES = "2026-03-11"
"""The day on which the per-model result tables appeared."""
MODELS = ("deepseek-v3.2", "doubao-seed-1-8", "glm-4.7", "kimi-k2.5", "qwen3-max-2026-01-23")
BEIJING = timedelta(hours=8)


@dataclass(frozen=True)
class Day:
    """What one day's run came to."""

    date: str
    commits: int
    kinds: dict[str, int]
    levels: dict[str, int]
    fired: list[tuple[str, str, str]]
    """(trigger, document, excerpt) of each match that is evidence."""
    requests: int


def table(sha: str) -> bytes:
    rows = [f"{model},{0.11 + n / 50:.2f},{0.23 + n / 40:.2f}" for n, model in enumerate(MODELS)]
    return "\n".join(["model,attack success rate: biology,attack success rate: chemistry", *rows]).encode()


def content(path: str, sha: str) -> bytes:
    """A body for a file of which only the path is known."""
    if path.endswith("_table.csv") and path.startswith("AI4SCI-Safety/"):
        return table(sha)
    return b"\xff\xd8\xff\xe0" + sha.encode() if path.endswith(".jpg") else f"not in the data: {path} at {sha}".encode()


def readmes(folder, name: str) -> dict[tuple[str, str], bytes]:
    """(path, first ten digits of the commit) → text."""
    out = {}
    with tarfile.open(folder / f"{OWNER}+{name}.readme-history.tar.xz") as packed:
        for member in packed.getmembers():
            path, _, version = member.name.removeprefix("./").partition("/")
            if member.isfile() and path.startswith("README"):
                out[path, version.split("-")[1]] = packed.extractfile(member).read()
    return out


def shipped(source_id: str):
    """The shipped entry's options, tags and owner."""
    catalogue = load(CHECKOUT / "sources.yml", CHECKOUT / "triggers.yml")
    return catalogue.source(source_id), catalogue


def by_run(history: list[dict], texts: dict[tuple[str, str], bytes]) -> dict[str, list[dict]]:
    """The commits, oldest first, by the day of the run that sees them: their own, or the next that is run."""
    dates = sorted({commit["committed"][:10] for commit in history})
    if len(dates) >= MOST_RUNS:
        told = {each["committed"][:10] for each in history if any(each["sha"].startswith(sha) for _, sha in texts)}
        chosen = sorted(told | set(dates[:: MOST_RUNS // 2]))
        dates = sorted({dates[0], *chosen[:: -(-len(chosen) // (MOST_RUNS - 2))], dates[-1]})
    days: dict[str, list[dict]] = {date: [] for date in dates}
    for commit in reversed(history):
        days[next(date for date in dates if date >= commit["committed"][:10])].append(commit)
    return days


def replay(world: World, folder, name: str, source_id: str) -> list[Day]:
    history = [json.loads(line) for line in (folder / f"{OWNER}+{name}.commits.jsonl").open("rb")]
    texts, (entry, catalogue) = readmes(folder, name), shipped(source_id)
    days = by_run(history, texts)
    last = datetime.fromisoformat(max(days)) + timedelta(days=1)
    days[last.date().isoformat()] = []

    def evening(date: str) -> datetime:
        return datetime.fromisoformat(date).replace(tzinfo=UTC) + timedelta(hours=24) - BEIJING

    hub = Hub(world.site, evening(min(days)))
    repository = hub.add(f"{OWNER}/{name}", files={})
    fetch = replace(
        entry.fetch, delay=timedelta(milliseconds=5), hosts=world.site.hosts, allow_hosts=tuple(world.site.names)
    )
    sources = replace(catalogue, sources=(replace(entry, url=f"http://{HOST}/{OWNER}/{name}", fetch=fetch),))
    out = []
    for date in sorted(days):
        hub.now, hub.remaining = evening(date), 60
        hub.log.clear()
        for commit in days[date]:
            apply(repository, commit, texts)
        came = run(sources, world.archive, now=evening(date), digest_folder=world.folder / "digests")
        assert came.faults == []
        with world.opened() as archive:
            found = archive.findings(evening(date), evening(date) + timedelta(hours=1))
        thresholds = {trigger.id: trigger.threshold for trigger in catalogue.assessment.triggers}
        fired = [
            (match.trigger_id, each.document.title, match.excerpt)
            for each in found
            for match in each.change.matches
            if not match.known
            and match.score >= thresholds[match.trigger_id]
            and each.change.kind is not ChangeKind.FIRST
        ]
        kinds, levels = defaultdict(int), defaultdict(int)
        for each in found:
            kinds[each.change.kind.value] += 1
            levels[each.change.level.value] += 1
        out.append(Day(date, len(days[date]), dict(kinds), dict(levels), fired, len(hub.log)))
    return out


def apply(repository, commit, texts) -> None:
    files: dict[str, bytes | None] = {}
    for each in commit.get("files") or []:
        path, sha = each["path"], commit["sha"]
        if each["status"].startswith("D"):
            files[path] = None
            continue
        if each["status"].startswith("R") and each.get("from"):
            files[each["from"]] = None
        files[path] = content(path, sha)
    # the list of a commit may be cut short before its README
    files |= {path: text for (path, sha), text in texts.items() if commit["sha"].startswith(sha)}
    at = datetime.fromisoformat(commit["committed"]).astimezone(UTC)
    repository.commit(
        commit["message"], files, sha=commit["sha"], author=commit["author"], date=at.strftime("%Y-%m-%dT%H:%M:%SZ")
    )


def show(name: str, days: list[Day]) -> None:
    print(f"\n{name}\n{'day':12} {'commits':>7} {'requests':>8}  changes; levels; evidence")
    for day in days:
        told = "; ".join(", ".join(f"{n} {each}" for each, n in kinds.items()) for kinds in (day.kinds, day.levels))
        print(f"{day.date:12} {day.commits:7} {day.requests:8}  {told}")
        for trigger, document, excerpt in day.fired:
            print(f"{'':31}{trigger} in {document}: {excerpt[:110]}")


@pytest.mark.corpus
@pytest.mark.parametrize("name", OTHERS)
def test_the_other_histories_are_read_without_a_fault(shared_data, tmp_path, capsys, name):
    """Every run ends well, asks little, and the day after the last commit there is nothing new."""
    folder = shared_data / "github"
    with World(tmp_path) as world:
        days = replay(world, folder, name, OTHERS[name])
    with capsys.disabled():
        show(name, days)
    assert sum(day.commits for day in days) == sum(1 for _ in (folder / f"{OWNER}+{name}.commits.jsonl").open("rb"))
    assert set(days[0].kinds) == {"first"} and days[-1].kinds == {}
    assert len(days) <= MOST_RUNS + 1 and max(day.requests for day in days) <= 12
    # what is flagged is printed above, to be read; a bound that only falls
    assert sum(day.levels.get(Level.ALERT.value, 0) for day in days) <= MOST_ALERTS[name]


@pytest.mark.corpus
def test_the_day_the_result_tables_appeared_is_flagged(shared_data, tmp_path):
    folder = shared_data / "github"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/github")
    with World(tmp_path) as world:
        days = replay(world, folder, BENCH, "gh-foresightsafety-bench")
    show(BENCH, days)
    flagged = {day.date for day in days if any(trigger == TRIGGER for trigger, _, _ in day.fired)}
    assert flagged == {TABLES}
    assert {day.date for day in days if day.levels.get(Level.ALERT.value)} == {TABLES}
    documents = {doc.partition(": ")[2] for d in days for trigger, doc, _ in d.fired if trigger == TRIGGER}
    assert documents >= {"AI4SCI-Safety/asr_attacker_table.csv", "AI4SCI-Safety/asr_no_attacker_table.csv"}
    assert days[-1].kinds == {} and days[-1].requests == 2
    assert max(day.requests for day in days) <= 12
