"""The full screens by the name of their tab; imported when they are first shown."""

from tui.ui.screens.screen_frame import TABS
from tui.ui.screens.tab_screen import TabScreen


def screen_class(name: str) -> type[TabScreen]:
    """Raises KeyError: there is no such tab."""
    match name:
        case "workers":
            from tui.ui.screens.workers.screen import WorkersScreen

            return WorkersScreen
        case "extensions":
            from tui.ui.screens.extensions.screen import ExtensionsScreen

            return ExtensionsScreen
        case "engine":
            from tui.ui.screens.engine.screen import EngineScreen

            return EngineScreen
        case "connections":
            from tui.ui.screens.connections.screen import ConnectionsScreen

            return ConnectionsScreen
        case "activity":
            from tui.ui.screens.activity.screen import ActivityScreen

            return ActivityScreen
        case "log":
            from tui.ui.screens.log.screen import LogScreen

            return LogScreen
    raise KeyError(name)


def tabs_with(operation_id: str) -> tuple[str, ...]:
    """The tabs whose screens have a key for an operation."""
    action = f"operation('{operation_id}')"
    names = (title.lower() for _, title in TABS)
    return tuple(
        name
        for name in names
        if any(getattr(one, "action", "") == action for one in screen_class(name).BINDINGS)
    )
