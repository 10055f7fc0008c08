"""The engine: settles after a start or stop, tells what it does, takes a new interval.

What it says is made from the clock alone, so nothing runs in the background. Source:
superoffice PROTOCOL §3 (time span), §5, §6, §13 no. 3.
"""

from datetime import timedelta
from typing import Any

from tui.domain.intervals import Interval, timespan
from tui.simulator.http_messages import Answer, empty
from tui.simulator.superoffice.errors import message_answer, so_error
from tui.simulator.world import World

RUN_TAKES = 40.0
"""Seconds of an interval in which the engine says that it is synchronising."""


def settle(world: World) -> None:
    """Let a start or stop take effect whose time has come."""
    so = world.so
    if so.pending is not None and so.pending[1] <= world.clock():
        so.running, so.pending = so.pending[0], None


def status(world: World, _fields: dict[str, Any]) -> Answer:
    """GetEngineStatus: ErpSyncEngineStatus."""
    settle(world)
    so = world.so
    return Answer(
        tree={
            "IsRunning": so.running,
            "StatusMessage": so.message if so.message is not None else _message(world),
            "Interval": so.interval_text or timespan(so.interval),
            "TableRight": None,
            "FieldProperties": None,
        }
    )


def change_status(world: World, fields: dict[str, Any]) -> Answer:
    """ChangeEngineStatus: the answer still shows the old state."""
    run = fields.get("run")
    if run is None:
        return message_answer("The parameter Run is missing.")
    if not isinstance(run, bool):
        return so_error(400, "SoArgumentException", "Run must be true or false.")
    settle(world)
    so = world.so
    if run != (so.pending[0] if so.pending else so.running):
        so.pending = (run, world.clock() + timedelta(seconds=min(5.0, so.settles_in)))
    return status(world, {})


def change_interval(world: World, fields: dict[str, Any]) -> Answer:
    """ChangeEngineInterval: `hh:mm:ss`, `d.hh:mm:ss` or ISO 8601; 204."""
    given = fields.get("interval")
    if given is None:
        return message_answer("The parameter Interval is missing.")
    seconds = Interval.read(given).seconds if isinstance(given, str) else None
    if seconds is None or seconds <= 0:
        return so_error(400, "SoArgumentException", f"{given!r} is not a valid TimeSpan.")
    world.so.interval, world.so.interval_text = seconds, None
    return empty(204)


def _message(world: World) -> str:
    so = world.so
    if so.pending is not None:
        return "Start requested" if so.pending[0] else "Stop requested"
    if not so.running:
        return "Stopped"
    into = _seconds_into_run(world)
    if into >= RUN_TAKES:
        minutes = int((into - RUN_TAKES) // 60)
        return f"Idle, last sync {minutes} min ago" if minutes else "Idle"
    active = [row.name for row in so.active]
    return f"Synchronising {active[int(into) % len(active)]}" if active else "Idle"


def _seconds_into_run(world: World) -> float:
    """Seconds since the latest run began; the world is born a minute after one."""
    return ((world.seen_at - world.born).total_seconds() + 60 + RUN_TAKES) % world.so.interval


def last_run(world: World) -> timedelta:
    """How long ago the latest run began."""
    return timedelta(seconds=_seconds_into_run(world))
