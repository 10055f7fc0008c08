"""Unlocking a read-only profile for this session, by typing its name, and locking it again."""

from collections.abc import Callable
from functools import partial

from textual.app import ComposeResult

from tui.domain.profile import ProfileFacts
from tui.session.history_events import keep_unlock
from tui.ui.host import AppHost, ScreenHost
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
        yield Facts(
            (
                ("Profile", f"{self._facts.name} · {self._facts.environment.value}"),
                ("", "It is read-only. Once unlocked, it allows writes until you press U or quit."),
                ("", "Every write is still reviewed and confirmed."),
            )
        )

    def compose_tail(self) -> ComposeResult:
        yield from self.compose_name(self._facts.name)

    def on_mount(self) -> None:
        self.query_one(NameInput).focus()

    def name_typed(self, name: str) -> None:
        if self._unlock(name):
            self.dismiss(True)
        else:
            self.trouble(f"that is not the profile's name: type {self._facts.name}")


def turn_lock(app: AppHost, screen: ScreenHost) -> str:
    """Ask for the profile's name to unlock it, or lock it at once; why it was refused, or empty."""
    guard, facts = screen.core.guard, screen.session.facts
    if facts.sealed:
        return "started with --read-only: it cannot be unlocked"
    if guard.can_unlock:
        app.push_screen(UnlockDialog(facts, guard.unlock), partial(_turned, app, screen))
    elif facts.unlocked:
        guard.lock()
        _turned(app, screen, True)
    else:
        return f"profile {facts.name} is not read-only: there is nothing to unlock"
    return ""


def _turned(app: AppHost, screen: ScreenHost, turned: bool | None) -> None:
    if turned:
        app.run_worker(keep_unlock(screen.core), group="unlock")
        screen.show_profile()
        facts = screen.session.facts
        state = (
            "unlocked: writes allowed until you press U, switch the profile or quit"
            if facts.unlocked
            else "read-only again"
        )
        screen.notice(f"profile {facts.name} is {state}", "ok")
