"""The images of a page, by address: evidence that the text alone does not keep."""

from __future__ import annotations

from lxml import etree

from crawler.errors import ReadingError
from crawler.extract import document, html
from crawler.extract.links import absolute

_PLACES = ("data-src", "data-original", "src")
"""Where an address stands: pages that load images when they are scrolled to keep it beside `src`."""
_SMALL = 24
"""Points; a smaller image is an ornament or a counter."""


def of(body: bytes, *, charset: str | None = None, url: str, most: int = 40) -> tuple[str, ...]:
    """Addresses of the images of a page, in its order, each once; () when it is no page."""
    try:
        root, _ = html.parse(body, charset)
    except ReadingError:
        return ()
    found: dict[str, None] = {}
    for meta in root.iterfind(".//meta"):
        if meta.get("property") == "og:image":
            _add(found, url, meta.get("content"))
    for image in root.iter("img", "image", "video"):
        if not _tiny(image):
            named = next((image.get(place) for place in _PLACES if image.get(place)), image.get("poster"))
            _add(found, url, named)
        if len(found) >= most:
            break
    return tuple(found)[:most]


def is_image(body: bytes, media_type: str | None) -> bool:
    """Whether a body is an image, by its first bytes or by what the server says."""
    return document.form_of(body, media_type, "").startswith("image/")


def _add(found: dict[str, None], url: str, named: str | None) -> None:
    target = absolute(url, named)
    if target is not None:
        found.setdefault(target)


def _tiny(image: etree._Element) -> bool:
    sizes = [image.get(name, "").removesuffix("px") for name in ("width", "height")]
    return any(size.isdigit() and int(size) < _SMALL for size in sizes)
