"""The watch for a first run: how often it requests, and what ends it besides a run."""

from collections.abc import Collection
from datetime import timedelta

from tests.drivers.fake_time import START, FakeTime
from tui.domain.jtl.workers import ControlAction, SyncState, WorkerStatus
from tui.domain.timestamps import Moment
from tui.ops.execution.state_watch import ControlWatch, Watch, WatchVerdict
from tui.session.effect_watcher import EffectWatcher, Report


def status(state: SyncState, at: float = 0) -> WorkerStatus:
    moment = Moment.read((START + timedelta(seconds=at)).isoformat())
    return WorkerStatus("a1", state.value, status_at=moment)


class Server:
    """A sync that is in `state` whenever it is read; reads take no time."""

    def __init__(self, time: FakeTime) -> None:
        self.time, self.state, self.reads = time, status(SyncState.DEACTIVATED), 0
        self._report: Report = (None, None)

    async def ask(self, watches: Collection[Watch]) -> None:
        self.reads += 1
        self._report = self.state, self.time.clock()

    def of(self, watch: Watch) -> Report:
        return self._report


def a_start(time: FakeTime, before: SyncState = SyncState.DEACTIVATED) -> ControlWatch:
    return ControlWatch(status(before), time.clock(), "a1", "Temu DE", ControlAction.START)


async def test_a_long_run_is_polled_less_often_after_a_minute_and_given_up_at_the_limit() -> None:
    time = FakeTime()
    server, verdicts = Server(time), list[WatchVerdict]()

    async def sleep(seconds: float) -> None:
        time.elapsed += seconds

    watcher = EffectWatcher(time.clock, sleep, 300)
    assert watcher.add(a_start(time), verdicts.append)
    server.state = status(SyncState.RUNNING, 1)
    await watcher.poll(server)
    effect, end = verdicts
    assert (effect.sentence, effect.follows_run) == ("start of Temu DE: now running", True)
    assert end.sentence == "Temu DE: started 03:00 · running after 5m; no run was seen to end"
    assert (end.reached, end.is_well) == (False, False)
    assert 100 <= server.reads <= 115, "60 in the first minute, then every fifth second"


async def test_another_start_or_stop_of_the_same_sync_ends_it() -> None:
    time = FakeTime()
    server, first, second = Server(time), list[WatchVerdict](), list[WatchVerdict]()

    async def sleep(seconds: float) -> None:
        time.elapsed += seconds
        if time.elapsed == 5:
            watcher.add(a_start(time, SyncState.RUNNING), second.append)
        if time.elapsed == 9:
            server.state = status(SyncState.FINISHED, 9)

    watcher = EffectWatcher(time.clock, sleep, 300)
    watcher.add(a_start(time), first.append)
    server.state = status(SyncState.RUNNING, 1)
    await watcher.poll(server)
    said = "Temu DE: started 03:00 · then another change was requested; no run was seen to end"
    assert first[-1].sentence == said
    assert second[-1].sentence == "Temu DE: started 03:00 · run ended 03:00:09: ok"
    assert second[-1].is_well


async def test_the_limit_counts_from_the_request() -> None:
    """Also the time until the effect was seen."""
    time = FakeTime()
    server, verdicts = Server(time), list[WatchVerdict]()

    async def sleep(seconds: float) -> None:
        time.elapsed += seconds
        if time.elapsed == 8:
            server.state = status(SyncState.RUNNING, 8)

    watcher = EffectWatcher(time.clock, sleep, 10)
    watcher.add(a_start(time), verdicts.append)
    await watcher.poll(server)
    assert verdicts[-1].sight == "started 03:00 · running after 10s; no run was seen to end"
    assert time.elapsed == 10


async def test_a_sync_without_a_state_is_unknown_in_every_sentence() -> None:
    time = FakeTime()
    server, verdicts = Server(time), list[WatchVerdict]()

    async def sleep(seconds: float) -> None:
        time.elapsed += seconds
        if time.elapsed == 3:
            server.state = WorkerStatus("a1")

    watcher = EffectWatcher(time.clock, sleep, 10)
    watcher.add(a_start(time), verdicts.append)
    server.state = status(SyncState.RUNNING, 1)
    await watcher.poll(server)
    assert verdicts[-1].sight == "started 03:00 · unknown after 10s; no run was seen to end"
    assert verdicts[-1].run
    assert verdicts[-1].run.words(1) == "1 unknown, no run was seen to end"
