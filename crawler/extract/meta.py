"""What a page says about itself: title, author, date, language."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lxml import etree

from crawler.extract import json_text
from crawler.extract.lines import fold_space

_TITLES = ("og:title", "twitter:title", "dc.title", "articletitle")
_AUTHORS = ("author", "article:author", "dc.creator", "byl", "parsely-author", "citation_author", "articleauthor")
_DATES = (
    "article:published_time", "og:published_time", "datepublished", "publishdate", "pubdate", "publish_date",
    "citation_publication_date", "citation_date", "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date",
    "parsely-pub-date", "sailthru.date", "date", "publish-date", "publishtime", "firstpublishedtime",
)  # fmt: skip
_VISIBLE_DATE = re.compile(
    r"(?:发布时间|发布日期|发表时间|发文日期|成文日期|更新时间|时间|日期|發布日期|發佈日期"
    r"|Published(?: on)?|Posted(?: on)?|Date)"
    r"\s*[:：]?\s*((?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?(?:\s+\d{1,2}:\d\d(?::\d\d)?)?)"
)
_ISO = re.compile(
    r"((?:19|20)\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"(?:[T\s]+(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?)?"
)
_COMPACT = re.compile(r"^((?:19|20)\d\d)(\d\d)(\d\d)$")
_ENGLISH = re.compile(
    r"(?:(\d{1,2})(?:st|nd|rd|th)?\s+([A-Z][a-z]{2,8})\.?,?|([A-Z][a-z]{2,8})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?)\s+((?:19|20)\d\d)"
)
_MONTHS = {
    m: i for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_KANA = re.compile("[\u3040-\u30ff]")
_HANGUL = re.compile("[\uac00-\ud7af]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LATIN = re.compile("[A-Za-z]")
_WORD = re.compile(r"[^\W\d_]+")
# words that are frequent in one of these languages and rare in the others
_LITTLE_WORDS = {
    "en": ("the", "and", "of", "to", "is", "that", "with", "this", "are", "by", "which", "from"),
    "fr": ("le", "les", "et", "des", "du", "une", "vous", "dans", "est", "pour", "nous", "avec", "aux"),
    "de": ("der", "und", "das", "ist", "nicht", "mit", "von", "wir", "sie", "den", "für", "auf"),
    "es": ("el", "los", "las", "una", "por", "con", "para", "del", "usted", "su", "y", "como"),
    "it": ("il", "gli", "della", "che", "di", "per", "sono", "nel", "dei", "delle", "non", "anche"),
    "pt": ("o", "os", "uma", "não", "com", "dos", "das", "seu", "você", "ao", "são", "mais"),
    "nl": ("het", "een", "en", "van", "niet", "wij", "voor", "zijn", "op", "ons", "deze", "worden"),
}
# characters that only one of the two scripts writes, frequent in official prose
_SIMPLIFIED = frozenset(
    "国会发们这来时说开关长门问间实现对应与为从经过还进动务员报组织结构议设计划资财评测试标准规则网络数据门户联盟协"
)
_TRADITIONAL = frozenset(
    "國會發們這來時說開關長門問間實現對應與為從經過還進動務員報組織結構議設計劃資財評測試標準規則網絡數據門戶聯盟協"
)
_SIMPLIFIED_ONLY = _SIMPLIFIED - _TRADITIONAL
_TRADITIONAL_ONLY = _TRADITIONAL - _SIMPLIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    title: str | None = None
    author: str | None = None
    published_raw: str | None = None
    published_at: datetime | None = None
    declared: str | None = None
    """Language by the page's own word."""

    def language_of(self, text: str, expected: str | None) -> str | None:
        return language(text, self.declared or expected)


def read(root: etree._Element, *, url: str = "") -> About:
    """Read the head, JSON-LD and the first headings of a page."""
    named = _metas(root)
    ld = _json_ld(root)
    title = _title(root, named)
    author = next((named[n] for n in _AUTHORS if named.get(n) and not named[n].startswith("http")), None) or ld.get(
        "author"
    )
    raw = next((named[n] for n in _DATES if named.get(n) and parse_date(named[n])), None) or ld.get("datePublished")
    if not raw:
        raw = _time(root)
    return About(
        title=title,
        author=fold_space(author)[:300] if author else None,
        published_raw=raw[:100] if raw else None,
        published_at=parse_date(raw) if raw else None,
        declared=_declared(root, named),
    )


def _metas(root: etree._Element) -> dict[str, str]:
    named: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or element.get("http-equiv")
        value = element.get("content")
        if name and value and value.strip():
            named.setdefault(name.strip().lower(), fold_space(value[:2000]))
        if len(named) > 300:
            break
    return named


def _title(root: etree._Element, named: dict[str, str]) -> str | None:
    element = root.find(".//head/title")
    if element is None:
        element = root.find(".//title")
    plain = fold_space("".join(element.itertext()))[:500] if element is not None else ""
    for name in _TITLES:
        if named.get(name):
            return named[name][:500]
    heads = [fold_space("".join(h.itertext())) for h in list(root.iter("h1"))[:3]]
    heads = [h for h in heads if 3 < len(h) <= 300]
    if len(heads) == 1 and (not plain or heads[0] in plain):
        return heads[0]
    return plain or (heads[0] if heads else None)


