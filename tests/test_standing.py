"""Blocking one source changes the standing of exactly the triggers that depend on it; it comes back with it."""

from __future__ import annotations

import json

import pytest

from crawler import catalogue, coverage
from crawler.catalogue.values import as_duration
from crawler.crawling import PACE
from crawler.standings import expected
from storage.archive import Archive
from storage.records import Review, Verdict
from tests.conftest import CHECKOUT
from tests.website import Answer
from tests.world import TRIGGERS, World

FILLER = [
    "The harbour office opened a reading room for visitors who want to see the old signal books.",
    "Its keepers answer questions on weekdays, and the catalogue of the books can be read at the desk.",
    "阅览室每逢工作日开放,读者可以在服务台查阅信号簿目录。",
]
BUDGET = "The Harbour Institute received a dedicated budget of 42 million yuan."
SAYING = """\
  - id: {id}
    title: {id}
    statement: Invented for a test.
    direction: {direction}
    priority: 2
    frames:
      - name: money set aside for it
        event: [{word}]
        who: [harbour]
    expected: [{expected}]
    examples:
      match: [{{text: The Harbour Institute received {word}.}}]
      no_match: [{{text: The Harbour Institute has no {word}.}}]
"""
CHALLENGE = Answer(b"<title>Just a moment...</title>", status=403, headers=(("cf-mitigated", "challenge"),))


def page(title: str, *more: str) -> str:
    told = "".join(f"<p>{each}</p>" for each in (*FILLER, *more))
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title></head>"
        f"<body><main><h1>{title}</h1>{told}</main></body></html>"
    )


@pytest.fixture
def world(tmp_path):
    """Five sources and five triggers: on the ministry alone, on the registry alone, on both, on letters, on nobody."""
    with World(tmp_path) as made:
        for name in ("ministry", "registry"):
            made.page(name, f"http://{name}.test/", page(name))
        made.page("letter", "http://letter.test/", page("letter"), role="newsletter", tags=["letters"])
        made.page("other-letter", "http://other.test/", page("other"), role="newsletter", tags=["letters"])
        made.page("shut", "http://shut.test/", observable=False, why_not="Needs the account of a member.")
        told = (
            ("by-ministry", "upward", "ministry", "a lamp"),
            ("by-registry", "downward", "registry", "a bell"),
            ("by-both", "assumption", "ministry, registry", "a horn"),
            ("by-letters", "absence-broken", "letters", "a flag"),
            ("by-shut", "upward", "shut", "a boat"),
        )
        sayings = (
            SAYING.format(id=name, direction=direction, expected=sources, word=word)
            for name, direction, sources, word in told
        )
        declared = "\n".join(TRIGGERS.splitlines())
        budget = "\n    expected: [registry]\n    frames:"
        made.triggers = declared.replace("\n    frames:", budget, 1) + "\n" + "".join(sayings)
        yield made


def standings(world: World, day: float) -> dict[str, str]:
    """Trigger → standing, as the digest of a day says."""
    return {row["id"]: row["standing"] for row in world.digest(day)["board"]["rows"]}


QUIET = {
    "own-budget": "none",
    "by-ministry": "none",
    "by-registry": "none",
    "by-both": "none",
    "by-letters": "none",
    "by-shut": "cannot say",
}


def test_blocking_a_source_blinds_the_triggers_that_depend_on_it(world: World) -> None:
    world.run(day=1)
    assert standings(world, 1) == QUIET, "a baseline is history, and the silence after it counts"

    world.site.put("http://ministry.test/", CHALLENGE)
    world.run(day=2)
    assert standings(world, 2) == QUIET | {"by-ministry": "cannot say", "by-both": "cannot say"}
    digest = world.digest(2)
    blind = next(row for row in digest["board"]["rows"] if row["id"] == "by-ministry")
    assert (blind["why"], blind["all"]["in_sight"]) == ("its only source is out of sight", 0)
    assert blind["all"]["coverage"] < 0.01
    assert [(gap["id"], gap["why"]) for gap in blind["missed"]] == [("ministry", "challenged")]
    assert blind["missed"][0]["since_at"].startswith("2031-03-02T06:00")
    assert blind["missed"][0]["last_looked_at"].startswith("2031-03-01T06:00")
    assert digest["worth"].endswith(
        "No sign of 3 triggers in the last day, at coverage 100 %; of 3 more we cannot say."
    )
    html = (world.folder / "data" / "digests" / "2031-03-02.html").read_text(encoding="utf-8")
    assert "Standing of each trigger" in html
    assert html.index("Cannot say: 3") < html.index("No evidence: 3")

    files = ("--sources", str(world.folder / "sources.yml"))
    board = json.loads(world.call("status", "--triggers", "--json", *files, day=2.01))
    assert {row["id"]: row["standing"] for row in board["rows"]} == standings(world, 2), "the terminal says the same"

    world.site.put("http://ministry.test/", page("ministry"))
    world.run(day=3)
    told = {row["id"]: row for row in world.digest(3)["board"]["rows"]}
    assert told["by-ministry"]["missed"] == []
    assert told["by-ministry"]["all"]["coverage"] == pytest.approx(0.5, abs=0.01), "half of the two days were watched"

    world.run(day=4)
    assert standings(world, 4) == QUIET, "back, and watched for most of the time"


