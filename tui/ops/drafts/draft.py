"""Drafts: form input that was not sent, one per target.

Drafts are per profile; possible secrets, recognised by name, are not saved.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from tui.domain.baseline import Baseline
from tui.frozen import frozen


@frozen
class DraftKey:
    """A form and its target."""

    operation: str
    target: str = ""
    """Identifier; empty for a form that creates a new target."""


@frozen
class DraftText:
    key: str
    label: str
    text: str


@frozen
class Draft:
    key: DraftKey
    name: str
    """Display name of the target."""
    texts: tuple[DraftText, ...]
    at: datetime
    baseline: Baseline = ()
    """The values that the form was opened on."""
    left_out: tuple[str, ...] = ()
    """Labels of changed fields that were not saved because they may hold secrets."""


@dataclass(slots=True)
class MemoryDrafts:
    """Drafts of this run only, for the demo."""

    lasts: ClassVar[bool] = False
    known: dict[DraftKey, Draft] = field(default_factory=dict)

    def find(self, key: DraftKey) -> Draft | None:
        return self.known.get(key)

    async def keep(self, draft: Draft) -> None:
        self.known[draft.key] = draft

    async def drop(self, key: DraftKey) -> None:
        self.known.pop(key, None)
