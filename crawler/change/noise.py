"""Rules that call a difference noise: each has a name and says why in words; English and Chinese side by side.

A rule is about a class of things that change without anything having happened, never about a site. Rules marked
`outside` speak only of text outside the main text. What a page's own history teaches is in `memory`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from crawler.change.diff import Difference
from crawler.change.form import ADDRESS, fold

_MONTH = (
    r"(?:jan(?:uary|vier)?|feb(?:ruary|ruar)?|f[ée]v(?:rier)?|mar(?:ch|s)?|märz|apr(?:il)?|avr(?:il)?|may|mai|"
    r"june?|juin|juni|"
    r"july?|juil(?:let)?|juli|aug(?:ust)?|ao[ûu]t|sep(?:t(?:ember|embre)?)?|o[ck]t(?:ober|obre)?|nov(?:ember|embre)?|"
    r"de[cz](?:ember)?|d[ée]c(?:embre)?|января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|"
    r"ноября|декабря)"
)
_WEEKDAY = (
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|lundi|mardi|mercredi|jeudi|vendredi|"
    r"samedi|dimanche|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|понедельник|вторник|среда|четверг|пятница|"
    r"суббота|воскресенье)"
)
_MOMENT = re.compile(
    rf"(?:19|20)\d\d\s*[-/.年]\s*\d{{1,2}}\s*[-/.月]\s*\d{{1,2}}\s*日?|\d{{1,2}}\s*月\s*\d{{1,2}}\s*日|"
    rf"\b\d{{1,2}}\s*[-/.]\s*\d{{1,2}}\s*[-/.]\s*(?:19|20)?\d\d\b|"
    rf"\b\d{{1,2}}(?:st|nd|rd|th|er|\.)?\s+(?:de\s+)?{_MONTH}\.?,?(?:\s+(?:19|20)\d\d)?\b|"
    rf"\b{_MONTH}\.?\s+\d{{1,2}}(?:st|nd|rd|th)?\b,?(?:\s+(?:19|20)\d\d)?|\b{_MONTH}\.?\s+(?:19|20)\d\d\b|"
    rf"t?\d{{1,2}}:\d\d(?::\d\d)?(?:\.\d+)?\s*(?:z|[ap]\.?m\.?|gmt|utc|[+-]\d\d:?\d\d)?|"
    rf"\d{{1,2}}\s*[时時点]\s*\d{{1,2}}\s*分|"
    rf"\b{_WEEKDAY}\b|(?:星期|周|週|礼拜)[一二三四五六日天]",
    re.I,
)
_TODAY = re.compile(
    r"\b(?:today|now|current (?:date|time)|local time|server time|clock|aujourd'hui|heute|сегодня)\b|"
    r"今天是?|今日|现在|当前(?:时间|日期)|北京时间|系统时间|农历|(?:星期|礼拜)[一二三四五六日天]",
    re.I,
)
_WEEKDAYS = re.compile(rf"\b{_WEEKDAY}\b|(?:星期|周|週|礼拜)[一二三四五六日天]", re.I)
_SECONDS = re.compile(r"\d{1,2}:\d\d:\d\d")
_TICKS = re.compile(
    rf"(?:{_WEEKDAY}\W*)?\d{{1,2}}:\d\d:\d\d(?:\s*(?:[ap]\.?m\.?|gmt|utc|cet|bst|est|[+-]\d\d:?\d\d))?", re.I
)
"""To the second: no timetable says that."""
_NOW = re.compile(
    r"\b(?:today(?: is)?|now|current(?: date| time)?|local time|server time|clock|date|time|aujourd'hui|heute|"
    r"сегодня)\b|"
    r"今天是?|今日|现在(?:时间)?|当前(?:时间|日期)?|北京时间|系统时间|時間|时间|日期|农历",
    re.I,
)
_STAMP = re.compile(
    r"\b(?:last )?(?:updated?|modified|reviewed|edited|built|generated|checked|retrieved|accessed|printed|"
    r"crawled|revision)\b"
    r"(?: (?:on|at|by))?|\b(?:page|site|mise à jour|stand|aktualisiert|обновлено)\b|"
    r"(?:最后|最近|页面|最後|頁面)?(?:更新|修改|修订|编辑|生成|打印|访问|抓取|修訂|編輯|列印|訪問)(?:时间|日期|于|時間|於|：|:)?",
    re.I,
)
_MADE = re.compile(
    r"\b(?:page |site |file |document )?(?:was )?"
    r"(?:generated|built|printed|rendered|crawled|retrieved|accessed|served)\b(?: (?:on|at|by))?(?: (?:on|at))?|"
    r"(?:页面|本页|网页|頁面|本頁)?(?:生成|打印|访问|抓取|列印|訪問)(?:时间|日期|于|時間|於)?",
    re.I,
)
_AGO = re.compile(
    r"\b(?:about |over |less than )?(?:an?|one|two|three|\d+)\s*(?:s|secs?|seconds?|m|mins?|minutes?|h|hrs?|"
    r"hours?|d|days?|w|weeks?|"
    r"mo|months?|y|years?)\s+ago\b|\bjust now\b|\byesterday\b|\bil y a \d+ \w+|\bvor \d+ \w+|"
    r"刚刚|刚才|昨天|前天|\d+\s*(?:秒钟?|分钟|小时|天|日|周|个月|月|年)(?:之?前|以前)|剛剛|剛才|\d+\s*(?:秒鐘?|分鐘|小時|個月|週)(?:之?前|以前)",
    re.I,
)
_AMOUNT = r"\d+(?:[.,\s]\d+)*\s*(?:[kmb]\b|万|亿)?\+?"
_COUNTED = (
    r"(?:page ?views?|views?|reads?|visits?|visitors?|hits?|likes?|shares?|"
    r"shared|comments?|followers?|downloads?|stars?|"
    r"forks?|votes?|online|subscribers?|replies|reactions?|vues|aufrufe|просмотр\w*|"
    r"(?:总共?|總共?)?(?:阅读|浏览|点击|访问|播放|点赞|转发|评论|收藏|下载|关注|分享|閱讀|瀏覽|點擊|訪問|點讚|轉發|評論|下載|關注)"
    r"(?:次数|次數|量|数|數|人数|人數)?|人次|次|粉丝|粉絲|热度|熱度|人气|人氣|在线人数|在線人數)"
)
_COUNTER = re.compile(
    rf"\b{_COUNTED}\s*[:：（(]?\s*{_AMOUNT}\s*[)）次]?|{_AMOUNT}\s*(?:times? )?{_COUNTED}(?![a-z])", re.I
)
_VISITOR = re.compile(
    r"\b(?:visitors?|visits?) (?:number|no\.?|#)\s*[\d.,]+|"
    r"第\s*[\d,]+\s*(?:位|名|次)(?:访客|访问|訪客|訪問|浏览|瀏覽|读者|讀者)",
    re.I,
)
_HIDDEN_ADDRESS = re.compile(
    r"e-?mail\s*(?:\xa0|\s)*protected|邮箱(?:已)?保护|\(at\)|\[at\]|（at）| at \w+(?: dot |\.)", re.I
)
_NONCE = re.compile(
    r"(?<![\w-])(?=(?:[A-Za-z_-]*\d){4})(?=\d*[A-Za-z])[A-Za-z0-9_]{16,}(?![\w-])|"
    r"\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b|\b(?=[a-f]*\d)(?=\d*[a-f])[0-9a-f]{12,}\b",
    re.A,
)
_SESSION = re.compile(
    r"\b(?:jsessionid|phpsessid|sessionid|session|sid|token|nonce|csrf|requestid|request id|ray id|trace id)\b", re.I
)
_MACHINE = re.compile(r"[A-Za-z]{2,12}[-_]?[A-Za-z]{0,8}[-_]?\d{1,5}")
_COPYRIGHT = re.compile(r"©|\(c\)|copyright|all rights reserved|版权所有|著作权|版權所有", re.I)
_BUILD = re.compile(r"\bv?\d+(?:\.\d+){1,4}(?:[-+.][\w.]+)?\b", re.I)
_BUILD_OF_FOUR = re.compile(r"\bv?\d+(?:\.\d+){3}\b", re.I)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|(?<=\D)(?:19|20)\d\d(?=年)")
_WEATHER = re.compile(
    r"-?\d+\s*(?:°\s*[cf]?|℃|度)|\b(?:sunny|cloudy|overcast|rain|showers|snow|humidity|wind|forecast|weather|"
    r"air quality|aqi)\b|"
    r"天气|多云|晴|阴|小雨|阵雨|雷阵雨|大雨|雪|湿度|风力|[东南西北]+风|空气质量|优良|微风",
    re.I,
)
_WEATHER_LINE = re.compile(
    r"(?:(?:partly|mostly|light|heavy|scattered|clear|few|broken|high|low|feels like|gusts?|chance of|of|and|to|the|"
    r"sunny|cloudy|clouds?|overcast|rain|rainy|drizzle|showers?|thunder(?:storms?)?|storms?|snow|sleet|hail|fog(?:gy)?|"
    r"mist|haze|windy|winds?|breeze|breezy|humidity|pressure|visibility|uv index|aqi|air quality|weather|now|today|"
    r"[nesw]{1,3}|north|south|east|west|km/?h|mph|m/s|kn|hpa|mm|km)\b|"
    r"天气|天氣|今日|今天|多云|多雲|晴朗|晴|阴|陰|转|轉|间|間|小到中雨|中到大雨|小雨|中雨|大雨|暴雨|阵雨|陣雨|雷阵雨|雷陣雨|雨|小雪|中雪|大雪|雪|雾|霧|"
    r"霾|湿度|濕度|气温|氣溫|风力|風力|微风|微風|[东南西北東]{1,2}风|[东南西北東]{1,2}風|级|級|空气质量|优|良|轻度污染|"
    r"[\d\s°℃%.,:：;~/|+-]|[cf]\b)+",
    re.I,
)
_WEATHER_WORD = re.compile(
    r"\b(?:sunny|cloudy|clouds?|overcast|rain|drizzle|showers?|thunderstorms?|snow|sleet|hail|foggy|haze|windy?|winds|"
    r"humidity|aqi)\b|多云|多雲|^晴|^阴|^陰|[小中大暴阵陣]雨|[小中大]雪|湿度|濕度|[东南西北東]{1,2}[风風]|微[风風]|空气质量",
    re.I,
)
_DEGREES = re.compile(r"\d\s*(?:°|℃)|空气质量|air quality", re.I)
_TEASER = re.compile(
    r"^\W*(?:advertisement|sponsored|promoted|ad|read (?:more|next|also|on)|more (?:stories|news|from)|see also|"
    r"related(?: articles?| posts?|"
    r" stories)?|recommended(?: for you)?|you (?:may|might) (?:also )?(?:like|be interested in)|up next|"
    r"next(?: post| article)?|"
    r"prev(?:ious)?(?: post| article)?|trending|most (?:read|popular|viewed)|popular(?: posts)?|latest (?:news|"
    r"posts|articles)|featured|"
    r"推荐阅读|相关阅读|相关文章|相关新闻|相关推荐|延伸阅读|热门推荐|热门文章|热点新闻|猜你喜欢|上一篇|下一篇|"
    r"上一条|下一条|广告|推广|赞助|"
    r"阅读更多|最新文章|最新资讯|推薦閱讀|相關新聞|相關文章|廣告|à lire aussi|articles similaires|"
    r"lesen sie auch)(?![A-Za-z])\s*([:：>»|]|$)?",
    re.I,
)
_CONSENT = re.compile(
    r"\bour (?:\d+ )?partners\b.{0,80}\b(?:cookies?|store|device|process)|"
    r"合作伙伴.{0,24}(?:cookie|存储|读取|处理|设备)|"
    r"\b(?:change|withdraw|manage) (?:your|my) (?:choices?|consent|preferences)\b|"
    r"(?:更改|撤回|管理).{0,6}(?:的选择|同意|偏好)|"
    r"\bcookies?\b.{0,80}\b(?:accept|consent|prefer|settings|use|policy|improve|experience)|\b(?:accept|reject|"
    r"allow|manage|decline) "
    r"(?:all|cookies)|\bconsent\b.{0,60}\b(?:process|personal|data|marketing)|\bgdpr\b|"
    r"使用.{0,8}cookie|接受.{0,6}cookie|cookie.{0,8}(?:设置|政策|偏好)|同意.{0,12}(?:隐私|个人信息|处理)",
    re.I,
)
_OFFER = re.compile(
    r"\b(?:sign up|subscribe|unsubscribe|newsletter|mailing list|free trial|book a demo|request a demo|get started|"
    r"discounts?|coupons?|promo(?:tional)? codes?|special offers?|limited[- ]time|while stocks last|shop now|"
    r"download (?:the|our) app|black friday|join (?:the |over |more than )?(?:\d+|millions?|thousands?))\b|"
    r"\b(?:save|up to|get)\b.{0,20}\d+\s?%|\d+\s?% off\b|"
    r"\b(?:inscrivez-vous|rejoignez(?:-nous)?|abonnez-vous|désinscrire|lettre d.information|économisez|"
    r"remises?|offres? (?:de|exclusives?)|"
    r"e-?mails? (?:publicitaires|commerciaux)|anmelden|abonnieren|rabatt|gutschein|angebot|suscríbete|descuento|"
    r"подпишитесь|скидк\w+)\b|"
    r"(?:点击|立即|免费|马上)(?:订阅|注册|下载|报名|购买|领取|体验|试用)|扫码(?:关注|下载)|关注.{0,8}公众号|优惠|折扣|促销|特价|"
    r"限时|满减|立减|訂閱|優惠|折扣碼|掃碼",
    re.I,
)
_EDITION = re.compile(
    r"\b(?:latest|newest|current|stable|older?|previous|outdated|archived|unreleased|next) (?:stable )?"
    r"(?:versions?|releases?|docs?|documentation)\b|\bno longer (?:actively )?maintained\b|"
    r"(?:最新|稳定|历史|旧|穩定|歷史|舊)(?:的|稳定|穩定)?(?:版|文档|文檔)",
    re.I,
)
_EDITION_NAME = re.compile(r"\bv?\d+(?:\.(?:\d+|x))+(?:[-+.][\w.]+)?\b|\b(?:next|latest|stable|unreleased)\b", re.I)
_LANGUAGES = frozenset(
    """
    english français francais deutsch español espanol italiano português portugues nederlands polski
    русский українська svenska dansk norsk suomi eesti latviešu lietuvių čeština slovenčina magyar
    română български ελληνικά türkçe العربية עברית فارسی हिन्दी বাংলা ไทย 日本語 한국어 中文 简体中文 繁體中文 繁体中文
    简体 繁體 tiếng việt indonesia bahasa brasil brazil portuguese french german spanish italian dutch
    russian chinese japanese korean arabic uk us en fr de es it pt ru zh ja ko cn select choose your
    language languages switch shqip català hrvatski srpski slovenščina melayu 选择 语言 切换语言 語言 選擇
    simplified traditional british american
    """.split()  # noqa: SIM905
)
_WORDS = frozenset(
    re.split(
        r"\s*\|\s*",
        """
        menu | close | open | loading | loading... | search | share | print | copy | copy link | copied |
        back | back to top | top | skip to content | sign in | sign up | log in | login | log out | register |
        subscribe | follow us | follow | like | reply | edit | view more | show more | show less | see more |
        read more | learn more | more | next | previous | prev | submit | cancel | ok | yes | no | accept |
        decline | opens in a new window | opens in new tab | expand | collapse | expand all | download | home |
        hide | show | edit on github | edit this page | dark | light | toggle theme | new | 菜单 | 关闭 |
        打开 | 加载中 | 正在加载 | 搜索 | 分享 | 打印 | 复制 | 复制链接 | 返回 | 返回顶部 | 回到顶部 | 顶部 |
        登录 | 注册 | 订阅 | 关注 | 点赞 | 回复 | 编辑 | 查看更多 | 展开 | 收起 | 更多 | 下一页 | 上一页 |
        提交 | 取消 | 确定 | 是 | 否 | 首页 | 隐藏 | 显示 | 编辑此页 | 字号 | 大 | 中 | 小 | 打印本页 |
        关闭窗口 | 登入 | 註冊 | 搜尋 | 分享到 | 扫一扫
        """.strip(),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A class of noise."""

    name: str
    why: str
    """In words, for `explain`."""
    test: Callable[[str, str], bool]
    """Takes both sides ('' for none)."""
    outside: bool = False
    """Speaks only of text outside the main text."""
    pairs: bool = False
    """Speaks only of a line that became another."""
    furniture: bool = False
    """Speaks only of furniture."""


