"""The Batch agent: what a batch resync has queued, beside the tasks of others.

A task progresses by the clock alone; in a world that stands still, it stays where it is. Source:
superoffice PROTOCOL §7, §14; the shape of a task beyond those names is [inferred].
"""

from datetime import datetime, timedelta
from typing import Any

from tui.frozen import frozen
from tui.simulator.http_messages import Answer
from tui.simulator.superoffice.connections import CARRIER_END
from tui.simulator.superoffice.times import NEVER
from tui.simulator.world import World

ALL = ("all", "99999")
WAITS, RUNS = 2.0, 20.0
"""Seconds that a task is new, and that it then takes."""
STILL_PERCENT = 40
OTHERS = (
    (17, "Nightly selection export", "Succeeded", timedelta(hours=5)),
    (18, "Document indexing", "Failed", timedelta(minutes=50)),
    (19, "Mailing 2026-03", "Started", timedelta(minutes=4)),
)
"""(id, name, state, age) of what somebody else has queued."""
RESULTS = {"Succeeded": "OK", "Failed": "The disk is full."}


@frozen
class _Progress:
    state: str
    percent: int
    started: datetime


def task_infos(world: World, fields: dict[str, Any]) -> Answer:
    """GetBatchTaskInfosByState: those of a state, or all."""
    wanted = str(fields.get("state") or "All").lower()
    tasks = [*_others(world), *_ours(world)]
    return Answer(tree=[one for one in tasks if wanted in (*ALL, one["State"].lower())])


def _others(world: World) -> list[dict[str, Any]]:
    def told(id_: int, name: str, state: str, age: timedelta) -> dict[str, Any]:
        queued = world.born - age
        percent = 62 if state == "Started" else 100
        return _told(id_, name, queued, _Progress(state, percent, queued + timedelta(seconds=WAITS)))

    return [told(*one) for one in OTHERS]


def _ours(world: World) -> list[dict[str, Any]]:
    return [
        _told(100 + place, "ErpSync forced resync", queued, _progress(world, queued))
        for place, queued in enumerate(world.so.batch_queued)
    ]


def _progress(world: World, queued: datetime) -> _Progress:
    started = queued + timedelta(seconds=WAITS)
    if world.options.still:
        return _Progress("Started", STILL_PERCENT, started)
    into = (world.clock() - started).total_seconds()
    if into < 0:
        return _Progress("New", 0, NEVER)
    if into >= RUNS:
        return _Progress("Succeeded", 100, started)
    return _Progress("Started", int(100 * into / RUNS), started)


def _told(id_: int, name: str, created: datetime, now: _Progress) -> dict[str, Any]:
    return {
        "Id": id_,
        "Name": name,
        "State": now.state,
        "ProgressPercent": now.percent,
        "ProgressDescription": "" if now.state in RESULTS else f"{now.percent}% of the records",
        "Result": RESULTS.get(now.state, ""),
        "Created": created,
        "LastStarted": now.started,
        **CARRIER_END,
    }