def test_the_terminal_says_why_and_one_letter_stands_in_for_another(world: World) -> None:
    world.site.put("http://letter.test/", Answer(b"", status=500))
    world.site.put("http://registry.test/", CHALLENGE)
    world.run("--no-digest", day=1)
    said = world.call("status", "--triggers", "--sources", str(world.folder / "sources.yml"), day=1.01)
    assert "? by-registry" in said
    assert "cannot say: its only source is out of sight" in said
    assert "a bot challenge instead of the page" in said
    assert "Needs the account of a member." in said
    assert "cannot say: watched for less than half of the time" not in said
    assert said.index("? by-registry") < said.index("○ by-letters")


def test_a_new_trigger_does_not_say_of_the_past_that_nothing_happened(world: World) -> None:
    """What came before was not read by it: renaming a trigger must not turn evidence into silence."""

    def row(of: str) -> dict:
        files = ("--sources", str(world.folder / "sources.yml"))
        rows = json.loads(world.call("status", "--triggers", "--json", *files, day=6.01))["rows"]
        return next(row for row in rows if row["id"] == of)

    world.run("--no-digest", day=1)
    world.site.put("http://registry.test/", page("registry", BUDGET))
    for day in range(2, 6):
        world.run("--no-digest", day=day)
    assert row("own-budget")["standing"] == "evidence for"
    world.triggers = world.triggers.replace("own-budget", "budget-line")
    world.write()
    unused = row("budget-line")
    assert (unused["standing"], unused["why"]) == ("cannot say", coverage.UNUSED)
    world.run(day=6)
    assert row("by-registry")["since_at"] is None
    used = row("budget-line")
    assert (used["standing"], used["since_at"][:13]) == ("none", "2031-03-06T06")
    said = (world.folder / "data" / "digests" / "2031-03-06.md").read_text(encoding="utf-8")
    assert "read by it since 2031-03-06 only" in said
    assert "1 of them is new, and saw less of that time" in said
    world.call("reprocess")
    again = row("budget-line")
    assert (again["standing"], again["since_at"]) == ("evidence for", None)


def test_the_same_news_at_several_sources_is_one_event(world: World) -> None:
    world.run("--no-digest", day=1)
    for name in ("ministry", "registry", "letter"):
        world.site.put(f"http://{name}.test/", page(name, BUDGET))
    world.run(day=2)
    row = next(row for row in world.digest(2)["board"]["rows"] if row["id"] == "own-budget")
    assert (row["evidence"], row["new"]) == (1, 1)
    assert "1 event for it, new today" in (world.folder / "data" / "digests" / "2031-03-02.md").read_text("utf-8")
    world.site.put("http://other.test/", page("other", BUDGET))
    world.run(day=3)
    row = next(row for row in world.digest(3)["board"]["rows"] if row["id"] == "own-budget")
    assert (row["evidence"], row["new"]) == (1, 0), "an echo of yesterday's news is no news"
    assert row["newest_at"].startswith("2031-03-03")


