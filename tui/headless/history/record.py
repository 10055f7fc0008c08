"""`syncdeck record`: polls and records like the console, without a screen; one process, many profiles.

SIGTERM is how systemd and people end a service: it ends with 0. Any other signal ends it with 128 + n.
"""

import asyncio
import os
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from tui.api.errors import ErpError
from tui.core import Core
from tui.domain.elapsed import elapsed
from tui.domain.profile import System
from tui.domain.text import clean, one_line
from tui.frozen import frozen
from tui.headless import exit_codes as exitcodes
from tui.headless.event_loop import OwnLoop
from tui.headless.exit_codes import HEALTHY, UNUSABLE
from tui.headless.first_polls import FirstPolls
from tui.headless.history.service_manager import Pulse, ServiceManager
from tui.headless.output import refuse, say
from tui.headless.profile_access import ProfileMaker, made
from tui.paths import reason_of
from tui.store.snapshot import Topic

if TYPE_CHECKING:
    from tui.headless.monitoring.address import Address
    from tui.headless.monitoring.recorder_metrics import RecorderMetrics

_LONGEST_SETTLING = 10.0
"""Seconds in which the last recording must be read, and at the end the last rows looked through, also on
a busy machine; it takes far less."""
_LONGEST_STORING = 10.0
"""Seconds that the disk may take for the last of it, where a console ends at once."""
_LOOK = 2.0
"""Seconds between two looks at how the recording is doing."""
_OFF = "off"
RECORDING = "recording"


@frozen
class RecordRequest:
    once: bool = False
    """Poll every topic once, then end."""
    seconds: float | None = None
    """End after this time; None: record until a signal comes."""
    metrics: "Address | None" = None
    """Where metrics are served meanwhile; None: nowhere."""


def run(request: RecordRequest, makers: Sequence[ProfileMaker[Core]]) -> int:
    """Record the profiles and return the exit code; of `--once` that of the polls. 74: an end was
    asked for, and what was seen could not be stored. A profile that cannot be recorded is said, and
    counts where an end was asked for.

    Raises tui.config.file.ConfigError: from every maker; nothing was requested.
    """
    found, unusable = made(makers)
    off = [core.facts.name for core in found if not _records(core)]
    if off:
        say(f"history is off for {', '.join(off)}: set enabled = true in [history]")
    cores = [core for core in found if _records(core)]
    if not cores:
        return UNUSABLE
    for core in cores:
        for warning in core.warnings:
            say(warning)
    try:
        served = _served(request, cores, {one.name: one.systems for one in unusable})
    except OSError as failure:
        return refuse(f"metrics cannot be served on {request.metrics}: {reason_of(failure)}")
    manager = ServiceManager(os.environ)
    with OwnLoop() as loop:
        codes, number = loop.run(_record(request, cores, manager, served))
    if number and number != signal.SIGTERM:
        return 128 + number
    if not (request.once or request.seconds is not None):
        return HEALTHY
    if not _is_stored(cores):
        return exitcodes.NOT_WRITTEN
    return exitcodes.worst([*(codes or ()), UNUSABLE if off or unusable else HEALTHY])


def _records(core: Core) -> bool:
    return core.history is not None and core.history.recorder is not None


def _served(
    request: RecordRequest, cores: Sequence[Core], unusable: Mapping[str, frozenset[System]]
) -> "RecorderMetrics | None":
    """Listens at once. Raises OSError: the address cannot be listened on."""
    if request.metrics is None:
        return None
    from tui.headless.monitoring.recorder_metrics import RecorderMetrics

    return RecorderMetrics(cores, unusable, request.metrics)


async def _record(
    request: RecordRequest,
    cores: Sequence[Core],
    manager: ServiceManager,
    served: "RecorderMetrics | None",
) -> list[int]:
    pulse = Pulse(manager, [core.facts.name for core in cores], elapsed)
    beside = [asyncio.ensure_future(pulse.run())]
    try:
        if served is not None:
            served.follow()
            beside.append(asyncio.ensure_future(served.run()))
        firsts = [_follow_polls(core, pulse) for core in cores]
        await _start(cores)
        names = ", ".join(core.facts.name for core in cores)
        manager.ready(f"recording {names}")
        if not request.once:
            print(f"recording {names}; SIGTERM or ctrl+c ends it", flush=True)
        if served is not None:
            print(f"metrics on {served.url}", flush=True)
        async with asyncio.timeout(request.seconds):
            if request.once:
                await asyncio.gather(*(first.done.wait() for first in firsts))
                return [first.code for first in firsts]
            await _follow(cores, manager)
    except TimeoutError:
        pass
    finally:
        manager.stopping()
        for task in beside:
            task.cancel()
        await _end(cores)
    return []


def _follow_polls(core: Core, pulse: Pulse) -> FirstPolls:
    firsts = FirstPolls(core, core.intervals)

    def polled(_topic: Topic, _ok: bool, _at: datetime, _took: float, error: ErpError | None) -> None:
        pulse.polled(core.facts.name, getattr(error, "retry_after", None) or 0.0)

    core.store.on_polled(polled)
    return firsts


async def _start(cores: Sequence[Core]) -> None:
    """Poll once it is recorded: a failure of the first polls is in no later one."""
    histories = [core.history for core in cores if core.history is not None]
    for history in histories:
        history.start()
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_SETTLING):
            await asyncio.gather(*(history.started() for history in histories))
    for core in cores:
        core.poller.start()


async def _follow(cores: Sequence[Core], manager: ServiceManager) -> None:
    """Say how the recording is doing whenever that changes."""
    known = {core.facts.name: RECORDING for core in cores}
    while True:
        for core in cores:
            name, now = core.facts.name, status_of(core)
            if now != known[name]:
                known[name] = now
                print(f"{name}: {now}", flush=True)
                manager.status(", ".join(f"{one}: {word}" for one, word in known.items()))
        await asyncio.sleep(_LOOK)


def status_of(core: Core) -> str:
    return one_line(clean(core.history.status)) if core.history is not None else _OFF


def _is_stored(cores: Sequence[Core]) -> bool:
    """Say of which profiles the history could not be kept, once all has ended."""
    lost = [(core.facts.name, status_of(core)) for core in cores]
    lost = [(name, status) for name, status in lost if status.startswith(("paused", _OFF))]
    for name, status in lost:
        why = status.partition(": ")[2] or status
        say(f"the history of {name} could not be stored: {why}")
    return not lost


async def _end(cores: Sequence[Core]) -> None:
    await asyncio.gather(*map(_stored, cores))
    await asyncio.gather(*(core.aclose() for core in cores))


async def _stored(core: Core) -> None:
    """Nothing is polled any more, and what was seen is on the disk."""
    if core.history is None or core.history.recorder is None:
        return
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_SETTLING):
            await core.history.started()
            await core.history.recorder.settled()
    await core.poller.aclose()
    await core.history.aclose(_LONGEST_STORING)
