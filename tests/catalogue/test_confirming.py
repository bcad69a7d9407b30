"""What `check --live --write` puts into sources.yml, and that it touches nothing else."""

from __future__ import annotations

import difflib
import json
import os
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.catalogue import confirming, located
from crawler.catalogue.confirming import Confirmed, confirm
from crawler.errors import UsageError
from tests.conftest import CHECKOUT

DAY = date(2031, 3, 1)
NEW = "https://new.invalid/a?b=c&d=预算"
TEXT = """\
# a comment at the top, 中文
settings: {contact: you@example.org}   # kept

sources:

- id: flow
  title: "Quoted: title"   # keep me
  url: https://old.invalid/flow  # the old one
  address: {confidence: low, evidence: "memory: {braces}, commas"}   # after
- url:    'https://old.invalid/it''s'
  id: quoted
  address: { confirmed: 2020-01-01 , confidence: high}
- id: block
  url: "https://old.invalid/block"
  address:
    # within
    confidence: low
    evidence: >-
      folded
      text
- id: none
  title: 研究院
  url: https://old.invalid/none # trailing
  tags: [a,   b]
- id: empty
  url: https://old.invalid/empty
  address:
- {id: json, "url": "https://old.invalid/json", title: x}
- id: braces
  url: https://old.invalid/braces
  address: {}
- id: had
  url: https://old.invalid/had
  address:
    confirmed: "2020-01-01"
    confidence: low
- id: alias
  url: https://old.invalid/alias
  address: *shared
"""
WITH_ALIAS = "x-shared: &shared {confidence: low}\n" + TEXT
IDS = ("flow", "quoted", "block", "none", "empty", "json", "braces", "had")


def sources(text: str) -> dict[str, dict]:
    tree, faults = located.read(text.encode())
    assert not faults
    return {each["id"]: each for each in tree.plain()["sources"]}


def test_a_day_is_written_and_every_other_byte_stays() -> None:
    edited = confirm(WITH_ALIAS, {name: Confirmed(on=DAY) for name in (*IDS, "alias", "unheard-of")})
    assert edited.done == IDS
    assert len(edited.left) == 1
    assert "alias" in edited.left[0]
    after = sources(edited.text)
    assert {name for name in after if after[name].get("address", {}).get("confirmed") == "2031-03-01"} == set(IDS)
    assert after["flow"]["address"]["evidence"] == "memory: {braces}, commas"
    # what went is nothing but old dates; what came is nothing but the key and the day
    gone, come = changed(WITH_ALIAS, edited.text)
    assert set("".join(gone)) <= set("0123456789-")
    assert set("".join(come)) <= set('0123456789-confirmed: {}",addres\n ')
    assert "# after" in edited.text
    assert "    # within\n    confirmed: 2031-03-01\n    confidence: low" in edited.text


def test_an_address_that_moved_is_written_in_its_own_quotes() -> None:
    edited = confirm(TEXT.replace("  address: *shared\n", ""), {name: Confirmed(on=DAY, url=NEW) for name in IDS})
    after = sources(edited.text)
    assert all(after[name]["url"] == NEW for name in IDS)
    assert f"url: {NEW}  # the old one" in edited.text
    assert f"url:    '{NEW}'" in edited.text
    assert f'"url": "{NEW}", ' in edited.text


def changed(before: str, after: str) -> tuple[list[str], list[str]]:
    gone, come = [], []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            gone.append(before[a:b])
            come.append(after[c:d])
    return gone, come


@pytest.mark.parametrize("ends", ["\r\n", "\n"])
def test_line_ends_and_mark_stay(ends: str) -> None:
    text = "\ufeff" + TEXT.replace("  address: *shared\n", "").replace("\n", ends)
    edited = confirm(text, {"none": Confirmed(on=DAY), "block": Confirmed(on=DAY)})
    assert edited.text.startswith("\ufeff")
    assert edited.text.count(ends) == text.count(ends) + 2
    assert "\n" not in edited.text.replace(ends, "")


def test_the_shipped_catalogue_can_be_confirmed_whole() -> None:
    text = (CHECKOUT / "sources.yml").read_text(encoding="utf-8")
    ids = [name for name in sources(text) if name]
    edited = confirm(text, {name: Confirmed(on=DAY) for name in ids})
    assert edited.done == tuple(ids)
    kept = edited.text.replace(", confirmed: 2031-03-01", "").replace("\n  address: {confirmed: 2031-03-01}", "")
    assert kept == text
    again = confirm(edited.text, {name: Confirmed(on=DAY) for name in ids})
    assert again.text == edited.text


@given(st.text(st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=40))
def test_any_address_survives_being_written(tail: str) -> None:
    url = f"https://a.invalid/{tail}"
    for form in ("plain", "'single'", '"double"'):
        quote = form[0] if form[0] in "'\"" else ""
        text = f"sources:\n- id: a\n  url: {quote}https://old.invalid/{quote}\n"
        try:
            assert sources(confirm(text, {"a": Confirmed(on=DAY, url=url)}).text)["a"]["url"] == url
        except UsageError:
            pytest.fail(f"{url!r} could not be written {form}")


def test_a_file_keeps_its_mode_and_a_broken_one_is_left(tmp_path) -> None:
    path = tmp_path / "sources.yml"
    path.write_text(json.dumps({"sources": [{"id": "a", "url": "https://a.invalid/"}]}), encoding="utf-8")
    os.chmod(path, 0o640)
    confirming.write(path, {"a": Confirmed(on=DAY)})
    assert json.loads(path.read_text(encoding="utf-8"))["sources"][0]["address"] == {"confirmed": "2031-03-01"}
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(tmp_path.iterdir()) == [path]
    path.write_text("sources: [", encoding="utf-8")
    with pytest.raises(UsageError):
        confirming.write(path, {"a": Confirmed(on=DAY)})
    assert path.read_text(encoding="utf-8") == "sources: ["
