"""The full screens by the name of their tab; imported when they are first shown."""

from collections.abc import Callable

from tui.ui.screens.tab_screen import TabScreen
from tui.ui.screens.workers.screen import WorkersScreen


def _workers() -> type[TabScreen]:
    return WorkersScreen


def _extensions() -> type[TabScreen]:
    from tui.ui.screens.extensions.screen import ExtensionsScreen

    return ExtensionsScreen


def _engine() -> type[TabScreen]:
    from tui.ui.screens.engine.screen import EngineScreen

    return EngineScreen


def _connections() -> type[TabScreen]:
    from tui.ui.screens.connections.screen import ConnectionsScreen

    return ConnectionsScreen


def _activity() -> type[TabScreen]:
    from tui.ui.screens.activity.screen import ActivityScreen

    return ActivityScreen


def _log() -> type[TabScreen]:
    from tui.ui.screens.log.screen import LogScreen

    return LogScreen


TAB_SCREENS: dict[str, Callable[[], type[TabScreen]]] = {
    "workers": _workers,
    "extensions": _extensions,
    "engine": _engine,
    "connections": _connections,
    "activity": _activity,
    "log": _log,
}
"""Screens are imported when they are first shown."""
