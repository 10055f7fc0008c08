"""A screen around one list: filter, sort, details, copy, and what its operations act on."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from tui.ui.host import Handler
from tui.ui.screens.list_row import Sorting
from tui.ui.screens.list_status import NO_ROOM, NO_ROW, REMOVED, why_no_target
from tui.ui.screens.row_cache import TargetRow
from tui.ui.screens.row_screen import RowScreen
from tui.ui.widgets.row_list import Cause
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tui.domain.history.records import Subject
    from tui.session.selection import Selection
    from tui.store.snapshot import Snapshot, Topic
    from tui.ui.modals.details.details import Details, DetailsDialog
    from tui.ui.widgets.filter_bar import FilterBar


class ListScreen(RowScreen[TargetRow]):
    HAS_TARGETS = True
    HOOKS = RowScreen.HOOKS | {"title_of", "details_dialog"}
    _filter_bar: "FilterBar"
    """Once it is complete."""

    def on_mount(self) -> None:
        self.rows.focus()

    def look_at_clock(self) -> None:
        super().look_at_clock()
        self.turn_minute()

    async def mount_hidden(self) -> None:
        from tui.ui.widgets.filter_bar import FilterBar

        self._filter_bar = FilterBar()
        bar = self.mount(self._filter_bar, after="#filter-problem")
        await super().mount_hidden()
        await bar

    def subject(self) -> "Subject | str":
        target = self.target
        return NO_ROW if target is None else self.subject_of(self.key_of(target), self.title_of(target))

    def on_filter_bar_edited(self) -> None:
        self._read_filter()

    def _read_filter(self) -> None:
        own = (*(column.id for column in self.COLUMNS), *self.MORE_FIELDS)
        fields = {**{name: name for name in own}, **self.OTHER_NAMES}
        self._filter = self._filter_bar.read(fields, self.AGES, self.NUMBERS)
        self.query_one("#filter-problem", TextLine).show(self._filter.problem or "", "error")
        self._arrange(Cause.ARRANGE)

    def on_filter_bar_left(self) -> None:
        self._read_filter()
        self.rows.focus()

    def _open_filter(self) -> None:
        self._filter_bar.open()
        self._read_filter()

    def unfiltered(self) -> str:
        """Why the filter does not show what was meant; or empty."""
        if self._filter is None or self._filter.is_whole:
            return ""
        from tui.ui.widgets.filter_bar import UNREADABLE

        return UNREADABLE

    def _sort(self, sorting: Sorting) -> None:
        self._listing.sort(sorting)
        self._arrange(Cause.ARRANGE)

    async def action_clear(self) -> None:
        await super().action_clear()
        await self.complete()
        self._filter_bar.value = ""

    def handlers(self) -> dict[str, Handler]:
        return {
            **super().handlers(),
            "details": self.on_target(self.open_details),
            "copy": self.on_target(self.copy_row),
            "filter": self._open_filter,
            "sort": lambda: self._sort(self._listing.sorting.following(self.COLUMNS)),
            "sort.reverse": lambda: self._sort(self._listing.sorting.reversed()),
        }

    def show_target(self) -> None:
        """Scroll to the row under the cursor: the mouse wheel leaves it behind."""
        self.rows.reveal()

    def selection(self) -> "Selection":
        """The target under the cursor, now or as it was bound."""
        from tui.session.selection import Selection

        if self._bound is not None:
            return self._bound
        target = self.target
        if self.unfiltered():
            return Selection(nothing=self.unfiltered())
        seen = {topic: self.shown(topic) for topic in self.TOPICS}
        if target is not None and not self.rows.has_cursor_in_sight:
            return Selection(nothing=NO_ROOM)
        if target is not None:
            return Selection((target,), seen=seen)
        nothing = self.nothing_then(self.NOTHING) if self.targets() is None else ""
        return Selection(nothing=why_no_target(self._listing, self.rows, nothing))

    def shown(self, topic: "Topic") -> "Snapshot[object]":
        """The snapshot that the shown rows were made from, with its latest confirmation."""
        newest, made_from = self.session.snapshot(topic), self._listing.seen.get(topic)
        return newest if made_from is None or made_from.data is newest.data else made_from

    def seen(self, topic: "Topic") -> "Snapshot[object]":
        """The snapshot when the operation was started, not one whose rows are still being made."""
        return self.shown(topic) if self._bound is None else super().seen(topic)

    def missing(self, selection: "Selection") -> str:
        keys = {self.key_of(target) for target in self._targets_of(selection)}
        return "" if keys <= self._targets.keys() else REMOVED

    def _targets_of(self, selection: "Selection") -> tuple[TargetRow, ...]:
        return cast("tuple[TargetRow, ...]", selection.targets)

    def on_target(self, act: Callable[[TargetRow], str | None]) -> Handler:
        """An operation on the selection, or the reason why there is none."""

        def bound() -> str | None:
            self.show_target()
            selection = self.selection()
            reason = selection.nothing or self.missing(selection)
            return reason or act(self._targets_of(selection)[0])

        return bound

    def show_filter(self, text: str) -> None:
        self._filter_bar.value = text

    def open_details(self, target: TargetRow) -> None:
        key = self.key_of(target)

        def read() -> "Details | None":
            current = self._targets.get(key)
            return None if current is None else self.details(current)

        self.app.push_screen(self.explained(self.details_dialog(target, read)))

    def details_dialog(self, target: TargetRow, read: "Callable[[], Details | None]") -> "DetailsDialog":
        from tui.ui.modals.details.details import DetailsDialog

        return DetailsDialog(self.title_of(target), read)

    def title_of(self, target: TargetRow) -> str:
        """The heading of the details."""
        return self.key_of(target)

    def copy_row(self, target: TargetRow) -> None:
        self.host.copy_text("  ".join(self._row(self.key_of(target)).cells), "the row")
