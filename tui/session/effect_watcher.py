"""Polls states after a write, all watched ones together, until each is judged done.

Invariants: at most one poll a second, however many are watched; a response that was requested before
the deadline never ends a watch as without effect.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from tui.store.snapshot import Topic

if TYPE_CHECKING:
    from tui.api.service import ErpService
    from tui.ops.execution.state_watch import Watch, WatchVerdict
    from tui.ops.execution.watch_time import Waited
    from tui.store.poller import Poller
    from tui.store.store import Store

VerdictHandler: TypeAlias = "Callable[[WatchVerdict], None]"
Report: TypeAlias = tuple[Any, datetime | None]
"""A state, and when it was requested, by our clock; None: not known."""
FIRST_RUN_S = 900.0
"""Seconds for which the first run after a start or restart is watched."""
_EAGER_S = 60.0
"""Seconds in which each poll also requests what may take long; after that every fifth does."""
_PATIENT_EVERY = 5


class Reports(Protocol):
    """Where the states come from."""

    async def ask(self, watches: "Collection[Watch]") -> None:
        """Request them again."""

    def of(self, watch: "Watch") -> Report:
        """The latest one."""


class PolledReports:
    """States that the poller keeps in the store."""

    def __init__(self, store: "Store", poller: "Poller") -> None:
        self._store, self._poller = store, poller

    async def ask(self, watches: "Collection[Watch]") -> None:
        """A topic that fails is polled again by itself."""
        topics = dict.fromkeys(watch.topic for watch in watches)
        due = [topic for topic in topics if self._store.snapshot(topic).error is None]
        if due:
            self._poller.refresh(*due)

    def of(self, watch: "Watch") -> Report:
        snapshot = self._store.snapshot(watch.topic)
        # While the engine does not respond its state is unknown, whatever it was last.
        is_lost = watch.topic is Topic.ENGINE and snapshot.error is not None
        return watch.state_in(None if is_lost else snapshot.data), snapshot.asked_at


class ReadReports:
    """States read from the service, where nothing polls: one request for all of a topic. A failed read
    shows nothing new."""

    def __init__(self, service: "ErpService", clock: Callable[[], datetime]) -> None:
        self._service, self._clock = service, clock
        self._read: dict[int, Report] = {}

    async def ask(self, watches: "Collection[Watch]") -> None:
        from tui.api.errors import ErpError

        for topic in {watch.topic for watch in watches}:
            sharing = [watch for watch in watches if watch.topic is topic]
            asked_at = self._clock()
            try:
                data = await sharing[0].read(self._service, alone=len(sharing) == 1)
            except ErpError:
                self._read |= {id(watch): (None, None) for watch in sharing}
            else:
                self._read |= {id(watch): (watch.state_in(data), asked_at) for watch in sharing}

    def of(self, watch: "Watch") -> Report:
        return self._read.get(id(watch), (None, None))


@dataclass(slots=True, eq=False)
class _Watched:
    """A watch, who is notified, and how long it has waited."""

    watch: "Watch"
    on_verdict: VerdictHandler
    waited: "Waited"
    polls: int = 0
    begun_s: float = 0.0
    """What it had waited already when it began: for the effect that its run follows."""

    def is_due(self) -> bool:
        """Whether this poll requests its state again."""
        self.polls += 1
        is_eager = not self.watch.is_patient or self.waited.seconds - self.begun_s <= _EAGER_S
        return is_eager or self.polls % _PATIENT_EVERY == 0


class EffectWatcher:
    """The watches that are under way."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        first_run_s: float | None = None,
    ) -> None:
        """`clock` is our own, by which answers are dated. `first_run_s`: how long the first run after a
        start or restart is watched, the wait for their effect included; None: not at all."""
        self._clock = clock
        self._sleep = sleep
        self._first_run_s = first_run_s
        self._pending: list[_Watched] = []
        self._is_polling = False

    def add(self, watch: "Watch", on_verdict: VerdictHandler) -> bool:
        """Call `on_verdict` after every poll until it is done; returns whether to start `poll`.

        Once a run is watched, it is called again at its end.
        """
        for one in [one for one in self._pending if one.watch.is_replaced_by(watch)]:
            self._pending.remove(one)
            if (last := one.watch.replaced()) is not None:
                one.on_verdict(last)
        if self._first_run_s is not None:
            watch.deadline_s = min(watch.deadline_s, self._first_run_s)
        self._append(watch, on_verdict)
        starts, self._is_polling = not self._is_polling, True
        return starts

    def _append(self, watch: "Watch", on_verdict: VerdictHandler, begun_s: float = 0.0) -> None:
        from tui.ops.execution.watch_time import Waited

        waited = Waited(self._clock(), watch.deadline_s, begun_s)
        self._pending.append(_Watched(watch, on_verdict, waited, begun_s=begun_s))

    async def poll(self, reports: Reports) -> None:
        """Poll until nothing is watched any more."""
        from tui.ops.execution.watch_time import LOOK_EVERY

        try:
            while self._pending:
                await self._sleep(LOOK_EVERY)
                # The time before the request: a response that takes long must not end a watch.
                now, polled = self._clock(), tuple(self._pending)
                for one in polled:
                    one.waited.look(now)
                if due := [one.watch for one in polled if one.is_due()]:
                    await reports.ask(due)
                for one in polled:
                    self._judge(one, *reports.of(one.watch))
        finally:
            self._is_polling = False

    def _judge(self, one: _Watched, state: Any, asked_at: datetime | None) -> None:
        moment = one.watch.asked_at + timedelta(seconds=one.waited.seconds)
        verdict = one.watch.judge(state, moment, asked_at, fresh=one.waited.tells(asked_at))
        if verdict.done and one in self._pending:
            self._pending.remove(one)
            if verdict.reached and self._follows(one, state, asked_at):
                verdict = replace(verdict, follows_run=True)
        if verdict.done or not one.watch.is_patient:
            one.on_verdict(verdict)

    def _follows(self, one: _Watched, state: Any, seen_at: datetime | None) -> bool:
        """Whether its first run is watched from now on."""
        if self._first_run_s is None:
            return False
        from tui.ops.execution.run_watch import first_run_after

        run = first_run_after(one.watch, state, seen_at, self._first_run_s)
        if run is not None:
            self._append(run, one.on_verdict, one.waited.seconds)
        return run is not None
