"""Reads `/info` once; without a readable response nothing is known. Source: jtl PROTOCOL §10."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from tui.api.auth.authorized_caller import Caller
from tui.api.error_body import folded, short
from tui.api.errors import ErpError
from tui.api.jtl.requests import JtlRequests
from tui.api.jtl.version_memory import Version
from tui.domain.jtl.server_info import REMEDY, ServerInfo, other_database

_SECONDS = 2.0
_PATHS: tuple[Version, ...] = ("v2", "unversioned")
"""Version 2 also reports the tenant; the other one needs no login."""


class ServerInfoReader:
    def __init__(self, caller: Caller, requests: JtlRequests, warn: Callable[[str], None]) -> None:
        self._caller, self._requests, self._warn = caller, requests, warn
        self._asked = False
        self.known: ServerInfo | None = None

    async def read(self) -> ServerInfo | None:
        """What the server reports; the second call and the later ones send nothing."""
        if not self._asked:
            self._asked = True
            self.known = await self._first()
            base_url = self._requests.settings.base_url
            if self.known and (other := other_database(self.known, base_url)):
                self._warn(f"{other}. {REMEDY}")
        return self.known

    async def _first(self) -> ServerInfo | None:
        for version in _PATHS:
            request = replace(self._requests.info(version), repeatable=False, timeout=_SECONDS)
            try:
                answer = await self._caller.glimpse(request)
            except ErpError:
                continue
            info = _read(answer.tree)
            if info != ServerInfo():
                return info
        return None


def _read(tree: object) -> ServerInfo:
    known = folded(tree) if isinstance(tree, Mapping) else {}
    version, tenant, kind = (
        short(value) if isinstance(value := known.get(name), str) else ""
        for name in ("version", "tenant", "type")
    )
    return ServerInfo(version, tenant, kind)
