"""Typing a credential for this run. It leaves here wrapped, and is nowhere but in memory."""

from typing import TYPE_CHECKING, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from tui.domain.credentials import CredentialEntry
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.facts import Facts
from tui.ui.widgets.secret_input import SecretInput
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from pydantic import SecretStr

Typed: TypeAlias = "SecretStr | None"


class TypeSecretDialog(Dialog[Typed]):
    """What was typed; None: nothing was."""

    def __init__(self, entry: CredentialEntry) -> None:
        super().__init__(f"Type the {entry.what} of {entry.system.product}")
        self._entry = entry

    def compose_body(self) -> ComposeResult:
        """What becomes of it."""
        facts = Facts()
        facts.show(
            (
                ("Instead of", self._entry.origin),
                ("", "It is used until the console ends, or until its source is read again by r."),
                ("", "It is kept in memory only: in no file, no draft, no trail, no clipboard."),
            )
        )
        yield facts

    def compose_tail(self) -> ComposeResult:
        """The line to type it on."""
        ask = TextLine(id="ask")
        ask.show("type or paste it and press enter")
        yield ask
        yield SecretInput()

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(SecretInput).focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        from pydantic import SecretStr

        self.dismiss(SecretStr(event.value))
