"""Which parts of a page are furniture: navigation, footers, banners, dialogs, boxes that advertise other pages.

Names in class and id are read as words ("site-footer", "siteFooter"), never as substrings, and an element that holds
most of the page's text is never furniture, whatever it is called.
"""

from __future__ import annotations

import re
from enum import IntEnum
from functools import lru_cache

from lxml import etree


class Zone(IntEnum):
    NONE = 0
    ASIDE = 1
    """Beside the main text, and perhaps about the same: aside, sidebar, notice, banner."""
    SOFT = 2
    """Probably beside the point: related, share, comments, advertisements, forms."""
    HARD = 3
    """Certainly furniture: navigation, footer, banner, cookie dialog."""


_HARD_ROLES = frozenset(
    """
    navigation contentinfo search dialog alertdialog menu menubar banner tablist toolbar
    """.split()  # noqa: SIM905
)
_SPLIT = re.compile(r"[^A-Za-z0-9]+|(?<=[a-z0-9])(?=[A-Z])")
_HARD_WORDS = frozenset(
    """
    nav navbar navigation navi menu submenu dropdown megamenu breadcrumb breadcrumbs crumb crumbs footer foot
    copyright cookie cookies consent gdpr cmp cookiebar cookiebanner onetrust ot skip skiplink pagination
    pager paging toolbar topbar searchbox searchform weizhi daohang mbx dibu lang langs languages locale
    languageswitcher offcanvas drawer sitemap
    """.split()  # noqa: SIM905
)
_ASIDE_WORDS = frozenset(["sidebar", "aside", "banner", "popup", "modal", "overlay", "widget", "widgets", "tags"])
_SOFT_WORDS = frozenset(
    """
    sidenav related recommend recommended recommendation recommendations recommends share
    sharing social socials addthis sharethis comment comments disqus newsletter subscribe subscription signup
    promo promotion promoted advert adverts advertisement ads ad sponsor sponsored teaser teasers popular
    trending toc tableofcontents lightbox tagcloud rating
    ratings login signin tuijian xiangguan xgwz xgxw fenxiang share-box hot rank ranking weather counter hits
    visitors
    """.split()  # noqa: SIM905
)
_HARD_PREFIXES = ("onetrust", "cookie", "cky", "cybot", "usercentrics", "didomi", "tarteaucitron", "axeptio", "osano")


@lru_cache(maxsize=20_000)
def _named(names: str) -> Zone:
    words = [w.lower() for w in _SPLIT.split(names) if w]
    if any(w in _HARD_WORDS or w.startswith(_HARD_PREFIXES) for w in words):
        return Zone.HARD
    if any(w in _SOFT_WORDS for w in words):
        return Zone.SOFT
    return Zone.ASIDE if any(w in _ASIDE_WORDS for w in words) else Zone.NONE


def own_zone(element: etree._Element) -> Zone:
    """The zone an element opens by its own tag, role, class and id."""
    tag = element.tag
    if tag in {"nav", "footer", "menu", "dialog"}:
        return Zone.HARD
    if tag in {"html", "body", "main", "article", "h1", "table", "tbody", "tr", "td", "p"}:
        return Zone.NONE
    role = element.get("role")
    if role in _HARD_ROLES:
        return Zone.HARD
    if role == "main":
        return Zone.NONE
    if element.get("aria-modal") == "true":
        return Zone.HARD
    zone = Zone.NONE
    if tag == "form":
        zone = Zone.SOFT
    elif tag == "aside" or role == "complementary":
        zone = Zone.ASIDE
    names = f"{element.get('id') or ''} {element.get('class') or ''}"
    if len(names) > 1:
        # utility classes by the dozen say nothing about the part (Tailwind and the like)
        zone = max(zone, _named(names[:200]))
    return zone


class Zones:
    """Zones of all elements of one page, inherited downwards; asked lazily, answered once."""

    def __init__(
        self, weights: dict[etree._Element, int], total: int, content: frozenset[etree._Element] = frozenset()
    ) -> None:
        """`weights`: characters each element holds, of `total`; `content`: elements known to be no furniture."""
        self._content = content
        self._known: dict[etree._Element, Zone] = {}
        self._weights = weights
        self._most = total * 0.5

    def of(self, element: etree._Element) -> Zone:
        chain = []
        known = self._known
        while element is not None and element not in known:
            chain.append(element)
            element = element.getparent()
        zone = known[element] if element is not None else Zone.NONE
        for element in reversed(chain):
            own = own_zone(element)
            if (own and element in self._content) or (
                own
                and self._weights.get(element, 0)
                > self._most * (1 if element.tag not in {"nav", "footer"} else 0.8 * 2)
            ):
                own = Zone.NONE
            elif own is Zone.NONE and element.tag == "header" and not _inside_article(element):
                own = Zone.HARD if _holds_navigation(element) else Zone.NONE
            elif own is Zone.HARD and element.tag == "footer" and _inside_article(element):
                own = Zone.SOFT
            zone = max(zone, own)
            known[element] = zone
        return zone


_REGION_WORDS = frozenset(
    """
    main content contents article post entry maincontent contentmain pagecontent zhengwen neirong
    """.split()  # noqa: SIM905
)


def is_region(element: etree._Element) -> bool:
    """Whether an element says that it holds what the page is about."""
    if element.tag == "main" or element.get("role") == "main":
        return True
    if element.tag in {"body", "html"}:
        return False
    words = {w.lower() for w in _SPLIT.split(element.get("id") or "") if w}
    return bool(words & _REGION_WORDS)


_DECLARED_IDS = frozenset(("main", "content", "main-content", "maincontent", "main_content", "zhengwen", "neirong"))
_ABOUT_OTHERS = re.compile(
    r"(?:related|recommended|popular|trending|similar|further|other|more|latest|recent|featured|"
    r"most (?:read|popular|viewed)) (?:articles?|stor(?:y|ies)|posts?|news|reading|content|pages?|videos?|reads?)|"
    r"you (?:may|might) (?:also )?"
    r"(?:like|be interested in)|read (?:next|more|also)|see also|recommended(?: for you)?|related|"
    r"trending(?: now)?|most read|"
    r"(?:more|also) (?:from|on|in)\b.{0,30}|up next|"
    r"(?:相关|推荐|延伸|热门|精彩|更多|最新|其他|猜你喜欢的|相關|推薦|熱門|最多人)(?:的)?"
    r"(?:阅读|文章|新闻|推荐|链接|资讯|内容|报道|信息|稿件|閱讀|新聞|報導)|猜你喜欢|热点(?:新闻|推荐)|为您推荐|大家都在看|"
    r"articles? (?:liés|similaires)|à lire aussi|mehr zum thema|lesen sie auch|das könnte sie auch interessieren",
    re.I,
)


def declares(element: etree._Element) -> int:
    """How clearly the page itself calls it its main element: 2 by tag or role, 1 by its id, 0 not."""
    if element.tag == "main" or element.get("role") == "main":
        return 2
    return int(element.get("id", "").lower() in _DECLARED_IDS)


def leads_away(line: str) -> bool:
    """Whether a heading announces other pages (Related articles, 相关阅读)."""
    return len(line) <= 60 and _ABOUT_OTHERS.fullmatch(line.removeprefix("# ").strip(" :：»>|…")) is not None


def _inside_article(element: etree._Element) -> bool:
    return any(parent.tag in {"article", "main", "section"} for parent in element.iterancestors())


def _holds_navigation(element: etree._Element) -> bool:
    return element.find(".//nav") is not None or element.find(".//h1") is None
