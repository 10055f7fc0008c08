"""The metrics of one running profile. What is read from disk is renewed beside, never for a scrape."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from tui.core import Core
from tui.domain.history.reader import HistoryReader
from tui.headless.monitoring.metric_table import MOST_WHOLE, REDUCED_STATES, SYNC_STATE
from tui.headless.monitoring.samples import Beside, Sample, is_reduced, samples_of
from tui.headless.monitoring.seen_runs import SeenRuns, recorded_runs
from tui.ops.maintenance.covered import covered_in

_MOST_WRITES = 2_000
_WRITES_SINCE = timedelta(days=30)
"""How far back a write without a known effect is looked for, at least."""


class ProfileMetrics:
    def __init__(self, core: Core, reader: HistoryReader, clock: Callable[[], datetime]) -> None:
        """`reader`: what was recorded of the profile, by whomever."""
        self.core, self._reader, self._clock = core, reader, clock
        self._began = clock()
        self._runs = SeenRuns()
        self._beside = Beside()

    @property
    def name(self) -> str:
        return self.core.facts.name

    @property
    def reduction(self) -> str:
        """What is left out because there is too much of it, or empty."""
        if not is_reduced(self.core):
            return ""
        listed = ", ".join(REDUCED_STATES)
        return (
            f"{self.name} has more than {MOST_WHOLE:,} syncs: {SYNC_STATE.name} lists {listed},"
            " and others but ok only while they are 1"
        )

    def follow(self) -> None:
        """Count the runs that are recorded from now on; call it before the recorder starts."""
        self._began = self._clock()
        if self.core.history is not None and self.core.history.recorder is not None:
            self.core.history.recorder.on_change(self._runs.saw)

    async def load(self, *, is_recording: bool) -> None:
        """Read what was recorded earlier. `is_recording`: without any history, counting begins now."""
        earlier = SeenRuns()
        # A counter that begins at 0 looks like a reset, which every reader of counters expects.
        with suppress(OSError, ValueError):
            earlier = await asyncio.to_thread(recorded_runs, self._reader, self._began)
        if earlier.is_known or is_recording:
            self._runs.include(earlier)

    async def renew(self) -> None:
        """Read again what is on disk: open writes, sizes and maintenances."""
        now, unresolved = self._clock(), None
        with suppress(OSError):
            history = await self.core.trail.newest(_MOST_WRITES, now - _WRITES_SINCE)
            unresolved = len(history.of_unknown_effect(now))
        extent = await asyncio.to_thread(self._reader.extent)
        size = extent.size if extent.since is not None else None
        self._beside = self._beside._replace(unresolved_writes=unresolved, history_bytes=size)
        await self.renew_maintenances()

    async def renew_maintenances(self) -> None:
        """Read the journals again: a few small files, on which alerts depend."""
        if self.core.maintenances is not None:
            covered = await asyncio.to_thread(covered_in, self.core.maintenances, self.core.facts)
            self._beside = self._beside._replace(covered=covered)

    def samples(self) -> list[Sample]:
        beside = self._beside
        if self.core.late_history is not None and self.core.late_history.made is not None:
            made = self.core.late_history.made
            beside = beside._replace(history_dropped=made.dropped, history_recording=made.is_recording)
        return list(samples_of(self.core, self._runs, beside, self._clock()))
