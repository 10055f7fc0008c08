"""Unlocking a read-only profile for this session, and locking it again."""

from functools import partial

from tui.ui.modals.unlock import UnlockDialog
from tui.ui.screens.deck import DeckScreen


def turn_lock(screen: DeckScreen) -> None:
    """Ask for the profile's name to unlock it; lock it again at once."""
    core, facts = screen.desk.core, screen.desk.facts
    if facts.sealed:
        screen.notice("started with --read-only: nothing unlocks it")
    elif core is None:
        screen.notice(screen.desk.failure or "not connected yet")
    elif core.guard.can_unlock:
        screen.app.push_screen(UnlockDialog(facts, core.guard.unlock), partial(_turned, screen))
    elif facts.unlocked:
        core.guard.lock()
        _turned(screen, True)
    else:
        screen.notice(f"profile {facts.name} is not read-only: there is nothing to unlock")


def _turned(screen: DeckScreen, turned: bool | None) -> None:
    if turned:
        screen.show_profile()
        facts = screen.desk.facts
        state = (
            "unlocked: it takes writes until U, another profile or the end"
            if facts.unlocked
            else "read-only again"
        )
        screen.notice(f"profile {facts.name} is {state}", "ok")
