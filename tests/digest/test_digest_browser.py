"""A digest in a real browser: no sideways scrolling on a phone, nothing fetched, dark where the reader is dark."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import digest_days as days
import pytest

from crawler.digest import as_html, build

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


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator:
    webdriver = pytest.importorskip("selenium.webdriver")
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not chromium or not driver:
        pytest.skip("needs chromium and chromedriver")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    opened = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield opened
    opened.quit()


@pytest.mark.parametrize("name", ["busy", "quiet", "bad", "first", "hostile"])
@pytest.mark.parametrize("styled", [True, False], ids=["styled", "style dropped"])
def test_it_fits_a_phone(browser, tmp_path: Path, name: str, styled: bool) -> None:
    page = tmp_path / f"{name}.html"
    page.write_text(as_html(build(getattr(days, name)())), "utf-8")
    _look(browser, page, width=320)
    browser.execute_script("document.querySelectorAll('details').forEach(d => d.open = true)")
    if not styled:
        browser.execute_script("document.querySelector('style').remove()")
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 320
    assert browser.execute_script("return performance.getEntriesByType('resource').length") == 0
    assert browser.execute_script("return document.compatMode") == "CSS1Compat"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_marks_are_readable_in_light_and_dark(browser, tmp_path: Path, scheme: str) -> None:
    page = tmp_path / "busy.html"
    page.write_text(as_html(build(days.busy())), "utf-8")
    _look(browser, page, width=390, scheme=scheme)
    contrasts = browser.execute_script(CONTRAST)
    assert contrasts
    assert {name: round(ratio, 2) for name, ratio in contrasts.items() if ratio < 4.5} == {}


def _look(browser, page: Path, *, width: int, scheme: str = "light") -> None:
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    wanted = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", wanted)
    browser.get(page.as_uri())


CONTRAST = """
const light = text => {
  const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(v => {
    v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4 });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = e => {
  for (; e; e = e.parentElement) {
    const c = getComputedStyle(e).backgroundColor;
    if (!/, 0\\)$/.test(c)) return c;
  }
  return 'rgb(255, 255, 255)';
};
const worst = {};
for (const e of document.querySelectorAll('mark, ins, del, p, a, summary, h2, h3, h4, li, .small, .tag, .cut, code')) {
  const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
  const name = e.tagName.toLowerCase() + (e.className ? '.' + e.className : '');
  worst[name] = Math.min(worst[name] ?? 99, (a + 0.05) / (b + 0.05));
}
return worst;
"""
