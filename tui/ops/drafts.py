"""What was typed into a form and not sent: a draft a target, and the Protocol of what keeps it.

Drafts of one profile are never seen by another; what may be a secret by its name is not kept.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tui.domain.basis import Basis


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Which form on which target."""

    operation: str
    target: str = ""
    """Its identifier; empty where the form makes a new thing."""


@dataclass(frozen=True, slots=True)
class DraftText:
    """What was typed into one field."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A form that was changed and not sent."""

    key: DraftKey
    name: str
    """What a person calls the target."""
    texts: tuple[DraftText, ...]
    """The changed fields."""
    at: datetime
    basis: Basis = ()
    """The target as it was when the form was opened."""
    left_out: tuple[str, ...] = ()
    """The labels of changed fields that may hold secrets, and were not kept."""


class Drafts(Protocol):
    """The drafts of one profile; what is known is known at once, what is kept is kept in time."""

    @property
    def lasts(self) -> bool:
        """Whether they outlive the console."""

    def find(self, key: DraftKey) -> Draft | None:
        """The draft of a form on a target, if there is one."""

    async def keep(self, draft: Draft) -> None:
        """Keep it in place of the one before.

        Raises:
            OSError: it is only kept until the console ends.
        """

    async def drop(self, key: DraftKey) -> None:
        """Forget it.

        Raises:
            OSError: it will be there again at the next start.
        """


@dataclass(slots=True)
class MemoryDrafts:
    """Drafts of this run only, for the demo."""

    known: dict[DraftKey, Draft] = field(default_factory=dict)

    @property
    def lasts(self) -> bool:
        """They do not."""
        return False

    def find(self, key: DraftKey) -> Draft | None:
        """The draft, if there is one."""
        return self.known.get(key)

    async def keep(self, draft: Draft) -> None:
        """Keep it."""
        self.known[draft.key] = draft

    async def drop(self, key: DraftKey) -> None:
        """Forget it."""
        self.known.pop(key, None)
