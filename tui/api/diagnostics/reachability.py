"""Is a host reachable? Checks its name, its port and its certificate separately, so that the failing one
is known. Every step has its own deadline; steps after a failed one are skipped."""

import asyncio
import socket
import ssl
import time
from contextlib import suppress
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from tui.api.error_body import short
from tui.api.http.certificate_names import certificate_names
from tui.api.http.client_pool import NotUsable, authorities
from tui.api.http.proxies import Proxy, proxy_for
from tui.domain.check import Check, Trouble, fail, ok, skipped, warn
from tui.domain.checks.tls import WRONG_NAMES, TlsFacts, tls_check
from tui.domain.urls import is_loopback

STEP_SECONDS = 4.0
"""Seconds for each of name, port and certificate."""
_MOST_ADDRESSES = 4
_PORTS = {"http": 80, "https": 443, "socks5": 1080, "socks5h": 1080}


async def reach_checks(
    url: str, proxy: str, ca_bundle: Path | None, note: str = "", server_name: str = ""
) -> list[Check]:
    """Check the host of `url`; `note` distinguishes it from the profile's other host; `server_name`: the
    name that its certificate has instead."""
    parts, tail = urlsplit(url), f" ({note})" if note else ""
    through = proxy_for(url, proxy)
    if through is not None:
        return await _by_proxy(through, parts.hostname or "", tail)
    found = [ok(f"proxy{tail}", "none"), *await _connected(parts, tail)]
    if found[-1].trouble is None:
        found.append(await _certificate(parts, ca_bundle, f"TLS{tail}", server_name))
    return found


async def _by_proxy(proxy: Proxy, host: str, tail: str) -> list[Check]:
    """This machine connects to the proxy, which resolves and connects to the host itself."""
    parts = urlsplit(proxy.url)
    if not parts.hostname:
        step = "Correct it: the form is http://HOST:PORT"
        return [fail(f"proxy{tail}", f"{proxy.origin} cannot be parsed", step, Trouble.UNREACHABLE)]
    login = ", with a login" if proxy.with_login else ""
    found = [ok(f"proxy{tail}", f"{proxy.url}{login}, from {proxy.origin}")]
    found += await _connected(parts, f" (proxy{', token' if tail else ''})")
    if found[-1].trouble is None:
        found.append(skipped(f"TLS{tail}", f"with {host}, through the proxy: see the calls below"))
    return found


async def _connected(parts: SplitResult, tail: str) -> list[Check]:
    """Name and port; only the name if it cannot be resolved."""
    found = [await _name(parts, f"DNS{tail}")]
    if found[-1].trouble is None:
        found.append(await _port(parts, f"TCP{tail}"))
    return found


async def _name(parts: SplitResult, name: str) -> Check:
    host, port = _place(parts)
    if _is_address(host):
        return skipped(name, f"{host} is an address, there is no name to resolve")
    try:
        async with asyncio.timeout(STEP_SECONDS):
            answers = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError:
        why = f"the name {host} was not resolved within {STEP_SECONDS:g} s"
    except (OSError, UnicodeError):
        why = f"the name {host} cannot be resolved"
    else:
        addresses = list(dict.fromkeys(str(answer[4][0]) for answer in answers))
        shown = ", ".join(addresses[:_MOST_ADDRESSES])
        return ok(name, f"{host} is {shown}{', …' if len(addresses) > _MOST_ADDRESSES else ''}")
    step = "Check the host in the profile, the VPN and this machine's DNS (/etc/resolv.conf)"
    return fail(name, why, step, Trouble.UNREACHABLE)


async def _port(parts: SplitResult, name: str) -> Check:
    host, port = _place(parts)
    began = time.monotonic()
    try:
        async with asyncio.timeout(STEP_SECONDS):
            _, writer = await asyncio.open_connection(host, port)
    except TimeoutError:
        why, step = f"no connection to {host}:{port} within {STEP_SECONDS:g} s", "Check VPN and firewall"
    except ConnectionRefusedError:
        why, step = f"{host}:{port} refused the connection", "Check that the server runs, and the port"
    except OSError as error:
        why = f"no connection to {host}:{port}: {short(error.strerror or 'unknown').lower()}"
        step = "Check the network and the VPN"
    else:
        await _close(writer)
        return ok(name, f"{host}:{port} connected in {(time.monotonic() - began) * 1000:.0f} ms")
    return fail(name, why, step, Trouble.UNREACHABLE)


async def _certificate(parts: SplitResult, ca_bundle: Path | None, name: str, server_name: str) -> Check:
    if parts.scheme == "http":
        if is_loopback(parts.geturl()):
            return skipped(name, "plain http, on this machine only")
        return warn(
            name,
            "plain http: anybody on the network path can read it",
            "Use https:// if the server offers it",
        )
    try:
        facts = await _handshake(*_place(parts), ca_bundle, server_name)
    except NotUsable as problem:
        return fail(name, str(problem), problem.next_step, Trouble.CONFIGURATION)
    return tls_check(name, facts, datetime.now(UTC))


async def _handshake(host: str, port: int, ca_bundle: Path | None, server_name: str) -> TlsFacts:
    """One handshake with the same trust as requests. Raises NotUsable: the bundle cannot be read."""
    where, bundle = f"{host}:{port}", str(ca_bundle or "")
    trust = authorities(ca_bundle)
    try:
        async with asyncio.timeout(STEP_SECONDS):
            _, writer = await asyncio.open_connection(
                host, port, ssl=trust, server_hostname=server_name or host
            )
    except ssl.SSLCertVerificationError as error:
        code, words = error.verify_code, short(error.verify_message)
        names = await certificate_names(host, port, ca_bundle) if code in WRONG_NAMES else ()
        return TlsFacts(where, bundle=bundle, refused=code, names=names, words=words)
    except ssl.SSLError as error:
        return TlsFacts(
            where, words=short((error.reason or "handshake failed").replace("_", " ").lower())
        )
    except TimeoutError:
        return TlsFacts(where, words=f"no handshake within {STEP_SECONDS:g} s")
    except OSError as error:
        return TlsFacts(where, words=short(error.strerror or "the connection was dropped").lower())
    facts = _facts(where, bundle, writer.get_extra_info("ssl_object"))
    await _close(writer)
    return facts


def _facts(where: str, bundle: str, session: ssl.SSLObject) -> TlsFacts:
    certificate = session.getpeercert() or {}
    issuer = _name_in(certificate.get("issuer", ()))
    expires = None
    with suppress(ValueError):
        seconds = ssl.cert_time_to_seconds(str(certificate.get("notAfter", "")))
        expires = datetime.fromtimestamp(seconds, UTC)
    return TlsFacts(where, session.version() or "", short(issuer), expires, bundle)


def _name_in(subject: object) -> str:
    """Organisation or common name, from `getpeercert`: tuples of tuples of pairs."""
    pairs = [pair for group in subject for pair in group] if isinstance(subject, tuple) else []
    names: dict[str, str] = dict(pairs)
    return names.get("organizationName") or names.get("commonName") or ""


async def _close(writer: asyncio.StreamWriter) -> None:
    """Close without waiting for the peer."""
    writer.transport.abort()
    with suppress(OSError):
        async with asyncio.timeout(STEP_SECONDS):
            await writer.wait_closed()


def _is_address(host: str) -> bool:
    with suppress(ValueError):
        return bool(ip_address(host))
    return False


def _place(parts: SplitResult) -> tuple[str, int]:
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 443)
