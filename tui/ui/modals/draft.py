"""A saved draft of a form: when it was saved, what it holds, and whether to resume it."""

from enum import Enum
from functools import partial
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.baseline import value_word
from tui.ops.drafts.draft import Draft
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.fact_list import Facts


class DraftChoice(Enum):
    TAKE_UP = "resume it"
    DISCARD = "discard it"


class DraftDialog(Dialog[DraftChoice | None]):
    """Offers a draft; None: back to the list, the draft stays."""

    LAST_KEYS: ClassVar[frozenset[str]] = frozenset({"end"})
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("t", "end('TAKE_UP')", "resume"),
        Binding("d", "end('DISCARD')", "discard"),
        Binding("q", "leave", "Back", show=False),
    ]

    def __init__(self, heading: str, draft: Draft, age: str) -> None:
        super().__init__(f"Draft · {heading}")
        self._draft, self._age = draft, age

    def compose_body(self) -> ComposeResult:
        typed = ((one.label, value_word(one.text)) for one in self._draft.texts)
        missing = (
            (label, "not saved in the draft because it may be a secret")
            for label in self._draft.left_out
        )
        when = ("From", f"{self._draft.at:%Y-%m-%d %H:%M} UTC, {self._age}")
        yield Facts((when, *typed, *missing))

    def action_end(self, choice: str) -> None:
        self.take_key(partial(self.dismiss, DraftChoice[choice]), "press t or d")
