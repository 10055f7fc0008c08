"""The real `ErpService`: a JTL client, a SuperOffice client, or both, over HTTP.

Each client and its imports come with its first use; a system that is not configured is absent.
"""

import os
from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from tui.api.errors import Absent
from tui.api.http.client_pool import ClientPool
from tui.api.http.request_log import WireLog
from tui.api.http.transport import Time, Transport
from tui.api.service import RequestPreview
from tui.api.settings import ServiceSettings, certificate_name
from tui.domain.credentials import CredentialEntry
from tui.domain.profile import System
from tui.domain.writes import SuperOfficeWrite, Write

if TYPE_CHECKING:
    from pydantic import SecretStr

    from tui.api.auth.credential import Credential
    from tui.api.auth.secret_source import ReferenceSource, SecretSources
    from tui.api.http.error_mapping import Hint
    from tui.api.jtl.client import JtlClient
    from tui.api.jtl.version_memory import FileVersions
    from tui.api.superoffice.client import SuperOfficeClient
    from tui.domain.jtl.server_info import ServerInfo
    from tui.domain.superoffice.tenant import Tenant


class LiveService:
    """`ErpService` over HTTP; see there for what each method does and raises."""

    def __init__(
        self,
        profile: ServiceSettings,
        *,
        asgi_app: object | None = None,
        log_file: Path | None = None,
        versions: "FileVersions | None" = None,
        time: Time | None = None,
    ) -> None:
        """Sends no request and reads no secret until the first call.

        Raises OSError: `log_file` cannot be opened.
        """
        self._log = WireLog(log_file) if log_file is not None else None
        self._warnings: list[str] = [*self._log.warnings] if self._log else []
        self._profile = profile
        self._asgi_app = asgi_app
        self._versions = versions
        self._time = time or Time()
        self._transports: dict[System, Transport] = {}
        self._tenant: Callable[[], Tenant | None] = lambda: None

    @property
    def warnings(self) -> Sequence[str]:
        return tuple(self._warnings)

    def clock_offset(self, system: System) -> float | None:
        transport = self._transports.get(system)
        return transport.offset if transport else None

    def tenant(self) -> "Tenant | None":
        return self._tenant()

    def server(self) -> "ServerInfo | None":
        return self.jtl.server if System.JTL in self._transports else None

    def credential(self, system: System) -> "Credential":
        """The secret headers of a system's calls.

        Raises Absent: the profile does not configure the system.
        """
        return self.jtl.credential if system is System.JTL else self.superoffice.credential

    def credentials(self) -> tuple[CredentialEntry, ...]:
        systems = [system for system in System if self._profile.of(system) is not None]
        return tuple(_entry(of, one) for of in systems for one in self.credential(of).references)

    async def renew_credential(self, entry: CredentialEntry, *, at_terminal: bool = False) -> bool:
        changed = await self._reference(entry).read_now(at_terminal=at_terminal)
        self.credential(entry.system).forget()
        return changed

    def give_credential(self, entry: CredentialEntry, secret: "SecretStr") -> None:
        self._reference(entry).give(secret)
        self.credential(entry.system).forget()

    def hurry(self) -> None:
        for system in self._transports:
            self.credential(system).hurry()

    def _reference(self, entry: CredentialEntry) -> "ReferenceSource":
        known = self.credential(entry.system).references
        return next(one for one in known if one.what == entry.what)

    def preview(self, write: Write) -> RequestPreview:
        if isinstance(write, SuperOfficeWrite):
            return self.superoffice.preview(write)
        return self.jtl.preview(write)

    async def aclose(self) -> None:
        for transport in self._transports.values():
            await transport.pool.aclose()
        if self._log is not None:
            self._log.close()

    @cached_property
    def jtl(self) -> "JtlClient":
        settings = self._profile.jtl
        if settings is None:
            raise _absent(System.JTL)
        from tui.api.auth.authorized_caller import Caller
        from tui.api.jtl.client import JtlClient, credential
        from tui.api.jtl.error_hints import JtlHints
        from tui.api.jtl.requests import JtlRequests
        from tui.api.jtl.server_info import ServerInfoReader
        from tui.api.jtl.version_negotiation import Negotiation

        connection = self._profile.connection
        transport = self._transport(System.JTL, JtlHints(settings))
        transport.certificate_name = certificate_name(settings)
        references = self._references(System.JTL)
        login = credential(settings, transport.exchange, references, connection.read_timeout)
        fixed = None if settings.api_version == "auto" else settings.api_version
        caller, requests = Caller(transport, login), JtlRequests(settings, connection)
        info = ServerInfoReader(caller, requests, self._warn)
        return JtlClient(caller, requests, Negotiation(fixed, self._versions), info)

    @cached_property
    def superoffice(self) -> "SuperOfficeClient":
        settings = self._profile.superoffice
        if settings is None:
            raise _absent(System.SUPEROFFICE)
        from tui.api.superoffice.client import SuperOfficeClient, hint
        from tui.api.superoffice.online_access import superoffice_access
        from tui.api.superoffice.requests import SuperOfficeRequests

        connection = self._profile.connection
        transport = self._transport(System.SUPEROFFICE, hint)
        transport.certificate_name = certificate_name(settings)
        references = self._references(System.SUPEROFFICE)
        found = superoffice_access(settings, transport, connection.read_timeout, references)
        self._tenant = found.tenant
        return SuperOfficeClient(found.caller, SuperOfficeRequests(settings, connection, found.base))

    def _references(self, system: System) -> "SecretSources":
        from tui.api.auth.secret_source import SecretSources

        time, hidden = self._time, self._profile.hidden
        return SecretSources(system, time.elapsed, time.wall, self._warn, hidden)

    def _transport(self, system: System, hint: "Hint") -> Transport:
        connection = self._profile.connection
        pool = ClientPool(connection.ca_bundle, connection.proxy, self._asgi_app)
        transport = Transport(system, pool, hint, connection.max_response_mb, self._time, self._log)
        transport.known = self._held
        self._transports[system] = transport
        return transport

    def _held(self) -> "tuple[SecretStr, ...]":
        """Every secret that was read, and those of our environment, which are there without reading."""
        from pydantic import SecretStr

        read = [secret for system in self._transports for secret in self.credential(system).held]
        given = (os.environ.get(name, "") for name in self._profile.hidden)
        return (*read, *(SecretStr(value) for value in given if value))

    def _warn(self, warning: str) -> None:
        if warning not in self._warnings:
            self._warnings.append(warning)


def _entry(system: System, one: "ReferenceSource") -> CredentialEntry:
    from tui.api.error_body import short
    from tui.api.settings import CommandRef, EnvRef

    return CredentialEntry(
        system=system,
        what=one.what,
        origin=short(one.title),
        is_command=isinstance(one.ref, CommandRef),
        is_fixed=isinstance(one.ref, EnvRef),
        can_be_typed=not one.many_lines,
        is_typed=one.is_typed,
        accepted_at=one.accepted_at,
        refused_at=one.refused_at,
        trouble=one.trouble,
    )


def _absent(system: System) -> Absent:
    return Absent(
        system=system,
        sentence=f"this profile does not configure {system.product}",
        next_step=f"Add a [profiles.NAME.{system.value}] table to the config file",
        sent=False,
    )
