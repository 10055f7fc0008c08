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
