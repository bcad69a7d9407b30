"""Whether a response is the page it should be: named signs, each in English and Chinese, mostly on short pages only.

Every rule wants both a sign and a page with little else on it: an article about captchas is an article. What only the
history of a page can tell (much shorter than before, replaced) is decided by `change.trust`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from crawler.errors import ReadingError
from crawler.extract.blocks import Block
from storage.records import Health

SHORT = 1_500
"""Letters (a Chinese character counts as two and a half) below which a page is nothing but what its sign says."""
SPARSE = 250
"""Letters below which scripts, redirects and forms are all there is."""

_CHALLENGE_MARKUP = re.compile(
    r"cf-browser-verification|_cf_chl_opt|cf_chl_|jschl[-_]vc|jschl[-_]answer|cf-captcha|cf-error-details|"
    r"challenge-form|sucuri_cloudproxy|sucuri website firewall|_incapsula_resource|px-captcha|captcha-delivery\.com|"
    r"awswaf|gokuprops|ddos-guard|__jsl_clearance|jsl_clearance|\$_ts\s*=|acw_sc__v2|/_guard/|yunsuo_session|"
    r"safedog|wzws[-_]?waf|turnstile|g-recaptcha|hcaptcha",
    re.I,
)
_CHALLENGE = re.compile(
    r"checking (?:your browser|if the site connection is secure)|"
    r"just a moment|attention required|verify(?:ing)? (?:that )?"
    r"you are (?:a )?human|are you a robot|not a robot|unusual traffic|enable javascript and cookies to continue|"
    r"access denied|request unsuccessful|pardon our interruption|one more step|browser integrity|ddos protection|"
    r"sorry, you have been blocked|"
    r"安全验证|安全检查|人机验证|访问验证|滑动验证|请完成验证|验证码|正在验证|访问过于频繁|请求过于频繁|已被拦截|请求被拦截|"
    r"网站防火墙|可能存在威胁|访问被拒绝|您的访问(?:被|可能)|浏览器安全",
    re.I,
)
_CHALLENGE_TITLE = re.compile(
    r"just a moment|attention required.{0,20}|ddos-guard|access denied.{0,30}|请稍候|安全验证|访问验证|人机验证", re.I
)
_GATE = re.compile(r"/cdn-cgi/(?:bm|challenge-platform)/|__CF\$cv\$params", re.I)
"""Scripts that a gatekeeper adds to every page; where there are no others and no text, the page was kept back."""
_MASK = re.compile(r"\[email\s*protected\]", re.I)
"""What robots are shown in place of an address (Cloudflare)."""
_NOT_FOUND = re.compile(
    r"\b(?:error )?404\b|"
    r"(?:page|site|file|document|resource)(?: you\b.{0,40})? (?:was |is |can(?:not|'t|’t) be |could not be |"
    r"couldn[’']t be )?(?:not )?(?:found|"
    r"available)\b(?<!is available)(?<!was available)|page (?:doesn[’']t|does not) exist|"
    r"no longer (?:exists|available)|nothing (?:was )?found|page introuvable|page non trouvée|"
    r"avons pas (?:pu )?trouv(?:é|er) (?:la|cette) page|cette page n[’']existe p(?:as|lus)|"
    r"seite (?:wurde |konnte )?nicht gefunden|diese seite (?:existiert|gibt es) nicht|"
    r"página no (?:fue )?encontrada|esta página (?:ya )?no existe|pagina non trovata|страница не найдена|"
    r"页面(?:不存在|没有找到|未找到|找不到|已删除|已被删除|已失效)|(?:找不到|未找到|没有找到).{0,8}(?:页面|网页|内容)|"
    r"(?:您|你)(?:访问|查看|浏览)的(?:页面|网页|内容|文章).{0,8}(?:不存在|已删除|已被删除|找不到|未找到)|文章不存在|内容不存在|該頁面不存在|找不到頁面",
    re.I,
)
_BROKEN = re.compile(
    r"\b50[0234]\b.{0,12}(?:error|unavailable|gateway|time)|"
    r"internal server error|bad gateway|service (?:temporarily )?"
    r"unavailable|gateway time-?out|application error|server error|something (?:went|gone|[’']s gone) wrong|"
    r"an (?:unexpected )?error (?:has )?occurred|unexpected error|une erreur est survenue|ein fehler ist aufgetreten|"
    r"\A\W*error ?[:!]|looks like something[’']s gone wrong|error establishing a database connection|"
    r"服务器(?:内部)?错误|服务(?:暂时)?不可用|系统(?:繁忙|错误|异常)|网络(?:繁忙|异常|错误)|出错了|请稍后(?:再试|重试)|伺服器錯誤",
    re.I,
)
_MAINTENANCE = re.compile(
    r"(?:under|down for|scheduled|undergoing) (?:scheduled |routine )?maintenance|"
    r"(?:we[’']ll|will) be (?:right )?back (?:soon|shortly)|"
    r"maintenance mode|site is (?:temporarily )?(?:down|offline)|"
    r"coming soon|under construction|en maintenance|wartungsarbeiten|"
    r"(?:系统|网站|平台|服务器)?(?:正在)?(?:维护|升级)(?:中|，|。|维护)|维护公告|网站(?:建设|改版)中|暂停(?:服务|访问)|網站維護",
    re.I,
)
_PARKED = re.compile(
    r"(?:this )?domain (?:name )?(?:is |may be )?(?:for sale|parked|available|has expired)|"
    r"buy this domain|parked (?:free|domain|page)|"
    r"inquire about this domain|domain parking|域名(?:出售|转让|已过期|到期|停放)|(?:此|该|本)域名|米表|網域出售",
    re.I,
)
_CONSENT = re.compile(
    r"before you continue|we (?:and our .{0,40}partners )?(?:use|store|value your privacy).{0,80}cookies?|"
    r"accept (?:all )?cookies|"
    r"manage (?:my |your )?(?:cookies|consent|preferences|choices)|"
    r"cookie (?:consent|preferences|settings)|your privacy choices|"
    r"continuer sans accepter|alle akzeptieren|我们(?:和.{0,20})?使用.{0,10}cookie|"
    r"接受(?:所有|全部).{0,4}cookie|同意并继续|隐私设置",
    re.I,
)
_LOGIN = re.compile(
    r"\b(?:log ?in|sign ?in|log on)\b|authentication required|"
    r"请(?:先)?登录|用户登录|账号登录|密码登录|统一身份认证|登入|se connecter|anmelden",
    re.I,
)
_LOGIN_PATH = re.compile(r"/(?:login|signin|sign-in|log-in|auth|sso|passport|cas)(?:[/?.]|$)", re.I)
_NEEDS_SCRIPT = re.compile(
    r"(?:enable|requires?|need(?:s)?|turn on|without) javascript|"
    r"javascript (?:is |must be )?(?:required|disabled|enabled)|"
    r"(?:启用|开启|打开|需要|不支持|禁用了?) ?javascript|loading\W*$|加载中|正在加载",
    re.I,
)
_JUMP = re.compile(
    r"(?:window|document|self|top|parent)?\.?location(?:\.href)?\s*=|location\.(?:replace|assign)\s*\(", re.I
)
_MOVED = re.compile(
    r"^\W*(?:object|document) (?:has )?moved|moved (?:permanently|temporarily)|页面正在跳转|正在跳转", re.I
)
_MOUNTS = frozenset(("root", "app", "__next", "__nuxt", "___gatsby", "svelte", "q-app", "react-root", "main-app"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a judgement on a page's health is made of."""

    root: etree._Element
    markup: str
    blocks: list[Block]
    title: str | None
    url: str
    final_url: str | None
    status: int
    rendered: bool = False
    """A browser has made it: what is still empty stays so."""


