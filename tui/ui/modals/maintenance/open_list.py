"""The open maintenances of the profile: close one, go on with one that was interrupted, open another."""

from datetime import datetime
from enum import Enum, auto
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.domain.maintenance.banner import banner, is_known_on
from tui.domain.maintenance.records import Maintenance, NotedTarget, SetState
from tui.domain.text import one_line
from tui.presentation.columns import MAINTENANCES
from tui.session.session import Session
from tui.ui.modals.list_dialog import EntriesDialog
from tui.ui.widgets.row_list import Row


class Next(Enum):
    """What follows the choice of a maintenance."""

    CLOSE = auto()
    GO_ON = auto()
    NEW = auto()
    """Open another one."""
    FORGET = auto()
    """Delete its journal."""


class MaintenancesDialog(EntriesDialog[Maintenance]):
    """`choice` and `one` hold what was chosen, once it is closed."""

    COLUMNS = MAINTENANCES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,c", "end('CLOSE')", "close it", key_display="enter"),
        # Else the list would take it, for its first row.
        Binding("g", "end('GO_ON')", "go on", priority=True),
        Binding("n", "end('NEW')", "open another"),
        Binding("f", "end('FORGET')", "forget it"),
        Binding("q,M", "leave", "Back", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__("Maintenance · what is open")
        self._session = session
        self.choice: Next | None = None
        self.one: Maintenance | None = None

    def on_mount(self) -> None:
        self.rows.focus()
        self.follow()

    def follow(self) -> None:
        self.show_entries({one.id: one for one in self._session.maintenance.open_ones})
        if not self.entries:
            self.trouble("nothing is open", "off")

    def row(self, key: str, entry: Maintenance) -> Row:
        is_overdue = entry.is_overdue(self._session.clock())
        word = "overdue" if is_overdue else entry.state.value
        sign, tone = ("✖", "error") if is_overdue else ("!", "warning")
        if word == SetState.OPEN:
            sign, tone = "●", "running"
        cells = (
            word,
            entry.name,
            self._count(entry),
            _clock(entry.opened_at),
            _clock(entry.until),
            one_line(entry.reason),
        )
        return Row(key, sign, tone, cells)

    def _off(self, entry: Maintenance) -> list[NotedTarget]:
        """What is really off, as far as is known."""
        seen = self._session.maintenance.seen_now
        return [one for one in entry.off if not is_known_on(seen(one))]

    def _count(self, entry: Maintenance) -> str:
        """`2`; `0–2` where it is in doubt."""
        unseen = {*entry.in_doubt, *entry.under_way}
        certain = sum(one not in unseen for one in self._off(entry))
        return f"{certain}–{certain + len(unseen)}" if unseen else str(certain)

    def whole(self, entry: Maintenance) -> str:
        names = ", ".join(one_line(one.name) for one in self._off(entry))
        words = banner(entry, self._session.clock(), self._session.maintenance.seen_now)
        parts = (
            words,
            f"by {one_line(entry.user)}: {one_line(entry.reason)}",
            names and f"off: {names}",
        )
        return " · ".join(filter(None, parts))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        chosen = self.chosen if self.is_mounted else None
        if action != "end" or parameters == (Next.NEW.name,):
            return super().check_action(action, parameters)
        is_going_on = parameters == (Next.GO_ON.name,)
        return chosen is not None and (not is_going_on or can_go_on(chosen))

    def action_end(self, choice: str) -> None:
        if choice == Next.NEW.name or not self.rows.reveal():
            self.choice, self.one = Next[choice], self.chosen
            self.dismiss(None)


def can_go_on(one: Maintenance) -> bool:
    """Whether its opening was interrupted: something that was to be stopped is not."""
    return one.is_interrupted and bool(one.not_stopped)


def _clock(at: datetime) -> str:
    return f"{at:%m-%d %H:%M}"
