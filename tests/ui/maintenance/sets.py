"""A console on a profile with sets, and the journals that another process left."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from tests.drivers.console import Console, jtl_of, launch_for, started, wall_clock, write_config
from tests.drivers.simulator import RunningSimulator
from tui.domain.maintenance.records import Maintenance, MemberKind, NotedTarget, Step
from tui.domain.result import Result
from tui.ops.maintenance.journals import FileJournals, Journals
from tui.paths import state_dir

AMAZON = ("Amazon FR", "Amazon DE")


@asynccontextmanager
async def console(
    erp: RunningSimulator,
    sets: Mapping[str, Sequence[str]] | None = None,
    *,
    waits: bool = True,
    size: tuple[int, int] = (80, 24),
    clock: Any = wall_clock,
    options: Any = None,
    **config: Any,
) -> AsyncIterator[Console]:
    """The console on a profile with these sets."""
    path = write_config(erp, **config)
    if sets:
        lines = (f"{name} = {list(words)!r}" for name, words in sets.items())
        path.write_text(path.read_text() + "[profiles.sim.sets]\n" + "\n".join(lines) + "\n")
    async with started(launch_for(path, options), erp, size=size, clock=clock) as deck:
        if waits:
            await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
            await deck.until(lambda: deck.chip() == "live", "live data")
            erp.clear_log()
        yield deck


def journals() -> Journals:
    place = state_dir()
    assert place is not None
    return FileJournals(place / "maintenance" / "sim")


def only_one() -> Maintenance:
    [one] = journals().read().items
    return one


def names(erp: RunningSimulator) -> dict[str, str]:
    return {sync.channel: sync.id for sync in erp.world.jtl.syncs.values()}


async def fill(deck: Console, reason: str = "night batch", until: str = "") -> None:
    """Fill the form in front and ask for the review."""
    await deck.opens("Maintenance: stop a set")
    await deck.form.fill("Reason", reason)
    if until:
        await deck.form.fill("Planned end (UTC)", until)
    await deck.press("f2")


def left_behind(
    erp: RunningSimulator,
    stopped: Sequence[str],
    waiting: Sequence[str] = (),
    *,
    name: str = "nightly",
    opened_at: datetime | None = None,
    until: datetime | None = None,
    doubtful: Sequence[str] = (),
    elsewhere: bool = False,
) -> Maintenance:
    """A journal as a console leaves it: `stopped` were stopped by it, of some of these the outcome is
    `doubtful`; `waiting` were not sent yet.
    """
    at = opened_at or wall_clock() - timedelta(minutes=30)
    ids = names(erp)
    one = Maintenance(
        f"{name}-20260302-010000",
        name,
        "sim",
        "night batch",
        "kim",
        at,
        until or wall_clock() + timedelta(hours=1),
        tuple(
            NotedTarget(
                ids[channel],
                channel,
                MemberKind.SYNC,
                "ok",
                stop=_stop(at, doubtful=channel in doubtful) if channel in stopped else None,
            )
            for channel in (*stopped, *waiting)
        ),
        (("jtl", "https://elsewhere.example" if elsewhere else jtl_of(erp)),),
    )
    held = journals().create(one)
    assert isinstance(held, Maintenance)
    return journals().release(held)


def left_off(erp: RunningSimulator, stopped: Sequence[str], *more: Any, **terms: Any) -> Maintenance:
    """The same, and what it stopped is off."""
    erp.state(jtl={"workers": {channel: {"state": 7} for channel in stopped}})
    return left_behind(erp, stopped, *more, **terms)


def _stop(at: datetime, *, doubtful: bool) -> Step:
    """The audit id is of a trail that is not there: what became of a doubtful one stays unknown."""
    return Step(at, Result.UNKNOWN if doubtful else Result.APPLIED, "1" * 32 if doubtful else "")