def check(page: Page) -> None:
    """Raise ReadingError, with the sign by which it was known, when a page is not what it should be."""
    for health, sign in signs(page):
        raise ReadingError(health, sign)


def signs(page: Page) -> Iterator[tuple[Health, str]]:
    """Every sign against a page, the most telling first."""
    text = " \n".join(line for block in page.blocks[:400] for line in block.lines)[:20_000]
    weight = _weight(text) if len(page.blocks) <= 400 else SHORT * 10
    top = " \n".join(filter(None, [page.title, *_headings(page.blocks)]))
    if page.title and _CHALLENGE_TITLE.fullmatch(page.title.strip(" .…!")) and _CHALLENGE_MARKUP.search(page.markup):
        yield Health.CHALLENGE, f"is titled '{page.title}'"
    if weight < SHORT * 2:
        yield from _short(page, text, top, weight)
    yield from _elsewhere(page)
    if not text.strip():
        yield Health.EMPTY, "no visible text"
    if _cut(page.markup):
        yield Health.TRUNCATED, "the markup ends in the middle of a tag"


def _short(page: Page, text: str, top: str, weight: float) -> Iterator[tuple[Health, str]]:
    words = top + " \n" + text
    if weight < SPARSE:
        yield from _kept_back(page, text)
    if weight < SHORT:
        sign = _CHALLENGE_MARKUP.search(page.markup[:300_000])
        said = _CHALLENGE.search(words)
        if said and (sign or weight < SHORT / 2):
            yield Health.CHALLENGE, f"says '{said.group()}'" + (f", holds '{sign.group()}'" if sign else "")
        if sign and weight < SPARSE:
            yield Health.CHALLENGE, f"little else than '{sign.group()}'"
    for health, pattern, most in (
        (Health.SOFT_404, _NOT_FOUND, SHORT * 2),
        (Health.MAINTENANCE, _BROKEN, SHORT * 2),
        (Health.MAINTENANCE, _MAINTENANCE, SHORT),
        (Health.PARKED, _PARKED, SHORT),
    ):
        found = pattern.search(top) if weight < most else None
        found = found or (pattern.search(text) if weight < most / 4 else None)
        if found:
            yield health, f"says '{found.group()}'"
    if weight < SHORT and (said := _CONSENT.search(text)) and _share(page.blocks, _CONSENT) > 0.4:
        yield Health.CONSENT, f"says '{said.group()}' and little else"
    if weight < SHORT:
        yield from _login(page, top, text, weight)
    if weight < SPARSE:
        yield from _shell(page, text)


