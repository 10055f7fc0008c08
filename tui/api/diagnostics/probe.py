"""What `doctor` checks of a system besides its calls: hosts, secrets, versions. Sends no write.

Invariant: no check contains a secret, only its place.
"""

import asyncio
from collections.abc import Iterator
from urllib.parse import urlsplit

from tui.api.auth.secret_source import ReferenceSource
from tui.api.diagnostics.reachability import reach_checks
from tui.api.error_body import short
from tui.api.errors import ErpError
from tui.api.http.secret_masking import masked
from tui.api.jtl.version_memory import Family
from tui.api.live_service import LiveService
from tui.api.settings import ClientCredentials, FileRef, ServiceSettings, certificate_name
from tui.domain.check import Check, Trouble, fail, ok, skipped, warn
from tui.domain.profile import System
from tui.frozen import frozen
from tui.paths import others_may_read

SECRET_SECONDS = 4.0
"""Seconds for all secrets of a system; they are read at the same time."""


@frozen
class Probe:
    """The part of a profile that only `doctor` uses; its service has made no calls before."""

    settings: ServiceSettings
    service: LiveService
    embedded: bool = False
    """The systems are in this process: there is no network to check."""

    def address(self, system: System) -> str:
        """The base URL; empty if the system is absent."""
        found = self.settings.of(system)
        return (found.base_url or "") if found else ""

    async def reach(self, system: System) -> tuple[Check, ...]:
        """Name, port, certificate and proxy of every host of the system, all hosts at the same time."""
        if self.embedded:
            return (skipped("network", "the systems are simulated in this process"),)
        connection = self.settings.connection
        chains = await asyncio.gather(
            *(
                reach_checks(
                    url, connection.proxy, connection.ca_bundle, note, self._name_at(system, url)
                )
                for url, note in self._hosts(system)
            )
        )
        return tuple(check for chain in chains for check in chain)

    def _name_at(self, system: System, url: str) -> str:
        found = self.settings.of(system)
        host, name = (certificate_name(found) if found else None) or ("", "")
        return name if urlsplit(url).hostname == host else ""

    def _hosts(self, system: System) -> Iterator[tuple[str, str]]:
        """The base URL, and the token server's if that is another host."""
        base = self.address(system)
        yield base, ""
        jtl = self.settings.jtl
        auth = jtl.auth if jtl is not None and system is System.JTL else None
        if isinstance(auth, ClientCredentials) and urlsplit(auth.token_url)[:2] != urlsplit(base)[:2]:
            yield auth.token_url, "token"

    async def secrets(self, system: System) -> tuple[Check, ...]:
        """Whether each secret is available; later calls do not read it again."""
        sources = self.service.credential(system).references
        return tuple(await asyncio.gather(*(_secret(source) for source in sources)))

    async def about(self, system: System) -> Check | None:
        """SuperOffice's report without a login, `GET /api` (superoffice PROTOCOL §2)."""
        if system is not System.SUPEROFFICE:
            return None
        try:
            version = await self.service.superoffice.about()
        except ErpError as error:
            return warn("GET /api", error.sentence, error.next_step)
        return ok("GET /api", f"NetServer {version}" if version else "responded, without a version")

    def version(self, system: System) -> Check | None:
        """JTL-Wawi's API version by family; None: the system has only one."""
        jtl = self.settings.jtl
        if system is not System.JTL or jtl is None:
            return None
        known = {family: self.service.jtl.known_version(family) for family in Family}
        found = ", ".join(f"{family} {version}" for family, version in known.items() if version)
        if not found:
            return skipped("API version", "not known: no list was loaded")
        how = "auto: as last found" if jtl.api_version == "auto" else "as set in the profile"
        return ok("API version", f"{found} ({how})")

    def masked(self, text: str, system: System) -> str:
        """`text` without the system's secrets: a server may repeat what it was sent."""
        return masked(text, self.service.credential(system).held)


async def _secret(source: ReferenceSource) -> Check:
    where = short(source.title)
    try:
        async with asyncio.timeout(SECRET_SECONDS):
            await source.current()
    except TimeoutError:
        step = "Run it by hand: it must not prompt"
        return fail("secret", f"{where} returned nothing in time", step, Trouble.UNAUTHORISED)
    except ErpError as error:
        return fail("secret", error.sentence, error.next_step, Trouble.UNAUTHORISED)
    if isinstance(source.ref, FileRef):
        path = source.ref.file.expanduser()
        if others_may_read(path):
            return warn("secret", f"{where} can be read by others", f"chmod 600 {path}")
    return ok("secret", f"{where} is available")
