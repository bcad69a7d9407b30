"""The pause of the search for garbage ends as it began, whatever happens inside."""

from __future__ import annotations

import gc

import pytest

from crawler.unswept import unswept


def test_a_pause_inside_a_pause_ends_with_the_outer_one() -> None:
    assert gc.isenabled()
    with unswept():
        with unswept():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_fault_inside_ends_the_pause() -> None:
    with pytest.raises(ValueError, match="bad"), unswept():
        raise ValueError("bad")
    assert gc.isenabled()


def test_who_had_no_search_has_none_after() -> None:
    gc.disable()
    try:
        with unswept():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