def _without(pattern: re.Pattern[str], *texts: str) -> list[str]:
    return [fold(pattern.sub(" ", text)) for text in texts]


def _letters(text: str) -> int:
    return sum(2 if c > "\u2e80" else 1 for c in text if c.isalpha())


def _same_but(pattern: re.Pattern[str], old: str, new: str) -> bool:
    left, right = _without(pattern, old, new)
    return left == right


def _now(old: str, new: str) -> bool:
    if all(_TICKS.fullmatch(t.strip()) for t in (old, new) if t):
        return True
    said = all(_TODAY.search(t) for t in (old, new) if t)
    ticks = bool(old and new) and all(_WEEKDAYS.search(t) or _SECONDS.search(t) for t in (old, new))
    return (said or ticks) and _clock(old, new)


def _clock(old: str, new: str) -> bool:
    texts = [t for t in (old, new) if t]
    if not all(_MOMENT.search(t) for t in texts):
        return False
    rest = [_letters(_NOW.sub(" ", _MOMENT.sub(" ", t))) for t in texts]
    said = any(_NOW.search(_MOMENT.sub(" ", t)) for t in texts)
    return max(rest) <= (16 if said else 2) and (said or bool(old and new))


def is_stamp(old: str, new: str) -> bool:
    """Whether two lines differ only in when the page was updated, built or printed."""
    left, right = _without(_MOMENT, old, new)
    return left == right and bool(_STAMP.search(new)) and _letters(_STAMP.sub(" ", left)) <= 30


