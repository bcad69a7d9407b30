"""Addresses: one canonical form for one page, and the patterns that a catalogue writes about them."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, unquote, urlsplit

import re2

LONGEST = 4000
"""Characters; longer addresses are not taken from a page."""
LONGEST_PATTERN = 500

TRACKING = re.compile(
    r"^(?:(?:utm_\w+|fbclid|gclid|dclid|gbraid|wbraid|msclkid|yclid|twclid|igshid|mc_cid|mc_eid|_ga|_gl|_hsenc|_hsmi"
    r"|mkt_tok|vero_id|spm|scm|share_token|from_wecom|isappinstalled)(?:=.*)?"
    # a session id is long; ?sid=12 may be the number of a story
    r"|(?:phpsessid|jsessionid|aspsessionid\w*|sessionid|session_id|sid)=[0-9a-z._-]{16,})$",
    re.IGNORECASE,
)
"""Query parameters that say who follows a link and from where, never what is shown."""
SESSION_IN_PATH = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/?#;]*", re.IGNORECASE)
DEFAULT_PORTS = {"http": 80, "https": 443}
PATH_SAFE = "/:@!$&'()*+,;=~-._%"
QUERY_SAFE = PATH_SAFE + "?"


def canonical(url: str) -> str | None:
    """Give the canonical form of an http(s) address; None: it is no such address.

    Scheme and host in lower case (the host as IDNA), default port, fragment, user, tracking parameters, session ids
    and an empty query are dropped; what may decide the page (path, ?id=, ?lang=) and the order of parameters stay.
    Idempotent.
    """
    # RFC 3986 has no backslash; browsers read it as a slash and other parsers do not: one of them is fooled
    text = url.strip()
    if not text or len(text) > LONGEST or "\\" in text or any(ord(sign) < 0x20 or ord(sign) == 0x7F for sign in text):
        return None
    try:
        parts = urlsplit(text)
        scheme, port = parts.scheme.lower(), parts.port
        host = _host(parts)
    except ValueError:
        return None
    if scheme not in DEFAULT_PORTS or not host:
        return None
    netloc = host if port in (None, DEFAULT_PORTS[scheme]) else f"{host}:{port}"
    path = _quoted(_without_dots(SESSION_IN_PATH.sub("", parts.path)), PATH_SAFE) or "/"
    kept = "&".join(piece for piece in parts.query.split("&") if piece and not TRACKING.match(piece))
    query = _quoted(kept, QUERY_SAFE)
    whole = f"{scheme}://{netloc}{path}" + (f"?{query}" if query else "")
    return whole if len(whole) <= LONGEST else None


def _host(parts: SplitResult) -> str | None:
    host = (parts.hostname or "").rstrip(".").lower()
    if ":" in host:
        return f"[{ipaddress.IPv6Address(host).compressed}]"
    if not host.isascii():
        host = host.encode("idna").decode("ascii").lower()
    return host if re.fullmatch(r"[a-z0-9_.-]{1,253}", host) else None


def _without_dots(path: str) -> str:
    """Remove dot segments (RFC 3986, 5.2.4); empty segments stay, some servers mean them."""
    kept: list[str] = []
    segments = path.split("/")
    for position, segment in enumerate(segments):
        last = position == len(segments) - 1
        if segment in (".", "%2e", "%2E"):
            if last:
                kept.append("")
        elif segment == "..":
            if len(kept) > 1:
                kept.pop()
            if last:
                kept.append("")
        else:
            kept.append(segment)
    return "/".join(kept)


def _quoted(text: str, safe: str) -> str:
    """Escape what must be, unescape letters, digits and -._~ that were, and write escapes in upper case."""
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    text = re.sub(r"%[0-9A-Fa-f]{2}", lambda found: _plain(found.group()), text)
    return quote(text, safe=safe)


def _plain(escape: str) -> str:
    sign = chr(int(escape[1:], 16))
    # a dot stays escaped: unescaped it could make a dot segment, and the second pass would differ from the first
    return sign if sign.isascii() and (sign.isalnum() or sign in "-_~") else escape.upper()


def key_of(url: str) -> str:
    """Give the key of the document at an address: its canonical form as https and without www.

    A site that moves to https, or drops its www, has the same documents as before.
    """
    whole = canonical(url)
    if whole is None:
        return url
    scheme, _, rest = whole.partition("://")
    host = rest.split("/", 1)[0]
    # a port named is another server; and www.com is no www of anything
    if host.startswith("www.") and host.count(".") > 1:
        rest = rest.removeprefix("www.")
    return f"{scheme if ':' in host else 'https'}://{rest}"


def site(url: str) -> str:
    """Name the site of an address: its host without a leading www."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def shown(url: str) -> str:
    """Give an address for reading: host and path, escapes resolved."""
    parts = urlsplit(url)
    return unquote(f"{parts.netloc}{parts.path}".rstrip("/"))


@lru_cache(maxsize=1024)
def pattern(text: str) -> object:
    """Compile a pattern of the catalogue: RE2, so that none can take long. Raises re2.error."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 1 << 20
    return re2.compile(text, options)


def pattern_problem(text: str) -> str | None:
    """Say what is wrong with a pattern; None: nothing."""
    if not text:
        return "is empty and would match everything"
    if len(text) > LONGEST_PATTERN:
        return f"is {len(text)} characters long; {LONGEST_PATTERN} are allowed"
    try:
        pattern(text)
    except re2.error as error:
        sentence = error.args[0] if error.args else error
        sentence = sentence.decode("utf-8", "replace") if isinstance(sentence, bytes) else sentence
        return f"'{text}' is no pattern that RE2 reads: {sentence}"
    return None
