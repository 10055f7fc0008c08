"""What this session changed, newest first, and what would undo it; enter reviews the undo.

Invariant: enter never redoes. An undone change keeps its place; only ctrl+r reviews it again.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.text import one_line
from tui.ops.execution.guard import Outcome, OutcomeKind
from tui.ops.undo.session_changes import Reversal
from tui.session.session import Session
from tui.ui.modals.list_dialog import ListDialog
from tui.ui.modals.review.review import LeftRunning, ReviewDialog
from tui.ui.widgets.columns import UNDOABLE
from tui.ui.widgets.row_list import Cause, Row, RowList
from tui.ui.widgets.text_line import TextLine


class UndoDialog(ListDialog[None]):
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
        self._reversals: dict[str, Reversal] = {}

    def compose_tail(self) -> ComposeResult:
        """The full text of the row under the cursor, which the list may have cut."""
        yield TextLine(id="undo-of", classes="-empty")

    def on_mount(self) -> None:
        """Start on the newest change that is not undone."""
        rows = self.query_one(RowList)
        rows.focus()
        self.follow()
        standing = (key for key, one in self._reversals.items() if one.undone is None)
        rows.go_to(next(standing, ""))
        if self._reversals and not self._left:
            self.trouble(self._left_text(), "off")

    def follow(self) -> None:
        """Judge every change again: an undo depends on the current values."""
        core = self._session.core
        found = self._session.changes.reversals(core.store, core.facts) if core else ()
        # Numbered from the oldest, so that a new change moves the others and keeps their keys.
        self._reversals = {str(len(found) - at): one for at, one in enumerate(found)}
        rows = self.query_one(RowList)
        rows.show(list(self._reversals), lambda key: _row(key, self._reversals[key]), Cause.ARRANGE)
        if not found:
            self.trouble("nothing was changed in this session", "off")
        self._show_chosen()

    @property
    def _left(self) -> int:
        """How many changes can still be undone."""
        return sum(one.undone is None and one.proposal is not None for one in self._reversals.values())

    def _left_text(self) -> str:
        if self._left:
            return (
                "1 change is left to undo"
                if self._left == 1
                else f"{self._left} changes are left to undo"
            )
        undone = any(one.undone is not None for one in self._reversals.values())
        return "nothing is left to undo" + ("; ctrl+r redoes an undone change" if undone else "")

    @property
    def _chosen(self) -> Reversal | None:
        return self._reversals.get(self.query_one(RowList).target or "")

    @on(RowList.CursorMoved)
    def _show_chosen(self) -> None:
        chosen = self._chosen
        text = "" if chosen is None else _whole(chosen)
        self.query_one("#undo-of", TextLine).show(text)
        self.refresh_bindings()
        self.call_after_refresh(self._fit_body)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only a change that can be undone can be reviewed."""
        if action not in ("review", "redo"):
            return super().check_action(action, parameters)
        chosen = self._chosen if self.is_mounted else None
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
        chosen = self._chosen
        if self.query_one(RowList).reveal() or chosen is None or chosen.proposal is None:
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


def _whole(reversal: Reversal) -> str:
    """All of the cursor's row, and the result of the change where it was not simply applied."""
    change = reversal.change
    result = change.outcome.kind
    word = "" if result is OutcomeKind.APPLIED else f"the change itself: {result}"
    text = f"{one_line(change.proposal.target)}: {_summary(reversal)}"
    return " · ".join(filter(None, (text, word)))


def _row(key: str, reversal: Reversal) -> Row:
    change, can = reversal.change, reversal.proposal is not None and reversal.undone is None
    cells = (
        f"{change.outcome.at:%H:%M:%S}",
        change.proposal.operation.title,
        one_line(change.proposal.target),
        one_line(_summary(reversal)),
    )
    unknown = change.outcome.kind is OutcomeKind.UNKNOWN
    return Row(key, "?" if unknown else "↶" if can else "–", "plain" if can else "off", cells)
