"""Bodies: what went in comes out, near-identical pages cost little, a broken byte is told with its capture's name."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage import blobs
from storage.archive import Archive, ArchiveError
from tests.storage.invented import at, attempt, begin

PAGE = "".join(
    f"<li class=item><a href=/notice/{n}>Notice {n}: 第{n}号公告 {n * 7919 % 10007}</a></li>" for n in range(900)
)


@given(bodies=st.lists(st.binary(max_size=3000), max_size=24))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_bodies_in_any_order_come_back(bodies):
    with Archive.open(":memory:") as archive:
        names, base = [], None
        for body in bodies:
            base = blobs.store(archive.db, body, base)
            names.append(base)
        assert [blobs.load(archive.db, name) for name in names] == bodies
        assert archive.db.value("SELECT count(*) FROM blobs") == len(set(bodies))


@given(body=st.binary(min_size=200, max_size=4000), cuts=st.lists(st.integers(0, 4000), max_size=20))
@settings(max_examples=30, deadline=None)
def test_bodies_that_grow_out_of_each_other_come_back(body, cuts):
    with Archive.open(":memory:") as archive:
        base, kept = None, []
        for cut in cuts:
            body = body[: cut % len(body)] + b"!" + body[cut % len(body) :]
            base = blobs.store(archive.db, body, base)
            kept.append((base, body))
        assert all(blobs.load(archive.db, name) == body for name, body in kept)
        assert (archive.db.value("SELECT max(depth) FROM blobs") or 0) <= blobs.CHAIN


def test_a_page_that_changes_a_little_costs_a_little(archive):
    begin(archive)
    for n in range(40):
        body = PAGE.replace(f"Notice {n}:", f"Notice {n} (corrected):").encode()
        attempt(archive, at(n), body)
    whole = archive.db.one("SELECT avg(size), avg(packed_size) FROM blobs WHERE base_sha256 IS NULL")
    rest = archive.db.one("SELECT avg(packed_size), count(*), max(depth) FROM blobs WHERE base_sha256 IS NOT NULL")
    assert rest[0] * 50 < whole[1], "the difference must cost a fiftieth of the compressed page at most"
    assert rest[1] >= 36, "of 40 captures only one in seventeen is stored whole"
    assert rest[2] == blobs.CHAIN
    assert archive.check() == []


def test_a_body_larger_than_the_bound_is_no_base(archive, monkeypatch):
    monkeypatch.setattr(blobs, "LARGEST_BASE", 1000)
    begin(archive)
    for n in range(3):
        attempt(archive, at(n), PAGE.encode() + bytes([n]))
    assert archive.db.value("SELECT max(depth) FROM blobs") == 0


@pytest.mark.parametrize("where", ["first byte", "middle", "gone"])
def test_a_damaged_body_is_told_with_the_name_of_its_capture(archive, where):
    begin(archive)
    first = attempt(archive, at(0), PAGE.encode())
    second = attempt(archive, at(1), PAGE.replace("公告", "通知").encode())
    name = archive.capture(first).sha256
    packed = bytearray(archive.db.value("SELECT packed FROM blobs WHERE sha256 = ?", (name,)))
    if where == "gone":
        archive.db.execute("PRAGMA foreign_keys = OFF")
        archive.db.execute("DELETE FROM blobs WHERE sha256 = ?", (name,))
    else:
        packed[0 if where == "first byte" else len(packed) // 2] ^= 1
        archive.db.execute("UPDATE blobs SET packed = ? WHERE sha256 = ?", (bytes(packed), name))
    for capture_id in (first, second):  # the second builds on the first
        with pytest.raises(ArchiveError) as error:
            archive.body(archive.capture(capture_id))
        assert f"capture {capture_id} (https://veldhoven.example/news" in str(error.value)
        assert "restore" in str(error.value)
    problems = archive.check()
    assert any(f"capture {first} " in problem for problem in problems)
    assert attempt(archive, at(2), PAGE.encode() + b"new"), "a damaged base harms no new capture"


def test_the_same_body_is_stored_once(archive):
    begin(archive)
    first, second = attempt(archive, at(0), b"same"), attempt(archive, at(1), b"same")
    assert first != second
    assert archive.db.value("SELECT count(*) FROM blobs") == 1
    assert archive.body(archive.capture(second)) == b"same"


def test_a_capture_must_have_the_hash_it_says(archive):
    begin(archive)
    capture = archive.capture(attempt(archive, at(0), b"one"))
    from dataclasses import replace

    from tests.storage.invented import ask_of

    fetch = archive.fetches()[0]
    with pytest.raises(ValueError, match="has SHA-256"):
        archive.record_fetch(replace(fetch, id=None), replace(capture, id=None), b"two", ask_of(archive))
    assert archive.db.value("SELECT count(*) FROM fetches") == 1, "all or nothing"
