"""What this session changed, newest first, and what would take it back; enter reviews just that."""

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
        """Show what is known now."""
        self.query_one(RowList).focus()
        self.follow()

    def follow(self) -> None:
        """Judge every change anew: what it would be taken back to is what is known now."""
        core = self._desk.core
        found = self._desk.changes.reversals(core.store) if core else ()
        # Numbered from the oldest, so that a new change moves the others and keeps their keys.
        self._reversals = {str(len(found) - at): one for at, one in enumerate(found)}
        rows = self.query_one(RowList)
        rows.show(list(self._reversals), lambda key: _row(key, self._reversals[key]), Cause.ARRANGE)
        if not found:
            self.trouble("nothing was changed in this session", "off")
        self._show_chosen()

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
        chosen = self._chosen if action == "review" and self.is_mounted else None
        return action != "review" or (chosen is not None and chosen.proposal is not None)

    def action_review(self) -> None:
        """Review what takes the change under the cursor back, as any other write."""
        chosen = self._chosen
        if chosen is None or chosen.proposal is None:
            return
        refusal = self._desk.refusal(chosen.proposal.operation)
        if refusal is not None:
            self.trouble(refusal, "warning")
        else:
            review = ReviewDialog(self._desk, chosen.proposal, undoes=chosen.change)
            self.app.push_screen(review, self._reviewed)

    def _reviewed(self, outcome: Outcome | LeftRunning | None) -> None:
        if isinstance(outcome, Outcome):
            self.trouble(outcome.told, "ok" if outcome.kind.is_success else "error")
        elif isinstance(outcome, LeftRunning):
            self.trouble(self._desk.under_way, "busy")
        self.follow()


def _told(reversal: Reversal) -> str:
    """What it would do, with what to heed; or why nothing can be done."""
    proposal = reversal.proposal
    if proposal is None:
        return reversal.reason
    changes = ", ".join(f"{one.field} {one.before} → {one.after}" for one in proposal.changes)
    return " · ".join(filter(None, (changes, reversal.reason)))


def _whole(reversal: Reversal) -> str:
    """All of the cursor's line, and the result of the change where it was not simply applied."""
    change = reversal.change
    result = change.outcome.kind
    word = "" if result is OutcomeKind.APPLIED else f"the change itself: {result}"
    text = f"{one_line(change.proposal.target)}: {_told(reversal)}"
    return " · ".join(filter(None, (text, word)))


def _row(key: str, reversal: Reversal) -> Row:
    change, can = reversal.change, reversal.proposal is not None
    cells = (
        f"{change.outcome.at:%H:%M:%S}",
        change.proposal.operation.title,
        one_line(change.proposal.target),
        one_line(_told(reversal)),
    )
    unknown = change.outcome.kind is OutcomeKind.UNKNOWN
    return Row(key, "?" if unknown else "↶" if can else "–", "plain" if can else "off", cells)
