"""Workers: the JTL-Wawi syncs, problems first."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from tui.domain.profile import System
from tui.presentation.columns import WORKERS, Column, on_screen
from tui.store.snapshot import Topic
from tui.ui.bindings import MARKS, list_bindings
from tui.ui.host import Handler
from tui.ui.screens.marking import MarkedListScreen

if TYPE_CHECKING:
    from tui.domain.health.rules import Verdict
    from tui.domain.jtl.workers import ControlAction, Worker
    from tui.domain.profile import ProfileFacts
    from tui.ops.proposals.bulk import BulkPlan
    from tui.ops.refusal import Refusal
    from tui.presentation.workers import Responses
    from tui.startup.last_screen import LastState
    from tui.store.freshness import Freshness
    from tui.ui.forms.bulk_configure import BulkRequest
    from tui.ui.modals.details.details import Details
    from tui.ui.screens.list_row import ListRow
    from tui.ui.screens.marked_targets import MarkedTargets
    from tui.ui.screens.row_cache import Rank


class WorkersScreen(MarkedListScreen["Worker"], inherit_bindings=False):
    BINDINGS: ClassVar[list[BindingType]] = list_bindings(
        "worker.configure", "worker.start", "worker.stop", "worker.restart", *MARKS
    )
    TAB = "Workers"
    TOPICS = (Topic.WORKERS, Topic.STATUS)
    HISTORY_OF = "sync"
    COLUMNS: ClassVar[Sequence[Column]] = on_screen(WORKERS)
    NOUN = ("sync", "syncs")
    OTHER_NAMES: ClassVar[Mapping[str, str]] = {"health": "health", "status": "status_at"}
    AGES: ClassVar[Mapping[str, str]] = {
        "age": "age",
        "status": "status",
        "status_at": "status",
        "every": "every",
        "next": "next",
        "since": "since",
    }
    WITH_MARKS = frozenset({"worker.configure", "worker.start", "worker.stop", "worker.restart"})

    def targets(self) -> "Sequence[Worker] | None":
        """Syncs joined with statuses, once both were read, successfully or not."""
        asked = [self.session.snapshot(topic) for topic in self.TOPICS]
        if all(snapshot.data is None for snapshot in asked):
            return None
        if any(snapshot.data is None and snapshot.error is None for snapshot in asked):
            return None
        return self.session.store.workers()

    def look_at_clock(self) -> None:
        """The last state must not stand under a chip that says live: received rows replace it."""
        if not self._listing.has_begun and self.targets() is not None:
            self.rebuild_rows()
        super().look_at_clock()

    def chips(self) -> "Sequence[Freshness]":
        """What was received is live once it is shown."""
        chips = super().chips()
        if not self.is_mounted or self._listing.has_shown or not self._listing.has_begun:
            return chips
        from tui.store.freshness import Freshness, FreshnessKind

        return [*chips, Freshness(FreshnessKind.WAITING, "reading…", trusted=False)]

    def show_last_seen(self) -> None:
        """The rows as the previous console saw them: dim, dated, and without operations."""
        from tui.ui.screens.workers.last_screen import rows_of

        if self.session.last_state is not None and self.past is None:
            self.rows.preview(rows_of(self.session.last_state))

    def state_to_keep(self, facts: "ProfileFacts") -> "LastState | None":
        from tui.ui.screens.workers.last_screen import state_of

        return state_of(self, facts)

    def nothing_yet(self) -> str:
        """The age of what is shown; the header shows what is awaited."""
        last = self.session.last_state
        return self.nothing_then(self.NOTHING if last is None else last.text)

    def key_of(self, target: "Worker") -> str:
        return target.id

    def lister(self, now: datetime) -> "Callable[[Worker], ListRow]":
        """By what was known when the pass began."""
        from tui.ui.screens.workers import rows as worker_rows

        asked = self.context()
        return lambda worker: worker_rows.listed(worker, now, asked, self.aside(worker.id))

    def ranker(self, now: datetime) -> "Callable[[Worker], Rank]":
        from tui.domain.health.rules import worker_sort_key

        asked = self.context()

        def rank(worker: "Worker") -> "Rank":
            verdict = asked.assess(worker, now)
            return worker_sort_key(worker, verdict), verdict.needs_attention

        return rank

    def context(self) -> "Responses":
        from tui.domain.health.server_times import clock_meant
        from tui.presentation.workers import Responses

        core = self.session.core
        offset = core.service.clock_offset(System.JTL) if core else None
        syncs, statuses = (self.session.snapshot(topic).data is not None for topic in self.TOPICS)
        covered = self.session.covered
        return Responses(syncs, statuses, clock_meant(offset), self.past is not None, covered)

    def details(self, target: "Worker") -> "Details":
        from tui.ui.modals.details.details import Details
        from tui.ui.screens.workers import rows as worker_rows

        raw: dict[str, object] = {
            "sync": dict(target.sync.raw) if target.sync else None,
            "status": dict(target.status.raw) if target.status else None,
        }
        return Details(worker_rows.facts(target, self.now(), self.context()), raw)

    def absolute(self, target: "Worker") -> "Mapping[str, str]":
        from tui.ui.screens.workers import rows as worker_rows

        return worker_rows.absolute_cells(target)

    def title_of(self, target: "Worker") -> str:
        return target.name

    def about_all(self) -> "Sequence[Verdict]":
        from tui.domain.health.attention import of_all_syncs

        return of_all_syncs(self._targets.values(), sync_asked=self.context().syncs)

    def banner(self) -> str:
        from tui.domain.health.rules import ALL_SUSPENDED, all_suspended
        from tui.domain.health.server_times import times_note

        workers = self._targets.values()
        if all_suspended(workers):
            return ALL_SUSPENDED
        return times_note(workers, self.now(), self.context().clock)

    def handlers(self) -> dict[str, Handler]:
        from tui.domain.jtl.workers import ControlAction

        return {
            **super().handlers(),
            "worker.configure": self.on_marked(self._configure, self._configure_all),
            **{f"worker.{action.name.lower()}": self._controlling(action) for action in ControlAction},
        }

    def _controlling(self, action: "ControlAction") -> Handler:
        return self.on_marked(
            lambda worker: self._control(worker, action),
            lambda marked: self._control_all(marked, action),
        )

    def _configure(self, worker: "Worker") -> str:
        if worker.sync is None:
            why = "listed no configuration for it" if self.context().syncs else "did not list the syncs"
            return f"{worker.name}: the server {why}"
        if worker.doubled or worker.sync.problem is not None:
            from tui.ops.targets.fitness import unfit

            return f"{worker.name}: {unfit(worker)}"
        from tui.ui.forms.worker_configure import ConfigureForm

        form = ConfigureForm(self.session, worker, worker.sync, self.seen(Topic.WORKERS))
        self.app.push_screen(form)
        return ""

    def _control(self, worker: "Worker", action: "ControlAction") -> str:
        from tui.ops.operations.control_worker import control
        from tui.ops.targets.operand import doubled

        shared = doubled(worker)
        if shared is not None:
            return shared
        state = self.context().assess(worker, self.now()).summary
        self.review(control(worker, action, state, self.seen(Topic.STATUS)))
        return ""

    def _control_all(self, marked: "MarkedTargets[Worker]", action: "ControlAction") -> str:
        from tui.ops.proposals import bulk as bulk_plan

        def plan(workers: "Sequence[Worker]", missing: Sequence[str]) -> "BulkPlan | Refusal":
            rests_on, asked, now = self.shown(Topic.STATUS), self.context(), self.now()

            def word(worker: "Worker") -> str:
                return asked.assess(worker, now).word

            return bulk_plan.control_all(workers, action, word, rests_on, missing=missing)

        return self.review_marked(marked, plan)

    def _configure_all(self, marked: "MarkedTargets[Worker]") -> None:
        from tui.ops.proposals import bulk as bulk_plan
        from tui.ui.forms.bulk_configure import BulkConfigureForm

        def review(form: BulkConfigureForm, request: "BulkRequest") -> str:
            def plan(workers: "Sequence[Worker]", missing: Sequence[str]) -> "BulkPlan | Refusal":
                rests_on, sharing = self.shown(Topic.WORKERS), self.session.sharing
                return bulk_plan.configure_all(
                    workers, *request, rests_on, sharing=sharing, missing=missing
                )

            return self.review_marked(marked, plan, lambda: form.dismiss(None))

        self.app.push_screen(BulkConfigureForm(self.session, marked.targets, review))
