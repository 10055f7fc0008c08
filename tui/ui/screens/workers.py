"""Workers: the JTL-Wawi syncs, what is broken first."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from tui.domain.systems import System
from tui.domain.workers import ControlAction, Worker
from tui.store.snapshot import Topic
from tui.ui.keys import MARKS, list_bindings
from tui.ui.screens.marked import Marked, MarkedListScreen
from tui.ui.widgets.columns import WORKERS, Column

if TYPE_CHECKING:
    from tui.domain.health import Verdict
    from tui.ops.bulk_plan import BulkPlan
    from tui.store.freshness import Freshness
    from tui.ui.forms.bulk import Wish
    from tui.ui.modals.details import Details
    from tui.ui.screens.listed import Listed
    from tui.ui.screens.worker_rows import Asked


class WorkersScreen(MarkedListScreen[Worker], inherit_bindings=False):
    """The list of worker syncs."""

    BINDINGS: ClassVar[list[BindingType]] = list_bindings(
        "worker.configure", "worker.start", "worker.stop", "worker.restart", *MARKS
    )
    TAB = "Workers"
    TOPICS = (Topic.WORKERS, Topic.STATUS)
    COLUMNS: ClassVar[Sequence[Column]] = WORKERS
    NOUN = ("sync", "syncs")
    OTHER_NAMES: ClassVar[Mapping[str, str]] = {"health": "health", "status": "status_at"}
    AGES: ClassVar[Mapping[str, str]] = {
        "age": "age",
        "status": "status",
        "status_at": "status",
        "every": "every",
        "next": "next",
    }
    WITH_MARKS = frozenset({"worker.configure", "worker.start", "worker.stop", "worker.restart"})

    def things(self) -> Sequence[Worker] | None:
        """Syncs joined with statuses, once both were answered, be it with a failure."""
        core = self.desk.core
        asked = [self.desk.snapshot(topic) for topic in self.TOPICS]
        if core is None or all(snapshot.data is None for snapshot in asked):
            return None
        if any(snapshot.data is None and snapshot.error is None for snapshot in asked):
            return None
        return core.store.workers()

    def look_at_clock(self) -> None:
        """Nothing seen last stands under a chip that says live: what was received goes first."""
        if not self._listing.has_begun and self.things() is not None:
            self.list_anew()
        super().look_at_clock()

    def chips(self) -> "Sequence[Freshness]":
        """What was received is live once it is shown."""
        chips = super().chips()
        if not self.is_mounted or self._listing.has_shown or not self._listing.has_begun:
            return chips
        from tui.store.freshness import Freshness, FreshnessKind

        return [*chips, Freshness(FreshnessKind.WAITING, "reading…", trusted=False)]

    def show_last_seen(self) -> None:
        """The rows as an earlier console saw them: dim, dated, and nothing can be done with them."""
        from tui.ui.last_seen import rows_of

        if self.desk.last_state is not None:
            self.rows.preview(rows_of(self.desk.last_state))

    def nothing_yet(self) -> str:
        """How old what is shown is; what is waited for stands in the header."""
        return self.NOTHING if self.desk.last_state is None else self.desk.last_state.told

    def key_of(self, thing: Worker) -> str:
        """The sync's identifier."""
        return thing.id

    def lister(self, now: datetime) -> "Callable[[Worker], Listed]":
        """How a sync's row is made: by what was answered when the pass began."""
        from tui.ui.screens import worker_rows

        asked = self.context()
        return lambda worker: worker_rows.listed(worker, now, asked)

    def context(self) -> "Asked":
        """Which of the two calls has been answered, and whose clock is known."""
        from tui.domain.times import clock_meant
        from tui.ui.screens.worker_rows import Asked

        core = self.desk.core
        offset = core.service.clock_offset(System.JTL) if core else None
        syncs, statuses = (self.desk.snapshot(topic).data is not None for topic in self.TOPICS)
        return Asked(syncs, statuses, clock_meant(offset))

    def details(self, thing: Worker, now: datetime) -> "Details":
        """The sync with its status."""
        from tui.ui.modals.details import Details
        from tui.ui.screens import worker_rows

        raw: dict[str, object] = {
            "sync": dict(thing.sync.raw) if thing.sync else None,
            "status": dict(thing.status.raw) if thing.status else None,
        }
        return Details(worker_rows.facts(thing, now, self.context()), raw)

    def absolute(self, thing: Worker) -> "Mapping[str, str]":
        """When its status is from, and its next run."""
        from tui.ui.screens import worker_rows

        return worker_rows.absolute_cells(thing)

    def title_of(self, thing: Worker) -> str:
        """Kind and channel."""
        return thing.name

    def about_all(self) -> "Sequence[Verdict]":
        """That no sync was reported, if so."""
        from tui.domain.attention import of_all_syncs

        return of_all_syncs(self._things.values(), sync_asked=self.context().syncs)

    def banner(self) -> str:
        """Says so if every sync is suspended, or if the times cannot be believed."""
        from tui.domain.health import ALL_SUSPENDED, all_suspended
        from tui.domain.times import times_note

        workers = self._things.values()
        if all_suspended(workers):
            return ALL_SUSPENDED
        return times_note(workers, self.now(), self.context().clock)

    def handlers(self) -> dict[str, Callable[[], None]]:
        """List operations, configure and control."""
        return {
            **super().handlers(),
            "worker.configure": self.on_marked(self._configure, self._configure_all),
            **{f"worker.{action.name.lower()}": self._controlling(action) for action in ControlAction},
        }

    def _controlling(self, action: ControlAction) -> Callable[[], None]:
        return self.on_marked(
            lambda worker: self._control(worker, action),
            lambda marked: self._control_all(marked, action),
        )

    def _configure(self, worker: Worker) -> None:
        if worker.sync is None:
            why = "listed no configuration for it" if self.context().syncs else "did not list the syncs"
            self.notice(f"{worker.name}: the server {why}")
        elif worker.doubled or worker.sync.problem is not None:
            from tui.ops.unfit import unfit

            self.notice(f"{worker.name}: {unfit(worker)}")
        else:
            from tui.ui.forms.configure import ConfigureForm

            form = ConfigureForm(self.desk, worker, worker.sync, self.seen(Topic.WORKERS))
            self.app.push_screen(form)

    def _control(self, worker: Worker, action: ControlAction) -> None:
        from tui.ops import plans
        from tui.ops.targets import doubled
        from tui.ui.modals.review import ReviewDialog

        shared = doubled(worker)
        if shared is not None:
            self.notice(shared)
            return
        rests_on = self.seen(Topic.STATUS)
        proposal = plans.control(worker, action, self._state_of(worker), rests_on)
        self.app.push_screen(ReviewDialog(self.desk, proposal))

    def _state_of(self, worker: Worker) -> str:
        return self.context().assess(worker, self.now()).told

    def _control_all(self, marked: Marked[Worker], action: ControlAction) -> None:
        from tui.ops import bulk_plan

        def plan(workers: Sequence[Worker], gone: Sequence[str]) -> "BulkPlan | str":
            rests_on, asked, now = self.shown(Topic.STATUS), self.context(), self.now()

            def word(worker: Worker) -> str:
                return asked.assess(worker, now).word

            return bulk_plan.control_all(workers, action, word, rests_on, gone=gone)

        self.notice(self.review_marked(marked, plan))

    def _configure_all(self, marked: Marked[Worker]) -> None:
        from tui.ops import bulk_plan
        from tui.ui.forms.bulk import BulkConfigureForm

        def review(form: BulkConfigureForm, wish: "Wish") -> str:
            def plan(workers: Sequence[Worker], gone: Sequence[str]) -> "BulkPlan | str":
                rests_on, sharing = self.shown(Topic.WORKERS), self.desk.sharing
                return bulk_plan.configure_all(workers, *wish, rests_on, sharing=sharing, gone=gone)

            return self.review_marked(marked, plan, lambda: form.dismiss(None))

        self.app.push_screen(BulkConfigureForm(self.desk, marked.things, review))
