"""A profile's secrets: which ones exist, and how they are re-entered. No value leaves this module."""

from typing import TYPE_CHECKING

from tui.domain.credentials import CredentialEntry
from tui.domain.profile import System

if TYPE_CHECKING:
    from pydantic import SecretStr

    from tui.api.auth.credential import Credential
    from tui.api.auth.secret_source import ReferenceSource


class CredentialAdmin:
    """What `ErpService` says of credentials."""

    @property
    def _systems(self) -> tuple[System, ...]:
        """The systems that the profile configures."""
        raise NotImplementedError

    def credential(self, system: System) -> "Credential":
        """The secret headers of a system's calls."""
        raise NotImplementedError

    def credentials(self) -> tuple[CredentialEntry, ...]:
        """Every secret of the profile."""
        systems = ((system, self.credential(system)) for system in self._systems)
        return tuple(_entry(system, one) for system, found in systems for one in found.references)

    async def renew_credential(self, entry: CredentialEntry, *, at_terminal: bool = False) -> bool:
        """Read its source now."""
        changed = await self._reference(entry).read_now(at_terminal=at_terminal)
        self.credential(entry.system).forget()
        return changed

    def give_credential(self, entry: CredentialEntry, secret: "SecretStr") -> None:
        """Use what was typed."""
        self._reference(entry).give(secret)
        self.credential(entry.system).forget()

    def _reference(self, entry: CredentialEntry) -> "ReferenceSource":
        known = self.credential(entry.system).references
        return next(one for one in known if one.what == entry.what)


def _entry(system: System, one: "ReferenceSource") -> CredentialEntry:
    from tui.api.error_body import short
    from tui.api.settings import CommandRef, EnvRef, describe

    return CredentialEntry(
        system=system,
        what=one.what,
        origin=short(describe(one.ref)),
        is_command=isinstance(one.ref, CommandRef),
        is_fixed=isinstance(one.ref, EnvRef),
        can_be_typed=not one.many_lines,
        is_typed=one.is_typed,
        accepted_at=one.accepted_at,
        refused_at=one.refused_at,
        trouble=one.trouble,
    )
