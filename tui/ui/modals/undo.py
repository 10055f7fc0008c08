"""What this session changed, newest first, and what would undo it; enter reviews the undo.

Invariant: enter never redoes. An undone change keeps its place; only ctrl+r reviews it again.
"""

from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.domain.result import Result
from tui.domain.text import one_line
from tui.ops.execution.outcome import Outcome
from tui.ops.undo.session_changes import Reversal
from tui.presentation.columns import UNDOABLE
from tui.session.session import Session
from tui.ui.modals.list_dialog import EntriesDialog
from tui.ui.modals.review.review import LeftRunning, ReviewDialog
from tui.ui.widgets.row_list import Row


class UndoDialog(EntriesDialog[Reversal]):
    """The list of changes; one that cannot be undone is dimmed and shows why."""

    COLUMNS = UNDOABLE
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "review", "undo"),
        Binding("ctrl+r", "redo", "redo", key_display="^r"),
        Binding("q,u", "leave", "Back", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__("Undo · what this session changed, newest first")
        self._session = session

    def on_mount(self) -> None:
        """Start on the newest change that is not undone."""
        self.rows.focus()
        self.follow()
        standing = (key for key, one in self.entries.items() if one.undone is None)
        self.rows.go_to(next(standing, ""))
        if self.entries and not self._left:
            self.trouble(self._left_text(), "off")

    def follow(self) -> None:
        """Judge every change again: an undo depends on the current values."""
        core = self._session.core
        found = self._session.changes.reversals(core.store, core.facts) if core else ()
        # Numbered from the oldest, so that a new change moves the others and keeps their keys.
        self.show_entries({str(len(found) - at): one for at, one in enumerate(found)})
        if not found:
            self.trouble("nothing was changed in this session", "off")

    def row(self, key: str, entry: Reversal) -> Row:
        change, can = entry.change, entry.proposal is not None and entry.undone is None
        cells = (
            f"{change.outcome.at:%H:%M:%S}",
            change.proposal.operation.title,
            one_line(change.proposal.target),
            one_line(_summary(entry)),
        )
        unknown = change.outcome.kind is Result.UNKNOWN
        return Row(key, "?" if unknown else "↶" if can else "–", "plain" if can else "off", cells)

    def whole(self, entry: Reversal) -> str:
        """All of its row, and the result of the change where it was not simply applied."""
        change = entry.change
        result = change.outcome.kind
        word = "" if result is Result.APPLIED else f"the change itself: {result}"
        text = f"{one_line(change.proposal.target)}: {_summary(entry)}"
        return " · ".join(filter(None, (text, word)))

    @property
    def _left(self) -> int:
        return sum(one.undone is None and one.proposal is not None for one in self.entries.values())

    def _left_text(self) -> str:
        if self._left:
            return (
                "1 change is left to undo"
                if self._left == 1
                else f"{self._left} changes are left to undo"
            )
        undone = any(one.undone is not None for one in self.entries.values())
        return "nothing is left to undo" + ("; ctrl+r redoes an undone change" if undone else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action not in ("review", "redo"):
            return super().check_action(action, parameters)
        chosen = self.chosen if self.is_mounted else None
        if chosen is None or chosen.proposal is None:
            return False
        return (chosen.undone is not None) is (action == "redo")

    def action_review(self) -> None:
        """Review the undo of the change under the cursor, like any other write."""
        self._review("Undo")

    def action_redo(self) -> None:
        """Review the change under the cursor again after it was undone."""
        self._review("Redo")

    def _review(self, verb: str) -> None:
        chosen = self.chosen
        if self.rows.reveal() or chosen is None or chosen.proposal is None:
            return
        refusal = self._session.refusal(chosen.proposal.operation)
        if refusal is not None:
            self.trouble(refusal, "warning")
        else:
            undoes = chosen.undone or chosen.change
            review = ReviewDialog(self._session, chosen.proposal, undoes=undoes, verb=verb)
            self.app.push_screen(review, self._reviewed)

    def _reviewed(self, outcome: Outcome | LeftRunning | None) -> None:
        self.follow()
        if isinstance(outcome, Outcome):
            message = f"{outcome.text} · {self._left_text()}"
            self.trouble(message, "ok" if outcome.kind.is_success else "error")
        elif isinstance(outcome, LeftRunning):
            self.trouble(self._session.under_way, "busy")


def _summary(reversal: Reversal) -> str:
    """What the undo would do, with its warnings; or why nothing can be done."""
    proposal = reversal.proposal
    undone = f"undone {reversal.undone.outcome.at:%H:%M:%S}" if reversal.undone else ""
    if proposal is None:
        return " · ".join(filter(None, (undone, reversal.reason)))
    changes = ", ".join(f"{one.field} {one.before} → {one.after}" for one in proposal.changes)
    redo = f"{undone}; ctrl+r: " if undone else ""
    return " · ".join(filter(None, (f"{redo}{changes}", reversal.reason)))