def test_evidence_stands_until_a_person_takes_it_away(world: World) -> None:
    world.run("--no-digest", day=1)
    world.site.put("http://registry.test/", page("registry", BUDGET))
    world.run(day=2)
    row = next(row for row in world.digest(2)["board"]["rows"] if row["id"] == "own-budget")
    assert (row["standing"], row["evidence"], row["new"]) == ("evidence for", 1, 1)

    with Archive.open(world.archive, create=False) as archive:
        found = next(each for each in archive.findings_of("2031-03-02") if each.change.matches)
        at = found.change.seen_at
        archive.record_review(Review(change_id=found.change.id, verdict=Verdict.NOISE, reviewed_at=at))
    path = world.folder / "data" / "digests" / "2031-03-02.json"
    told = []
    for _ in range(2):
        world.call("digest", "--date", "2031-03-02", day=3)
        told.append(path.read_bytes())
    assert standings(world, 2)["own-budget"] == "none"
    assert told[0] == told[1], "the same archive gives the same bytes"


# --- the shipped catalogue

UPWARD = {
    "publishes safety evaluation results for a Chinese frontier model": ["bjaisi-evaluation-published"],
    "receives dedicated budget and staff": ["bjaisi-dedicated-budget", "bjaisi-dedicated-staff"],
    "joins CnAISDA or is given a national mandate": ["bjaisi-cnaisda-membership", "bjaisi-national-mandate"],
    "binding frontier AI safety regulations distinct from content control": ["binding-frontier-regulation"],
    "a major AI incident triggers a response that empowers safety institutions": ["incident-regulatory-response"],
}
DOWNWARD = {
    "Yi Zeng leaves or loses backing": ["yi-zeng-departs"],
    "CnAISDA remains symbolic": ["cnaisda-stays-symbolic", "cnaisda-domestic-function"],
    "US-China tensions preclude cooperation": ["us-china-cooperation-closed"],
    "labs race ahead without constraints": ["labs-race-unconstrained"],
    "technical outputs stop": ["bjaisi-outputs-stop"],
    "they exclude politically sensitive dimensions": ["bjaisi-evals-exclude-politics"],
}
ABSENT = {
    "no published evaluation results": ["bjaisi-evaluation-published"],
    "no budget, headcount or staffing": ["bjaisi-dedicated-budget", "bjaisi-dedicated-staff"],
    "no Chinese-language website": ["bjaisi-chinese-website"],
    "no regulatory authority": ["bjaisi-regulatory-authority"],
    "no explanation for the exclusion from CnAISDA": ["bjaisi-cnaisda-membership"],
    "no formal relationships with labs": ["bjaisi-lab-partnership"],
    "no public criticism of policy from Yi Zeng": ["yi-zeng-public-dissent"],
    "no discussion in Western forums": ["bjaisi-forum-discussion"],
    "no work by other researchers": ["bjaisi-other-researchers"],
}
ASSUMPTIONS = {
    "1 engagement leads to domestic policy": ["binding-frontier-regulation"],
    "2 brain-inspired moral AI is viable": ["brain-inspired-prototype", "The superalignment programme works"],
    "3 his concern survives within the system": ["yi-zeng-public-dissent"],
    "4 cooperation is possible": ["binding-technical-cooperation", "us-china-cooperation-closed"],
}
"""Each line of the assessment (seed 002) → its triggers, or the beginning of what is declared not observable."""


@pytest.fixture(scope="module")
def shipped():
    return catalogue.load(CHECKOUT / "sources.yml", CHECKOUT / "triggers.yml")


@pytest.mark.parametrize("part", [UPWARD, DOWNWARD, ABSENT, ASSUMPTIONS], ids=["up", "down", "absent", "assumed"])
def test_each_line_of_the_assessment_is_watched_or_said_not_to_be(part, shipped) -> None:
    known = {trigger.id for trigger in shipped.assessment.triggers}
    beyond = [each.statement for each in shipped.assessment.not_observable]
    for line, names in part.items():
        for name in names:
            assert name in known or any(said.startswith(name) for said in beyond), f"{line}: nothing watches {name}"


def test_each_trigger_is_expected_somewhere(shipped) -> None:
    for trigger in shipped.assessment.triggers:
        if trigger.not_observable is None:
            found = expected(trigger, shipped)
            assert found, f"{trigger.id}: no source of sources.yml is named or tagged {trigger.expected}"
            assert any(entry.askable for entry in found), f"{trigger.id}: none of its sources can be asked"
            assert all(as_duration(entry.tolerance) for entry in found)


def test_a_look_is_due_when_the_crawl_asks_again() -> None:
    assert coverage.DUE == PACE
