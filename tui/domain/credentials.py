"""A profile's secrets as an operator may see them: names and states, never a value."""

from datetime import datetime

from tui.domain.profile import System
from tui.frozen import frozen


@frozen
class CredentialEntry:
    system: System
    what: str
    """Its name, in a word or two; unique within a system."""
    origin: str
    """Where it comes from, such as `secret file /etc/acme`."""
    is_command: bool = False
    """Whether a program prints it, which may need the terminal."""
    is_fixed: bool = False
    """Whether its source cannot change in this run, as our environment."""
    can_be_typed: bool = True
    """Whether it fits on a line."""
    is_typed: bool = False
    """Whether a typed secret replaces it, for this run."""
    accepted_at: datetime | None = None
    refused_at: datetime | None = None
    """When a server last accepted or refused it, by our clock; None: never in this run."""
    trouble: str = ""
    """Why the last reading failed."""

    @property
    def is_refused(self) -> bool:
        """Whether the server rejected it after it last accepted it."""
        if self.refused_at is None:
            return False
        return self.accepted_at is None or self.accepted_at < self.refused_at
