"""The two systems behind the console, and the facts of the profile that everyone may know."""

from dataclasses import dataclass
from enum import StrEnum


class System(StrEnum):
    """A remote system; a profile configures one or both."""

    JTL = "jtl"
    SUPEROFFICE = "superoffice"

    @property
    def product(self) -> str:
        """The system's own name, for sentences."""
        return "JTL-Wawi" if self is System.JTL else "SuperOffice"


class Environment(StrEnum):
    """What is at stake; colours the frame and sets the guard."""

    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """What screens, guard and audit need to know of a profile; no secret is among it."""

    name: str
    environment: Environment
    read_only: bool
    systems: frozenset[System]
    """The systems that the profile configures; the others are *absent*."""
    sealed: bool = False
    """Read-only by the command line: nothing unlocks it."""
    unlocked: bool = False
    """Read-only by its config, and unlocked for this run."""
    addresses: tuple[tuple[System, str], ...] = ()
    """What each system is known by: its address, and the tenant there; no login is in it."""

    def place_of(self, system: System | None) -> tuple[str, str]:
        """Name and address of `system`, as the audit trail keeps them."""
        return "" if system is None else system.value, self.address_of(system)

    def address_of(self, system: System | None) -> str:
        """What `system` is known by; empty where that is not known, or where it is none."""
        return next((address for known, address in self.addresses if known is system), "")
