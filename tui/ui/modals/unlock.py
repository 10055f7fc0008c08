"""Unlocking a read-only profile for this session: its name is typed, and nothing is sent."""

from collections.abc import Callable

from textual.app import ComposeResult

from tui.domain.profile import ProfileFacts
from tui.ui.modals.review.typed_name import TypedNameDialog
from tui.ui.widgets.fact_list import Facts
from tui.ui.widgets.inputs import NameInput


class UnlockDialog(TypedNameDialog[bool]):
    """The result: whether it was unlocked."""

    def __init__(self, facts: ProfileFacts, unlock: Callable[[str], bool]) -> None:
        """`unlock` checks the typed name and returns whether it was the right one."""
        super().__init__(f"Unlock · {facts.name}")
        self._facts = facts
        self._unlock = unlock

    def compose_body(self) -> ComposeResult:
        facts = Facts()
        facts.show(
            (
                ("Profile", f"{self._facts.name} · {self._facts.environment.value}"),
                (
                    "",
                    "It is read-only. Once unlocked, it allows writes until you press U or quit.",
                ),
                ("", "Every write is still reviewed and confirmed."),
            )
        )
        yield facts

    def compose_tail(self) -> ComposeResult:
        yield from self.compose_name(self._facts.name)

    def on_mount(self) -> None:
        self.query_one(NameInput).focus()

    def name_typed(self, name: str) -> None:
        """Unlock by exactly the right name."""
        if self._unlock(name):
            self.dismiss(True)
        else:
            self.trouble(f"that is not the profile's name: type {self._facts.name}")