def _made(old: str, new: str) -> bool:
    left, right = _without(_MOMENT, old, new)
    return left == right and bool(_MADE.search(new)) and _letters(_MADE.sub(" ", left)) <= 16


def _ago(old: str, new: str) -> bool:
    if old and new:
        return bool(_AGO.search(old) or _AGO.search(new)) and _without(_AGO, old)[0] == _without(_AGO, new)[0]
    return _letters(_AGO.sub(" ", old or new)) <= 4 and bool(_AGO.search(old or new))


def _counter(old: str, new: str) -> bool:
    if old and new:
        # "updated 7 minutes ago · 18,866 views": both tick in one line
        left, right = (fold(_COUNTER.sub(" ", _AGO.sub(" ", text))) for text in (old, new))
        return (bool(_COUNTER.search(new)) and left == right) or (
            bool(_VISITOR.search(new)) and _same_but(_VISITOR, old, new)
        )
    text = old or new
    return bool(_COUNTER.search(text)) and _letters(_COUNTER.sub(" ", text)) <= 6


def _nonce(old: str, new: str) -> bool:
    if _NONCE.search(old) and _NONCE.search(new) and _same_but(_NONCE, old, new):
        return True
    return bool(_SESSION.search(new)) and _same_but(re.compile(r"[\w-]*\d[\w-]*"), old, new)


