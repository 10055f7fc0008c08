"""The key table in README.md, written from the operation table.

`python -m tests.drivers.key_table` writes it, with `--check` it only says whether it is stale.
"""

import sys
from pathlib import Path

from tui.ops.registry import OPERATIONS, Danger, Operation
from tui.ui.screens.activity import ActivityScreen
from tui.ui.screens.connections import ConnectionsScreen
from tui.ui.screens.deck import DeckScreen
from tui.ui.screens.engine import EngineScreen
from tui.ui.screens.extensions import ExtensionsScreen
from tui.ui.screens.list_screen import ListScreen
from tui.ui.screens.log import LogScreen
from tui.ui.screens.workers import WorkersScreen

README = Path(__file__).parents[2] / "README.md"
BEGIN = "<!-- keys: generated from tui/ops/registry.py by python -m tests.drivers.key_table -->\n"
END = "<!-- end of keys -->\n"
_LAST_STEP = {
    Danger.READ: "",
    Danger.REVERSIBLE: "review, then `a`",
    Danger.DISRUPTIVE: "`y`; on production the profile's name",
    Danger.IRREVERSIBLE: "the profile's name",
}
SCREENS: tuple[type[DeckScreen], ...] = (
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
    screens = _screens(operation)
    if screens == SCREENS:
        return "everywhere"
    lists = tuple(screen for screen in SCREENS if issubclass(screen, ListScreen))
    return "lists" if set(lists) <= set(screens) else ", ".join(screen.TAB for screen in screens)


def _screens(operation: Operation) -> tuple[type[DeckScreen], ...]:
    action = f"operation('{operation.id}')"
    return tuple(
        screen
        for screen in SCREENS
        if any(getattr(binding, "action", "") == action for binding in screen.BINDINGS)
    )


def table() -> str:
    """The key table in Markdown."""
    rows = [f"| `{o.key}` | {where(o)} | {o.help} | {_LAST_STEP[o.danger]} |" for o in offered()]
    return "\n".join(("| key | where | what | last step |", "| --- | --- | --- | --- |", *rows, ""))


def main(arguments: list[str]) -> int:
    """Write the table, or say with `--check` that it is stale."""
    before = README.read_text(encoding="utf-8")
    head, _, rest = before.partition(BEGIN)
    after = head + BEGIN + table() + END + rest.partition(END)[2]
    if "--check" not in arguments:
        README.write_text(after, encoding="utf-8")
        return 0
    if after != before:
        print("README.md: the key table is stale, run python -m tests.drivers.key_table")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
