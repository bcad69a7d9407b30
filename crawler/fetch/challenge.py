"""Bot challenges told by status and headers alone; those told only by the body are for the reading."""

from __future__ import annotations

from collections.abc import Mapping

REFUSALS = frozenset({401, 403, 405, 406, 429, 503})
"""Statuses with which a gatekeeper turns a robot away."""


def challenged(status: int, headers: Mapping[str, str]) -> str | None:
    """Name the sign of a bot challenge; None: there is none. Header names in lower case."""

    def said(name: str) -> str:
        return headers.get(name, "").strip().lower()

    cookies = said("set-cookie")
    if said("cf-mitigated") == "challenge":
        return "Cloudflare: cf-mitigated: challenge"
    if said("x-amzn-waf-action") in ("challenge", "captcha"):
        return f"AWS WAF: x-amzn-waf-action: {said('x-amzn-waf-action')}"
    if said("x-vercel-mitigated") in ("challenge", "deny"):
        return f"Vercel: x-vercel-mitigated: {said('x-vercel-mitigated')}"
    if status in REFUSALS:
        if "x-sucuri-block" in headers or (status == 403 and said("server").startswith("sucuri")):
            return "Sucuri: blocked by its firewall"
        if "x-datadome" in headers or said("server") == "datadome":
            return "DataDome: x-datadome"
        if "x-iinfo" in headers and ("incap_ses_" in cookies or "visid_incap_" in cookies):
            return "Imperva: x-iinfo with its cookies"
        if "x-px" in headers or "_px" in cookies:
            return "HUMAN: its cookies"
        if "_abck=" in cookies and status == 403:
            return "Akamai: _abck"
    # Rui Shu and Jiasule, common in front of Chinese government sites: a script must compute a cookie first
    if status == 412 and "set-cookie" in headers:
        return "status 412 with a cookie: a script is to compute the next one (Rui Shu)"
    if status == 521 and ("__jsl" in cookies or "set-cookie" in headers):
        return "status 521 with a cookie: a script is to compute the next one (Jiasule)"
    if status == 468:
        return "status 468: a client certificate of the firewall (SafeLine)"
    if status == 405 and "acw_tc=" in cookies:
        return "status 405 with acw_tc: Aliyun's firewall"
    if status in (493, 567):
        return f"status {status}: a cloud firewall's own"
    return None
