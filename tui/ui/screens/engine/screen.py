"""Engine: the state that the SuperOffice ErpSync engine reports, and what was observed of it."""

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical

from tui.domain.health.rules import Level, assess_engine
from tui.domain.superoffice.engine import EngineObservation, EngineStatus
from tui.domain.text import counted
from tui.ops.operations.engine_status import run_engine
from tui.ops.operations.sync_all import sync_all
from tui.presentation.columns import OBSERVATIONS
from tui.session.selection import Selection
from tui.session.session import Session
from tui.store.snapshot import Topic
from tui.ui.bindings import screen_bindings
from tui.ui.forms.engine_interval import EngineIntervalForm
from tui.ui.host import Handler
from tui.ui.modals.details.details import Details, DetailsDialog
from tui.ui.modals.details.plugin_response import AnswerDialog
from tui.ui.screens.engine import facts as engine_facts
from tui.ui.screens.resync_dialogs import open_batch_tasks, open_linked, open_resync
from tui.ui.screens.tab_screen import TabScreen
from tui.ui.widgets.column_titles import ColumnTitles
from tui.ui.widgets.fact_list import Fact, Facts, plain_text
from tui.ui.widgets.row_list import Cause, Row, RowList
from tui.ui.widgets.text_line import TextLine

if TYPE_CHECKING:
    from tui.domain.history.records import Subject
    from tui.ops.execution.engine_requests import EngineRequest
    from tui.ui.modals.why.line import WhyLine


_LOW = 20
"""Below this many lines the blank lines are dropped."""


