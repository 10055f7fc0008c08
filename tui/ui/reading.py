"""What every screen reads: the profile's facts, the clock, what is known and how fresh it is, and
what may be done now. All of it answers before the core is connected as well.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tui.domain.moments import age_text, by_server
from tui.domain.systems import System
from tui.domain.workers import WorkerSync, same_kind
from tui.ops.registry import Danger, Operation
from tui.store.freshness import Freshness, FreshnessKind, age_of, freshness
from tui.store.snapshot import Snapshot, Topic
from tui.ui.attention import Attention

if TYPE_CHECKING:
    from tui.api.service import RequestPreview
    from tui.domain.systems import ProfileFacts
    from tui.last_state import LastState
    from tui.ops.draft_keeper import DraftKeeper
    from tui.ops.proposal import Proposal
    from tui.wiring import Core


class Reading:
    """The half of a desk that changes nothing."""

    failure = ""
    """Why there will be no core: the profile's config is not valid."""
    given_elapsed: Callable[[], float] | None = None
    """Instead of the core's clock that is never set."""

    def __init__(
        self, facts: "ProfileFacts", clock: Callable[[], datetime], last_state: "LastState | None"
    ) -> None:
        """`last_state`: the first screen as an earlier console saw it."""
        self._facts = facts
        self.clock = clock
        self.last_state = last_state
        self._core: Core | None = None
        self.attention = Attention(self)
        """What needs it, by tab."""

    @property
    def facts(self) -> "ProfileFacts":
        """What everyone may know of the profile, as it stands now."""
        return self._core.guard.facts if self._core else self._facts

    @property
    def core(self) -> "Core | None":
        """The core; None until it is connected."""
        return self._core

    def elapsed(self) -> float | None:
        """The clock by which ages are told; None until the core is connected."""
        return (self.given_elapsed or self._core.elapsed)() if self._core else None

    def now(self, system: System) -> datetime:
        """The time by the server's clock, so that ages are right where ours is off."""
        offset = self._core.service.clock_offset(system) if self._core else None
        return by_server(self.clock(), offset)

    def clock_of(self, system: System) -> datetime:
        """What the server's own clock shows, however far off: to be compared with what it dates."""
        offset = self._core.service.clock_offset(system) if self._core else None
        return self.clock() + timedelta(seconds=offset or 0.0)

    def snapshot(self, topic: Topic) -> Snapshot[object]:
        """What is known of a topic."""
        return self._core.store.snapshot(topic) if self._core else Snapshot()

    def freshness(self, topic: Topic) -> Freshness:
        """How fresh a topic is."""
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

    def sharing(self, sync: WorkerSync) -> tuple[str, ...]:
        """The names of the other syncs of the same kind: they share its options."""
        known = self._core.store.snapshot(Topic.WORKERS).data if self._core else None
        return same_kind(sync, known or ())

    def age_since(self, at: datetime) -> str:
        """How long ago that was, by our own clock."""
        return f"{age_text(max(0.0, (self.clock() - at).total_seconds()))} ago"

    def age_of(self, snapshot: Snapshot[object]) -> str:
        """How old a snapshot is now."""
        age = age_of(snapshot, self.clock(), self.elapsed())
        return "never received" if age is None else f"{age_text(max(0.0, age))} old"

    @property
    def drafts(self) -> "DraftKeeper | None":
        """Where forms keep what was typed; None until the core is connected."""
        return self._core.drafts if self._core else None

    def refusal(self, operation: Operation) -> str | None:
        """Why an operation cannot be done now, or None."""
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

        Raises:
            ErpError: it is not known yet which request that is.
        """
        assert self._core is not None  # noqa: S101 - `refusal` was asked first
        return self._core.guard.preview(proposal.write)
