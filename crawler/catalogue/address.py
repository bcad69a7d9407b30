"""What a single value of the catalogue must be: ids, addresses, contacts, languages, time zones.

Each function gives a sentence that names the value and the remedy, or None where nothing is wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

LONGEST_URL = 4000
EXAMPLE_HOSTS = frozenset({"example.org", "example.com", "example.net", "example.invalid"})
ZONES_OF_CITIES = {
    "beijing": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "上海": "Asia/Shanghai",
    "香港": "Asia/Hong_Kong",
    "台北": "Asia/Taipei",
    "washington": "America/New_York",
    "san francisco": "America/Los_Angeles",
    "geneva": "Europe/Zurich",
}
"""Cities that people look for and the database of time zones does not name so."""
_ID = re.compile(r"[a-z0-9]+(?:[-_.][a-z0-9]+)*")
_MAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def is_id(text: str) -> bool:
    """Whether it can be an id: small letters and digits, joined by single hyphens, underscores or dots."""
    return len(text) <= 80 and _ID.fullmatch(text) is not None


def nearest(name: str, known: Iterable[str]) -> str:
    """The words '; did you mean X?', or nothing where nothing is near."""
    folded = {word.casefold(): word for word in sorted(known, reverse=True)}
    close = get_close_matches(name.casefold()[:100], folded, n=1, cutoff=0.6)
    return f"; did you mean {folded[close[0]]}?" if close else ""


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """A sentence on a name that is not one of the known ones; a short list is given in full."""
    known = sorted(known)
    near = nearest(name, known)
    if not near:
        near = f"; choose {', '.join(known[:-1])} or {known[-1]}" if 1 < len(known) <= 12 else ""
    return f"{shown(name)} is not {what}{near or '; correct it, or leave it out'}"


def shown(value: object, limit: int = 60) -> str:
    """A value as a message shows it: quoted, in one line, bounded."""
    text = repr(value)
    return text if len(text) <= limit else text[: limit - 2] + "…" + text[0]


def url_problem(url: str, *, placeholder: bool = False) -> str | None:
    """What is wrong with the address of a source."""
    if not url.strip():
        return "is empty; write the address, http or https"
    if len(url) > LONGEST_URL:
        return f"is {len(url)} characters long; {LONGEST_URL} are allowed"
    if url != url.strip():
        return f"{shown(url)} begins or ends with a blank; delete it"
    if odd := next((sign for sign in url if sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf")), None):
        return f"{shown(url)} holds {_named(odd)}; write it percent-encoded, or delete it"
    if "\\" in url:
        return f"{shown(url)} holds a backslash, which browsers and servers read differently; write a slash"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return f"{shown(url)} is no address: {str(error).rstrip('.')}; correct it"
    if parts.scheme.lower() not in ("http", "https"):
        said = f"scheme {shown(parts.scheme)}" if parts.scheme and "://" in url else "no scheme"
        return f"{shown(url)} has {said}; write an address that begins with https:// or http://"
    if parts.username is not None or parts.password is not None:
        return "has a user name or password in it; delete them, the catalogue is no place for secrets"
    if not placeholder and ("{" in url or "}" in url):
        return f"{shown(url)} holds braces; fill in the placeholder, or set address.placeholder: true"
    return _host_problem(url, host, port)


def _host_problem(url: str, host: str | None, port: int | None) -> str | None:
    if not host:
        return f"{shown(url)} has no host; write https://host/path"
    if port == 0:
        return f"{shown(url)} has port 0; leave it out, or name the real one"
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:
            return f"{shown(url)} has a host that is no domain name; correct it"
    if not re.fullmatch(r"[A-Za-z0-9_.:{}-]{1,253}", host) or ".." in host or host.startswith("."):
        return f"{shown(url)} has a host that is no domain name; correct it"
    return None


def _named(sign: str) -> str:
    if sign == " ":
        return "a blank"
    if sign == "\t":
        return "a tab"
    return f"the invisible character U+{ord(sign):04X}"


def contact_problem(contact: str) -> str | None:
    """What is wrong with the address where a webmaster reaches the operator."""
    if not contact.strip():
        return "is empty; write your mail address or a page about you, webmasters must be able to reach you"
    if not (contact.isascii() and contact.isprintable()):
        return f"{shown(contact)} is sent in a header, so it must be ASCII; write a host in its xn-- form"
    if contact.startswith(("http://", "https://")):
        return url_problem(contact)
    if not _MAIL.fullmatch(contact.removeprefix("mailto:")):
        return f"{shown(contact)} is neither a mail address nor a page; write you@your.domain or https://…"
    return None


def is_example(contact: str) -> bool:
    """Whether the contact is still one that reaches nobody."""
    if contact.startswith(("http://", "https://")):
        host = urlsplit(contact).hostname or ""
    else:
        host = contact.rpartition("@")[2].lower()
    return any(host == example or host.endswith("." + example) for example in EXAMPLE_HOSTS)


def language_problem(language: str | None) -> str | None:
    """What is wrong with a BCP 47 language tag."""
    if language is None or _LANGUAGE.fullmatch(language):
        return None
    return f"{shown(language)} is no language tag (BCP 47); write en, zh, zh-Hans, or leave it out"


def zone_problem(name: str) -> str | None:
    """What is wrong with the name of a time zone."""
    zones = _zones()
    if name in zones:
        return None
    capital = ZONES_OF_CITIES.get(name.rpartition("/")[2].replace("_", " ").casefold())
    near = f"; write {capital}, the zone of that city" if capital else nearest(name, zones)
    if not near:
        ends = {zone.rpartition("/")[2]: zone for zone in sorted(zones, reverse=True)}
        close = get_close_matches(name.rpartition("/")[2].replace(" ", "_").title()[:100], ends, n=1, cutoff=0.7)
        near = (
            f"; did you mean {ends[close[0]]}?"
            if close
            else "; write Area/City, such as Europe/London or Asia/Shanghai"
        )
    return f"{shown(name)} is not a time zone{near}"


@cache
def _zones() -> frozenset[str]:
    return frozenset(zone for zone in available_timezones() if zone != "localtime")
