"""Engine: the SuperOffice ErpSync engine as it answers, and what was observed of it."""

from collections.abc import Callable
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from tui.domain.engine import EngineStatus
from tui.store.snapshot import Topic
from tui.ui.keys import screen_bindings
from tui.ui.modals.details import Details, DetailsDialog
from tui.ui.screens import engine_facts
from tui.ui.screens.deck import DeckScreen
from tui.ui.screens.resync import open_batch_tasks, open_linked, open_resync
from tui.ui.widgets.column_titles import ColumnTitles
from tui.ui.widgets.columns import OBSERVATIONS
from tui.ui.widgets.facts import Facts
from tui.ui.widgets.row_list import Cause, RowList
from tui.ui.widgets.text_line import TextLine


class EngineScreen(DeckScreen, inherit_bindings=False):
    """Running, stopped or unknown; never inferred."""

    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(
        "details", "copy", "engine.force-resync", "engine.linked", "engine.batch-tasks"
    )
    TAB = "Engine"
    TOPICS = (Topic.ENGINE,)

    def compose_body(self) -> ComposeResult:
        """The last answer, then the observations of this run of the console."""
        with Vertical(id="body"):
            yield Facts(id="engine-facts")
            heading = TextLine(id="observed")
            heading.show(" Observed since the console was started, newest first")
            yield heading
            yield ColumnTitles()
            yield RowList(OBSERVATIONS)

    def on_mount(self) -> None:
        """The observations can be scrolled."""
        self.query_one(RowList).focus()

    def on_row_list_arranged(self, event: RowList.Arranged) -> None:
        """Put the titles where the columns are."""
        self.query_one(ColumnTitles).show(event.placed)

    def look_at_clock(self) -> None:
        """The age of the answer is part of what this screen shows."""
        super().look_at_clock()
        self._show_facts()

    def follow(self, topic: Topic) -> None:
        """Show the newest answer and observations."""
        self._show_facts()
        core = self.desk.core
        observations = core.store.observations() if core else ()
        rows = {row.key: row for row in map(engine_facts.observation_row, reversed(observations))}
        self.query_one(RowList).show(list(rows), rows.__getitem__, Cause.ARRANGE)
        status = [f"{len(rows)} observation{'' if len(rows) == 1 else 's'}", self.clock_note()]
        self.query_one("#status", TextLine).show(" " + " · ".join(filter(None, status)))

    def _show_facts(self) -> None:
        core = self.desk.core
        if core is None or Topic.ENGINE.system not in self.desk.facts.systems:
            return
        snapshot = core.store.snapshot(Topic.ENGINE)
        self.query_one("#engine-facts", Facts).show(engine_facts.facts(snapshot))

    def handlers(self) -> dict[str, Callable[[], None]]:
        """Details, copy and forced resync."""
        return {
            **super().handlers(),
            "details": self._details,
            "copy": lambda: self.copy(
                self.query_one("#engine-facts", Facts).plain, "the engine's status"
            ),
            "engine.force-resync": lambda: open_resync(self, None),
            "engine.linked": lambda: open_linked(self),
            "engine.batch-tasks": lambda: open_batch_tasks(self),
        }

    def _details(self) -> None:
        self.app.push_screen(DetailsDialog("ErpSync engine", self._read, self.copy))

    def _read(self) -> Details | None:
        core = self.desk.core
        status = core.store.snapshot(Topic.ENGINE).data if core else None
        if core is None or not isinstance(status, EngineStatus):
            return None
        snapshot = core.store.snapshot(Topic.ENGINE)
        shown = engine_facts.facts(snapshot) + engine_facts.more_facts(status)
        return Details(shown, status.raw)
