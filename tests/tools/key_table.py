"""The key table in `tui/docs/keys.md`, written from the operation table.

`python -m tests.tools.key_table` writes it, with `--check` it only says whether it is stale.
"""

import sys
from pathlib import Path

from tui.ops.operations.registry import OPERATIONS, Danger, Operation, Scope
from tui.ui.screens.activity.screen import ActivityScreen
from tui.ui.screens.connections.screen import ConnectionsScreen
from tui.ui.screens.engine.screen import EngineScreen
from tui.ui.screens.extensions.screen import ExtensionsScreen
from tui.ui.screens.list_screen import ListScreen
from tui.ui.screens.log.screen import LogScreen
from tui.ui.screens.marking import MarkedListScreen
from tui.ui.screens.tab_screen import TabScreen
from tui.ui.screens.workers.screen import WorkersScreen

PAGE = Path(__file__).parents[2] / "tui" / "docs" / "keys.md"
BEGIN = (
    "<!-- keys: generated from tui/ops/operations/registry.py by python -m tests.tools.key_table -->\n"
)
END = "<!-- end of keys -->\n"
_LAST_STEP = {
    Danger.READ: "",
    Danger.REVERSIBLE: "`a`",
    Danger.DISRUPTIVE: "`y`",
    Danger.IRREVERSIBLE: "name",
}
SCREENS: tuple[type[TabScreen], ...] = (
    WorkersScreen,
    ExtensionsScreen,
    EngineScreen,
    ConnectionsScreen,
    ActivityScreen,
    LogScreen,
)


def offered() -> tuple[Operation, ...]:
    """The operations that some screen has a key for, in the order of the table."""
    return tuple(operation for operation in OPERATIONS.values() if _screens(operation))


def where(operation: Operation) -> str:
    """The screens that have a key for it, in words."""
    if operation.scope is Scope.PAST:
        return "the past"
    screens = _screens(operation)
    if screens == SCREENS:
        return "everywhere"
    for kind, name in ((ListScreen, "lists"), (MarkedListScreen, "lists with marks")):
        if {screen for screen in SCREENS if issubclass(screen, kind)} == set(screens):
            return name
    return ", ".join(screen.TAB for screen in screens)


def _screens(operation: Operation) -> tuple[type[TabScreen], ...]:
    action = f"operation('{operation.id}')"
    return tuple(
        screen
        for screen in SCREENS
        if any(getattr(binding, "action", "") == action for binding in screen.BINDINGS)
    )


def table() -> str:
    """The key table in Markdown."""
    rows = [f"| `{o.key}` | {where(o)} | {o.help} | {_LAST_STEP[o.danger]} |" for o in offered()]
    return "\n".join(("| key | where | what | confirm with |", "| --- | --- | --- | --- |", *rows, ""))


def main(arguments: list[str]) -> int:
    """Write the table, or say with `--check` that it is stale."""
    before = PAGE.read_text(encoding="utf-8")
    head, _, rest = before.partition(BEGIN)
    after = head + BEGIN + table() + END + rest.partition(END)[2]
    if "--check" not in arguments:
        PAGE.write_text(after, encoding="utf-8")
        return 0
    if after != before:
        print("tui/docs/keys.md: the key table is stale, run python -m tests.tools.key_table")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