def _json_ld(root: etree._Element) -> dict[str, str]:
    out: dict[str, str] = {}
    for element in list(root.iter("script"))[:200]:
        if "ld+json" not in (element.get("type") or "") or not element.text or len(element.text) > 200_000:
            continue
        try:
            found = json_text.parse(element.text)
        except (ValueError, RecursionError):
            continue
        nodes = found if isinstance(found, list) else [found]
        for node in nodes[:20]:
            if isinstance(node, dict):
                graph = node.get("@graph")
                for item in [node, *(graph[:50] if isinstance(graph, list) else ())]:
                    if isinstance(item, dict):
                        _take(item, out)
    return out


def _take(item: dict, out: dict[str, str]) -> None:
    if isinstance(item.get("datePublished"), str) and parse_date(item["datePublished"]):
        out.setdefault("datePublished", item["datePublished"])
    authors = item.get("author")
    names = [
        a if isinstance(a, str) else a.get("name")
        for a in (authors if isinstance(authors, list) else [authors])[:20]
        if isinstance(a, str | dict)
    ]
    names = [n for n in names if isinstance(n, str) and n]
    if names:
        out.setdefault("author", ", ".join(names))


def _time(root: etree._Element) -> str | None:
    for element in list(root.iter("time"))[:5]:
        value = element.get("datetime") or "".join(element.itertext())
        if parse_date(value):
            return fold_space(value)
    body = root.find("body")
    if body is None:
        return None
    text = []
    size = 0
    for piece in body.itertext(
        "p", "div", "span", "td", "li", "em", "i", "b", "font", "h1", "h2", "h3", "section", "article"
    ):
        text.append(piece)
        size += len(piece)
        if size > 40_000:
            break
    found = _VISIBLE_DATE.search(" ".join("".join(text).split()))
    return found.group(1) if found else None


def parse_date(raw: str | None) -> datetime | None:
    """Read a date as pages write it (ISO 8601, 2026年11月20日, 20 November 2026); aware, UTC. None: not understood.

    Without a zone it is taken as UTC; without a time as midnight.
    """
    raw = (raw or "").strip()[:100]
    if not raw:
        return None
    try:
        if m := _COMPACT.match(raw):
            return datetime(int(m[1]), int(m[2]), int(m[3]), tzinfo=UTC)
        if m := _ISO.search(raw):
            when = datetime(int(m[1]), int(m[2]), int(m[3]), int(m[4] or 0), int(m[5] or 0), int(m[6] or 0), tzinfo=UTC)
            zone = m[7]
            if zone and zone != "Z":
                digits = zone[1:].replace(":", "")
                offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
                when = when - offset if zone[0] == "+" else when + offset
            return when
        if m := _ENGLISH.search(raw):
            month = _MONTHS.get((m[2] or m[3])[:3].lower())
            return datetime(int(m[5]), month, int(m[1] or m[4]), tzinfo=UTC) if month else None
    except (ValueError, OverflowError):
        return None
    return None


def _declared(root: etree._Element, named: dict[str, str]) -> str | None:
    value = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or named.get("content-language")
    value = (value or named.get("og:locale") or "").strip().replace("_", "-")[:20]
    return value if re.fullmatch(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", value) else None


def language(text: str, declared: str | None) -> str | None:
    """The language of a text: its script decides where it can, then the declared tag, then nothing.

    Returns en, zh-Hans, zh-Hant, ja, ko, ru … or the declared primary tag; pages lie about Chinese, so script wins.
    """
    sample = text[:20_000]
    han, latin = len(_HAN.findall(sample)), len(_LATIN.findall(sample))
    kana, hangul = len(_KANA.findall(sample)), len(_HANGUL.findall(sample))
    primary = declared.split("-")[0].lower() if declared else None
    if hangul > 20 and hangul > latin / 4:
        return "ko"
    if kana > 20 and kana > han / 20:
        return "ja"
    if han >= 8 and han * 4 > latin:
        simplified = sum(c in _SIMPLIFIED_ONLY for c in sample)
        traditional = sum(c in _TRADITIONAL_ONLY for c in sample)
        return "zh-Hant" if traditional > simplified else "zh-Hans"
    if (
        latin > 40
        and primary in {"zh", "ja", "ko", "ru"}
        and han + kana + hangul + len(_CYRILLIC.findall(sample)) < latin / 10
    ):
        return "en"
    return _spoken(sample[:6_000]) or primary


def _spoken(sample: str) -> str | None:
    """The language whose little words prevail; None: none clearly does."""
    found = Counter(_WORD.findall(sample.lower()))
    scores = {tag: sum(found[word] for word in words) for tag, words in _LITTLE_WORDS.items()}
    best, *others = sorted(scores, key=lambda tag: -scores[tag])
    return best if scores[best] >= 15 and scores[best] >= 2 * scores[others[0]] else None
