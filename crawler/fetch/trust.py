"""Whom https believes: the machine's own certificate authorities, wherever the machine keeps them.

pyOpenSSL finds them on most Linux systems, on macOS only where Homebrew's openssl@3 is installed, and nowhere on a
machine without the package ca-certificates; there every https source would fail as if its certificate were bad.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping, Sequence
from pathlib import Path

import certifi

BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Alpine, Arch
    "/etc/pki/tls/certs/ca-bundle.crt",  # Fedora
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # RHEL
    "/etc/ssl/cert.pem",  # macOS, the BSDs
)


def bundle(places: Sequence[str] = BUNDLES) -> str:
    """Give the path of the authorities to believe: the machine's, else Mozilla's as certifi carries them."""
    return next((place for place in places if Path(place).is_file()), None) or certifi.where()


def settle(environment: MutableMapping[str, str] = os.environ, places: Sequence[str] = BUNDLES) -> None:
    """Tell OpenSSL where the authorities are, unless the user has said so himself."""
    if not environment.get("SSL_CERT_FILE") and not environment.get("SSL_CERT_DIR"):
        environment["SSL_CERT_FILE"] = bundle(places)
