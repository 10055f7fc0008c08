"""`rows.py N`: the list of the console with N rows and nothing around it, as small as it can be run.

`/` filters, `o` sorts, `*` marks all, `-` none, `u` changes one row in a hundred, `h` tells the most
computing between two turns of anybody else since the last telling.
"""

import asyncio
import sys
import time
from collections.abc import Iterator
from operator import itemgetter

from textual import on, work
from textual.app import App, ComposeResult
from textual.widgets import Label

from tui.presentation.columns import Column
from tui.ui.terminal import gc_policy as garbage
from tui.ui.terminal.driver import DiffingDriver
from tui.ui.widgets.filter_bar import FilterBar
from tui.ui.widgets.row_list import Cause, Row, RowList

COLUMNS = (
    Column("number", "Number", 10),
    Column("service", "Service", 10),
    Column("text", "Text", 20, flexible=True),
)
_SERVICES = ("checkout", "search", "billing", "auth", "ingest", "edge", "mailer", "ledger")
_BEAT = 0.005


def _row(number: int, version: int) -> Row:
    service = _SERVICES[number * 7 % 8]
    text = f"error rate {number * 3 % 100} % on shard {number % 64}, seen {version} times"
    return Row(str(number), "✔", "ok", (f"N-{number:06}", service, text))


class RowsApp(App[None]):
    CSS = "RowList { height: 1fr; } FilterBar { dock: bottom; }"
    BINDINGS = [  # noqa: RUF012 - as it would be written
        ("q", "quit", "Quit"),
        ("slash", "filter", "Filter"),
        ("o", "sort", "Sort"),
        ("asterisk", "mark(True)", "Mark all"),
        ("minus", "mark(False)", "Mark none"),
        ("u", "change", "Change"),
        ("h", "tell", "Tell"),
    ]

    def __init__(self, count: int) -> None:
        super().__init__(driver_class=DiffingDriver)
        self.things = [(str(number), 1) for number in range(count)]
        self.longest = 0.0
        self.changes = 0

    def compose(self) -> ComposeResult:
        yield Label("", id="told")
        yield RowList(COLUMNS)
        yield FilterBar()

    def on_mount(self) -> None:
        keys = [key for key, _ in self.things]
        self.rows.show(keys, lambda key: _row(int(key), 1), Cause.REFRESH)
        self.rows.focus()
        self.tell(f"{len(keys)} rows")
        self.call_after_refresh(self.begin)

    @property
    def rows(self) -> RowList:
        return self.query_one(RowList)

    def tell(self, text: str) -> None:
        self.query_one("#told", Label).update(text)

    def begin(self) -> None:
        garbage.resume()
        from tui.domain.filters import Filter
        from tui.ui.screens.row_cache import Listing

        self.listing: Listing[tuple[str, int]] = Listing()
        self.filter = Filter()
        self.follow("ready")
        self.beat()

    @work(group="beat")
    async def beat(self) -> None:
        while True:
            began = time.thread_time()
            await asyncio.sleep(_BEAT)
            self.longest = max(self.longest, time.thread_time() - began)

    @work(group="rows", exclusive=True)
    async def follow(self, told: str) -> None:
        with garbage.resting():
            for _ in self.making():
                await asyncio.sleep(0)
            garbage.grown("rows", len(self.things))
        self.arrange(Cause.REFRESH)
        self.tell(told)

    def making(self) -> Iterator[bool]:
        from tui.domain.filters import Record
        from tui.ui.screens.list_row import ListRow

        def listed(thing: tuple[str, int]) -> ListRow:
            row = _row(int(thing[0]), thing[1])
            fields = dict(zip(("number", "service", "text"), row.cells, strict=True))
            return ListRow(row, Record(fields), (0, row.cells[0], row.key), False, row.cells)

        return self.listing.follow(self.things, itemgetter(0), 1, listed)

    def arrange(self, cause: Cause) -> None:
        self.rows.show(self.listing.keys(self.filter), lambda key: self.listing.rows[key].row, cause)

    @on(FilterBar.Edited)
    def typed(self) -> None:
        self.filter = self.query_one(FilterBar).read({}, {}, {})
        self.arrange(Cause.ARRANGE)

    @on(FilterBar.Left)
    def left(self) -> None:
        self.rows.focus()

    def action_filter(self) -> None:
        self.query_one(FilterBar).open()

    def action_sort(self) -> None:
        self.listing.sort(self.listing.sorting.following(COLUMNS))
        self.arrange(Cause.ARRANGE)

    def action_mark(self, on: bool) -> None:
        self.rows.mark(self.rows.keys, on=on)

    def action_change(self) -> None:
        """The first row in sight is among those that change."""
        self.changes += 1
        self.things = [*self.things]
        for at in range(0, len(self.things), 100):
            key, version = self.things[at]
            self.things[at] = key, version + 1
        self.follow(f"changed {self.changes}")

    def action_tell(self) -> None:
        self.tell(f"longest {1_000 * self.longest:.1f} ms")
        self.longest = 0.0


if __name__ == "__main__":
    garbage.rest()
    RowsApp(int(sys.argv[1])).run()
