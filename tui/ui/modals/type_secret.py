"""Typing a credential for this run. It is returned wrapped, and is kept only in memory."""

from typing import TYPE_CHECKING, TypeAlias

from textual import on
from textual.app import ComposeResult
from textual.widgets import Input

from tui.domain.credentials import CredentialEntry
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.fact_list import Facts
from tui.ui.widgets.secret_input import SecretInput
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from pydantic import SecretStr

Typed: TypeAlias = "SecretStr | None"


class TypeSecretDialog(Dialog[Typed]):
    """The typed credential; None: nothing was typed."""

    def __init__(self, entry: CredentialEntry) -> None:
        super().__init__(f"Type the {entry.what} of {entry.system.product}")
        self._entry = entry

    def compose_body(self) -> ComposeResult:
        yield Facts(
            (
                ("Instead of", self._entry.origin),
                ("", "It is used until you quit, or until r reads its source again."),
                ("", "It is kept in memory only: not in a file, draft, audit trail or clipboard."),
            )
        )

    def compose_tail(self) -> ComposeResult:
        yield TextLine("type or paste it and press enter", id="ask")
        yield SecretInput()

    def on_mount(self) -> None:
        self.query_one(SecretInput).focus()

    @on(Input.Submitted)
    def _typed(self, event: Input.Submitted) -> None:
        from pydantic import SecretStr

        self.dismiss(SecretStr(event.value))
