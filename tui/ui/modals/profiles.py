"""The profiles of the config, to switch to another one."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.profile import Environment, ProfileFacts
from tui.presentation.columns import PROFILES
from tui.ui.modals.dialog import Dialog
from tui.ui.widgets.row_list import Cause, Row, RowList

_TONES = {
    Environment.PRODUCTION: "error",
    Environment.STAGING: "warning",
    Environment.DEVELOPMENT: "plain",
}


class ProfilesDialog(Dialog[str | None]):
    """The name of the chosen profile; None: none was chosen."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "choose", "switch"),
        Binding("q", "leave", "Back", show=False),
    ]

    def __init__(self, profiles: Sequence[ProfileFacts], current: str) -> None:
        super().__init__("Profiles")
        self._profiles = {facts.name: facts for facts in profiles}
        self._current = current

    def compose_body(self) -> ComposeResult:
        yield RowList(PROFILES)

    def on_mount(self) -> None:
        rows = self.query_one(RowList)
        rows.styles.height = min(len(self._profiles), 12)
        rows.show(list(self._profiles), self._row, Cause.ARRANGE)
        rows.go_to(self._current)
        rows.focus()

    def _row(self, name: str) -> Row:
        facts = self._profiles[name]
        systems = " + ".join(sorted(system.product for system in facts.systems)) or "no system"
        here = "current" if name == self._current else "read-only" if facts.read_only else ""
        cells = (facts.environment.shown, name, systems, here)
        return Row(name, " ", _TONES[facts.environment], cells)

    def action_choose(self) -> None:
        if not self.query_one(RowList).reveal():
            self.dismiss(self.query_one(RowList).target)
