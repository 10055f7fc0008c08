"""Another order for the connections: move them, then review old → new and the exact request."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.health.rules import assess_connection
from tui.domain.superoffice.connections import priorities_of
from tui.domain.superoffice.engine import Connection
from tui.domain.text import one_line
from tui.ops.execution.outcome import Outcome
from tui.ops.operations.save_priorities import priorities
from tui.ops.refusal import Refusal
from tui.presentation.columns import PRIORITIES
from tui.session.session import Session
from tui.store.snapshot import Snapshot
from tui.ui.modals.list_dialog import ListDialog
from tui.ui.modals.review.review import LeftRunning, ReviewDialog
from tui.ui.widgets.row_list import Cause, Row
from tui.ui.widgets.text_line import TextLine

_NOTE = (
    "K and J move the connection under the cursor. The API cannot read priorities: this assumes that the"
    " server lists the connections in priority order."
)


class PrioritiesDialog(ListDialog[Outcome | None]):
    """The connections in the server's order, to be moved."""

    COLUMNS = PRIORITIES
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("K,shift+up", "shift(-1)", "up", key_display="K"),
        Binding("J,shift+down", "shift(1)", "down", key_display="J"),
        Binding("ctrl+s,f2", "review", "review", key_display="F2 ^s", priority=True),
        Binding("q", "leave", "Back", show=False),
    ]

    def __init__(
        self, session: Session, connections: Sequence[Connection], rests_on: Snapshot[object]
    ) -> None:
        super().__init__("Priorities · in the server's order, the first wins")
        self._session, self._connections, self._rests_on = session, connections, rests_on
        self._known = {one.id: one for one in connections}
        self._was = priorities_of(connections).ids
        self._order = list(self._was)

    def compose_tail(self) -> ComposeResult:
        yield TextLine(_NOTE, id="remark")

    def on_mount(self) -> None:
        self.rows.focus()
        self._show()

    def _show(self) -> None:
        self.rows.show(list(map(str, self._order)), self._row, Cause.ARRANGE)

    def _row(self, key: str) -> Row:
        one = self._known[int(key)]
        place, was = self._order.index(one.id) + 1, self._was.index(one.id) + 1
        moved = place != was
        cells = (
            str(place),
            str(was) if moved else "",
            key,
            one_line(one.name),
            assess_connection(one).word,
        )
        return Row(key, "±" if moved else " ", "running" if moved else "plain", cells)

    def action_shift(self, by: int) -> None:
        self.rows.reveal()
        key = self.rows.target
        if key is None:
            return
        place = self._order.index(int(key))
        other = place + by
        if 0 <= other < len(self._order):
            self._order[place], self._order[other] = self._order[other], self._order[place]
            self.asked_to_leave = False
            self.trouble("")
            self._show()

    def action_review(self) -> None:
        proposal = priorities(self._order, self._connections, self._rests_on)
        if isinstance(proposal, Refusal):
            self.trouble(proposal.sentence, "warning")
        else:
            self.app.push_screen(ReviewDialog(self._session, proposal), self._reviewed)

    def _reviewed(self, outcome: Outcome | LeftRunning | None) -> None:
        if isinstance(outcome, LeftRunning):
            self.dismiss(None)
        elif outcome is not None and outcome.kind.is_success:
            self.dismiss(outcome)

    def unsent(self) -> str:
        return "the new order was not sent" if tuple(self._order) != self._was else ""

    def action_leave(self) -> None:
        if not self.unsent():
            self.dismiss(None)
        else:
            question = f"{self.unsent()}. Press again to discard it"
            self.leave_or_ask(lambda: self.dismiss(None), question)
