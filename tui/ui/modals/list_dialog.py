"""A modal screen whose body is a list below its column titles."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult

from tui.presentation.columns import Column
from tui.ui.modals.dialog import Dialog, Result
from tui.ui.widgets.column_titles import ColumnTitles
from tui.ui.widgets.row_list import Cause, Row, RowList
from tui.ui.widgets.text_line import TextLine

Entry = TypeVar("Entry")


class ListDialog(Dialog[Result]):
    """The list scrolls by itself, not the body around it: titles and cursor stay in sight."""

    COLUMNS: ClassVar[Sequence[Column]] = ()
    LEAST_BODY = 3

    def compose_body(self) -> ComposeResult:
        yield ColumnTitles()
        yield RowList(self.COLUMNS)

    @property
    def rows(self) -> RowList:
        return self.query_one(RowList)

    @on(RowList.Arranged)
    def _arranged(self, event: RowList.Arranged) -> None:
        self.query_one(ColumnTitles).show(event.placed)

    def give_room(self, lines: int) -> None:
        super().give_room(lines)
        self.rows.styles.max_height = max(1, lines - 1)


class EntriesDialog(ListDialog[None], Generic[Entry]):
    """Below the list stands the whole text of the row under the cursor, which the list may have cut."""

    entries: Mapping[str, Entry] = MappingProxyType({})

    def row(self, key: str, entry: Entry) -> Row:
        raise AttributeError("row")

    def whole(self, entry: Entry) -> str:
        """All that is known of an entry, as text."""
        return ""

    def compose_tail(self) -> ComposeResult:
        yield TextLine(id="chosen", classes="-empty")

    def show_entries(self, entries: Mapping[str, Entry]) -> None:
        self.entries = entries
        self.rows.show(list(entries), lambda key: self.row(key, entries[key]), Cause.ARRANGE)
        self._show_chosen()

    @property
    def chosen(self) -> Entry | None:
        return self.entries.get(self.rows.target or "")

    @on(RowList.CursorMoved)
    def _show_chosen(self) -> None:
        chosen = self.chosen
        self.query_one("#chosen", TextLine).show("" if chosen is None else self.whole(chosen))
        self.refresh_bindings()
        self.call_after_refresh(self._fit_body)
