"""Commands in this process, against a simulator, or the `erp` of the module."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.drivers.command import Finished, Run
from tests.drivers.console import write_config
from tests.drivers.fake_time import FakeTime
from tests.drivers.raw_answers import RawAnswers, in_front_of
from tests.drivers.simulator import RunningSimulator
from tui.cli.main import main
from tui.config.file import read
from tui.core import Core
from tui.headless.run.command import RunRequest
from tui.headless.run.command import run as run_request
from tui.launch import RunOptions
from tui.wiring import build_core


@pytest.fixture
def unstarted() -> RunningSimulator:
    return RunningSimulator(still=True)


@pytest.fixture
def raw(unstarted: RunningSimulator) -> RawAnswers:
    return in_front_of(unstarted)


@pytest.fixture
def erp(unstarted: RunningSimulator, private_places: Path) -> Iterator[RunningSimulator]:
    """With the config of a profile on it."""
    with unstarted as running:
        write_config(running)
        yield running


@pytest.fixture
def ran(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run any command."""

    def run(*arguments: object) -> Finished:
        code = main(list(map(str, arguments)))
        said = capsys.readouterr()
        return Finished(code, said.out, said.err)

    return run


@pytest.fixture
def run(erp: RunningSimulator, ran: Run) -> Run:
    """`run` on the default profile of a config that a story may write anew."""
    write_config(erp)
    return lambda *arguments: ran("run", *arguments)


@pytest.fixture
def run_slowly(erp: RunningSimulator, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run it confirmed while each of its pauses takes twenty times as long by the clock; `meanwhile`
    happens in every one of them."""
    time, file = FakeTime(), read(write_config(erp))

    def run(operation: str, target: str, meanwhile: Callable[[], object] = lambda: None) -> Finished:
        async def sleep(seconds: float) -> None:
            meanwhile()
            time.elapsed += 20 * seconds

        def clock() -> datetime:
            return time.clock()

        def core() -> Core:
            return build_core(file, "sim", RunOptions())

        code = run_request(RunRequest(operation, (target,), yes=True), core, clock=clock, sleep=sleep)
        said = capsys.readouterr()
        return Finished(code, said.out, said.err)

    return run
