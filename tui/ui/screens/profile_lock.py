"""Unlocking a read-only profile for this session, and locking it again."""

from functools import partial

from tui.ui.host import AppHost, ScreenHost
from tui.ui.modals.unlock import UnlockDialog


def turn_lock(app: AppHost, screen: ScreenHost) -> str:
    """Ask for the profile's name to unlock it, or lock it at once; why it was refused, or empty."""
    core, facts = screen.session.core, screen.session.facts
    if facts.sealed:
        return "started with --read-only: it cannot be unlocked"
    if core is None:
        return screen.session.failure or "not connected yet"
    if core.guard.can_unlock:
        app.push_screen(UnlockDialog(facts, core.guard.unlock), partial(_turned, screen))
    elif facts.unlocked:
        core.guard.lock()
        _turned(screen, True)
    else:
        return f"profile {facts.name} is not read-only: there is nothing to unlock"
    return ""


def _turned(screen: ScreenHost, turned: bool | None) -> None:
    if turned:
        screen.show_profile()
        facts = screen.session.facts
        state = (
            "unlocked: writes allowed until you press U, switch the profile or quit"
            if facts.unlocked
            else "read-only again"
        )
        screen.notice(f"profile {facts.name} is {state}", "ok")
