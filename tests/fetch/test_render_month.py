"""A simulated month of a page made by script, through the real run and a real browser: what happens to any source."""

from __future__ import annotations

import json

import pytest

from crawler.fetch import browser
from tests.kinds.month import DAYS, LIMITED, Month
from tests.website import Answer, Asked

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.skipif(browser.missing() is not None, reason="needs Chromium and playwright"),
]

PAGE, TROUBLE = "https://room.test/", "https://bad.test/"
OK, GONE = "captured ok", "gone status"
TOLD = (
    "The reading room is made by script, line by line, as the office wants it.",
    "阅览室的页面由脚本逐行生成。",
)
BUDGET = "The Harbour Institute received a dedicated budget of 42 million yuan."


def made(*lines: str) -> Answer:
    """A page that is empty until script fills it."""
    code = f"for (const line of {json.dumps(lines)}) {{ const p = document.createElement('p'); p.textContent = line; "
    code += "document.getElementById('app').append(p); }"
    page = (
        f"<!doctype html><html lang=en><head><title>Room</title></head><body><div id=app></div><script>{code}</script>"
    )
    return Answer(page.encode())


def room(day: int, asked: Asked) -> Answer:
    """Two lines more, one of them edited, one taken back, deleted, restored."""
    if day in (6, 7):
        return Answer(b"<h1>Not found</h1>", 404)
    hours = "It is open from nine to five." if day < 4 else "It is open from ten to four."
    rules = ["Lamps must not be brought into the room."] if day < 5 else []
    return made(*TOLD, hours, *rules, *([BUDGET] if day >= 3 else []))


def bad(day: int, asked: Asked) -> Answer:
    """What may come in its place."""
    broken = "<!doctype html><div id=app></div><script>throw new Error('broken')</script>"
    huge = "<!doctype html><div id=app></div><script>app.textContent = 'x'.repeat(90000)</script>"
    return {
        2: LIMITED,
        3: Answer(broken.encode()),
        4: Answer(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", media_type="image/png"),
        5: Answer(huge.encode()),
        6: Answer(b" " * 60, drip=(1, 0.2)),
        7: Answer(b""),
    }.get(day) or made(*TOLD)


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory):
    """A month of rendered pages, over."""
    lived = Month(tmp_path_factory.mktemp("rendered"))
    with lived.world:
        lived.source("room", "page", "http://room.test/", room, fetch={"render": True, "timeout": "20s"})
        short = {"render": True, "timeout": "6s", "max_bytes": 60_000}
        lived.source("bad", "page", "http://bad.test/", bad, fetch=short)
        lived.pass_()
        yield lived


def test_what_script_makes_is_followed_like_any_page(month: Month) -> None:
    assert month.told("room") == dict.fromkeys(DAYS, OK) | {6: GONE, 7: GONE}
    assert month.changes("room") == {
        1: [f"first {PAGE}"],
        3: [f"changed {PAGE} alert"],
        4: [f"changed {PAGE}"],
        5: [f"changed {PAGE}"],
        7: [f"gone {PAGE}"],
        30: [f"back {PAGE}"],
    }
    with month.world.opened() as archive:
        captures = [each for each in month.captures(archive) if each.source_id == "room"]
    assert captures and all(each.rendered for each in captures)


def test_every_way_to_fail_is_told_apart_and_none_is_a_change(month: Month) -> None:
    assert month.told("bad") == {
        1: OK,
        2: "limited asked to come later",
        3: "captured empty script shell",
        4: "captured media type not readable",
        5: "failed too large",
        6: "failed timed out",
        7: "captured no text",
        30: OK,
    }
    assert month.changes("bad") == {1: [f"first {TROUBLE}"]}
