"""The rows of one list: made of the targets that the subclass gives, arranged, and shown.

Rows are built when their data changes or once a minute, all ages together, so an idle list is silent.
Those of a long list are made in slices, between which keys are handled; the first ones are shown once
their order is known, others when all are made. Newer data never cuts a pass short: the next one follows.
"""

import asyncio
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Generic

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical

from tui.ui.screens.list_row import ListRow
from tui.ui.screens.list_status import MORE, NO_ROW_YET, counts, removed_note
from tui.ui.screens.row_cache import Listing, TargetRow
from tui.ui.screens.tab_screen import TabScreen
from tui.ui.terminal import gc_policy as garbage
from tui.ui.widgets.column_titles import ColumnTitles
from tui.ui.widgets.fact_list import Fact, Facts, besides
from tui.ui.widgets.row_list import Cause, Row, RowList
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tui.domain.filters import Filter
    from tui.domain.health.rules import Verdict
    from tui.presentation.columns import Column
    from tui.store.snapshot import Topic
    from tui.ui.modals.details.details import Details
    from tui.ui.screens.row_cache import Rank

_SIDE_PANEL_FROM = 120  # Cells of the screen from which the details stand beside the list.


class RowScreen(TabScreen, Generic[TargetRow]):
    COLUMNS: ClassVar[Sequence["Column"]] = ()
    HOOKS = TabScreen.HOOKS | {
        *("targets", "key_of", "lister", "details", "context", "about_all", "banner"),
        *("rebuild_rows", "show_rows", "show_last_seen", "show_side", "read_clock"),
        *("status_parts", "nothing_yet", "incomplete_note", "whole", "ranker"),
    }
    NOUN: ClassVar[tuple[str, str]] = ("row", "rows")
    MORE_FIELDS: ClassVar[tuple[str, ...]] = ("id",)
    OTHER_NAMES: ClassVar[Mapping[str, str]] = {}
    """Names that the filter accepts for columns, besides their own."""
    AGES: ClassVar[Mapping[str, str]] = {"age": "age"}
    """What the filter compares in seconds, by name → its name in the rows' records."""
    NUMBERS: ClassVar[Mapping[str, str]] = {}
    """The same, of whole numbers."""
    NOTHING: ClassVar[str] = "nothing received yet"
    HAS_SIDE: ClassVar[bool] = True
    """Whether the details stand beside the list in a wide window."""
    EMPTY: ClassVar[str] = ""
    """The text of an empty list, where that is not a problem."""

    def targets(self) -> Sequence[TargetRow] | None:
        """The targets to list; None while nothing was received."""
        raise AttributeError("targets")

    def key_of(self, target: TargetRow) -> str:
        raise AttributeError("key_of")

    def lister(self, now: datetime) -> Callable[[TargetRow], ListRow]:
        """How a target's row is made at `now`; called for one target after another, keys in between."""
        raise AttributeError("lister")

    def ranker(self, now: datetime) -> "Callable[[TargetRow], Rank] | None":
        """How a target's place is found before its row is made, where that is faster."""
        return None

    def details(self, target: TargetRow) -> "Details":
        """Everything known of a target."""
        raise AttributeError("details")

    def whole(self, target: TargetRow) -> str:
        """What the line below the list shows of a row in full, where no details stand beside it."""
        return ""

    def context(self) -> object:
        """What every row depends on besides its target and the minute."""
        return None

    def about_all(self) -> "Sequence[Verdict]":
        """What concerns the whole list, needs attention, and is counted with its rows."""
        return ()

    def banner(self) -> str:
        """A line above the list, about all of it; or empty."""
        return ""

    def compose_body(self) -> ComposeResult:
        self._listing: Listing[TargetRow] = Listing()
        self._filter: Filter | None = None
        self._is_outdated = False
        self._of_all = 0
        yield TextLine(id="banner", classes="-empty")
        with Horizontal(id="body"):
            with Vertical(id="list-pane"):
                yield ColumnTitles(self.COLUMNS)
                yield RowList(self.COLUMNS)
            yield Facts(id="side")
        yield TextLine(id="whole", classes="-empty")
        yield TextLine(id="filter-problem", classes="-empty")

    @property
    def rows(self) -> RowList:
        return self.query_one(RowList)

    def follow_all(self) -> None:
        self.rebuild_rows()

    def follow(self, topic: "Topic") -> None:
        self.rebuild_rows()

    def aside_read(self) -> None:
        self.show_side()

    def aside_changed(self, keys: "Collection[str] | None") -> None:
        self._listing.forget(keys)
        self.rebuild_rows()

    def rebuild_rows(self) -> None:
        """Few at once, many while keys are handled, and after those that are being made."""
        targets, self._is_outdated = self.targets(), self._listing.is_making
        if self._is_outdated:
            return
        if targets is None:
            self._show_nothing()
            return
        making = self._making(targets)
        next(making, None)
        if self._listing.is_making:
            self._show_status()
            self._make_rest(making)
        else:
            self.show_rows()

    def _show_nothing(self) -> None:
        """Nothing was received, or nothing was recorded at the time that is looked at."""
        if self._listing.has_shown:
            self._listing.clear()
            self.rows.show((), self._row, Cause.REFRESH)
            self.query_one("#banner", TextLine).show("", "off")
        self.show_last_seen()
        self._show_status()

    def _making(self, targets: Sequence[TargetRow]) -> Iterator[bool]:
        now = self.now()
        baseline = now, self.context()
        seen = {topic: self.session.snapshot(topic) for topic in self.TOPICS}
        make, rank = self.lister(now), self.ranker(now)
        return self._listing.follow(targets, self.key_of, baseline, make, seen, rank)

    @work(group="rows")
    async def _make_rest(self, making: Iterator[bool]) -> None:
        with garbage.resting():
            for has_begun in making:
                if has_begun:
                    self.show_rows()
                    self.look_at_clock()
                await asyncio.sleep(0)
            garbage.grown(self.TAB, len(self._targets))
        self.show_rows()
        self.look_at_clock()
        self.host.snapshot_shown()
        if self._is_outdated:
            self.rebuild_rows()

    def show_rows(self) -> None:
        about, empty = self.about_all(), "" if self._targets else self.EMPTY
        text, self._of_all = " · ".join(one.reason for one in about) or self.banner(), len(about)
        self.query_one("#banner", TextLine).show(text or empty, "warning" if text else "off")
        self._arrange(Cause.REFRESH)
        if self._listing.has_shown:
            self.unnotice(NO_ROW_YET)

    def show_last_seen(self) -> None:
        """Show what the previous console saw while nothing was received; most lists show nothing."""

    def _arrange(self, cause: Cause) -> None:
        if not self._listing.has_shown:
            self._show_status()
            return
        self.rows.show(self._listing.keys(self._filter), self._row, cause)
        self._show_status()
        self.show_side()

    @property
    def shows_received(self) -> bool:
        """Whether received rows are shown: all rows of one moment, if not the newest."""
        return self._listing.has_shown

    def first_rows(self, most: int) -> list[Row]:
        """The first rows without filter and sorting."""
        return [one.row for one in self._listing.first(most)]

    @property
    def _targets(self) -> Mapping[str, TargetRow]:
        return self._listing.targets

    def _row(self, key: str) -> Row:
        return self._listing.row(key).row

    @property
    def target(self) -> TargetRow | None:
        """The target under the cursor at this moment; None while there is none."""
        key = self.rows.target
        return None if key is None else self._targets.get(key)

    def _show_status(self) -> None:
        self.query_one("#status", TextLine).show(" " + " · ".join(filter(None, self.status_parts())))

    def status_parts(self) -> Sequence[str]:
        if not self._listing.has_shown:
            awaited = self.targets() is None
            last_seen = self.nothing_yet() if awaited or self.rows.is_preview else ""
            return (last_seen, "" if awaited else MORE)
        return (
            *counts(self._listing, self.rows, self.NOUN, self._of_all),
            f"/{self._filter.text}" if self._filter and self._filter.text else "",
            self._listing.sorting.text(self.COLUMNS),
            self.incomplete_note(),
            self.clock_note(),
            removed_note(self.rows),
        )

    def nothing_yet(self) -> str:
        """The text while nothing was received."""
        return self.nothing_then(self.NOTHING)

    def incomplete_note(self) -> str:
        """The note while a list is still streaming in, or its rows are still being made."""
        whole = self.session.snapshot(self.TOPICS[0]).complete and not self._listing.is_making
        return "" if whole else MORE

    def on_resize(self) -> None:
        self.set_class(self.HAS_SIDE and self.size.width >= _SIDE_PANEL_FROM, "-wide")
        self.want_strips()
        self.show_side()

    @on(RowList.CursorMoved)
    def _cursor_moved(self) -> None:
        if self.is_attached and self.query(RowList):
            self._show_status()
            self.show_side()

    @on(RowList.Arranged)
    def _columns_arranged(self, event: RowList.Arranged) -> None:
        self.query_one(ColumnTitles).show(event.placed)
        self.show_side()

    def show_side(self) -> None:
        target = self.target
        if self.has_class("-wide"):
            facts: tuple[Fact, ...] = () if target is None else self.details(target).facts
            facts = (*self.aside_facts(), *facts)
            self.query_one("#side", Facts).show(besides(facts, self.rows.whole_cells))
        whole = "" if target is None or self.has_class("-wide") else self.whole(target)
        self.query_one("#whole", TextLine).show(whole)
