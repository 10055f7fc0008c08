"""What this session changed, newest first, and what would take it back; enter reviews just that.

Invariant: enter never redoes. What was undone stays where it stands; only ctrl+r reviews it again.
"""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from tui.domain.text import one_line
from tui.ops.guard import Outcome, OutcomeKind
from tui.ops.undo import Reversal
from tui.ui.desk import Desk
from tui.ui.modals.list_dialog import ListDialog
from tui.ui.modals.review import LeftRunning, ReviewDialog
from tui.ui.widgets.columns import UNDOABLE
from tui.ui.widgets.row_list import Cause, Row, RowList
from tui.ui.widgets.text_line import TextLine


class UndoDialog(ListDialog[None]):
    """The list of changes; one without a way back is dimmed and says why."""

    COLUMNS = UNDOABLE
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "review", "take it back"),
        Binding("ctrl+r", "redo", "redo", key_display="^r"),
        Binding("q,u", "leave", "Back", show=False),
    ]

    def __init__(self, desk: Desk) -> None:
        super().__init__("Undo · what this session changed, newest first")
        self._desk = desk
        self._reversals: dict[str, Reversal] = {}

    def compose_tail(self) -> ComposeResult:
        """All of what the cursor's line may have cut."""
        yield TextLine(id="undo-of", classes="-empty")

    def on_mount(self) -> None:
        """Show what is known now; start on the newest that is not undone."""
        rows = self.query_one(RowList)
        rows.focus()
        self.follow()
        standing = (key for key, one in self._reversals.items() if one.undone is None)
        rows.go_to(next(standing, ""))
        if self._reversals and not self._left:
            self.trouble(self._told_left(), "off")

    def follow(self) -> None:
        """Judge every change anew: what it would be taken back to is what is known now."""
        core = self._desk.core
        found = self._desk.changes.reversals(core.store, core.facts) if core else ()
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

    def _told_left(self) -> str:
        if self._left:
            return "1 change is left to undo" if self._left == 1 else f"{self._left} are left to undo"
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
        """Only what has a way back can be reviewed."""
        if action not in ("review", "redo"):
            return super().check_action(action, parameters)
        chosen = self._chosen if self.is_mounted else None
        if chosen is None or chosen.proposal is None:
            return False
        return (chosen.undone is not None) is (action == "redo")

    def action_review(self) -> None:
        """Review what takes the change under the cursor back, as any other write."""
        self._review("Undo")

    def action_redo(self) -> None:
        """Review what does the change under the cursor again, which was undone."""
        self._review("Redo")

    def _review(self, verb: str) -> None:
        chosen = self._chosen
        if self.query_one(RowList).reveal() or chosen is None or chosen.proposal is None:
            return
        refusal = self._desk.refusal(chosen.proposal.operation)
        if refusal is not None:
            self.trouble(refusal, "warning")
        else:
            undoes = chosen.undone or chosen.change
            review = ReviewDialog(self._desk, chosen.proposal, undoes=undoes, verb=verb)
            self.app.push_screen(review, self._reviewed)

    def _reviewed(self, outcome: Outcome | LeftRunning | None) -> None:
        self.follow()
        if isinstance(outcome, Outcome):
            said = f"{outcome.told} · {self._told_left()}"
            self.trouble(said, "ok" if outcome.kind.is_success else "error")
        elif isinstance(outcome, LeftRunning):
            self.trouble(self._desk.under_way, "busy")


def _told(reversal: Reversal) -> str:
    """What it would do, with what to heed; or why nothing can be done."""
    proposal = reversal.proposal
    undone = f"undone {reversal.undone.outcome.at:%H:%M:%S}" if reversal.undone else ""
    if proposal is None:
        return " · ".join(filter(None, (undone, reversal.reason)))
    changes = ", ".join(f"{one.field} {one.before} → {one.after}" for one in proposal.changes)
    redo = f"{undone}; ctrl+r: " if undone else ""
    return " · ".join(filter(None, (f"{redo}{changes}", reversal.reason)))


def _whole(reversal: Reversal) -> str:
    """All of the cursor's line, and the result of the change where it was not simply applied."""
    change = reversal.change
    result = change.outcome.kind
    word = "" if result is OutcomeKind.APPLIED else f"the change itself: {result}"
    text = f"{one_line(change.proposal.target)}: {_told(reversal)}"
    return " · ".join(filter(None, (text, word)))


def _row(key: str, reversal: Reversal) -> Row:
    change, can = reversal.change, reversal.proposal is not None and reversal.undone is None
    cells = (
        f"{change.outcome.at:%H:%M:%S}",
        change.proposal.operation.title,
        one_line(change.proposal.target),
        one_line(_told(reversal)),
    )
    unknown = change.outcome.kind is OutcomeKind.UNKNOWN
    return Row(key, "?" if unknown else "↶" if can else "–", "plain" if can else "off", cells)
