"""The result of a TLS handshake: accepted until when, or refused, why, and what helps. `doctor` and
every call use the same words."""

import re
from datetime import datetime

from tui.domain.check import Check, Trouble, fail, ok, warn
from tui.domain.text import counted
from tui.frozen import frozen

SOON_DAYS = 14
"""Days before expiry in which a certificate gets a warning."""
WRONG_NAMES = (62, 64)
"""OpenSSL's codes for a certificate of another host, and of another address."""
_EXPIRED, _NOT_YET, _SELF_SIGNED = 10, 9, 18
UNKNOWN_AUTHORITY = (_SELF_SIGNED, 2, 19, 20, 21)
"""OpenSSL's verification codes (X509_V_ERR_…)."""
_NO_TLS = (
    "wrong version number",
    "http request",
    "record layer failure",
    "packet length",
    "unknown protocol",
)
_NO_COMMON = (
    "protocol version",
    "unsupported protocol",
    "no protocols",
    "handshake failure",
    "no shared",
)
"""Parts of OpenSSL's reasons, as in `TlsFacts.words`."""
_EITHER = "Check whether this port speaks https, and the TLS versions of both sides"


@frozen
class TlsFacts:
    """One finished handshake."""

    host: str
    """Host and port."""
    version: str = ""
    """Such as `TLSv1.3`."""
    issuer: str = ""
    expires: datetime | None = None
    bundle: str = ""
    """The profile's `ca_bundle`, if it has one."""
    refused: int | None = None
    """OpenSSL's code for rejecting the certificate; None: it was accepted, or none arrived."""
    names: tuple[str, ...] = ()
    """The names in a certificate for another host, as far as they are known."""
    words: str = ""
    """Why there was no TLS, or OpenSSL's own words for `refused`."""


def tls_check(name: str, facts: TlsFacts, now: datetime) -> Check:
    if facts.refused is not None or facts.words:
        finding, remedy = tls_failure(facts)
        return fail(name, finding, remedy, Trouble.UNREACHABLE)
    by = f", issued by {facts.issuer}" if facts.issuer else ""
    until = f", until {facts.expires:%Y-%m-%d}" if facts.expires else ""
    finding = f"{facts.version}, certificate accepted{by}{until}"
    if facts.expires is not None and (left := (facts.expires - now).days) < SOON_DAYS:
        days = counted(left, "day")
        return warn(name, f"{finding}: {days} left", "Have the server's certificate renewed")
    return ok(name, finding)


def tls_failure(facts: TlsFacts) -> tuple[str, str]:
    """Why a handshake failed, and the remedy."""
    if facts.refused is not None:
        return _refused(facts, facts.refused)
    finding = f"no TLS with {facts.host}: {facts.words}"
    if any(part in facts.words for part in _NO_TLS):
        return finding, "This port does not speak TLS: check the port in the URL, or the proxy"
    if any(part in facts.words for part in _NO_COMMON):
        return finding, "Both sides have no TLS version or cipher in common: have the server updated"
    if "certificate required" in facts.words:
        return finding, "The server requires a client certificate, which syncdeck does not support"
    return finding, _EITHER


def _refused(facts: TlsFacts, code: int) -> tuple[str, str]:
    host, machine = facts.host, re.sub(r":\d+$", "", facts.host)
    if code == _EXPIRED:
        return (
            f"the certificate of {host} has expired",
            "Have it renewed; check this machine's date as well",
        )
    if code == _NOT_YET:
        return f"the certificate of {host} is not valid yet", "Check this machine's date"
    if code in WRONG_NAMES:
        names = ", ".join(facts.names)
        return (
            f"the certificate of {host} is for {names or 'another host'}",
            f"Use its name in base_url instead of {machine}, or set server_name in the profile to it",
        )
    if code in UNKNOWN_AUTHORITY:
        kind = "self-signed" if code == _SELF_SIGNED else "from an authority that is unknown here"
        where = f" and not in {facts.bundle}" if facts.bundle else ""
        file = f"{'another' if facts.bundle else 'a'} PEM file"
        return (
            f"the certificate of {host} is {kind}{where}",
            f"Set ca_bundle in the profile to {file} with the authority's certificate",
        )
    return f"the certificate of {host} was not accepted: {facts.words}", "Have it replaced"