def _address(old: str, new: str) -> bool:
    return bool(_HIDDEN_ADDRESS.search(old) or _HIDDEN_ADDRESS.search(new)) and _same_but(ADDRESS, old, new)


def _language_picker(old: str, new: str) -> bool:
    words = [w for t in (old, new) for w in re.findall(r"[^\W\d_]+", t.casefold())]
    return 0 < len(words) <= 40 and all(w in _LANGUAGES for w in words)


def _interface(old: str, new: str) -> bool:
    return all(re.sub(r"[\W_]+$|^[\W_]+", "", t.casefold()) in _WORDS for t in (old, new) if t)


def _labels(text: str) -> bool:
    found = _TEASER.match(text)
    return found is not None and found.group(1) is not None


def _weather(old: str, new: str) -> bool:
    return all(
        len(t) <= 80
        and (
            (_DEGREES.search(t) and _WEATHER.search(t))
            or (len(t) <= 40 and _WEATHER_WORD.search(t) and _WEATHER_LINE.fullmatch(t.strip()))
        )
        for t in (old, new)
        if t
    )


RULES: tuple[Rule, ...] = (
    Rule(name="clock", why="the date or time of the visit (Today is …, 今天是…)", test=_now),
    Rule(
        name="page stamp",
        why="when the page was built, updated or printed; nothing else differs",
        test=is_stamp,
        pairs=True,
        outside=True,
    ),
    Rule(
        name="made on",
        why="when this copy of the page was generated, printed or fetched; nothing else differs",
        test=_made,
        pairs=True,
    ),
    Rule(name="date line", why="a line that is nothing but a date or time", test=_clock, outside=True),
    Rule(name="relative time", why="how long ago something was ('5 minutes ago', '3天前')", test=_ago),
    Rule(name="counter", why="a count of views, reads, likes, downloads", test=_counter),
    Rule(name="nonce", why="a token, session id or serial number of the request", test=_nonce, pairs=True),
    Rule(
        name="hidden address", why="a mail address, once plain and once hidden from robots", test=_address, pairs=True
    ),
    Rule(
        name="copyright year",
        why="the year of a copyright notice",
        test=lambda old, new: bool(_COPYRIGHT.search(new)) and _same_but(_YEAR, old, new),
        pairs=True,
    ),
    Rule(
        name="copyright notice",
        why="the wording of a copyright line",
        test=lambda old, new: all(len(t) <= 150 and _COPYRIGHT.match(t) for t in (old, new) if t),
        outside=True,
    ),
    Rule(
        name="build number",
        why="the version of the software that made the page, in four parts as builds have it",
        test=lambda old, new: all(_BUILD_OF_FOUR.search(t) and _letters(t) <= 12 for t in (old, new) if t),
    ),
    Rule(
        name="build number",
        why="the version of the software that made the page",
        test=lambda old, new: bool(_BUILD.search(new)) and _same_but(_BUILD, old, new) and _letters(new) <= 24,
        outside=True,
        pairs=True,
    ),
    Rule(name="language picker", why="names of languages to choose from", test=_language_picker),
    Rule(name="interface", why="a word of the page's controls (Menu, Share, 登录)", test=_interface),
    Rule(name="weather", why="the weather of the day", test=_weather),
    Rule(
        name="teaser",
        why="points to another page (Read more: …, 相关阅读：…, 下一篇：…)",
        test=lambda old, new: all(len(t) <= 200 and _labels(t) for t in (old, new) if t),
    ),
    Rule(
        name="consent text",
        why="asks for consent to cookies or data",
        test=lambda old, new: any(_CONSENT.search(t) for t in (old, new) if t),
        outside=True,
    ),
    Rule(
        name="offer",
        why="asks to subscribe, sign up or buy",
        test=lambda old, new: bool(_OFFER.search(new or old)),
        furniture=True,
    ),
    Rule(
        name="version notice",
        why="says which edition of the documentation this is, and which is the latest",
        test=lambda old, new: len(new or old) <= 250 and bool(_EDITION.search(new or old)),
        furniture=True,
    ),
    Rule(
        name="version notice",
        why="which edition of the documentation is the latest; nothing else differs",
        test=lambda old, new: bool(_EDITION.search(new)) and _same_but(_EDITION_NAME, old, new),
        pairs=True,
        outside=True,
    ),
    Rule(
        name="machine name",
        why="the name of the machine that answered",
        test=lambda old, new: all(_MACHINE.fullmatch(t.strip()) for t in (old, new) if t),
        outside=True,
    ),
)

