"""The full screens by the name of their tab; imported when they are first shown."""

from collections.abc import Callable

from tui.ui.screens.deck import DeckScreen
from tui.ui.screens.workers import WorkersScreen


def _workers() -> type[DeckScreen]:
    return WorkersScreen


def _extensions() -> type[DeckScreen]:
    from tui.ui.screens.extensions import ExtensionsScreen

    return ExtensionsScreen


def _engine() -> type[DeckScreen]:
    from tui.ui.screens.engine import EngineScreen

    return EngineScreen


def _connections() -> type[DeckScreen]:
    from tui.ui.screens.connections import ConnectionsScreen

    return ConnectionsScreen


def _activity() -> type[DeckScreen]:
    from tui.ui.screens.activity import ActivityScreen

    return ActivityScreen


def _log() -> type[DeckScreen]:
    from tui.ui.screens.log import LogScreen

    return LogScreen


DECKS: dict[str, Callable[[], type[DeckScreen]]] = {
    "workers": _workers,
    "extensions": _extensions,
    "engine": _engine,
    "connections": _connections,
    "activity": _activity,
    "log": _log,
}
"""Screens are imported when they are first shown."""
