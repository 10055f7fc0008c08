"""Lists whose rows can be marked, for operations on several of them.

A mark is a key: it survives refresh, sorting and filter. The mark of a row that left the server's
list is dropped when it is used, and that is said.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import is_not
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual.app import ComposeResult

from tui.ops.operation import Danger
from tui.ui.screens.list_screen import ListScreen
from tui.ui.selection import refused_on

if TYPE_CHECKING:
    from tui.ops.bulk import BulkRun
    from tui.ops.bulk_plan import BulkPlan
    from tui.ops.operation import Operation
    from tui.ops.settings import Given
    from tui.ops.targets import Target
    from tui.ui.selection import Selection

Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class Marked(Generic[Thing]):
    """The marked things as they are now."""

    things: tuple[Thing, ...]
    """As they stand in the list; those that the filter hides come last."""
    gone: tuple[str, ...]
    """The names of those that are no longer listed."""


class MarkedListScreen(ListScreen[Thing]):
    """A list with marks."""

    WITH_MARKS: ClassVar[frozenset[str]] = frozenset()
    """The writes that act on all that is marked, or on no row; the others are refused while any is."""

    # Marking.

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Those of every list, and the marks."""
        return {
            **super().handlers(),
            "copy": self.on_marked(self.copy_row, self._copy_marked),
            "mark": self._mark,
            "mark.all": self._mark_all,
            "mark.none": self._mark_none,
        }

    def _mark(self) -> None:
        self.on_target(lambda thing: self._turn(self.key_of(thing)))()

    def _turn(self, key: str) -> None:
        self._set_marks([key], on=key not in self.rows.marks)
        self.rows.action_move(1)

    def _mark_all(self) -> None:
        if self.unfiltered():
            self.notice(self.unfiltered())
        else:
            self._set_marks(self.rows.keys, on=True)

    def _mark_none(self) -> None:
        if self.rows.marks:
            self._set_marks(self.rows.marks, on=False)
        else:
            self.notice("nothing is marked: space marks a row, * all that the filter shows")

    def _set_marks(self, keys: Sequence[str] | frozenset[str], *, on: bool) -> None:
        if on:
            keys = [key for key in keys if key in self._things]
            self._marked_as.update((key, self._things[key]) for key in keys)
        self.rows.mark(keys, on=on)
        self._show_status()
        self.refresh_bindings()

    def unmark(self, run: "BulkRun") -> None:
        """Take the marks of those away for which it went well; the others stay marked."""
        self._set_marks(frozenset(one.key for one in run.results if one.succeeded), on=False)

    def compose_body(self) -> ComposeResult:
        """The list; nothing is marked yet."""
        self._marked_as: dict[str, Thing] = {}
        self._marks_seen: tuple[object, ...] = ()
        self._marks_words = ""
        yield from super().compose_body()

    def status_parts(self) -> Sequence[str]:
        """What every list says, and how many are marked, in sight or not."""
        parts = super().status_parts()
        return (parts[0], self._marks_told(), *parts[1:])

    def _marks_told(self) -> str:
        """In words; counted anew only when marks, list or filter changed, not at every move."""
        seen = self.rows.marks, self.rows.keys, self._things
        if len(self._marks_seen) != len(seen) or any(map(is_not, seen, self._marks_seen)):
            self._marks_seen, self._marks_words = seen, self._count_marks()
        return self._marks_words

    def _count_marks(self) -> str:
        marks = self.rows.marks
        if not marks:
            return ""
        listed = sum(key in self._things for key in marks)
        hidden = listed - sum(key in marks for key in self.rows.keys)
        return (
            f"{len(marks)} marked"
            + (f", {hidden} of them hidden by the filter" if hidden else "")
            + (f", {len(marks) - listed} of them gone" if listed < len(marks) else "")
        )

    # Acting on what is marked.

    @property
    def marks(self) -> frozenset[str]:
        """The keys that are marked, shown or not."""
        return self.rows.marks if self.is_mounted else frozenset()

    def refusal(self, operation: "Operation", marks: frozenset[str]) -> str | None:
        """Also, what acts on one row is not done while others are marked."""
        refused = super().refusal(operation, marks)
        if refused is not None or not marks or operation.danger is Danger.READ:
            return refused
        return None if operation.id in self.WITH_MARKS else refused_on(marks, operation)

    def on_marked(
        self, one: Callable[[Thing], None], many: Callable[[Marked[Thing]], None]
    ) -> Callable[[], None]:
        """An operation on what is marked at the key press; on what is under the cursor without marks."""

        def bound() -> None:
            marks = self.selection().marks
            if not marks:
                self.on_target(one)()
                return
            from tui.ops.bulk_plan import GONE, named

            marked = self._take_marked(marks)
            if marked.things:
                many(marked)
            else:
                self.notice(f"{', '.join(named(marked.gone))}: {GONE}; nothing is marked any more")

        return bound

    def selection(self) -> "Selection":
        """What every list binds, and the marks; nothing is marked under a filter that cannot be read."""
        marks = frozenset[str]() if self.unfiltered() else self.rows.marks
        return self._bound or replace(super().selection(), marks=marks)

    # Copying.

    def absolute(self, thing: Thing) -> "Mapping[str, str]":
        """The cells of a row that say how long ago something was, with its time instead, by column."""
        return {}

    def _copy_marked(self, marked: Marked[Thing]) -> None:
        """Copy all that is marked as a table."""
        from tui.ui.screens.copied import heading, table

        columns = self.COLUMNS
        rows = []
        for thing in marked.things:
            instead = self.absolute(thing)
            cells = zip(columns, self._row(self.key_of(thing)).cells, strict=True)
            rows.append([instead.get(column.id, cell) for column, cell in cells])
        at = min(filter(None, (self.shown(topic).fetched_at for topic in self.TOPICS)), default=None)
        source = f"{self.TOPICS[0].system.product} {self.TAB.lower()}"
        what = "1 row" if len(rows) == 1 else f"{len(rows)} rows"
        self.copy(f"{heading(self.desk.facts, source, at)}\n{table(columns, rows)}\n", what)

    def review_given(self, operation: "Operation", given: "Given", selection: "Selection") -> str:
        """The review of one operation with these settings on what was marked."""
        from tui.ops.bulk_plan import BulkPlan
        from tui.ops.propose_all import propose_all

        core = self.desk.core
        assert core is not None  # noqa: S101 - the guard was asked first
        marked = self._take_marked(selection.marks)

        def plan(things: Sequence[Thing], gone: Sequence[str]) -> "BulkPlan | str":
            planned = propose_all(operation, cast("Sequence[Target]", things), given, core.store, gone)
            return planned if isinstance(planned, BulkPlan) else "; ".join(planned)

        return self.review_marked(marked, plan)

    def _take_marked(self, marks: frozenset[str]) -> Marked[Thing]:
        listed = marks & self._things.keys()
        shown = [key for key in self.rows.keys if key in listed]
        out_of_sight = listed.difference(shown)
        hidden = [key for key in self._things if key in out_of_sight]
        gone = marks.difference(self._things)
        if gone:
            self._set_marks(gone, on=False)
        things = tuple(self._things[key] for key in (*shown, *hidden))
        return Marked(things, tuple(sorted(self._called(key) for key in gone)))

    def _called(self, key: str) -> str:
        """What it was called when it was marked."""
        return self.title_of(self._marked_as[key]) if key in self._marked_as else key

    def review_marked(
        self,
        marked: Marked[Thing],
        plan: "Callable[[Sequence[Thing], Sequence[str]], BulkPlan | str]",
        started: Callable[[], object] = lambda: None,
    ) -> str:
        """Open the review of `plan`, made of things and names of lost ones; or say why there is none."""

        from tui.ui.modals.bulk_flow import review_all

        def replan(keys: Sequence[str]) -> "BulkPlan | str":
            listed = [self._things[key] for key in keys if key in self._things]
            return plan(listed, [self._called(key) for key in keys if key not in self._things])

        planned = plan(marked.things, marked.gone)
        if isinstance(planned, str):
            return planned
        review_all(self.deck_app, self.desk, planned, replan, started)
        return ""