CONTENTS = "table of contents"
FURNITURE = "furniture"
SITE_NAME = "site name"
SHOWN_BEFORE = "shown before"
AS_BEFORE = "as before"
RESTAMPED = "restamped"
LEARNED = "learned: changes at every visit"
WHY = {rule.name: rule.why for rule in RULES} | {
    CONTENTS: "repeats a heading of the page",
    SITE_NAME: "the title differs in the name of the site, or says what stands on the page",
    FURNITURE: "navigation, footer, dialog or a box about other pages",
    SHOWN_BEFORE: "this document has shown the sentence before: a return",
    AS_BEFORE: "a later addition is gone again: the text is as it was before",
    RESTAMPED: "several entries differ in nothing but their dates: the site was built anew",
    LEARNED: "differs at nearly every visit to this page, in numbers or in a place that rotates",
    "teaser box": "stands under a heading about other pages (Related, 推荐阅读)",
}
"""Every name that `Hunk.noise` can have, and why in words."""


def rule_of(difference: Difference) -> str | None:
    """The name of the rule that calls the difference noise; None: it is none."""
    old, new = difference.old, difference.new
    left, right = old.text if old else "", new.text if new else ""
    if difference.contents:
        return CONTENTS
    for rule in RULES:
        if (rule.outside and difference.main) or (rule.furniture and not difference.furniture):
            continue
        if rule.pairs and not (old and new):
            continue
        if rule.test(left, right):
            return rule.name
    heading = (new or old).heading
    if not difference.main and heading and len(heading) <= 60 and _TEASER.match(heading):
        return "teaser box"
    return None


def restamped(differences: Sequence[Difference], times: Callable[[Difference], int] = lambda _: 1) -> set[int]:
    """Indices of pairs that differ in nothing but dates, where three or more do: a build restamped every entry.

    `times`: how often the line of a difference stands in the text; entries can share one line.
    """
    found = {
        index
        for index, d in enumerate(differences)
        if d.old and d.new and _MOMENT.search(d.new.text) and _same_but(_MOMENT, d.old.text, d.new.text)
    }
    return found if sum(times(differences[index]) for index in found) >= 3 else set()
