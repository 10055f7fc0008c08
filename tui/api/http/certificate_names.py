"""The names in a server's certificate, for the operator whose address has another name."""

import asyncio
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

from tui.api.error_body import short
from tui.api.http.client_pool import NotUsable, authorities

_SECONDS = 4.0
_MOST = 4
_KINDS = ("DNS", "IP Address")


async def certificate_names(host: str, port: int, ca_bundle: Path | None) -> tuple[str, ...]:
    """The first names of a certificate that would be accepted for its own host; one more handshake, and
    nothing is sent. Empty: it has none, or could not be read."""
    return await asyncio.to_thread(_names, host, port, ca_bundle)


def _names(host: str, port: int, ca_bundle: Path | None) -> tuple[str, ...]:
    with suppress(OSError, NotUsable):
        trust = authorities(ca_bundle)
        trust.check_hostname = False
        with (
            socket.create_connection((host, port), _SECONDS) as plain,
            trust.wrap_socket(plain, server_hostname=host) as session,
        ):
            certificate: dict[str, Any] = dict(session.getpeercert() or {})
        names = [name for kind, name in certificate.get("subjectAltName", ()) if kind in _KINDS]
        return tuple(short(name) for name in names[:_MOST])
    return ()
