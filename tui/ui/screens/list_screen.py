"""A screen around one list: filter, sort, details, copy; the rows come from the subclass.

Rows are built when their data changes or once a minute, all ages together, so an idle list is silent.
Those of a long list are made in slices, between which keys are answered; they are shown when all are
made. A pass that runs is never cut short by newer data: it ends, and the next one follows it.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Input

from tui.ui import garbage
from tui.ui.screens.deck import DeckScreen
from tui.ui.screens.listed import Listed, Sorting
from tui.ui.screens.listing import Listing
from tui.ui.selection import Selection
from tui.ui.widgets.column_titles import ColumnTitles
from tui.ui.widgets.facts import Fact, Facts
from tui.ui.widgets.filter_bar import UNREADABLE, FilterBar
from tui.ui.widgets.row_list import Cause, Row, RowList
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tui.domain.filters import Filter
    from tui.domain.health import Verdict
    from tui.store.snapshot import Snapshot, Topic
    from tui.ui.modals.details import Details
    from tui.ui.widgets.columns import Column

Thing = TypeVar("Thing")
MORE = "more is coming…"
NO_ROOM = "no row is in sight: make the window taller, or press esc to clear what is said here"
_SIDE_PANEL_FROM = 120
"""Screen width in cells from which the details stand beside the list."""


class ListScreen(DeckScreen, Generic[Thing]):
    """A list of things with keys."""

    COLUMNS: ClassVar[Sequence["Column"]] = ()
    HAS_TARGETS = True
    NOUN: ClassVar[tuple[str, str]] = ("row", "rows")
    MORE_FIELDS: ClassVar[tuple[str, ...]] = ("id",)
    OTHER_NAMES: ClassVar[Mapping[str, str]] = {}
    """What the filter takes for the name of a column, beside its own."""
    AGES: ClassVar[Mapping[str, str]] = {"age": "age"}
    """What the filter compares in seconds, by name → its name in the rows' records."""
    NUMBERS: ClassVar[Mapping[str, str]] = {}
    """The same, of whole numbers."""
    NOTHING: ClassVar[str] = "nothing received yet"
    EMPTY: ClassVar[str] = ""
    """What is said of a list that is empty, where that is no matter."""

    # What the subclass says.

    def things(self) -> Sequence[Thing] | None:
        """The things to list; None while nothing was received."""
        raise AttributeError("things")

    def key_of(self, thing: Thing) -> str:
        """A thing's key."""
        raise AttributeError("key_of")

    def lister(self, now: datetime) -> Callable[[Thing], Listed]:
        """How a thing's row is made at `now`; called for one thing after another, keys in between."""
        raise AttributeError("lister")

    def details(self, thing: Thing, now: datetime) -> "Details":
        """Everything known of a thing."""
        raise AttributeError("details")

    def context(self) -> object:
        """What every row depends on beside its thing and the minute."""
        return None

    def about_all(self) -> "Sequence[Verdict]":
        """What needs attention, concerns the whole list, and is counted beside its rows."""
        return ()

    def banner(self) -> str:
        """A line above the list, of all that it shows; or empty."""
        return ""

    # Body.

    def compose_body(self) -> ComposeResult:
        """Banner, titles, list, side panel, filter."""
        self._listing: Listing[Thing] = Listing()
        self._filter: Filter | None = None
        self._minute: datetime | None = None
        self._is_outdated = False
        self._of_all = 0
        yield TextLine(id="banner", classes="-empty")
        with Horizontal(id="body"):
            with Vertical(id="list-pane"):
                yield ColumnTitles(self.COLUMNS)
                yield RowList(self.COLUMNS)
            yield Facts(id="side")
        yield TextLine(id="filter-problem", classes="-empty")
        yield FilterBar()

    def on_mount(self) -> None:
        """Start with the cursor in the list; ages move on once a minute."""
        self.rows.focus()
        self.set_interval(60.0, self._next_minute)

    @property
    def rows(self) -> RowList:
        """The list."""
        return self.query_one(RowList)

    def now(self) -> datetime:
        """The minute that all ages in the rows refer to."""
        if self._minute is None:
            self._minute = self.read_clock()
        return self._minute

    def read_clock(self) -> datetime:
        """The time by the clock that the ages refer to: the server's."""
        return self.desk.now(self.TOPICS[0].system)

    def _next_minute(self) -> None:
        self._minute = None
        self.follow_all()

    # Following the data.

    def follow_all(self) -> None:
        """Show the newest of everything, once."""
        self.list_anew()

    def follow(self, topic: "Topic") -> None:
        """Show the newest of one topic."""
        self.list_anew()

    def list_anew(self) -> None:
        """Make the rows anew from what is known: few at once, many while keys are answered, and after
        those that are being made."""
        things, self._is_outdated = self.things(), self._listing.is_making
        if self._is_outdated:
            return
        if things is None:
            self.show_last_seen()
            self._show_status()
            return
        making = self._making(things)
        next(making, None)
        if self._listing.is_making:
            self._show_status()
            self._make_rest(making)
        else:
            self.show_rows()

    def _making(self, things: Sequence[Thing]) -> Iterator[None]:
        now = self.now()
        basis = now, self.context()
        seen = {topic: self.desk.snapshot(topic) for topic in self.TOPICS}
        return self._listing.follow(things, self.key_of, basis, self.lister(now), seen)

    @work(group="rows")
    async def _make_rest(self, making: Iterator[None]) -> None:
        with garbage.resting():
            for _ in making:
                await asyncio.sleep(0)
            garbage.grown(self.TAB, len(self._listing.rows))
        self.show_rows()
        self.look_at_clock()
        self.deck_app.snapshot_shown()
        if self._is_outdated:
            self.list_anew()

    def show_rows(self) -> None:
        """Show the rows that were made."""
        about, empty = self.about_all(), "" if self._listing.rows else self.EMPTY
        text, self._of_all = " · ".join(one.reason for one in about) or self.banner(), len(about)
        self.query_one("#banner", TextLine).show(text or empty, "warning" if text else "off")
        self._arrange(Cause.REFRESH)

    def show_last_seen(self) -> None:
        """Show what an earlier console saw, while nothing was received; most lists show nothing."""

    def _arrange(self, cause: Cause) -> None:
        if not self._listing.has_shown:
            self._show_status()
            return
        self.rows.show(self._listing.keys(self._filter), self._row, cause)
        self._show_status()
        self._show_side()

    @property
    def shows_received(self) -> bool:
        """Whether rows of what was received are shown: all of it as it was then, if not the newest."""
        return self._listing.has_shown

    def first_rows(self, most: int) -> list[Row]:
        """The rows that stand first without filter and sorting."""
        return [one.row for one in self._listing.first(most)]

    @property
    def _things(self) -> Mapping[str, Thing]:
        return self._listing.things

    def _row(self, key: str) -> Row:
        return self._listing.rows[key].row

    @property
    def target(self) -> Thing | None:
        """The thing under the cursor at this moment; None while there is none."""
        key = self.rows.target
        return None if key is None else self._things.get(key)

    def _show_status(self) -> None:
        self.query_one("#status", TextLine).show(" " + " · ".join(filter(None, self.status_parts())))

    def status_parts(self) -> Sequence[str]:
        """How many, how many need attention, filter, sorting, what is odd."""
        if not self._listing.has_shown:
            return self._parts_before()
        total, shown = len(self._listing.rows), len(self.rows.keys)
        attention = self._listing.attention + self._of_all
        count = f"{total} {self.NOUN[0] if total == 1 else self.NOUN[1]}"
        return (
            count if shown == total else f"{shown} of {count}",
            f"{attention} need{'s' if attention == 1 else ''} attention" if attention else "",
            f"/{self._filter.text}" if self._filter and self._filter.text else "",
            self._listing.sorting.told(self.COLUMNS),
            self.incomplete_note(),
            self.clock_note(),
            "the row under the cursor is gone: move the cursor"
            if self.rows.lost and self.rows.keys
            else "",
        )

    def _parts_before(self) -> Sequence[str]:
        if self.things() is None:
            return (self.nothing_yet(),)
        return (self.nothing_yet() if self.rows.is_preview else "", MORE)

    def nothing_yet(self) -> str:
        """What is said while nothing was received."""
        return self.NOTHING

    def incomplete_note(self) -> str:
        """Says so while a list is still streaming in, or its rows are still being made."""
        whole = self.desk.snapshot(self.TOPICS[0]).complete and not self._listing.is_making
        return "" if whole else MORE

    # Side panel.

    def on_resize(self) -> None:
        """Show the side panel where there is room."""
        self.set_class(self.size.width >= _SIDE_PANEL_FROM, "-wide")
        self._show_side()

    @on(RowList.CursorMoved)
    def _cursor_moved(self) -> None:
        if self.is_attached and self.query(RowList):
            self._show_status()
            self._show_side()

    @on(RowList.Arranged)
    def _columns_arranged(self, event: RowList.Arranged) -> None:
        self.query_one(ColumnTitles).show(event.placed)

    def _show_side(self) -> None:
        if self.has_class("-wide"):
            thing = self.target
            facts: tuple[Fact, ...] = () if thing is None else self.details(thing, self.now()).facts
            self.query_one("#side", Facts).show(facts)

    # Filter and sorting.

    @on(Input.Changed, "FilterBar")
    def _read_filter(self) -> None:
        own = (*(column.id for column in self.COLUMNS), *self.MORE_FIELDS)
        fields = {**{name: name for name in own}, **self.OTHER_NAMES}
        self._filter = self.query_one(FilterBar).read(fields, self.AGES, self.NUMBERS)
        self.query_one("#filter-problem", TextLine).show(self._filter.problem or "", "error")
        self._arrange(Cause.ARRANGE)

    @on(FilterBar.Left)
    def _filter_left(self) -> None:
        self._read_filter()
        self.rows.focus()

    def _open_filter(self) -> None:
        self.query_one(FilterBar).open()
        self._read_filter()

    def unfiltered(self) -> str:
        """Why what the filter shows is not what is meant; or empty."""
        return "" if self._filter is None or self._filter.is_whole else UNREADABLE

    def _sort(self, sorting: Sorting) -> None:
        self._listing.sort(sorting)
        self._arrange(Cause.ARRANGE)

    def action_clear(self) -> None:
        """Esc: what was said goes, and the filter."""
        super().action_clear()
        self.query_one(FilterBar).value = ""

    # Operations.

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Those of every screen, and those of every list."""
        return {
            **super().handlers(),
            "details": self._details,
            "copy": self.on_target(self.copy_row),
            "filter": self._open_filter,
            "sort": lambda: self._sort(self._listing.sorting.following(self.COLUMNS)),
            "sort.reverse": lambda: self._sort(self._listing.sorting.reversed()),
        }

    def show_target(self) -> None:
        """Scroll to the row under the cursor: the mouse wheel leaves it behind."""
        self.rows.reveal()

    def selection(self) -> Selection:
        """The thing under the cursor, as it is now or as it was bound."""
        if self._bound is not None:
            return self._bound
        thing = self.target
        if self.unfiltered():
            return Selection(nothing=self.unfiltered())
        seen = {topic: self.shown(topic) for topic in self.TOPICS}
        if thing is not None and not self.rows.has_cursor_in_sight:
            return Selection(nothing=NO_ROOM)
        if thing is not None:
            return Selection((thing,), seen=seen)
        if self.things() is None:
            return Selection(nothing=f"{self.NOTHING}: there is no row to act on")
        if not self._listing.has_shown:
            return Selection(nothing=f"{MORE}: there is no row to act on yet")
        if self.rows.lost and self.rows.keys:
            gone = "the row under the cursor is gone: move the cursor, then press the key again"
            return Selection(nothing=gone)
        return Selection(nothing="there is no row under the cursor")

    def shown(self, topic: "Topic") -> "Snapshot[object]":
        """What the rows that are shown were made from, as it was confirmed last."""
        newest, made_from = self.desk.snapshot(topic), self._listing.seen.get(topic)
        return newest if made_from is None or made_from.data is newest.data else made_from

    def seen(self, topic: "Topic") -> "Snapshot[object]":
        """What was known when the operation was begun: not what came since for rows to be made."""
        return self.shown(topic) if self._bound is None else super().seen(topic)

    def gone(self, selection: Selection) -> str:
        """Says so if a row was taken away since."""
        keys = (self.key_of(thing) for thing in self._things_of(selection))
        if all(key in self._things for key in keys):
            return ""
        return "the row that was under the cursor is gone: nothing was done"

    def _things_of(self, selection: Selection) -> tuple[Thing, ...]:
        return cast("tuple[Thing, ...]", selection.things)

    def on_target(self, act: Callable[[Thing], None]) -> Callable[[], None]:
        """An operation on what is selected, or the reason why there is nothing."""

        def bound() -> None:
            self.show_target()
            selection = self.selection()
            reason = selection.nothing or self.gone(selection)
            if reason:
                self.notice(reason)
            else:
                act(self._things_of(selection)[0])

        return bound

    def show_filter(self, text: str) -> None:
        """Show only rows that match, as the filter line would."""
        self.query_one(FilterBar).value = text

    def _details(self) -> None:
        self.on_target(self._open_details)()

    def _open_details(self, thing: Thing) -> None:
        from tui.ui.modals.details import DetailsDialog

        key = self.key_of(thing)

        def read() -> "Details | None":
            current = self._things.get(key)
            return None if current is None else self.details(current, self.now())

        self.app.push_screen(DetailsDialog(self.title_of(thing), read, self.copy))

    def title_of(self, thing: Thing) -> str:
        """What the details are headed with."""
        return self.key_of(thing)

    def copy_row(self, thing: Thing) -> None:
        """Copy a row as it is shown."""
        self.copy("  ".join(self._row(self.key_of(thing)).cells), "the row")
