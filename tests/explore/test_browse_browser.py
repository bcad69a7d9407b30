"""The archive in a real browser: it fits a phone, can be read in light and dark, runs nothing of strangers."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
CODE = """
import sys
from crawler.explore import browse
browse(sys.argv[1], port=0, say=lambda line: print(line, flush=True))
"""
PAGES = [
    "",
    "archive",
    "archive/search?words=預算",
    "archive/evidence",
    "archive/versions?_search=budget",
    "archive/hunks",
    "-/change/2",
    "-/change/4",
]


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    webdriver = pytest.importorskip("selenium.webdriver")
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("needs chromium and chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield opened
    opened.quit()


@pytest.fixture(scope="module")
def address(filled: Path) -> Iterator[str]:
    checkout = Path(__file__).resolve().parents[2]
    child = subprocess.Popen([sys.executable, "-c", CODE, str(filled)], stdout=subprocess.PIPE, text=True, cwd=checkout)
    yield next(word for word in child.stdout.readline().split() if word.startswith("http://"))
    child.terminate()
    child.wait(20)
    child.stdout.close()


def look(browser, address: str, page: str, *, width: int = 1280, scheme: str = "light") -> None:
    browser.execute_cdp_cmd(
        "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    )
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.get(address + page)


@pytest.mark.parametrize("page", PAGES)
def test_it_fits_a_phone(browser, address, page):
    look(browser, address, page, width=390)
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_is_readable_in_light_and_dark(browser, address, scheme):
    """Contrast of text on its background at least 4.5 (WCAG 2.2, 1.4.3), for every text on the pages."""
    for page in PAGES:
        look(browser, address, page, scheme=scheme)
        poor = browser.execute_script(CONTRAST)
        assert poor == [], (page, poor[:5])


def test_nothing_that_a_stranger_wrote_runs_or_is_fetched(browser, address):
    for page in PAGES:
        look(browser, address, page)
        assert not browser.execute_script("return document.querySelectorAll('img[onerror]').length")
        fetched = browser.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        assert all(name.startswith(address) for name in fetched), fetched
        complaints = [entry["message"] for entry in browser.get_log("browser") if "favicon" not in entry["message"]]
        assert not [message for message in complaints if "Content Security Policy" in message], complaints


def test_a_question_is_asked_by_typing(browser, address):
    look(browser, address, "")
    field = browser.find_element("css selector", ".cw-ask input[name=words]")
    field.send_keys("預算\n")
    # the answer is another page: a busy machine takes its time to show it
    from selenium.webdriver.support.ui import WebDriverWait

    table = WebDriverWait(browser, 30).until(lambda shown: shown.find_element("css selector", ".rows-and-columns"))
    assert "研究院2026年预算为三亿元。" in table.text


CONTRAST = """
const rgb = (text) => (text.match(/[0-9.]+/g) || []).map(Number);
const light = (c) => {
  const [r, g, b] = c.slice(0, 3).map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b;
};
const behind = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const colour = rgb(getComputedStyle(at).backgroundColor);
    if (colour.length === 3 || colour[3] > .99) return colour;
  }
  return [255, 255, 255];
};
const poor = [];
for (const node of document.querySelectorAll('body *')) {
  const own = [...node.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  if (!own || ['SCRIPT', 'STYLE', 'OPTION'].includes(node.tagName) || node.closest('svg') ||
      !node.getClientRects().length) continue;
  const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))];
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  if (ratio < 4.5) poor.push([node.tagName, node.className, node.textContent.slice(0, 30), ratio.toFixed(2)]);
}
return poor;
"""
