"""What was changed in the last 24 hours, newest first, and what would undo it; enter reviews the undo.

Invariants: enter never redoes. An undone change keeps its place, and the cursor; only ctrl+r reviews it
again. Nothing is chosen from a list that is older than the dialog: both wait until the audit trail was
read.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial
from itertools import islice
from typing import ClassVar

from textual.binding import Binding, BindingType

from tui.domain.result import Result
from tui.domain.text import one_line
from tui.ops.execution.outcome import Outcome
from tui.ops.proposals.bulk import named
from tui.ops.refusal import Refusal
from tui.ops.undo.applied_change import NOT_READ
from tui.ops.undo.changes import ChangeSet, Reversal, noun_of, plan_of
from tui.presentation.columns import UNDOABLE
from tui.session.session import Session
from tui.session.session_view import NOT_CONNECTED
from tui.ui.host import app_of
from tui.ui.modals.list_dialog import EntriesDialog
from tui.ui.modals.review.bulk_flow import review_all
from tui.ui.modals.review.review import LeftRunning, ReviewDialog
from tui.ui.widgets.row_list import Row

_NEWEST = 20
"""Rows that may be newer than a list."""
_FIRST = "first"
"""The row that a key waits for where none is shown yet."""
_NOTHING = ("", "")
_MOVED = "the cursor moved meanwhile: press the key again"
_NOT_UNDONE = "this is not undone: there is nothing to redo"


@dataclass(frozen=True)
class _Line:
    """A set of changes, or one change of an opened set; judged once it is in sight."""

    of: ChangeSet
    judge: Callable[[ChangeSet], tuple[Reversal, ...]]
    part: int | None = None
    """The place of that one change."""

    @cached_property
    def reversals(self) -> tuple[Reversal, ...]:
        found = self.judge(self.of)
        return found if self.part is None else (found[self.part],)

    @property
    def is_undone(self) -> bool:
        return all(change.is_undone for change in self.of.changes)

    @property
    def to_undo(self) -> Sequence[Reversal]:
        """Those that are not undone."""
        return [one for one in self.reversals if not one.change.is_undone]

    @property
    def to_redo(self) -> Sequence[Reversal]:
        return [one for one in self.reversals if one.change.is_undone]

    @property
    def is_waiting(self) -> bool:
        """Whether a list has to be read again first."""
        return any(one.reason == NOT_READ.sentence for one in self.reversals)


class UndoDialog(EntriesDialog[_Line]):
    """The list of changes; one that cannot be undone is dimmed and shows why."""

    COLUMNS = UNDOABLE
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "review", "undo"),
        Binding("space", "open", "single changes"),
        Binding("ctrl+r", "redo", "redo", key_display="^r"),
        Binding("q,u", "leave", "Back", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__("Undo · changes of the last 24 hours, newest first")
        self._session = session
        self._opened: set[str] = set()
        """The sets whose single changes are shown."""
        self._is_read = False
        """Whether what is shown was read since the dialog was opened."""
        self._wanted = _NOTHING
        """`Undo` or `Redo`, and the key of the row, where enter or ctrl+r waits."""
        self._told: tuple[str, str] = ("", "off")
        """What became of the last undo, and its tone."""
        self._is_back = False
        """Whether a review was closed since it was said what is left."""
        self._refreshed: set[str] = set()
        """The attempts for which a list was requested again."""

    def on_mount(self) -> None:
        self.rows.focus()
        self._read_again()

    def on_screen_resume(self) -> None:
        self._is_back = self._is_read
        self._read_again()

    def _read_again(self) -> None:
        self._session.trail.again()
        self.follow()

    def follow(self) -> None:
        """Judge every change again: an undo depends on the current values."""
        trail = self._session.trail
        if self._session.core is None:
            self.trouble(NOT_CONNECTED, "off")
        elif trail.is_current or self._is_read:
            begins, self._is_read = not self._is_read, True
            self.show_entries(dict(self._lines()))
            self._request_lists()
            if begins:
                # Where something was done last: after an undo enter reaches no older change.
                self.rows.go_to(max(self.entries, key=self._done_last, default=""))
            if trail.is_current:
                self._tell(begins=begins)
                self._do_wanted()
        else:
            self.trouble("reading the audit trail…", "busy")

    def _lines(self) -> Iterator[tuple[str, _Line]]:
        undo = self._session.undo
        for one in undo.sets():
            yield one.key, _Line(one, undo.reversals)
            if one.key in self._opened and len(one.changes) > 1:
                for place, each in enumerate(one.changes):
                    yield f"{one.key} {each.first.attempt}", _Line(one, undo.reversals, place)

    def _done_last(self, key: str) -> datetime:
        """When it was changed, undone or redone last."""
        return max(change.latest.at for change in self.entries[key].of.changes)

    def _request_lists(self) -> None:
        """Where a change is newer than its list, as one by `run`: once for each."""
        for line in islice(self.entries.values(), _NEWEST):
            for one in line.reversals if line.is_waiting else ():
                done = one.change.latest
                if one.reason == NOT_READ.sentence and done.attempt not in self._refreshed:
                    self._refreshed.add(done.attempt)
                    self._session.undo.request_list(done)

    def _tell(self, *, begins: bool) -> None:
        text, tone = self._told
        if self._session.trail.trouble:
            self.trouble(f"the audit trail cannot be read: {self._session.trail.trouble}")
        elif not self.entries:
            self.trouble("nothing was changed in the last 24 hours", "off")
        elif any(one.is_waiting for one in islice(self.entries.values(), _NEWEST)):
            # What is left is known once the lists were read since.
            self._is_back |= begins
            self.trouble(text, tone)
        elif text or self._is_back:
            self.trouble(" · ".join(filter(None, (text, self._left_text()))), tone)
            self._told, self._is_back = ("", "off"), False
        elif begins:
            is_plain = next(self._left(), None) and not (self.chosen and self.chosen.is_undone)
            self.trouble("" if is_plain else self._left_text(), "off")

    def row(self, key: str, entry: _Line) -> Row:
        done = entry.of.first
        can = any(one.can_undo for one in entry.reversals)
        cells = (
            f"{done.at:%H:%M:%S}" if entry.part is None else "",
            done.title if entry.part is None else "",
            _target(entry),
            one_line(_summary(entry)),
        )
        unknown = any(one.change.latest.result is Result.UNKNOWN for one in entry.to_undo)
        return Row(key, "?" if unknown else "↶" if can else "–", "plain" if can else "off", cells)

    def whole(self, entry: _Line) -> str:
        """All of its row, and the result of the change where it was not simply applied."""
        results = dict.fromkeys(one.change.first.result for one in entry.reversals)
        words = ", ".join(word for word in results if word is not Result.APPLIED)
        names = ", ".join(named([one_line(one.change.first.target) for one in entry.reversals]))
        parts = (f"{names}: {_summary(entry)}", f"the change itself: {words}" if words else "")
        return " · ".join(filter(None, parts))

    def _left(self) -> Iterator[Reversal]:
        sets = (one for one in self.entries.values() if one.part is None and not one.is_undone)
        return (back for one in sets for back in one.reversals if back.can_undo)

    def _left_text(self) -> str:
        left = sum(1 for _ in self._left())
        if left:
            return "1 change is left to undo" if left == 1 else f"{left} changes are left to undo"
        undone = any(one.to_redo for one in self.entries.values())
        return "nothing is left to undo" + ("; ctrl+r redoes an undone change" if undone else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action not in ("review", "redo", "open"):
            return super().check_action(action, parameters)
        chosen = self.chosen if self.is_mounted else None
        if chosen is None:
            return action != "open" and not self._is_read
        if action == "open":
            return len(chosen.of.changes) > 1
        if action == "redo":
            is_waiting = chosen.is_waiting and bool(chosen.to_redo)
            return is_waiting or any(one.can_redo for one in chosen.reversals)
        is_waiting = chosen.is_waiting and bool(chosen.to_undo)
        return is_waiting or any(one.can_undo for one in chosen.reversals)

    def action_open(self) -> None:
        chosen = self.chosen
        if chosen is not None:
            self._opened ^= {chosen.of.key}
            self.show_entries(dict(self._lines()))
            self.rows.go_to(chosen.of.key)

    def action_review(self) -> None:
        """Review the undo of what is under the cursor, like any other write, once that is known."""
        self._want("Undo")

    def action_redo(self) -> None:
        """Review what is under the cursor again after it was undone, once that is known."""
        self._want("Redo")

    def _want(self, verb: str) -> None:
        self._wanted = verb, (self.rows.target or "") if self.entries else _FIRST
        self._do_wanted()

    def _do_wanted(self) -> None:
        (verb, key), chosen = self._wanted, self.chosen
        if not key:
            return
        is_same = key in (_FIRST, self.rows.target)
        if not (self._is_read and self._session.trail.is_current):
            self.trouble("reading the audit trail…", "busy")
        elif chosen is not None and is_same and chosen.is_waiting:
            self.trouble("reading the list again…", "busy")
        else:
            self._wanted = _NOTHING
            if chosen is not None and is_same:
                self._review(verb, chosen)
            elif chosen is not None:
                self.trouble(_MOVED, "warning")

    def _review(self, verb: str, line: _Line) -> None:
        chosen = line.to_undo if verb == "Undo" else line.to_redo
        if not chosen:
            self.trouble(self._left_text() if verb == "Undo" else _NOT_UNDONE, "off")
            return
        if self.rows.reveal():
            return
        plan = plan_of(chosen, verb)
        if isinstance(plan, Refusal):
            self.trouble(plan.sentence, "warning")
        elif refusal := self._session.refusal(plan.operation):
            self.trouble(refusal, "warning")
        elif len(line.reversals) > 1:
            review_all(
                app_of(self), self._session, plan, partial(self._session.undo.plan, line.of.key, verb)
            )
        else:
            review = ReviewDialog(
                self._session,
                plan.proposals[0],
                undoes=chosen[0].change,
                verb=verb,
                together=len(line.of.changes),
            )
            self.app.push_screen(review, self._reviewed)

    def _reviewed(self, outcome: Outcome | LeftRunning | None) -> None:
        if isinstance(outcome, Outcome):
            self._told = outcome.text, "ok" if outcome.kind.is_success else "error"
        elif isinstance(outcome, LeftRunning):
            self._told = self._session.under_way, "busy"


def _target(line: _Line) -> str:
    names = [one_line(one.change.first.target) for one in line.reversals]
    if line.part is not None:
        return f"  {names[0]}"
    return names[0] if len(names) == 1 else f"{noun_of(line.of)}: {', '.join(named(names))}"


def _summary(line: _Line) -> str:
    """What the undo would do, with its warnings; or why nothing can be done."""
    undone, count = line.to_redo, len(line.reversals)
    is_undone = len(undone) == count
    concerned = line.reversals if is_undone else line.to_undo
    backs = ", ".join(
        dict.fromkeys(
            ", ".join(f"{change.field} {change.before} → {change.after}" for change in proposal.changes)
            for proposal in (one.proposal for one in concerned)
            if proposal is not None
        )
    )
    reasons = dict.fromkeys(one.reason for one in concerned)
    said = [backs]
    if is_undone:
        word = f"undone {undone[-1].change.latest.at:%H:%M:%S}"
        said = [f"{word}; ctrl+r: {backs}" if backs else word]
    elif undone:
        said.insert(0, f"{len(undone)} of {count} undone")
    return " · ".join(filter(None, (line.of.first.by, *said, *reasons)))
