"""What every screen reads of a session: the profile's facts, the clock, the snapshots and how fresh they
are, and which operations are allowed now. Every method works before the core is connected, too."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from tui.domain.profile import System
from tui.ops.operations.registry import Danger, Operation
from tui.store.freshness import Freshness, FreshnessKind, age_of, freshness
from tui.store.snapshot import Snapshot, Topic

if TYPE_CHECKING:
    from tui.api.service import RequestPreview
    from tui.core import Core
    from tui.domain.health.rules import Verdict
    from tui.domain.jtl.workers import WorkerSync
    from tui.domain.maintenance.coverage import Covered
    from tui.domain.maintenance.rules import Target
    from tui.domain.profile import ProfileFacts
    from tui.ops.drafts.autosave import DraftKeeper
    from tui.ops.proposals.proposal import Proposal
    from tui.session.audit_view import AuditView
    from tui.session.events import Post
    from tui.session.history_view import HistoryView
    from tui.session.maintenance.view import MaintenanceView
    from tui.session.past_store import Past
    from tui.startup.last_screen import LastState
    from tui.store.store import Store


NOT_CONNECTED = "not connected yet"
HISTORY_NOT_READ = "the history is not read yet: press the key again in a moment"
_DRAWN_BY = 0.1
"""Seconds in which a list is drawn after its response."""
_LONGEST_WAIT = 3.0
"""Seconds after the connection in which the history waits for the first data."""


class SessionView:
    """The read-only half of a session."""

    failure = ""
    """Why the session never connects: the profile's config is invalid."""
    given_elapsed: Callable[[], float] | None = None
    """Used until the core is connected; it is never set."""
    maintenance: "MaintenanceView"

    def __init__(
        self, facts: "ProfileFacts", clock: Callable[[], datetime], last_state: "LastState | None"
    ) -> None:
        """`last_state`: the first screen as the previous console saw it."""
        self._facts = facts
        self.clock = clock
        self.last_state = last_state
        self._core: Core | None = None
        self.history: HistoryView | None = None
        """What was recorded; None until it is read, and where nothing is kept."""
        self._history_begins: asyncio.Task[None] | None = None
        self._strip_cells = 0

    @property
    def facts(self) -> "ProfileFacts":
        """The profile as it is now, an unlock of this session included."""
        return self._core.guard.facts if self._core else self._facts

    @property
    def core(self) -> "Core | None":
        """None until it is connected."""
        return self._core

    @property
    def store(self) -> "Store":
        """What is known of every topic, at the time that is looked at; empty until the core is
        connected."""
        if self.past is not None:
            return self.past.store
        if self._core is not None:
            return self._core.store
        from tui.store.store import Store

        return Store()

    @property
    def past(self) -> "Past | None":
        """What is looked at instead of now."""
        return self.history.past if self.history is not None else None

    @property
    def covered(self) -> "Covered | None":
        """What is in maintenance now; None: nothing, or a past time is looked at."""
        return self.maintenance.covered if self.past is None else None

    def excused(self, verdict: "Verdict", kind: str, row: "Target | None") -> "Verdict":
        """The verdict on a row of `kind`, in view of what is in maintenance."""
        covered = self.covered
        return verdict if covered is None else covered.excused(verdict, kind, row, self.clock())

    def follow_history(self, core: "Core", trail: "AuditView", post: "Post") -> None:
        """Record and read the history once every topic had a response and was drawn: nothing may delay
        the first data. Where a server does not respond, what was recorded is needed all the more."""
        late = core.late_history
        if late is None:
            return
        loop = asyncio.get_running_loop()

        async def build() -> None:
            from tui.session.events import HistoryChanged
            from tui.session.history_view import HistoryView

            try:
                history = await asyncio.to_thread(late.get)
            except OSError:
                return
            if late.is_closed:
                await late.aclose()
                return
            changed = partial(post, HistoryChanged())
            view = HistoryView(core, history, trail, self.clock, changed, self._strip_cells)
            view.ends_at = late.opens_at
            history.start()
            self.history = view
            await history.started()
            # Not before: what another program recorded meanwhile is known by now, and changes no more.
            view.refresh()
            if late.opens_at is not None:
                await view.look_at(late.opens_at)

        async def build_after(seconds: float) -> None:
            await asyncio.sleep(seconds)
            if not late.is_closed:
                await build()

        def begin(after: float = 0.0) -> None:
            if self._history_begins is None and not late.is_closed:
                self._history_begins = loop.create_task(build_after(after))

        def polled(topic: Topic, *_: object) -> None:
            if self._history_begins is not None or topic.on_demand:
                return
            known = (core.store.snapshot(one) for one in Topic if not one.on_demand)
            if all(one.fetched_at is not None or one.error is not None for one in known):
                begin(_DRAWN_BY)

        core.store.on_polled(polled)
        loop.call_later(_LONGEST_WAIT, begin)
        if late.opens_at is not None:
            begin()

    def want_strips(self, cells: int) -> None:
        """Have strips of that many cells read as soon as there is a history; 0: none."""
        self._strip_cells = cells
        if self.history is not None:
            self.history.want_strips(cells)

    async def begun_history(self) -> "HistoryView | None":
        """The history once it records; None where nothing is kept, or its time has not come yet."""
        if self._history_begins is not None:
            await self._history_begins
        return self.history

    def elapsed(self) -> float | None:
        """The monotonic clock that ages are measured by; None until the core is connected."""
        return (self.given_elapsed or self._core.elapsed)() if self._core else None

    def now(self, system: System) -> datetime:
        """The time by the server's clock, so that ages are right where our clock is wrong."""
        from tui.domain.timestamps import by_server

        offset = self._core.service.clock_offset(system) if self._core else None
        return by_server(self.past.judged_at if self.past is not None else self.clock(), offset)

    def clock_of(self, system: System) -> datetime:
        """The server's clock as it shows, however wrong: for comparison with the server's own
        timestamps."""
        offset = self._core.service.clock_offset(system) if self._core else None
        return self.clock() + timedelta(seconds=offset or 0.0)

    def snapshot(self, topic: Topic) -> Snapshot[object]:
        return self.store.snapshot(topic) if self._core else Snapshot()

    def freshness(self, topic: Topic) -> Freshness:
        if topic.system not in self.facts.systems:
            return Freshness(FreshnessKind.ABSENT, "not configured")
        if self.failure:
            return Freshness(FreshnessKind.NO_DATA, "no data: config", trusted=False)
        if self._core is None:
            return Freshness(FreshnessKind.WAITING, "connecting…", trusted=False)
        if self.past is None and self.facts.is_recording:
            return Freshness(FreshnessKind.DATED, "recorded")
        if self.past is not None and topic.on_demand and not self.facts.is_recording:
            return Freshness(FreshnessKind.DATED, "read now")
        if self.past is not None:
            if self.past.begins is not None:
                return Freshness(FreshnessKind.NO_DATA, "not recorded", trusted=False)
            if self.past.gap is not None:
                return Freshness(FreshnessKind.STALE, "not seen then", trusted=False)
            return Freshness(FreshnessKind.DATED, "recorded")
        return freshness(
            self.snapshot(topic),
            self._core.poller.pace(topic),
            self.clock(),
            paused=self._core.poller.paused,
            elapsed=self.elapsed(),
        )

    def sharing(self, sync: "WorkerSync") -> tuple[str, ...]:
        """The names of the other syncs of the same kind; they share its options."""
        from tui.domain.jtl.workers import same_kind

        known = self._core.store.snapshot(Topic.WORKERS).data if self._core else None
        return same_kind(sync, known or ())

    def age_since(self, at: datetime) -> str:
        """The age by our own clock."""
        from tui.domain.timestamps import age_text

        return f"{age_text(max(0.0, (self.clock() - at).total_seconds()))} ago"

    def age_of(self, snapshot: Snapshot[object]) -> str:
        from tui.domain.timestamps import age_text

        age = age_of(snapshot, self.clock(), self.elapsed())
        return "never received" if age is None else f"{age_text(max(0.0, age))} old"

    @property
    def drafts(self) -> "DraftKeeper | None":
        """None until the core is connected."""
        return self._core.drafts if self._core else None

    @property
    def at_risk(self) -> str:
        """What was typed here and would be lost with this session, or empty."""
        return self._core.drafts.at_risk if self._core else ""

    def refusal(self, operation: Operation) -> str | None:
        """Why an operation is not allowed now, or None."""
        if operation.danger is Danger.READ:
            return None
        if self._core is None:
            return self.failure or NOT_CONNECTED
        reason = self._core.guard.refusal(operation)
        if reason and self._core.guard.can_unlock:
            return f"{reason}, or press U to unlock it for this session"
        return reason

    def preview(self, proposal: "Proposal") -> "RequestPreview":
        """The request that the proposal will send. Raises ErpError: the request is not known yet."""
        assert self._core is not None  # noqa: S101 - `refusal` was checked first
        return self._core.guard.preview(proposal.write)
