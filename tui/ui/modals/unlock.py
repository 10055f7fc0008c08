"""Unlocking a read-only profile for this session: its name is typed, and nothing is sent."""

from collections.abc import Callable

from textual.app import ComposeResult

from tui.domain.systems import ProfileFacts
from tui.ui.modals.typed_name import TypedNameDialog
from tui.ui.widgets.facts import Facts
from tui.ui.widgets.name_input import NameInput


class UnlockDialog(TypedNameDialog[bool]):
    """Whether it was unlocked."""

    def __init__(self, facts: ProfileFacts, unlock: Callable[[str], bool]) -> None:
        """`unlock` takes the typed name and says whether it was the right one."""
        super().__init__(f"Unlock · {facts.name}")
        self._facts = facts
        self._unlock = unlock

    def compose_body(self) -> ComposeResult:
        """What it means."""
        facts = Facts()
        facts.show(
            (
                ("Profile", f"{self._facts.name} · {self._facts.environment.value}"),
                (
                    "",
                    "It is read-only. Unlocked, it takes writes until the console ends or U is pressed.",
                ),
                ("", "Every write is still reviewed first and has its own last step."),
            )
        )
        yield facts

    def compose_tail(self) -> ComposeResult:
        """The name to type."""
        yield from self.compose_name(self._facts.name)

    def on_mount(self) -> None:
        """Type at once."""
        self.query_one(NameInput).focus()

    def name_typed(self, name: str) -> None:
        """Unlock by exactly the right name."""
        if self._unlock(name):
            self.dismiss(True)
        else:
            self.trouble(f"that is not the profile's name: type {self._facts.name}")