def _kept_back(page: Page, text: str) -> Iterator[tuple[Health, str]]:
    """What a person would see is not here: a gatekeeper's scripts alone, or its masks for most of the text."""
    scripts = [f"{e.get('src') or ''} {e.text or ''}" for e in page.root.iter("script")]
    if not text.strip() and scripts and all(_GATE.search(script) for script in scripts):
        yield Health.CHALLENGE, "no text, and no script but the gatekeeper's"
    masked = sum(len(mask) for mask in _MASK.findall(text))
    if masked and masked >= len(text.strip()) / 2:
        yield Health.CHALLENGE, "most of its text is kept from robots: '[email protected]'"


def _login(page: Page, top: str, text: str, weight: float) -> Iterator[tuple[Health, str]]:
    password = any(e.get("type", "").lower() == "password" for e in page.root.iter("input"))
    said = _LOGIN.search(top) or (_LOGIN.search(text) if weight < SHORT / 2 else None)
    moved = page.final_url and _LOGIN_PATH.search(urlsplit(page.final_url).path) and not _LOGIN_PATH.search(page.url)
    if said and (password or moved):
        yield Health.LOGIN, f"says '{said.group()}' and asks for a password" if password else "led to a login page"


def _shell(page: Page, text: str) -> Iterator[tuple[Health, str]]:
    for element in page.root.iter("meta"):
        content = element.get("content") or ""
        if (element.get("http-equiv") or "").lower() == "refresh" and "url" in content.lower():
            yield Health.SHELL, f"nothing but a redirect by <meta>: {content[:120]}"
    if said := _MOVED.search(text):
        yield Health.SHELL, f"says '{said.group()}' and nothing else"
    scripts = list(page.root.iter("script"))
    code = " ".join(s.text or "" for s in scripts)[:1_000_000]
    if (jump := _JUMP.search(code)) and len(code) < 20_000:
        yield Health.SHELL, f"nothing but a redirect by script: {jump.group()}"
    mount = next((e.get("id") for e in page.root.iter("div") if e.get("id") in _MOUNTS), None)
    loaded = len(code) > 10_000 and len(code) > 0.8 * len(page.markup[:1_000_000])
    waiting = not text.strip() or _NEEDS_SCRIPT.search(text)
    if scripts and (waiting or ((mount or loaded) and not page.rendered)):
        what = f"<div id={mount}>" if mount else "scripts"
        why = "a browser did not fill it" if page.rendered else "a browser would fill it"
        yield Health.SHELL, f"{len(text.strip())} characters of text and {what}: {why}"


def _elsewhere(page: Page) -> Iterator[tuple[Health, str]]:
    """Redirected to the home page of the site: the page asked for is not there any more."""
    if not page.final_url or not page.url:
        return
    asked, got = urlsplit(page.url), urlsplit(page.final_url)
    same = (asked.hostname or "").removeprefix("www.") == (got.hostname or "").removeprefix("www.")
    if same and _is_home(got.path) and not got.query and not _is_home(asked.path):
        yield Health.HOME, f"{page.url} led to {page.final_url}"


def _is_home(path: str) -> bool:
    return re.fullmatch(r"/?(?:(?:index|default|home|main)\.\w{2,5}|[a-z]{2}(?:-[a-zA-Z]{2,4})?/?)?", path) is not None


def _headings(blocks: list[Block]) -> list[str]:
    return [block.lines[0] for block in blocks if block.kind == "heading"][:3]


def _share(blocks: list[Block], pattern: re.Pattern[str]) -> float:
    sizes = [(b.size, bool(pattern.search(" ".join(b.lines)))) for b in blocks]
    return sum(size for size, hit in sizes if hit) / max(1, sum(size for size, _ in sizes))


def _weight(text: str) -> float:
    cjk = sum(1 for c in text if c > "\u2e80")
    return len(text) + 1.5 * cjk


def _cut(markup: str) -> bool:
    tail = markup[-4_000:].rstrip()
    opened = tail.rfind("<")
    return (
        opened > tail.rfind(">")
        and re.match(r"</?[a-zA-Z][^<>]*$", tail[opened:]) is not None
        and "</html" not in tail.lower()
    )