class EngineScreen(TabScreen, inherit_bindings=False):
    """Running, stopped or unknown; never inferred. A request stays *requested* until its effect is
    observed."""

    BINDINGS: ClassVar[list[BindingType]] = screen_bindings(
        "details",
        "engine.start",
        "engine.stop",
        "engine.interval",
        "engine.sync-all",
        "engine.force-sync-all",
        "engine.force-resync",
        "engine.linked",
        "engine.batch-tasks",
        "copy",
    )
    TAB = "Engine"
    TOPICS = (Topic.ENGINE,)
    HISTORY_OF = "engine"

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._shown: tuple[tuple[EngineObservation, ...], tuple[EngineRequest, ...]] | None = None
        """What the list was last made of."""

    def compose_body(self) -> ComposeResult:
        with Vertical(id="body"):
            yield Facts(id="engine-facts")
            since = f" Observed since {self.session.opened_at:%H:%M:%S} UTC, newest first"
            yield TextLine(since, id="observed")
            yield ColumnTitles()
            yield RowList(OBSERVATIONS)

    def on_mount(self) -> None:
        self.query_one(RowList).focus()

    def on_resize(self) -> None:
        """On a low terminal the blank lines go to the list."""
        self.set_class(self.size.height < _LOW, "-low")

    def on_row_list_arranged(self, event: RowList.Arranged) -> None:
        self.query_one(ColumnTitles).show(event.placed)

    def look_at_clock(self) -> None:
        super().look_at_clock()
        self._show_facts()
        self._show_timeline()

    def follow(self, topic: Topic) -> None:
        self._show_facts()
        self._show_timeline()

    def _show_timeline(self) -> None:
        core = self.session.core
        seen = core.store.observations() if core else ()
        asked = self.session.requests.all()
        if (seen, asked) != self._shown:
            self._shown = seen, asked
            self._show_all_rows()
        parts = [counted(len(seen), "observation"), counted(len(asked), "request") if asked else ""]
        if self.past is not None:
            parts = ["what was recorded"]
        status = " · ".join(filter(None, (*parts, self.clock_note())))
        self.query_one("#status", TextLine).show(f" {status}")

    def _show_all_rows(self) -> None:
        """What was observed and requested here, and below it what was recorded before."""
        seen, asked = self._shown or ((), ())
        rows = () if self.past is not None else engine_facts.timeline(seen, asked)
        read = self._aside_read
        if read is not None:
            from tui.ui.screens.engine.recorded import rows_before

            before = self.session.opened_at if self.past is None else read.until
            text = f" Observed since {self.session.opened_at:%H:%M:%S} UTC, recorded before"
            text = text if self.past is None else " Recorded up to this time"
            self.query_one("#observed", TextLine).show(f"{text}, newest first")
            rows = (*rows, *rows_before(read, before))
        self._show_rows({row.key: row for row in rows})

    def aside_read(self) -> None:
        self._show_all_rows()
        self._show_facts()

    def subject(self) -> "Subject":
        return self.subject_of("engine", "ErpSync engine")

    def time_changed(self) -> None:
        self._aside_read = None
        self._show_all_rows()
        super().time_changed()

    def _show_rows(self, rows: Mapping[str, Row]) -> None:
        """A cursor on the newest row stays on the newest, any other on its own."""
        listed = self.query_one(RowList)
        follows = bool(listed.keys) and listed.target == listed.keys[0]
        listed.show(list(rows), rows.__getitem__, Cause.ARRANGE)
        if follows and listed.keys:
            listed.go_to(listed.keys[0])

    def _show_facts(self) -> None:
        seen, core = self._seen(), self.session.core
        if seen is not None and core is not None:
            shown = self._facts_of(seen)
            if seen.snapshot.error is None:
                # A failure is said below the list already.
                shown = self._why_line.among(shown)
            if self.past is None:
                shown += engine_facts.tenant_facts(core.service.tenant())
            self.query_one("#engine-facts", Facts).show((*shown, *self.aside_facts()[:1]))

    @cached_property
    def _why_line(self) -> "WhyLine":
        from tui.session.why.known import THE_ENGINE
        from tui.ui.modals.why.line import WhyLine

        return WhyLine(self.session, THE_ENGINE)

    def _facts_of(self, seen: engine_facts.EngineView, *, whole: bool = False) -> tuple[Fact, ...]:
        """Of a past time only what was recorded."""
        if self.past is None:
            return engine_facts.facts(seen, whole=whole)
        return engine_facts.recorded_facts(self.past.store.snapshot(Topic.ENGINE).data)

    def _seen(self) -> engine_facts.EngineView | None:
        """None before there is a core, or where the profile has no engine."""
        core = self.session.core
        if core is None or Topic.ENGINE.system not in self.session.facts.systems:
            return None
        store, status = core.store, core.store.snapshot(Topic.ENGINE).data
        verdict = self.session.excused(assess_engine(status), "engine", status)
        return engine_facts.EngineView(
            store.snapshot(Topic.ENGINE),
            store.observations(),
            store.observed_from,
            self.session.requests.awaited,
            self.session.clock(),
            verdict.reason if verdict.level is Level.OFF else "",
        )

    # Operations: their one target is the engine as it was at the key press.

    def selection(self) -> Selection:
        return self._bound or Selection(
            seen={topic: self.session.snapshot(topic) for topic in (Topic.ENGINE, Topic.CONNECTIONS)}
        )

    def _known(self) -> EngineStatus | None:
        status = self.seen(Topic.ENGINE).data
        return status if isinstance(status, EngineStatus) else None

    def _run(self, run: bool) -> None:
        self.review(run_engine(self._known(), run, self.seen(Topic.ENGINE)))

    def _interval(self) -> str:
        status = self._known()
        if status is None:
            return "the engine has not responded, so its interval is unknown: r polls again"
        self.app.push_screen(EngineIntervalForm(self.session, status, self.seen(Topic.ENGINE)))
        return ""

    def _sync(self, forced: bool) -> None:
        snapshot = self.seen(Topic.CONNECTIONS)
        known = snapshot.data if isinstance(snapshot.data, tuple) else None
        self.review(sync_all(forced, known, self._known(), snapshot))

    def handlers(self) -> dict[str, Handler]:
        return {
            **super().handlers(),
            "details": self._details,
            "copy": self._copy,
            "engine.start": lambda: self._run(True),
            "engine.stop": lambda: self._run(False),
            "engine.interval": self._interval,
            "engine.sync-all": lambda: self._sync(False),
            "engine.force-sync-all": lambda: self._sync(True),
            "engine.force-resync": lambda: open_resync(self, None),
            "engine.linked": lambda: open_linked(self),
            "engine.batch-tasks": lambda: open_batch_tasks(self),
        }

    def _copy(self) -> None:
        seen = self._seen()
        facts = self._facts_of(seen, whole=True) if seen else ()
        self.host.copy_text(plain_text(facts), "the engine's status")

    def _details(self) -> None:
        """The response to the request under the cursor, where it had one; else everything about the
        engine."""
        self.query_one(RowList).reveal()
        target = self.query_one(RowList).target
        asked = next((one for one in self.session.requests.all() if one.key == target), None)
        if asked is not None and asked.answer is not None:
            self.app.push_screen(AnswerDialog(asked.answer, asked.word.capitalize()))
            return
        self.app.push_screen(self.explained(DetailsDialog("ErpSync engine", self._read)))

    def _read(self) -> Details | None:
        seen = self._seen()
        status = seen.snapshot.data if seen else None
        if seen is None or status is None:
            return None
        whole = self._facts_of(seen, whole=True)
        if self.past is not None:
            return Details(whole, {})
        return Details(whole + engine_facts.more_facts(status), status.raw)
