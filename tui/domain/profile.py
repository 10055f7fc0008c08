"""The two systems, and the public facts of a profile."""

from enum import StrEnum

from tui.frozen import frozen


class System(StrEnum):
    """A remote system; a profile configures one or both."""

    JTL = "jtl"
    SUPEROFFICE = "superoffice"

    @property
    def product(self) -> str:
        """The system's own name, for sentences."""
        return "JTL-Wawi" if self is System.JTL else "SuperOffice"


class Environment(StrEnum):
    """What is at risk; sets the frame's colour and the guard's rules."""

    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"

    @property
    def shown(self) -> str:
        """In capitals where it is production."""
        return self.value.upper() if self is Environment.PRODUCTION else self.value


def suggested_command(profile: str, *words: str) -> str:
    """A command for somebody to paste: it names the profile, or it would reach the default one."""
    import shlex

    return shlex.join(("syncdeck", *words, "--profile", profile))


@frozen
class ProfileFacts:
    """What screens, guard and audit need to know of a profile; contains no secret."""

    name: str
    environment: Environment
    read_only: bool
    systems: frozenset[System]
    """The systems that the profile configures; the others are *absent*."""
    sealed: bool = False
    """Read-only by the command line: it cannot be unlocked."""
    unlocked: bool = False
    """Read-only by its config, and unlocked for this run."""
    is_recording: bool = False
    """A file that is replayed: there is no server."""
    addresses: tuple[tuple[System, str], ...] = ()
    """Each system's address and tenant, without a login."""
    sets: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The sets of targets for maintenance: name and filters."""

    def place_of(self, system: System | None) -> tuple[str, str]:
        """Name and address of `system`, for the audit trail."""
        return "" if system is None else system.value, self.address_of(system)

    def address_of(self, system: System | None) -> str:
        """The address of `system`; empty if it is unknown or `system` is None."""
        return next((address for known, address in self.addresses if known is system), "")
