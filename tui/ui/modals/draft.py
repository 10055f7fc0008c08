"""A draft that was kept of a form: from when it is, what it holds, and whether to go on with it."""

from enum import Enum
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.basis import value_word
from tui.ops.drafts import Draft
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.facts import Facts


class DraftChoice(Enum):
    """What becomes of it."""

    TAKE_UP = "take it up"
    DISCARD = "discard it"


class DraftDialog(Dialog[DraftChoice | None]):
    """Offers a draft; None: back to the list, the draft stays."""

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"take_up", "discard"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "take_up", "take up"),
        Binding("d", "discard", "discard"),
        Binding("q", "leave", "Back", show=False),
    ]

    def __init__(self, heading: str, draft: Draft, age: str) -> None:
        super().__init__(f"Draft · {heading}")
        self._draft, self._age = draft, age

    def compose_body(self) -> ComposeResult:
        """When, then field by field."""
        facts = Facts()
        typed = ((one.label, value_word(one.text)) for one in self._draft.texts)
        missing = (
            (label, "was typed, but not kept: it may be a secret") for label in self._draft.left_out
        )
        when = ("From", f"{self._draft.at:%Y-%m-%d %H:%M} UTC, {self._age}")
        facts.show((when, *typed, *missing))
        yield facts

    def action_take_up(self) -> None:
        """Go on with it."""
        self._end(DraftChoice.TAKE_UP)

    def action_discard(self) -> None:
        """Forget it, and start with what the server has."""
        self._end(DraftChoice.DISCARD)

    def _end(self, choice: DraftChoice) -> None:
        """A key that was typed ahead of this, into the form, chooses nothing."""
        self.last_key.take(partial(self.dismiss, choice), self._refuse_key)

    def _refuse_key(self) -> None:
        self.trouble("wait: that came too soon to count. Read this, then press t or d", "warning")
