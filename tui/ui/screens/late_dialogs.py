"""Dialogs that every screen opens by a key; each is loaded when its key is pressed."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tui.ui.host import AppHost, ScreenHost


def turn_lock(app: "AppHost", screen: "ScreenHost") -> str:
    from tui.ui.modals import unlock

    return unlock.turn_lock(app, screen)


def open_credentials(app: "AppHost", screen: "ScreenHost") -> None:
    from tui.ui.modals import credentials

    credentials.open_credentials(app, screen)


def open_maintenance(app: "AppHost", screen: "ScreenHost", words: "Sequence[str]" = ()) -> str:
    """Why nothing was opened, or empty."""
    from tui.ui.modals.maintenance import opening

    return opening.open_maintenance(app, screen, words)
