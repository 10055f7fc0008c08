"""A maintenance in this process, against a simulator whose time passes only while somebody waits."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.drivers.command import Finished
from tests.drivers.console import write_config
from tests.drivers.simulator import RunningSimulator
from tui.config.file import read
from tui.core import Core
from tui.domain.maintenance.records import Maintenance
from tui.headless.maintenance.command import CloseRequest, OpenRequest, close_set, open_set
from tui.launch import RunOptions
from tui.ops.maintenance.journals import journals_of
from tui.ops.refusal import Refusal
from tui.paths import config_path
from tui.simulator.app import Receive, Scope, Send
from tui.wiring import build_core

RUNNING, OK, LOCKED, OFF = 2, 3, 6, 7
START, STOP = 0, 1
NIGHTLY = ("kind:sync !sync:Datenbankpflege", "engine")
"""Thirteen syncs, of which one is off before, and the engine."""
OFF_BEFORE = "Hamburg 14"
SETS = """
[profiles.sim.sets]
nightly = ["channel:Amazon", 'name:"Temu DE"', "engine"]
"""


@pytest.fixture
def unstarted() -> RunningSimulator:
    return RunningSimulator(workers=14, still=True)


class Before:
    """In front of the simulator: something happens right before a request of a kind."""

    def __init__(self, erp: RunningSimulator) -> None:
        self._app, erp.app = erp.app, self
        self._part, self._count = "", 0
        self._do: Callable[[], object] = lambda: None

    def request(self, part: str, number: int, do: Callable[[], object]) -> None:
        """`do` is called once, before the request of that number with `part` in its path."""
        self._part, self._count, self._do = part, number, do

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._part and self._part in scope.get("path", ""):
            self._count -= 1
            if self._count == 0:
                # From another thread: it may itself send a request to this server.
                await asyncio.to_thread(self._do)
        await self._app(scope, receive, send)


@pytest.fixture
def before(unstarted: RunningSimulator) -> Before:
    return Before(unstarted)


@pytest.fixture
def erp(before: Before, unstarted: RunningSimulator) -> Iterator[RunningSimulator]:
    with unstarted as running:
        running.state(jtl={"control_delay": 0, "workers": {"*": {"state": OK, "locked": False}}})
        running.state(jtl={"workers": {OFF_BEFORE: {"state": OFF}}})
        config = write_config(running, others={"other": "development"})
        config.write_text(config.read_text() + SETS)
        yield running


class Operator:
    """Opens and closes as `syncdeck maintenance` does, confirmed; a pause of a second takes three of
    the simulator's."""

    def __init__(self, erp: RunningSimulator, config: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.erp, self._config, self._capsys = erp, config, capsys
        self._offset = timedelta()
        self.meanwhile: Callable[[], object] = lambda: None
        """Happens in every pause."""
        erp.world.clock = self.clock

    def clock(self) -> datetime:
        return datetime.now(UTC) + self._offset

    async def sleep(self, seconds: float) -> None:
        self.meanwhile()
        self._offset += timedelta(seconds=3 * seconds)

    def wait(self, seconds: float) -> None:
        self._offset += timedelta(seconds=seconds)

    def core(self, profile: str = "sim") -> Core:
        core = build_core(read(self._config), profile, RunOptions())
        core.guard.clock = self.clock
        return core

    def open(
        self, *filters: str, name: str = "nightly", drain_s: float = 0.0, profile: str = "sim"
    ) -> Finished:
        end = self.clock() + timedelta(hours=2)
        request = OpenRequest(name, filters, "a story", end, drain_s, yes=True, profile=profile)
        core = partial(self.core, profile)
        return self._done(open_set(request, core, clock=self.clock, sleep=self.sleep))

    def go_on(self, *filters: str, name: str = "nightly", **terms: Any) -> Finished:
        """The same for one that was interrupted; what is not among `terms` is left out."""
        request = OpenRequest(name, filters, **terms, yes=True, profile="sim")
        return self._done(open_set(request, self.core, clock=self.clock, sleep=self.sleep))

    def close(
        self, name: str = "nightly", *, dry_run: bool = False, settled: tuple[str, ...] = ()
    ) -> Finished:
        request = CloseRequest(name, dry_run, yes=True, profile="sim", settled=settled)
        return self._done(close_set(request, self.core, clock=self.clock, sleep=self.sleep))

    def _done(self, code: int) -> Finished:
        said = self._capsys.readouterr()
        return Finished(code, said.out, said.err)

    # What the servers received, and what is noted.

    def noted(self, name: str = "nightly") -> Maintenance:
        found = journals_of("sim").read().find(name)
        assert not isinstance(found, Refusal), found
        return found

    def stops(self) -> list[str]:
        return self._controls(STOP)

    def starts(self) -> list[str]:
        return self._controls(START)

    def _controls(self, action: int) -> list[str]:
        """The channels of the syncs that were to be controlled so, in order; the engine as `engine`."""
        found = []
        for entry in self.erp.log():
            if entry["method"] == "PUT" and entry["body"] == {"Action": action}:
                found.append(self.erp.world.jtl.syncs[entry["path"].rpartition("/")[2]].channel)
            elif "ChangeEngineStatus" in entry["path"] and _run_of(entry["body"]) is (action == START):
                found.append("engine")
        return found

    def state_of(self, channel: str) -> int:
        workers = self.erp.state()["jtl"]["workers"]
        return next(one["state"] for one in workers if one["channel"] == channel)

    def is_now(self, channel: str, state: int) -> None:
        self.erp.state(jtl={"workers": {channel: {"state": state, "locked": state == LOCKED}}})


def _run_of(body: object) -> object:
    return next((value for key, value in dict(body).items() if key.lower() == "run"), None)  # type: ignore[call-overload]  # a JSON object


@pytest.fixture
def operator(erp: RunningSimulator, capsys: pytest.CaptureFixture[str]) -> Operator:
    return Operator(erp, config_path(), capsys)


@pytest.fixture
def syncs(erp: RunningSimulator) -> list[str]:
    """The channels of the twelve syncs that are on, in the server's order."""
    rows = erp.world.jtl.syncs.values()
    names = [one.channel for one in rows if one.kind.name != "Datenbankpflege"]
    return [name for name in names if name != OFF_BEFORE]
