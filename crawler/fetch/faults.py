"""Exceptions of the network become outcomes and reasons here, and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass

from OpenSSL import SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from service_identity.exceptions import VerificationError
from twisted.internet.error import ConnectError, ConnectionLost, DNSLookupError
from twisted.internet.error import TimeoutError as ConnectTimeout
from twisted.web._newclient import ParseError

from crawler.fetch import encoding
from crawler.fetch.guard import Refused
from storage.records import Outcome, Reason

LONGEST = 300
"""Characters of a detail."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why there is no usable answer."""

    outcome: Outcome
    reason: Reason
    detail: str
    unreached: bool = False
    """The host could not be connected to at all."""
    passing: bool = False
    """May be over in a moment: worth one more try in this crawl."""


class Stopped(Exception):
    """Carries a fault through Scrapy: the request is not sent."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.detail)
        self.fault = fault


def fault_of(error: BaseException) -> Fault:
    """Say what an exception of the downloader means."""
    if isinstance(error, Stopped):
        return error.fault
    chain = list(_causes(error))
    for cause in chain:
        if (fault := _fault(cause)) is not None:
            return fault
    return Fault(outcome=Outcome.FAILED, reason=Reason.OTHER, detail=_worded(error))


def _fault(cause: BaseException) -> Fault | None:
    failed = Outcome.FAILED
    match cause:
        case Refused():
            return Fault(outcome=Outcome.REFUSED, reason=Reason.NOT_PUBLIC, detail=str(cause)[:LONGEST])
        case encoding.TooLarge():
            return Fault(outcome=failed, reason=Reason.TOO_LARGE, detail=str(cause)[:LONGEST])
        case encoding.Broken():
            return Fault(outcome=failed, reason=Reason.ENCODING, detail=str(cause)[:LONGEST])
        case SSL.Error() | VerificationError():
            why = _tls(cause)
            certificate = "certificate" in why or isinstance(cause, VerificationError)
            reason = Reason.CERTIFICATE if certificate else Reason.CONNECTION
            return Fault(outcome=failed, reason=reason, detail=why, unreached=True)
        case ResponseDataLossError():
            detail = "the connection ended before the answer did"
            return Fault(outcome=failed, reason=Reason.CONNECTION, detail=detail, passing=True)
        case ParseError() | UnicodeDecodeError():
            # the second comes from Scrapy, for a version that is no ASCII
            return Fault(outcome=failed, reason=Reason.CONNECTION, detail="the answer is not HTTP")
        case CannotResolveHostError() | DNSLookupError():
            return Fault(outcome=failed, reason=Reason.NAME, detail=_worded(cause), unreached=True)
        case ConnectTimeout():
            return Fault(
                outcome=failed, reason=Reason.TIMEOUT, detail="no connection in time", unreached=True, passing=True
            )
        case DownloadTimeoutError():
            return Fault(outcome=failed, reason=Reason.TIMEOUT, detail="no complete answer in time", passing=True)
        case DownloadConnectionRefusedError() | ConnectError():
            return Fault(outcome=failed, reason=Reason.CONNECTION, detail=_worded(cause), unreached=True, passing=True)
        case DownloadCancelledError():
            return Fault(outcome=failed, reason=Reason.TOO_LARGE, detail="the body is larger than allowed")
        case ConnectionLost() | DownloadFailedError():
            detail = "the connection broke before an answer"
            return Fault(outcome=failed, reason=Reason.CONNECTION, detail=detail, passing=True)
    return None


def _causes(error: BaseException, depth: int = 0) -> list[BaseException]:
    """The exception and what is inside it, innermost first: what Twisted wraps says more than the wrapper."""
    inner = [reason.value for reason in getattr(error, "reasons", None) or () if hasattr(reason, "value")]
    if error.__cause__ is not None:
        inner.append(error.__cause__)
    found = [] if depth > 5 else [each for one in inner for each in _causes(one, depth + 1)]
    return [*found, error]


def _tls(error: BaseException) -> str:
    """Word a TLS error: OpenSSL gives lists of (library, function, reason), service-identity the names it missed."""
    if isinstance(error, VerificationError):
        return "TLS: the certificate is for another name"
    parts = error.args[0] if error.args and isinstance(error.args[0], list) else []
    words = "; ".join(str(part[-1]) for part in parts if part) or _worded(error)
    return f"TLS: {words}"[:LONGEST]


def _worded(error: BaseException) -> str:
    text = " ".join(str(error).split()) or type(error).__name__
    return text[:LONGEST]
