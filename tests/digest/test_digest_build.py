"""What a day comes to: sorted, grouped, counted, worded."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import digest_days as days
import pytest

from crawler.digest import as_html, build
from crawler.digest.account import Limits
from crawler.digest.as_json import as_json, read
from crawler.digest.group import canonical
from storage.records import Assertion, ChangeKind, Level, Part

SENTENCE = {
    "en": "The Harbour Network welcomes the Lantern Institute as a member.",
    "zh": "港湾网络欢迎灯塔研究院成为正式成员单位。",
}


def test_directions_come_in_order_and_priorities_within_them() -> None:
    account = build(days.busy())
    assert [s.id for s in account.triggers] == ["budget-line", "evaluation", "dean-leaves", "network"]
    assert [t.id for t in account.silent] == ["law", "secret"]
    assert account.headline == (
        "3 upward, 1 downward, 1 absence broken, 1 against, 1 not a fact yet; 3 notable changes; "
        "2 of 31 sources not reached; 1 not readable."
    )


def test_a_denial_is_against_and_a_plan_is_not_a_fact_yet() -> None:
    by_id = {section.id: section for section in build(days.busy()).triggers}
    assert by_id["network"].against.entries[0].quotes[0].assertion == "denied"
    assert by_id["network"].evidence.count == 1
    assert by_id["network"].known.count == 1
    assert by_id["evaluation"].unsettled.entries[0].quotes[0].assertion == "planned"
    assert by_id["dean-leaves"].evidence.entries[0].quotes[0].side == "removed"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_same_sentence_elsewhere_is_a_mention(language: str) -> None:
    sentence = SENTENCE[language]
    reprint = sentence.replace("。", "！").replace("The Harbour", "THE HARBOUR")
    findings = [
        days.finding(n, at=at, level=Level.ALERT, matches=(days.match("network", text, text[4:-1]),))
        for n, at, text in ((1, days.COURIER, sentence), (2, days.HARBOUR, reprint), (3, days.LETTER, sentence))
    ]
    account = build(days.day(findings=findings))
    (entry,) = account.triggers[0].evidence.entries
    assert entry.source_id == "harbour", "the primary source leads"
    assert [m.proof.change for m in entry.mentions] == [1, 3]
    assert account.counts.absence_broken == 1


def test_the_same_page_through_two_sources_is_a_mention_but_two_changes_of_one_document_are_not() -> None:
    page = "https://www.lantern.example/news/7/?utm_source=feed#top"
    hunks = (days.hunk("added", new="Rooms on the second floor were painted green."),)
    other = (days.hunk("added", new="Rooms on the third floor were painted blue."),)
    findings = [
        days.finding(1, at=days.LANTERN, url=page, level=Level.NOTABLE, hunks=hunks),
        days.finding(2, at=days.COURIER, url="http://lantern.example/news/7", level=Level.NOTABLE, hunks=hunks + other),
        days.finding(3, at=days.LANTERN, url=page, level=Level.NOTABLE, hunks=other),
    ]
    account = build(days.day(findings=findings))
    assert account.notable.count == 2
    assert [m.own for e in account.notable.entries for m in e.mentions] == [1]
    assert canonical(page) == canonical("http://lantern.example/news/7")


def test_items_that_share_the_address_of_their_feed_stay_apart() -> None:
    findings = [
        days.finding(n, at=days.LETTER, url="https://letter.example/", level=Level.NOTABLE, kind=ChangeKind.NEW)
        for n in (1, 2, 3)
    ]
    assert build(days.day(findings=findings)).notable.count == 3


def test_short_sentences_are_not_the_same_news_by_chance() -> None:
    findings = [
        days.finding(n, at=at, level=Level.ALERT, matches=(days.match("law", "第十二条", "第十二条"),))
        for n, at in ((1, days.ZH), (2, days.TREASURY))
    ]
    assert build(days.day(findings=findings)).triggers[0].evidence.count == 2


def test_first_readings_are_history_and_reprocessed_changes_are_nothing() -> None:
    account = build(days.first())
    assert not account.triggers
    assert (account.history.sources, account.history.documents, account.history.met) == (2, 3, 1)
    again = days.finding(9, level=Level.ALERT, reprocessed=True)
    assert build(days.day(findings=[again])).counts == build(days.day()).counts


def test_news_shown_under_two_triggers_shows_its_redline_once() -> None:
    text = "The Harbour Network welcomes the Lantern Institute, whose budget is now a line of its own."
    change = days.finding(
        5,
        level=Level.ALERT,
        hunks=(days.hunk("added", new=text), days.hunk("removed", old="Nothing was planned.", position=1)),
        matches=(days.match("network", text, "welcomes"), days.match("budget-line", text, "a line of its own")),
    )
    first, second = (section.evidence.entries[0] for section in build(days.day(findings=[change])).triggers)
    assert first.redline.rows and first.anchor == "c5"
    assert second.redline.at == "c5" and second.anchor == "c5-2"


@pytest.mark.parametrize(
    ("assertion", "shelf"),
    [
        (Assertion.ASSERTED, "evidence"),
        (Assertion.DECIDED, "evidence"),
        (Assertion.REPORTED, "evidence"),
        (Assertion.PLANNED, "unsettled"),
        (Assertion.PROPOSED, "unsettled"),
        (Assertion.CONDITIONAL, "unsettled"),
        (Assertion.ASKED, "unsettled"),
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_label_decides_the_shelf(assertion: Assertion, shelf: str, language: str) -> None:
    text = SENTENCE[language]
    met = days.match("network", text, text[3:9], assertion=assertion)
    (section,) = build(days.day(findings=[days.finding(1, level=Level.ALERT, matches=(met,))])).triggers
    assert getattr(section, shelf).count == 1


def test_matches_in_routine_changes_are_hints_and_in_noise_are_counted() -> None:
    text = SENTENCE["en"]
    met = days.match("network", text, "welcomes")
    routine = days.finding(1, matches=(met,))
    noise = days.finding(2, level=Level.NOISE, matches=(met,), hunks=(days.hunk("added", new=text, noise="teaser"),))
    account = build(days.day(findings=[routine, noise]))
    assert account.triggers[0].hints.count == 1
    assert account.counts.absence_broken == 0
    assert account.noise.with_match == 1
    assert account.noise.rules == (("teaser", 1),)


def test_a_match_below_its_threshold_is_a_hint_even_in_an_alert() -> None:
    text = "The Harbour Network welcomes the Lantern Institute, and a law may name it."
    strong, weak = days.match("network", text, "welcomes"), days.match("law", text, "a law", score=0.3)
    change = days.finding(1, level=Level.ALERT, matches=(strong, weak), hunks=(days.hunk("added", new=text),))
    account = build(days.day(findings=[change]))
    network, law = account.triggers
    assert (network.evidence.count, law.hints.count, law.tells) == (1, 1, False)
    assert account.headline.startswith("1 absence broken;") or account.headline == "1 absence broken."
    stricter = [replace(trigger, threshold=0.95) for trigger in days.TRIGGERS]
    account = build(days.day(findings=[change], triggers=stricter))
    assert account.notable.count == 1, "quoted nowhere, so its redline is shown"
    assert account.counts.absence_broken == 0


def test_a_routine_change_says_what_it_did_and_where() -> None:
    rest = days.hunk("edited", old="3 views", new="4 views", part=Part.REST)
    findings = [
        days.finding(1, hunks=(days.hunk("added", new="Rain."), rest)),
        days.finding(2, hunks=(rest,)),
        days.finding(3, kind=ChangeKind.MOVED),
    ]
    told = {brief.change: brief.gist for brief in build(days.day(findings=findings)).routine}
    assert told == {1: "sentences: 1 added", 2: "outside the main text: 1 edited", 3: "moved to another address"}


def test_a_source_with_two_addresses_and_one_of_them_broken_is_not_lost() -> None:
    at = days.source("two")
    half = days.failing(at, "bot challenge", "just a moment", timedelta(days=2), looked=1, last_looked_at=days.TO)
    account = build(days.day(health=[half]))
    assert [s.id for s in account.health.unsteady] == ["two"]
    assert account.looked.reached == 1


def test_the_first_digest_covers_everything() -> None:
    from datetime import UTC, datetime

    from crawler.digest import as_markdown

    account = build(days.day(from_at=datetime(1970, 1, 1, tzinfo=UTC)))
    assert "Covers everything up to 20 Nov 2026, 07:00, Europe/Berlin." in as_markdown(account)


def test_what_does_not_fit_is_counted_and_named() -> None:
    limits = Limits(evidence=5, entries=5, notable=3, routine=4, history=2)
    findings = [
        *(
            days.finding(
                n, level=Level.ALERT, matches=(days.match("law", f"Sentence number {n} names it in a law.", "law"),)
            )
            for n in range(1, 9)
        ),
        *(days.finding(n, level=Level.NOTABLE, hunks=(days.hunk("added", new=f"{n}"),)) for n in range(11, 17)),
        *(days.finding(n) for n in range(21, 29)),
        *(
            days.finding(n, kind=ChangeKind.FIRST, matches=(days.match("law", f"Old sentence {n} on a law.", "law"),))
            for n in range(31, 36)
        ),
    ]
    account = build(days.day(findings=findings, limits=limits))
    evidence = account.triggers[0].evidence
    assert (len(evidence.entries), evidence.more.count, evidence.more.changes) == (5, 3, (6, 7, 8))
    assert (len(account.notable.entries), account.notable.more.count) == (3, 3)
    assert (len(account.routine), account.routine_more.changes) == (4, (25, 26, 27, 28))
    assert (len(account.history.quotes), account.history.more.count) == (2, 3)
    shown = {entry.proof.change for entry in (*evidence.entries, *account.notable.entries)}
    shown |= {brief.change for brief in account.routine}
    left = {*evidence.more.changes, *account.notable.more.changes, *account.routine_more.changes}
    assert shown | left == {f.change.id for f in findings if f.change.kind is not ChangeKind.FIRST}


def test_source_health_says_who_why_and_since_when() -> None:
    health = build(days.busy()).health
    assert [s.id for s in health.not_reached] == ["registry", "ministry"]
    assert health.not_reached[0].why == "robots.txt does not let us in"
    assert [s.id for s in health.broken] == ["forum"]
    assert [s.id for s in health.quiet] == ["quill"]
    assert "usual 7 days" in health.quiet[0].why
    assert [s.id for s in health.recovered] == ["archive"]
    assert health.not_observable[0].why == "the site forbids robots"


def test_a_source_that_failed_the_day_before_has_recovered() -> None:
    at = days.source("mended")
    before = days.failing(at, "failed", "timed out", timedelta(days=3))
    account = build(days.day(health=[days.well(at)], health_before=[before]))
    assert [s.id for s in account.health.recovered] == ["mended"]
    assert account.headline.endswith("the one source in reach.")


def test_silence_is_worth_what_was_looked_at() -> None:
    assert build(days.quiet()).worth == (
        "26 of 26 sources could be read (10 of them not due today), 15 of 15 primary Chinese ones among them."
    )
    assert build(days.bad()).worth == "None of 25 sources could be read, so this silence says nothing."
    assert build(days.bad()).headline.startswith("No source could be read; 19 of 25 sources not reached")
    assert build(days.day()).worth.endswith("this silence says nothing.")


@pytest.mark.parametrize("name", ["busy", "quiet", "bad", "first", "hostile"])
def test_the_json_form_reads_back_as_the_account(name: str) -> None:
    account = build(getattr(days, name)())
    assert read(as_json(account)) == account
    assert read(as_json(account)).sha256 == account.sha256


@pytest.mark.parametrize(
    "text", ["{}", "[]", "null", "nonsense", '{"format":"cruxwatch-digest/2"}', '{"format":"cruxwatch-digest/1"}']
)
def test_other_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        read(text)


def test_a_verdict_is_shown() -> None:
    from storage.records import Review, Verdict

    reviewed = replace(
        days.finding(1, level=Level.NOTABLE),
        reviews=(Review(id=1, change_id=1, verdict=Verdict.RELEVANT, reviewed_at=days.TO),),
    )
    assert build(days.day(findings=[reviewed])).notable.entries[0].verdict == "relevant"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_the_judge_would_have_a_person_see_is_quoted_with_whose_word_it_is(language: str) -> None:
    text = SENTENCE[language]
    weak = days.match("network", text, text[3:9], score=0.4)
    change = days.finding(
        1,
        level=Level.NOTABLE,
        matches=(weak,),
        hunks=(days.hunk("added", new=text), days.hunk("removed", old="Nothing.", position=1)),
        judgements=(
            days.judgement("network", text, "yes", text[4:8], "<b>oracle</b>"),
            days.judgement("network", text, "no", text[4:8], "another"),
            days.judgement("law", text, "yes", text[4:8]),
            days.judgement("network", text + "?", "yes", text[4:8]),
        ),
    )
    account = build(days.day(findings=[change]))
    (entry,) = account.notable.entries
    (quote,) = entry.quotes
    assert [(o.model, o.verdict) for o in quote.opinions] == [("<b>oracle</b>", "yes"), ("another", "no")]
    assert account.counts.absence_broken == 0, "an opinion is no evidence"
    page = as_html(account)
    assert "the judge (<bdi>&lt;b&gt;oracle&lt;/b&gt;</bdi>) says: <b>yes</b>" in page
    (hint,) = account.triggers[0].hints.entries
    assert hint.quotes[0].opinions == quote.opinions
