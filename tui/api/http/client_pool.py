"""How a system is reached: certificates, proxies, and the connections that are kept.

Invariant: loopback is never requested through a proxy, certificates are always checked, cookies and
redirects are never followed.
"""

import ssl
from asyncio import timeout
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import TYPE_CHECKING, cast
from urllib.parse import urlsplit

import httpx

from tui.domain.urls import is_loopback

if TYPE_CHECKING:
    from httpx._transports.asgi import _ASGIApp  # the only name of what ASGITransport takes

_CONNECT_SECONDS = 10.0
_KEEP_SECONDS = 30.0


class NotUsable(RuntimeError):
    """No connection can be attempted; the message is a sentence."""

    def __init__(self, sentence: str, next_step: str) -> None:
        super().__init__(sentence)
        self.next_step = next_step


def authorities(ca_bundle: Path | None) -> ssl.SSLContext:
    """What is trusted: the bundle, or the system's authorities.

    Raises NotUsable: the bundle cannot be read.
    """
    try:
        trust = ssl.create_default_context(cafile=ca_bundle)
    except OSError as problem:
        raise NotUsable(
            f"ca_bundle {ca_bundle} cannot be read",
            "Point ca_bundle at a PEM file with the authority's certificate",
        ) from problem
    if ca_bundle is None and not trust.cert_store_stats()["x509_ca"]:
        import certifi  # comes with httpx, and is seldom needed

        trust.load_verify_locations(certifi.where())
    return trust


class _NoCookies(CookieJar):
    """Stores and sends none. The library's jar would parse cookies first, and fail on some."""

    def extract_cookies(self, response: object, request: object) -> None:
        """Store nothing."""

    def add_cookie_header(self, request: object) -> None:
        """Send nothing."""


@dataclass(slots=True)
class ClientPool:
    """The HTTP clients of one system, made when first needed."""

    ca_bundle: Path | None = None
    proxy: str = "env"
    asgi_app: object | None = None
    _clients: dict[tuple[str, bool, bool], httpx.AsyncClient] = field(default_factory=dict)
    _trust: ssl.SSLContext | None = None
    closed: bool = False

    def client(self, url: str, *, fresh: bool = False) -> httpx.AsyncClient:
        """The client for `url`; `fresh` never reuses a connection: a dead one would leave it unknown
        whether a write arrived.

        Raises NotUsable: the service is closed, or the profile's proxy or bundle cannot be used.
        """
        if self.closed:
            raise NotUsable("this service is closed", "Start syncdeck again")
        key = (urlsplit(url).scheme, is_loopback(url), fresh)
        if key not in self._clients:
            self._clients[key] = self._made(*key)
        return self._clients[key]

    def _made(self, scheme: str, loopback: bool, fresh: bool) -> httpx.AsyncClient:
        from_environment = self.proxy == "env" and not loopback and self.asgi_app is None
        given = self.proxy if self.proxy not in ("env", "none") and not loopback else None
        transport = None
        if self.asgi_app is not None:
            transport = httpx.ASGITransport(cast("_ASGIApp", self.asgi_app), raise_app_exceptions=False)
        try:
            return httpx.AsyncClient(
                verify=self._context(scheme),
                transport=transport,
                proxy=None if transport else given,
                trust_env=from_environment,
                follow_redirects=False,
                timeout=httpx.Timeout(None, connect=_CONNECT_SECONDS),
                cookies=_NoCookies(),
                headers={"accept-encoding": "gzip, deflate"},
                limits=httpx.Limits(
                    max_keepalive_connections=0 if fresh else 8, keepalive_expiry=_KEEP_SECONDS
                ),
            )
        except (ValueError, ImportError) as problem:
            # Only the proxy raises these: an unknown scheme, or SOCKS without its package.
            raise NotUsable(
                "the proxy cannot be used", "Check `proxy` in the profile, or the proxy variables"
            ) from problem

    def _context(self, scheme: str) -> ssl.SSLContext:
        """Trust the bundle, or the system's authorities; plain HTTP needs none, and loads none."""
        if scheme == "http":
            return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if self._trust is None:
            self._trust = authorities(self.ca_bundle)
        return self._trust

    async def aclose(self) -> None:
        """Drop every connection; one that does not close is left to the end of the process."""
        self.closed = True
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            with suppress(TimeoutError, OSError, RuntimeError, httpx.HTTPError):
                async with timeout(0.2):
                    await client.aclose()
