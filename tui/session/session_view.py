"""What every screen reads of a session: the profile's facts, the clock, the snapshots and how fresh they
are, and which operations are allowed now. Every method works before the core is connected, too.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.domain.profile import System
from tui.ops.operations.registry import Danger, Operation
from tui.store.freshness import Freshness, FreshnessKind, age_of, freshness
from tui.store.snapshot import Snapshot, Topic

if TYPE_CHECKING:
    from tui.api.service import RequestPreview
    from tui.core import Core
    from tui.domain.jtl.workers import WorkerSync
    from tui.domain.profile import ProfileFacts
    from tui.ops.drafts.autosave import DraftKeeper
    from tui.ops.proposals.proposal import Proposal
    from tui.startup.last_screen import LastState
    from tui.store.store import Store


class SessionView:
    """The read-only half of a session."""

    failure = ""
    """Why the session never connects: the profile's config is invalid."""
    given_elapsed: Callable[[], float] | None = None
    """Used until the core is connected; it is never set."""

    def __init__(
        self, facts: "ProfileFacts", clock: Callable[[], datetime], last_state: "LastState | None"
    ) -> None:
        """`last_state`: the first screen as the previous console saw it."""
        self._facts = facts
        self.clock = clock
        self.last_state = last_state
        self._core: Core | None = None

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
        """What is known of every topic; empty until the core is connected."""
        if self._core is not None:
            return self._core.store
        from tui.store.store import Store

        return Store()

    def elapsed(self) -> float | None:
        """The monotonic clock that ages are measured by; None until the core is connected."""
        return (self.given_elapsed or self._core.elapsed)() if self._core else None

    def now(self, system: System) -> datetime:
        """The time by the server's clock, so that ages are right where our clock is wrong."""
        from tui.domain.timestamps import by_server

        offset = self._core.service.clock_offset(system) if self._core else None
        return by_server(self.clock(), offset)

    def clock_of(self, system: System) -> datetime:
        """The server's clock as it shows, however wrong: for comparison with the server's own
        timestamps.
        """
        offset = self._core.service.clock_offset(system) if self._core else None
        return self.clock() + timedelta(seconds=offset or 0.0)

    def snapshot(self, topic: Topic) -> Snapshot[object]:
        return self._core.store.snapshot(topic) if self._core else Snapshot()

    def freshness(self, topic: Topic) -> Freshness:
        if topic.system not in self.facts.systems:
            return Freshness(FreshnessKind.ABSENT, "not configured")
        if self.failure:
            return Freshness(FreshnessKind.NO_DATA, "no data: config", trusted=False)
        if self._core is None:
            return Freshness(FreshnessKind.WAITING, "connecting…", trusted=False)
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

    def refusal(self, operation: Operation) -> str | None:
        """Why an operation is not allowed now, or None."""
        if operation.danger is Danger.READ:
            return None
        if self._core is None:
            return self.failure or "not connected yet"
        reason = self._core.guard.refusal(operation)
        if reason and self._core.guard.can_unlock:
            return f"{reason}, or press U to unlock it for this session"
        return reason

    def preview(self, proposal: "Proposal") -> "RequestPreview":
        """The request that the proposal will send.

        Raises: ErpError: the request is not known yet.
        """
        assert self._core is not None  # noqa: S101 - `refusal` was checked first
        return self._core.guard.preview(proposal.write)
