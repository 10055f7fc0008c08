"""A profile's secrets as an operator may know them: what they are and how they fare, never a value."""

from dataclasses import dataclass
from datetime import datetime

from tui.domain.systems import System


@dataclass(frozen=True, slots=True)
class CredentialEntry:
    """One secret."""

    system: System
    what: str
    """What it is, in a word or two; of a system each is another one."""
    origin: str
    """Where it comes from, such as `secret file /etc/acme`."""
    is_command: bool = False
    """Whether a program prints it: that may need the terminal."""
    is_fixed: bool = False
    """Whether reading its source again gives the same in this run: our environment does not change."""
    can_be_typed: bool = True
    """Whether it fits on a line."""
    is_typed: bool = False
    """Whether the operator's own stands in for it, for this run."""
    accepted_at: datetime | None = None
    refused_at: datetime | None = None
    """When a server last took it, or did not, by our clock; None: never in this run."""
    trouble: str = ""
    """Why it could not be read the last time."""

    @property
    def is_refused(self) -> bool:
        """Whether the last word on it was no."""
        if self.refused_at is None:
            return False
        return self.accepted_at is None or self.accepted_at < self.refused_at
