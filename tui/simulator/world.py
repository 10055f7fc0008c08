"""The whole simulated world: both systems, the faults that are set, and what was received."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from tui.simulator.faults.table import Fault
from tui.simulator.jtl import seed as birth
from tui.simulator.jtl import worker_lifecycle as life
from tui.simulator.jtl.world import JtlWorld, Sync
from tui.simulator.options import SimulateOptions
from tui.simulator.superoffice.world import SoWorld, so_born

LOG_KEEPS = 20_000
"""Requests; older ones are forgotten."""


@dataclass(slots=True)
class World:
    options: SimulateOptions
    clock: Callable[[], datetime]
    born: datetime
    jtl: JtlWorld
    so: SoWorld
    faults: list[Fault] = field(default_factory=list)
    log: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=LOG_KEEPS))
    received: int = 0

    @property
    def seen_at(self) -> datetime:
        """The world's own present: its birth where it stands still."""
        return self.born if self.options.still else self.clock()

    def sync_now(self, sync: Sync) -> Sync:
        """The sync after everything that has happened until now."""
        if self.jtl.process_running:
            life.advance(sync, self.clock(), still=self.options.still)
        return sync


def born(options: SimulateOptions, clock: Callable[[], datetime]) -> World:
    now = clock()
    return World(options, clock, now, birth.born(options, now), so_born(options, now))
