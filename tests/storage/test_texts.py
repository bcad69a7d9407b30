"""Documents, versions and the sentence ledger: what comparing needs to know of the past."""

from __future__ import annotations

from storage.records import Outcome
from tests.storage.invented import T0, URL, at, attempt, begin, line, source, visit


def test_nothing_is_known_at_first(archive):
    begin(archive)
    history = archive.history("veldhoven-news", URL, [line("A budget.")])
    assert history.document is None
    assert history.current is None
    assert (history.variants, history.ledger, history.visits) == ((), {}, 0)


def test_history_knows_the_variants_the_visits_and_the_lines(archive):
    begin(archive)
    visit(archive, T0, "A budget.\n预算公布。")
    visit(archive, at(1), "A budget.\n预算推迟。")
    archive.touch_version(1, at(2))
    document = archive.document("veldhoven-news", URL)
    archive.look(document.id, 1, at(2), memory='{"noise": 1}')
    history = archive.history("veldhoven-news", URL, [line("A budget."), line("预算公布。"), line("never seen")])
    assert history.current.main == "A budget.\n预算公布。"
    assert [(v.version_id, v.seen, v.last_seen_at) for v in history.variants] == [(1, 2, at(2)), (2, 1, at(1))]
    assert (history.visits, history.memory) == (3, '{"noise": 1}')
    seen = history.ledger[line("A budget.").fold]
    assert (seen.here, seen.here_seen, seen.first_seen_at, seen.here_last_seen_at) == (True, 2, T0, at(1))
    assert history.ledger[line("预算公布。").fold].here_seen == 1
    assert line("never seen").fold not in history.ledger


def test_a_line_is_known_from_other_documents_too(archive):
    begin(archive, source(), source("mirror", url="https://mirror.example/"))
    visit(archive, T0, "The budget is 300 million.")
    seen = archive.history("mirror", "https://mirror.example/", [line("The budget is 300 million.")])
    found = seen.ledger[line("The budget is 300 million.").fold]
    assert (found.here, found.here_seen, found.here_last_seen_at) == (False, 0, None)
    assert found.first_document_id == archive.document("veldhoven-news", URL).id


def test_the_ledger_knows_the_earliest_sight_whatever_the_order_of_reading(archive):
    begin(archive, source(), source("mirror", url="https://mirror.example/"))
    visit(archive, at(5), "Same sentence.", source_id="mirror", url="https://mirror.example/")
    visit(archive, at(1), "Same sentence.")
    found = archive.history("mirror", "https://mirror.example/", [line("Same sentence.")])
    assert found.ledger[line("Same sentence.").fold].first_seen_at == at(1)


def test_a_line_that_stands_twice_in_a_text_counts_once(archive):
    begin(archive)
    visit(archive, T0, "Same.\nSame.\nSame.")
    history = archive.history("veldhoven-news", URL, [line("Same.")] * 3)
    assert history.ledger[line("Same.").fold].here_seen == 1


def test_thousands_of_lines_in_one_go(archive):
    begin(archive)
    lines = [line(f"Row {n} 行") for n in range(5000)]
    visit(archive, T0, "\n".join(each.text for each in lines))
    assert len(archive.history("veldhoven-news", URL, lines).ledger) == 5000


def test_the_same_bytes_are_a_sight_and_no_visit(archive):
    begin(archive)
    visit(archive, T0, "a")
    archive.touch_document(1, at(4))
    ((document, version),) = archive.documents_of("veldhoven-news")
    assert (document.last_seen_at, document.visits, version.last_seen_at, version.seen) == (at(4), 1, at(4), 1)


def test_gone_is_told_once_and_on_the_second_miss(archive):
    begin(archive)
    visit(archive, T0, "a")
    attempt(archive, at(1), outcome=Outcome.GONE, misses=1)
    assert archive.gone_unreported() == []
    attempt(archive, at(2), outcome=Outcome.GONE, misses=2)
    ((ask, document, fetch),) = archive.gone_unreported()
    assert (ask.url, document.key, fetch.finished_at) == (URL, URL, at(2))
    archive.mark_gone(document.id, at(2))
    assert archive.gone_unreported() == []
    assert archive.document("veldhoven-news", URL).gone_at == at(2)


def test_read_before_is_about_good_readings_of_the_same_ask(archive):
    from storage.records import Health
    from tests.storage.invented import ask_of, read

    begin(archive)
    first = attempt(archive, T0)
    read(archive, first, "", health=Health.EMPTY)
    second = attempt(archive, at(1), b"2")
    read(archive, second, "a")
    third = attempt(archive, at(2), b"3")
    ask_id = ask_of(archive).id
    assert [archive.read_before(ask_id, each) for each in (first, second, third)] == [False, False, True]
    assert archive.reading(first).detail == "a sign of it"
    assert archive.reading(third) is None
