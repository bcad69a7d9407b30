"""Two processes write at once; a killed one loses nothing it had recorded."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from storage.archive import Archive, ArchiveError
from tests.storage.invented import T0, at, attempt, begin, read, visit

CRAWL = """
import sys
from datetime import timedelta
from storage.archive import Archive
from tests.storage.invented import T0, attempt
with Archive.open(sys.argv[1], create=False) as archive:
    for n in range(int(sys.argv[2])):
        print(attempt(archive, T0 + timedelta(hours=n), f"<p>page {n}</p>".encode() * 500), flush=True)
"""
CHECKOUT = Path(__file__).resolve().parents[2]


def crawl(path: Path, attempts: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", CRAWL, str(path), str(attempts)], stdout=subprocess.PIPE, text=True, cwd=CHECKOUT
    )


def test_the_crawl_writes_while_another_process_reads_captures(path):
    with Archive.open(path) as archive:
        begin(archive)
        child = crawl(path, 60)
        done = 0
        while child.poll() is None or archive.unread_captures():
            for capture_id in archive.unread_captures(limit=5):
                read(archive, capture_id, f"text {capture_id}\nShared.")
                done += 1
        child.stdout.close()
        assert child.returncode == 0
        assert done == 60
        assert archive.check() == []
        assert archive.document("veldhoven-news", "https://veldhoven.example/news").visits == 60


@pytest.mark.parametrize("after", [1, 7, 20, 33])
def test_killed_at_any_moment_nothing_recorded_is_lost(path, after):
    with Archive.open(path) as archive:
        begin(archive)
    child = crawl(path, 10_000)
    told = [int(child.stdout.readline()) for _ in range(after)]
    os.kill(child.pid, signal.SIGKILL)
    told += [int(line) for line in child.stdout.read().split("\n")[:-1]]
    child.stdout.close()
    child.wait()
    with Archive.open(path) as archive:
        assert archive.check() == []
        kept = archive.unread_captures()
        assert kept[: len(told)] == told
        assert len(kept) <= len(told) + 1, "at most the one recorded and not told yet"
        assert len(archive.fetches()) == len(kept)


def test_a_transaction_killed_half_way_leaves_nothing(path):
    with Archive.open(path) as archive:
        begin(archive)
        visit(archive, T0, "whole")
        attempt(archive, at(1), b"half")
    code = """
import os, sys
from storage.archive import Archive
from tests.storage.invented import read
archive = Archive.open(sys.argv[1])
with archive.transaction():
    read(archive, 2, "half a reading")
    os.kill(os.getpid(), 9)
"""
    assert subprocess.run([sys.executable, "-c", code, str(path)], cwd=CHECKOUT).returncode == -9
    with Archive.open(path) as archive:
        assert archive.unread_captures() == [2]
        assert archive.search("half") == []
        assert archive.check() == []


def test_waiting_for_a_lock_ends_with_a_sentence(path):
    with Archive.open(path) as holder, Archive.open(path) as other:
        begin(holder)
        other.db.execute("PRAGMA busy_timeout = 50")
        with holder.transaction(), pytest.raises(ArchiveError, match="locked by another process"):
            begin(other)


def test_many_open_a_new_archive_at_once(path):
    faults = []

    def open_it():
        try:
            Archive.open(path).close()
        except Exception as fault:
            faults.append(fault)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_reader_needs_no_writer(path):
    with Archive.open(path) as writer:
        begin(writer)
        visit(writer, T0, "预算")
    for _ in range(2):
        with Archive.open(path, read_only=True) as reader:
            assert len(reader.search("預算")) == 1


def test_any_name_will_do(tmp_path):
    path = tmp_path / "100% 档案 #1?.db"
    with Archive.open(path) as archive:
        begin(archive)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    with Archive.open(path, read_only=True) as archive:
        assert len(archive.sources()) == 1


def test_a_reader_sees_what_is_written_meanwhile(path):
    with Archive.open(path) as writer:
        begin(writer)
        with Archive.open(path, read_only=True) as reader:
            visit(writer, T0, "预算")
            assert len(reader.search("預算")) == 1
            with pytest.raises(ArchiveError, match="cannot be written"):
                begin(reader)
