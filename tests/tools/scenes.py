"""Scenes of the console that look the same every time: the demo's world at a fixed moment.

Snapshots and the README's pictures are taken of them. A scene leads from the start to a screen.
"""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeAlias

from textual.pilot import Pilot

from tests.drivers.console import Console
from tests.drivers.drawing import Picture
from tui.core import Core
from tui.domain.profile import Environment, ProfileFacts, System
from tui.launch import Launch, RunOptions
from tui.simulator.app import App, create_app
from tui.simulator.faults.table import parse_fault
from tui.ui.app import SyncdeckApp
from tui.ui.theme_choice import DARK
from tui.wiring import demo_core


@dataclass(slots=True)
class StageClock:
    """Stands still unless a scene moves it."""

    now: datetime = datetime(2026, 3, 2, 3, 7, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@dataclass(slots=True)
class Stage:
    """The console and the simulated world behind it."""

    profile: str = "acme"
    environment: Environment = Environment.PRODUCTION
    configured: bool = True
    read_only: bool = False
    in_ascii: bool = False
    picture: Picture | None = None
    """Where it is drawn only once it is looked at: what was drawn last."""
    clock: StageClock = field(default_factory=StageClock)
    world: App = field(init=False)
    app: SyncdeckApp = field(init=False)

    def __post_init__(self) -> None:
        self.world = create_app(clock=self.clock)
        facts = ProfileFacts(self.profile, self.environment, self.read_only, frozenset(System))
        launch = Launch(
            facts=facts if self.configured else None,
            make_core=lambda: self._core(facts),
            demo_core=lambda: self._core(facts),
            mouse=False,
            slow=False,
            in_ascii=self.in_ascii,
            config_path=Path("/home/operator/.config/syncdeck/config.toml"),
        )
        self.app = SyncdeckApp(launch, self.clock)
        self.app.theme, self.app.animation_level = DARK, "none"

    def _core(self, facts: ProfileFacts) -> Core:
        return demo_core(RunOptions(), self.clock, self.world, facts)

    def break_down(self) -> None:
        """Two minutes later, and nothing answers any more."""
        self.clock.now += timedelta(minutes=2)
        self.world.world.faults.append(parse_fault(".*=status:503"))

    def deck(self, pilot: Pilot[int]) -> Console:
        """The console in the hands of a scene."""
        return Console(self.app, pilot, None, self.picture)

    @asynccontextmanager
    async def lit(self, size: tuple[int, int]) -> AsyncIterator[Console]:
        """The console running in a window of this size."""
        async with self.app.run_test(size=size) as pilot:
            yield self.deck(pilot)


_AT_LEAST = re.compile(r"(≥|>=?)\d")
_WITH_SINCE = 80
"""Columns from which the list says since when."""
_WITH_PANE = 110
"""Columns from which there is a pane beside the lists."""
Scene: TypeAlias = Callable[[Stage, Console], Awaitable[None]]


async def workers(stage: Stage, deck: Console) -> None:
    """The list, everything answered."""
    await deck.until(lambda: bool(deck.cursor_row()), "row under a cursor")
    await deck.until(lambda: deck.chip() == "live", "live data")
    core = deck.app.session.core
    assert core is not None
    await deck.until(
        lambda: all(core.store.snapshot(topic).fetched_at for topic in core.intervals), "every answer"
    )
    await deck.press("g")
    await deck.until(lambda: bool(deck.app.session.history), "a history")
    if deck.app.size.width >= _WITH_SINCE:
        await deck.until(lambda: any(_AT_LEAST.search(row) for row in deck.rows()), "since when")
    if deck.app.size.width >= _WITH_PANE:
        await deck.sees("Last 24h")


async def history(stage: Stage, deck: Console) -> None:
    """What happened to the sync that is in error."""
    await workers(stage, deck)
    await deck.press("h")
    await deck.opens("Temu · Temu DE · recorded since")
    await deck.sees("error since")


async def why(stage: Stage, deck: Console) -> None:
    """Why that sync is in error, and what is next."""
    await workers(stage, deck)
    await deck.press("W")
    await deck.opens("Why")
    await deck.sees("good runs")


async def maintenance(stage: Stage, deck: Console) -> None:
    """A set that is about to be stopped, with what is left as it is."""
    await workers(stage, deck)
    for channel in ("Temu DE", "Outlet", "Amazon FR", "Amazon DE"):
        await deck.workers.focus(channel)
        await deck.press("space")
    await deck.press("M")
    await deck.opens("Maintenance: stop a set")
    await deck.form.fill("Reason", "server update, ticket 4712")
    await deck.sees("Left as it is: 1")


async def happened(stage: Stage, deck: Console) -> None:
    """What happened in the night."""
    await workers(stage, deck)
    await deck.press("H")
    await deck.opens("What happened")
    await deck.sees("not seen")


async def looking_back(stage: Stage, deck: Console) -> None:
    """The list as it was at half past nine in the evening before."""
    await workers(stage, deck)
    history = deck.app.session.history
    assert history is not None
    # Columns keep the width that they once needed: the second time nothing moves any more.
    for is_first in (True, False):
        await deck.press("B")
        await deck.opens("Look back")
        await deck.press("ctrl+u")
        await deck.type("21:30")
        await deck.press("enter")
        await deck.sees("LOOKING AT 21:30")
        await history.settled()
        await deck.until(lambda: not deck.said("notice"), "the end of reading")
        await deck.until(lambda: "15m" in deck.rows()[0], "since when they fail")
        if is_first:
            await deck.press("B")
            await deck.until(lambda: deck.chip() == "live", "now")
            await history.settled()


async def details(stage: Stage, deck: Console) -> None:
    """All that is known of the first worker."""
    await workers(stage, deck)
    await deck.press("enter")
    await deck.opens("Temu · Temu DE")


async def configure(stage: Stage, deck: Console) -> None:
    """The form with two fields changed."""
    await workers(stage, deck)
    await deck.press("e")
    await deck.opens("Configure")
    await deck.form.fill("Interval", "10m")
    await deck.form.toggle("Create orders")


async def review(stage: Stage, deck: Console) -> None:
    """What the changed form would send."""
    await configure(stage, deck)
    await deck.form.review()
    await deck.opens("Configure sync")


async def confirmation(stage: Stage, deck: Console) -> None:
    """Stopping a worker on production: its name must be typed."""
    await workers(stage, deck)
    await deck.press("x")
    await deck.opens("Stop sync")


async def conflict(stage: Stage, deck: Console) -> None:
    """Somebody else changed the same sync while its review was open, and no poll has shown it yet."""
    await configure(stage, deck)
    await deck.form.review()
    await deck.until(lambda: "apply" in deck.keys_offered(), "review")
    await deck.looks()
    world = stage.world.world.jtl
    kind = next(sync.kind for sync in world.syncs.values() if sync.channel == "Temu DE")
    next(sync for sync in world.syncs.values() if sync.channel == "Temu DE").interval = 900
    next(option for option in kind.options if option.name == "Stock reserve").value = "4"
    world.trees.clear()
    await deck.press("pagedown", "a")
    await deck.opens("Changed elsewhere")


async def marked_stop(stage: Stage, deck: Console) -> None:
    """Stopping three marked syncs, before the last step."""
    await workers(stage, deck)
    await deck.press("space", "space", "j", "space", "x")
    await deck.opens("Stop sync · 3 syncs")


async def stopped(stage: Stage, deck: Console) -> None:
    """What became of each."""
    await marked_stop(stage, deck)
    await deck.type("acme")
    await deck.press("enter")
    await deck.sees("3 of 3")
    looked = "no status since the request"
    await deck.until(lambda: "\n".join(deck.lines()).count(looked) == 3, "a look at each")


async def undo(stage: Stage, deck: Console) -> None:
    """What was changed lately, and how to undo it."""
    await review(stage, deck)
    await deck.press("a")
    await deck.opens("")
    stage.clock.now += timedelta(seconds=1)
    await deck.press("u")
    await deck.opens("Undo")
    await deck.sees("↶")


async def palette(stage: Stage, deck: Console) -> None:
    """Operations by a few letters."""
    await workers(stage, deck)
    await deck.press("ctrl+p")
    await deck.type("sto")


async def locked(stage: Stage, deck: Console) -> None:
    """A profile that takes no writes says why, and is unlocked by its name."""
    await workers(stage, deck)
    await deck.press("U")
    await deck.opens("Unlock")


async def draft(stage: Stage, deck: Console) -> None:
    """A form that was left is offered again."""
    await configure(stage, deck)
    await deck.press("escape")
    await deck.opens("")
    await deck.press("e")
    await deck.opens("Configure")
    await deck.sees("discard")


async def filtered(stage: Stage, deck: Console) -> None:
    """The list while a filter is typed."""
    await workers(stage, deck)
    await deck.press("slash")
    await deck.type("amazon")


async def extensions(stage: Stage, deck: Console) -> None:
    """The list of extensions."""
    await workers(stage, deck)
    await deck.extensions.show()


async def new_extension(stage: Stage, deck: Console) -> None:
    """The form of a new extension, with an error shown at its field."""
    await extensions(stage, deck)
    await deck.press("n")
    await deck.opens("New extension")
    await deck.form.fill("ExtensionId", "de.muster.zoll")
    await deck.form.review()


async def engine(stage: Stage, deck: Console) -> None:
    """The engine's panel."""
    await workers(stage, deck)
    await deck.press("3")
    await deck.sees("Response at")
    await deck.sees("Last 24h")


async def connections(stage: Stage, deck: Console) -> None:
    """The connections of the engine."""
    await workers(stage, deck)
    await deck.connections.show()


async def resync(stage: Stage, deck: Console) -> None:
    """The form of a forced resync, filled in."""
    await engine(stage, deck)
    await deck.press("f")
    await deck.opens("Forced resync")
    await deck.form.fill("Source", "1")
    await deck.form.fill("Keys", "670, 47, 100-120")


async def answer(stage: Stage, deck: Console) -> None:
    """What the server said to a forced resync."""
    await resync(stage, deck)
    await deck.form.review()
    await deck.sees("type acme")
    await deck.type("acme")
    await deck.press("enter")
    await deck.opens("the server's response")


async def help_(stage: Stage, deck: Console) -> None:
    """The keys of the list of workers."""
    await workers(stage, deck)
    await deck.press("question_mark")
    await deck.opens("Help")


async def welcome(stage: Stage, deck: Console) -> None:
    """There is no config yet."""
    await deck.sees("config init")


async def stale(stage: Stage, deck: Console) -> None:
    """Two minutes ago it answered for the last time."""
    await workers(stage, deck)
    stage.break_down()
    await deck.refresh()
    await deck.until(lambda: deck.chip().startswith("stale"), "stale chip")
    core = deck.app.session.core
    assert core is not None
    await deck.until(
        lambda: all(core.store.snapshot(topic).error for topic in core.intervals), "every failure"
    )
    await deck.looks()
