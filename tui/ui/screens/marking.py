"""Lists whose rows can be marked, for operations on several of them.

A mark is a key: it survives refresh, sorting and filter. The mark of a row that left the server's list
is dropped when it is used, with a message.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import is_not
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult

from tui.ops.operations.operation import Danger
from tui.ui.host import Handler
from tui.ui.screens.list_screen import ListScreen
from tui.ui.screens.row_cache import TargetRow

if TYPE_CHECKING:
    from tui.ops.execution.bulk_run import BulkRun
    from tui.ops.operations.operation import Operation
    from tui.ops.proposals.bulk import BulkPlan
    from tui.ops.refusal import Refusal
    from tui.ops.targets.operand import Target
    from tui.ops.text_commands.setting import Given
    from tui.session.selection import Selection
    from tui.ui.screens.marked_targets import MarkedTargets


HIDDEN = "Marked but hidden by the filter: "


class MarkedListScreen(ListScreen[TargetRow]):
    HOOKS = ListScreen.HOOKS | {"absolute"}
    WITH_MARKS: ClassVar[frozenset[str]] = frozenset()
    """The writes that act on all marked rows, or on no row; the others are refused while any is marked.
    """

    def handlers(self) -> dict[str, Handler]:
        return {
            **super().handlers(),
            "copy": self.on_marked(self.copy_row, self._copy_marked),
            "mark": self._mark,
            "mark.all": self._mark_all,
            "mark.none": self._mark_none,
        }

    def _mark(self) -> str | None:
        return self.on_target(lambda target: self._turn(self.key_of(target)))()

    def _turn(self, key: str) -> None:
        self._set_marks([key], on=key not in self.rows.marks)
        self.rows.action_move(1)

    def _mark_all(self) -> str:
        if not self.unfiltered():
            self._set_marks(self.rows.keys, on=True)
        return self.unfiltered()

    def _mark_none(self) -> str:
        if not self.rows.marks:
            return "nothing is marked: space marks a row, * all that the filter shows"
        self._set_marks(self.rows.marks, on=False)
        return ""

    def _set_marks(self, keys: Sequence[str] | frozenset[str], *, on: bool) -> None:
        if on:
            keys = [key for key in keys if key in self._targets]
            self._marked_as.update((key, self._targets[key]) for key in keys)
        self.rows.mark(keys, on=on)
        self._show_status()
        self.refresh_bindings()

    def clear_marks(self) -> None:
        """Unmark all: somebody else keeps them from here on."""
        if self.marks:
            self._set_marks(self.rows.marks, on=False)

    def unmark(self, run: "BulkRun") -> None:
        """Unmark the targets that succeeded; the others stay marked."""
        self._set_marks(frozenset(one.key for one in run.results if one.succeeded), on=False)

    def compose_body(self) -> ComposeResult:
        self._marked_as: dict[str, TargetRow] = {}
        self._marks_seen: tuple[object, ...] = ()
        self._marks_words = ""
        yield from super().compose_body()

    def status_parts(self) -> Sequence[str]:
        parts = super().status_parts()
        return (parts[0], self._marks_text(), *parts[1:])

    def _marks_text(self) -> str:
        """The count as text; recomputed only when marks, list or filter changed, not at every move."""
        seen = self.rows.marks, self.rows.keys, self._targets
        if len(self._marks_seen) != len(seen) or any(map(is_not, seen, self._marks_seen)):
            self._marks_seen, self._marks_words = seen, self._count_marks()
        return self._marks_words

    def _count_marks(self) -> str:
        marks = self.rows.marks
        if not marks:
            return ""
        listed = sum(key in self._targets for key in marks)
        hidden = listed - sum(key in marks for key in self.rows.keys)
        return (
            f"{len(marks)} marked"
            + (f", {hidden} of them hidden by the filter" if hidden else "")
            + (f", {len(marks) - listed} of them removed" if listed < len(marks) else "")
        )

    @property
    def marks(self) -> frozenset[str]:
        """The keys that are marked, shown or not."""
        return self.rows.marks if self.is_mounted else frozenset()

    def refusal(self, operation: "Operation", marks: frozenset[str]) -> str | None:
        """Also refuses an operation on one row while rows are marked."""
        refused = super().refusal(operation, marks)
        if refused is not None or not marks or operation.danger is Danger.READ:
            return refused
        if operation.id in self.WITH_MARKS:
            return None
        from tui.session.selection import refused_on

        return refused_on(marks, operation)

    def on_marked(
        self,
        one: Callable[[TargetRow], str | None],
        many: "Callable[[MarkedTargets[TargetRow]], str | None]",
    ) -> Handler:
        """An operation on the rows marked at the key press, or on the one under the cursor."""

        def bound() -> str | None:
            marks = self.selection().marks
            if not marks:
                return self.on_target(one)()
            from tui.ops.proposals.bulk import GONE, named

            marked = self._take_marked(marks)
            if marked.targets:
                return many(marked)
            return f"{', '.join(named(marked.missing))}: {GONE}; no marks are left"

        return bound

    def has_rows_of(self, keys: Sequence[str]) -> bool:
        """Whether there is a row of each of these that the server lists."""
        if not self.is_mounted:
            return False
        made = self._targets.keys()
        missing = {key for key in keys if key not in made}
        return not (missing and missing & {self.key_of(one) for one in self.targets() or ()})

    def selection(self) -> "Selection":
        """As every list, with the marks; nothing is marked under an invalid filter."""
        marks = frozenset[str]() if self.unfiltered() else self.rows.marks
        return self._bound or replace(super().selection(), marks=marks)

    def absolute(self, target: TargetRow) -> "Mapping[str, str]":
        """The cells of a row that show an age, with the time instead, by column."""
        return {}

    def _copy_marked(self, marked: "MarkedTargets[TargetRow]") -> None:
        from tui.ui.screens.rows_as_table import heading, table

        columns = self.COLUMNS
        rows = []
        for target in marked.targets:
            instead = {**self.since_as_time(self.key_of(target)), **self.absolute(target)}
            cells = zip(columns, self._row(self.key_of(target)).cells, strict=True)
            rows.append([instead.get(column.id, cell) for column, cell in cells])
        at = min(filter(None, (self.shown(topic).fetched_at for topic in self.TOPICS)), default=None)
        source = f"{self.TOPICS[0].system.product} {self.TAB.lower()}"
        what = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        self.host.copy_text(f"{heading(self.session.facts, source, at)}\n{table(columns, rows)}\n", what)

    def review_with_args(self, operation: "Operation", args: "Given", selection: "Selection") -> str:
        from tui.ops.proposals.bulk import BulkPlan
        from tui.ops.refusal import Refusal
        from tui.ops.text_commands.bulk_from_text import propose_all

        marked = self._take_marked(selection.marks)

        def plan(targets: Sequence[TargetRow], missing: Sequence[str]) -> "BulkPlan | Refusal":
            planned = propose_all(
                operation, cast("Sequence[Target]", targets), args, self.session.store, missing
            )
            return planned if isinstance(planned, BulkPlan) else Refusal("; ".join(planned))

        return self.review_marked(marked, plan)

    def _take_marked(self, marks: frozenset[str]) -> "MarkedTargets[TargetRow]":
        from tui.ui.screens.marked_targets import MarkedTargets

        listed = marks & self._targets.keys()
        shown = [key for key in self.rows.keys if key in listed]
        out_of_sight = listed.difference(shown)
        hidden = [key for key in self._targets if key in out_of_sight]
        missing = marks.difference(self._targets)
        if missing:
            self._set_marks(missing, on=False)
        targets = tuple(self._targets[key] for key in (*shown, *hidden))
        return MarkedTargets(targets, tuple(sorted(self._called(key) for key in missing)))

    def _called(self, key: str) -> str:
        """Its name when it was marked."""
        return self.title_of(self._marked_as[key]) if key in self._marked_as else key

    def review_marked(
        self,
        marked: "MarkedTargets[TargetRow]",
        plan: "Callable[[Sequence[TargetRow], Sequence[str]], BulkPlan | Refusal]",
        started: Callable[[], object] = lambda: None,
    ) -> str:
        """Open the review of `plan`, made of targets and the names of missing ones; or say why there is
        none."""

        from tui.ops.refusal import Refusal
        from tui.ui.modals.review.bulk_flow import review_all

        def replan(keys: Sequence[str]) -> "BulkPlan | Refusal":
            listed = [self._targets[key] for key in keys if key in self._targets]
            missing = [self._called(key) for key in keys if key not in self._targets]
            return self._noting_hidden(plan(listed, missing))

        planned = self._noting_hidden(plan(marked.targets, marked.missing))
        if isinstance(planned, Refusal):
            return planned.sentence
        review_all(self.host, self.session, planned, replan, started)
        return ""

    def _noting_hidden(self, plan: "BulkPlan | Refusal") -> "BulkPlan | Refusal":
        """Name the targets that are not among the rows behind the review."""
        from tui.ops.proposals.bulk import named
        from tui.ops.refusal import Refusal

        if isinstance(plan, Refusal):
            return plan
        shown = frozenset(self.rows.keys)
        each = zip(plan.keys, plan.proposals, strict=True)
        hidden = [one.target for key, one in each if key not in shown]
        note = f"{HIDDEN}{', '.join(named(hidden))}."
        return replace(plan, notes=(*plan.notes, note)) if hidden else plan
