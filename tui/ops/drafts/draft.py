"""Drafts: form input that was not sent, one per target, and the Protocol of their store.

Drafts are per profile; possible secrets, recognised by name, are not saved.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tui.domain.baseline import Baseline


@dataclass(frozen=True, slots=True)
class DraftKey:
    """A form and its target."""

    operation: str
    target: str = ""
    """Identifier; empty for a form that creates a new target."""


@dataclass(frozen=True, slots=True)
class DraftText:
    """The input of one field."""

    key: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Draft:
    """The input of a form that was not sent."""

    key: DraftKey
    name: str
    """Display name of the target."""
    texts: tuple[DraftText, ...]
    """The changed fields."""
    at: datetime
    baseline: Baseline = ()
    """The values that the form was opened on."""
    left_out: tuple[str, ...] = ()
    """Labels of changed fields that were not saved because they may hold secrets."""


class Drafts(Protocol):
    """The drafts of one profile; reads use memory, writes are asynchronous."""

    @property
    def lasts(self) -> bool:
        """Whether drafts are kept after the console ends."""

    def find(self, key: DraftKey) -> Draft | None:
        """The draft, if there is one."""

    async def keep(self, draft: Draft) -> None:
        """Save it, replacing an earlier one.

        Raises:
            OSError: it is only kept until the console ends.
        """

    async def drop(self, key: DraftKey) -> None:
        """Remove it.

        Raises:
            OSError: it will reappear at the next start.
        """


@dataclass(slots=True)
class MemoryDrafts:
    """Drafts of this run only, for the demo."""

    known: dict[DraftKey, Draft] = field(default_factory=dict)

    @property
    def lasts(self) -> bool:
        return False

    def find(self, key: DraftKey) -> Draft | None:
        return self.known.get(key)

    async def keep(self, draft: Draft) -> None:
        self.known[draft.key] = draft

    async def drop(self, key: DraftKey) -> None:
        self.known.pop(key, None)
